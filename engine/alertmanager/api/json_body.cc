// Two passes, as in Alertmanager: types and times while decoding (400), then what is required and
// how it must look (422).
#include "alertmanager/api/json_body.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/rfc3339.h"
#include "base/strings.h"

namespace promenade::alertmanager {
namespace {

using Json = nlohmann::json;

constexpr int kWrongType = 601;
constexpr int kRequired = 602;
constexpr int kTooFewItems = 612;

tl::unexpected<SchemaFault> fault(int code, std::string message) {
  return tl::unexpected(SchemaFault{422, code, std::move(message)});
}

// Reads members by name and keeps the first thing that does not decode.
class BodyReader {
 public:
  explicit BodyReader(std::string_view what) : what_(what) {}

  bool has_failed() const { return !problem_.empty(); }
  SchemaFault failure() const {
    return {400, 400, fmt::format("parsing {} body from \"\" failed, because {}", what_, problem_)};
  }
  void fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

  std::optional<std::string> text(const Json& object, const char* key) {
    const Json* value = find(object, key);
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) return value->get_ref<const std::string&>();
    mismatch(*value, key, "string");
    return std::nullopt;
  }

  std::optional<bool> flag(const Json& object, const char* key) {
    const Json* value = find(object, key);
    if (value == nullptr) return std::nullopt;
    if (value->is_boolean()) return value->get<bool>();
    mismatch(*value, key, "bool");
    return std::nullopt;
  }

  std::optional<Timestamp> time(const Json& object, const char* key) {
    const auto value = text(object, key);
    if (!value || value->empty()) return std::nullopt;
    if (const auto time = api::parse_rfc3339(*value)) {
      // Go's zero time is how its clients leave a time out.
      constexpr Timestamp kGoZeroTime{-62'135'596'800'000};
      return *time == kGoZeroTime ? std::nullopt : time;
    }
    fail(fmt::format("parsing time {0} as \"2006-01-02 15:04:05\": cannot parse {0} as \"2006\"",
                     quote(*value)));
    return std::nullopt;
  }

  std::optional<TextMap> text_map(const Json& object, const char* key) {
    const Json* value = find(object, key);
    if (value == nullptr) return std::nullopt;
    TextMap map;
    if (!value->is_object()) {
      mismatch(*value, key, "models.LabelSet");
      return map;
    }
    for (const auto& [name, member] : value->items()) {
      if (!member.is_string()) {
        mismatch(member, key, "string");
      } else {
        map[name] = member.get<std::string>();
      }
    }
    return map;
  }

  static const Json* find(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
  }

  void mismatch(const Json& value, const char* key, const char* expected) {
    fail(fmt::format("json: cannot unmarshal {} into Go struct field {} of type {}",
                     value.is_boolean() ? "bool" : value.type_name(), key, expected));
  }

 private:
  std::string_view what_;
  std::string problem_;
};

// Nothing when the text is no JSON.
std::optional<Json> parse_json(const std::string& body) {
  Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

std::string syntax_problem(const std::string& body) {
  const std::string_view text = trim(body);
  if (text.empty()) return "EOF";
  const bool can_start = std::string_view("{[\"-0123456789tfn").find(text[0]) != text.npos;
  if (!can_start) {
    return fmt::format("invalid character '{}' looking for beginning of value", text[0]);
  }
  return "invalid character in JSON text";
}

// As Go's url.ParseRequestURI: an absolute path or URL, escapes well-formed.
bool is_uri(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto is_hex = [&](size_t at) {
      return at < text.size() &&
             std::string_view("0123456789abcdefABCDEF").find(text[at]) != text.npos;
    };
    if (text[i] == '%' && !(is_hex(i + 1) && is_hex(i + 2))) return false;
    if (static_cast<unsigned char>(text[i]) <= ' ' || text[i] == '\x7f') return false;
  }
  const UrlParts parts = split_url(text);
  return text.starts_with('/') || !parts.scheme.empty() ||
         (text.find(':') != text.npos && text.find(':') > 0);
}

}  // namespace

