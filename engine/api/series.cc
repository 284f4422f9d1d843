// What is stored: series, label names, label values
// (https://prometheus.io/docs/prometheus/latest/querying/api/#querying-metadata).
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "api/handlers.h"
#include "base/strings.h"

namespace promenade::api {
namespace {

void write_strings(JsonWriter& data, const std::vector<std::string>& texts) {
  data.begin_array();
  for (const std::string& text : texts) data.string(text);
  data.end_array();
}

// Cuts the list to the limit and says so in the reply.
template <typename T>
Reply truncate(std::vector<T>& list, uint64_t limit) {
  Reply reply;
  if (limit > 0 && list.size() > limit) {
    list.resize(static_cast<size_t>(limit));
    reply.warnings.emplace_back(kTruncatedWarning);
  }
  return reply;
}

// The union of what `look_up` gives for each set of matchers, or for no matchers when there is no
// set.
template <typename LookUp>
Result<std::vector<std::string>> union_of(const MatcherSets& sets, LookUp look_up) {
  if (sets.empty()) return look_up(std::span<const Matcher>{});
  if (sets.size() == 1) return look_up(std::span<const Matcher>(sets.front()));
  std::set<std::string> all;
  for (const std::vector<Matcher>& matchers : sets) {
    for (std::string& text : TRY(look_up(std::span<const Matcher>(matchers)))) {
      all.insert(std::move(text));
    }
  }
  return std::vector<std::string>(all.begin(), all.end());
}

// Errors of the store are failures to execute, whatever it calls them.
template <typename T>
Result<T> as_execution_error(Result<T> result) {
  if (!result) result.error().code = ErrorCode::Execution;
  return result;
}

int hex_digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

// The code point of an escape "_2e_" that starts at `offset`, which is moved behind it.
std::optional<char32_t> decode_escape(std::string_view text, size_t& offset) {
  constexpr size_t kDigitsMax = 6;
  char32_t value = 0;
  size_t i = offset + 1;
  for (; i < text.size() && hex_digit(text[i]) >= 0; ++i) {
    if (i - offset > kDigitsMax) return std::nullopt;
    value = value * 16 + static_cast<char32_t>(hex_digit(text[i]));
  }
  const bool has_digits = i > offset + 1;
  const bool is_scalar = value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  if (!has_digits || !is_scalar || i >= text.size() || text[i] != '_') return std::nullopt;
  offset = i + 1;
  return value;
}

// Prometheus's "values" escaping of names in URLs: U__my_2e_name is my.name. A text that breaks its
// rules stands for itself.
std::string decode_label_name(std::string_view text) {
  constexpr std::string_view kEscapedPrefix = "U__";
  if (text.substr(0, kEscapedPrefix.size()) != kEscapedPrefix) return std::string(text);
  std::string name;
  for (size_t i = kEscapedPrefix.size(); i < text.size();) {
    if (text[i] != '_') {
      name += text[i++];
    } else if (i + 1 < text.size() && text[i + 1] == '_') {
      name += '_';
      i += 2;
    } else if (const auto code_point = decode_escape(text, i)) {
      append_utf8(name, *code_point);
    } else {
      return std::string(text);
    }
  }
  return name;
}

// The series of all selectors: of one in storage order, of several sorted and each once.
Result<std::vector<const Labels*>> select_series(const Queryable& store, const MatcherSets& sets,
                                                 TimeRange range) {
  std::vector<const Labels*> found;
  for (const std::vector<Matcher>& matchers : sets) {
    for (const SelectedSeries& series : TRY(as_execution_error(store.select(matchers, range)))) {
      found.push_back(series.labels);
    }
  }
  if (sets.size() > 1) {
    std::sort(found.begin(), found.end(), [](const Labels* a, const Labels* b) { return *a < *b; });
    found.erase(std::unique(found.begin(), found.end(),
                            [](const Labels* a, const Labels* b) { return *a == *b; }),
                found.end());
  }
  return found;
}

}  // namespace

Result<Reply> series(const Call& call, JsonWriter& data) {
  if (call.parameters.all("match[]").empty()) return bad_data("no match[] parameter provided");
  const uint64_t limit = TRY(limit_parameter(call.parameters));
  const TimeRange range = TRY(range_parameters(call.parameters));
  auto sets = match_parameters(call.parameters);
  if (!sets) return tl::unexpected(invalid_parameter("match[]", std::move(sets).error()));
  std::vector<const Labels*> found = TRY(select_series(*call.context.store, *sets, range));
  Reply reply = truncate(found, limit);
  data.begin_array();
  for (const Labels* labels : found) data.labels(*labels);
  data.end_array();
  return reply;
}

Result<Reply> label_names(const Call& call, JsonWriter& data) {
  const uint64_t limit = TRY(limit_parameter(call.parameters));
  const TimeRange range = TRY(range_parameters(call.parameters));
  const MatcherSets sets = TRY(match_parameters(call.parameters));
  std::vector<std::string> names =
      TRY(as_execution_error(union_of(sets, [&](std::span<const Matcher> matchers) {
        return call.context.store->label_names(matchers, range);
      })));
  Reply reply = truncate(names, limit);
  write_strings(data, names);
  return reply;
}

Result<Reply> label_values(const Call& call, JsonWriter& data) {
  const std::string name = decode_label_name(url_decode(call.path_argument, false));
  if (name.empty() || !is_utf8(name)) {
    return bad_data(fmt::format("invalid label name: {}", quote(name)));
  }
  const uint64_t limit = TRY(limit_parameter(call.parameters));
  const TimeRange range = TRY(range_parameters(call.parameters));
  const MatcherSets sets = TRY(match_parameters(call.parameters));
  std::vector<std::string> values =
      TRY(as_execution_error(union_of(sets, [&](std::span<const Matcher> matchers) {
        return call.context.store->label_values(name, matchers, range);
      })));
  Reply reply = truncate(values, limit);
  write_strings(data, values);
  return reply;
}

}  // namespace promenade::api