tl::expected<std::vector<PushedAlert>, SchemaFault> parse_alerts_body(const std::string& body) {
  BodyReader reader("alerts");
  const auto json = parse_json(body);
  std::vector<PushedAlert> alerts;
  if (!json) {
    reader.fail(syntax_problem(body));
  } else if (!json->is_array()) {
    reader.fail(fmt::format("json: cannot unmarshal {} into Go value of type models.PostableAlerts",
                            json->type_name()));
  }
  if (reader.has_failed()) return tl::unexpected(reader.failure());
  std::optional<SchemaFault> first_fault;
  const auto note = [&](int code, std::string message) {
    if (!first_fault) first_fault = SchemaFault{422, code, std::move(message)};
  };
  for (size_t i = 0; i < json->size(); ++i) {
    const Json& item = (*json)[i];
    if (!item.is_object()) {
      if (!item.is_null()) reader.mismatch(item, "", "models.PostableAlert");
      continue;
    }
    PushedAlert alert;
    alert.annotations = reader.text_map(item, "annotations").value_or(TextMap{});
    alert.starts_at = reader.time(item, "startsAt");
    alert.ends_at = reader.time(item, "endsAt");
    alert.generator_url = reader.text(item, "generatorURL").value_or("");
    auto labels = reader.text_map(item, "labels");
    if (!alert.generator_url.empty() && !is_uri(alert.generator_url)) {
      note(kWrongType, fmt::format("{}.generatorURL in body must be of type uri: {}", i,
                                   quote(alert.generator_url)));
    }
    if (!labels) note(kRequired, fmt::format("{}.labels in body is required", i));
    alert.labels = std::move(labels).value_or(TextMap{});
    alerts.push_back(std::move(alert));
  }
  if (reader.has_failed()) return tl::unexpected(reader.failure());
  if (first_fault) return tl::unexpected(std::move(*first_fault));
  return alerts;
}

namespace {

struct DecodedMatcher {
  std::optional<std::string> name;
  std::optional<std::string> value;
  std::optional<bool> is_regex;
  std::optional<bool> is_equal;
};

tl::expected<std::vector<PostedMatcher>, SchemaFault> check_matchers(
    const std::vector<DecodedMatcher>& decoded) {
  if (decoded.empty()) return fault(kTooFewItems, "matchers in body should have at least 1 items");
  std::vector<PostedMatcher> matchers;
  for (size_t i = 0; i < decoded.size(); ++i) {
    const DecodedMatcher& matcher = decoded[i];
    const char* missing = !matcher.is_regex ? "isRegex"
                          : !matcher.name   ? "name"
                          : !matcher.value  ? "value"
                                            : nullptr;
    if (missing != nullptr) {
      return fault(kRequired, fmt::format("matchers.{}.{} in body is required", i, missing));
    }
    matchers.push_back(
        {*matcher.name, *matcher.value, *matcher.is_regex, matcher.is_equal.value_or(true)});
  }
  return matchers;
}

}  // namespace

tl::expected<PostedSilence, SchemaFault> parse_silence_body(const std::string& body) {
  BodyReader reader("silence");
  const auto json = parse_json(body);
  if (!json) {
    reader.fail(syntax_problem(body));
  } else if (!json->is_object()) {
    reader.fail(fmt::format("json: cannot unmarshal {} into Go value of type models.Silence",
                            json->type_name()));
  }
  if (reader.has_failed()) return tl::unexpected(reader.failure());

  const auto comment = reader.text(*json, "comment");
  const auto created_by = reader.text(*json, "createdBy");
  const auto ends_at = reader.time(*json, "endsAt");
  const auto starts_at = reader.time(*json, "startsAt");
  const Json* matchers = BodyReader::find(*json, "matchers");
  std::vector<DecodedMatcher> decoded;
  if (matchers != nullptr && !matchers->is_array()) {
    reader.mismatch(*matchers, "Silence.matchers", "models.Matchers");
  } else if (matchers != nullptr) {
    for (const Json& item : *matchers) {
      if (!item.is_object()) {
        reader.mismatch(item, "Silence.matchers", "models.Matcher");
        continue;
      }
      decoded.push_back({reader.text(item, "name"), reader.text(item, "value"),
                         reader.flag(item, "isRegex"), reader.flag(item, "isEqual")});
    }
  }
  PostedSilence silence;
  silence.id = reader.text(*json, "id").value_or("");
  if (reader.has_failed()) return tl::unexpected(reader.failure());

  const char* missing = !comment              ? "comment"
                        : !created_by         ? "createdBy"
                        : !ends_at            ? "endsAt"
                        : matchers == nullptr ? "matchers"
                                              : nullptr;
  if (missing != nullptr) return fault(kRequired, fmt::format("{} in body is required", missing));
  auto checked = check_matchers(decoded);
  if (!checked) return tl::unexpected(std::move(checked).error());
  if (!starts_at) return fault(kRequired, "startsAt in body is required");
  silence.matchers = std::move(*checked);
  silence.comment = *comment;
  silence.created_by = *created_by;
  silence.starts_at = *starts_at;
  silence.ends_at = *ends_at;
  return silence;
}

}  // namespace promenade::alertmanager
