// engine/promql/histogram_notation.cc
// Native histograms in test files: {{schema:0 sum:5 count:4 buckets:[1 2 1]}}, read and written
// (Prometheus's promql/promqltest/README.md).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/strings.h"
#include "model/number_format.h"
#include "promql/parser/number_literal.h"
#include "promql/parser/series_notation.h"

namespace promenade::promql {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

constexpr std::array kHints = {
    std::pair{std::string_view("unknown"), CounterResetHint::Unknown},
    std::pair{std::string_view("reset"), CounterResetHint::Reset},
    std::pair{std::string_view("not_reset"), CounterResetHint::NotReset},
    std::pair{std::string_view("gauge"), CounterResetHint::Gauge},
};

// Reads key:value pairs between {{ and }}.
class LiteralReader {
 public:
  explicit LiteralReader(std::string_view text) : text_(text) {}

  Result<HistogramLiteral> read() {
    at_ = 2;
    while (true) {
      while (is_blank(peek())) ++at_;
      if (text_.substr(at_, 2) == "}}") {
        at_ += 2;
        finish();
        return std::move(literal_);
      }
      if (peek() == '\0') return bad_data("unexpected end of input inside histogram", from(at_));
      TRY(read_pair());
    }
  }
  size_t length() const { return at_; }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  SourceSpan from(size_t begin) const {
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(at_)};
  }
  // Up to a blank, a bracket, a brace or a colon.
  std::string_view read_word() {
    const size_t begin = at_;
    at_ = std::min(text_.find_first_of(" \t:[]{}", at_), text_.size());
    return text_.substr(begin, at_ - begin);
  }

  Result<void> read_pair() {
    const size_t begin = at_;
    const std::string key = to_lower(read_word());
    if (key.empty() || peek() != ':') {
      return bad_data(fmt::format("bad histogram descriptor found: {}, expected key:value",
                                  quote(text_.substr(begin, at_ + 1 - begin))),
                      from(begin));
    }
    ++at_;
    while (is_blank(peek())) ++at_;
    if (!seen_.insert(key).second) {
      return bad_data(fmt::format("duplicate key {} in histogram", quote(key)), from(begin));
    }
    return read_value(key, begin);
  }

  Result<void> read_value(const std::string& key, size_t begin) {
    FloatHistogram& histogram = literal_.histogram;
    if (key == "schema") return read_integer(histogram.schema);
    if (key == "offset") return read_integer(positive_offset_);
    if (key == "n_offset") return read_integer(negative_offset_);
    if (key == "sum") return read_float(histogram.sum);
    if (key == "count") return read_float(histogram.count);
    if (key == "z_bucket") return read_float(histogram.zero_count);
    if (key == "z_bucket_w") return read_float(histogram.zero_threshold);
    if (key == "buckets") return read_list(histogram.positive_buckets);
    if (key == "n_buckets") return read_list(histogram.negative_buckets);
    if (key == "custom_values") return read_list(histogram.custom_values);
    if (key == "counter_reset_hint") return read_hint();
    return bad_data(fmt::format("bad histogram descriptor found: {}", quote(key)), from(begin));
  }

  Result<void> read_float(double& out) {
    const size_t begin = at_;
    std::string_view word = read_word();
    const bool negate = !word.empty() && word[0] == '-';
    if (negate || (!word.empty() && word[0] == '+')) word.remove_prefix(1);
    const auto value = parse_number_literal(word);
    if (!value) {
      return bad_data(fmt::format("expected a number in histogram, got {}", quote(word)),
                      from(begin));
    }
    out = negate ? -*value : *value;
    return {};
  }

  Result<void> read_integer(int32_t& out) {
    const size_t begin = at_;
    double value = 0;
    TRY(read_float(value));
    if (!(value >= -1e9 && value <= 1e9) || value != static_cast<int32_t>(value)) {
      return bad_data("expected an integer in histogram", from(begin));
    }
    out = static_cast<int32_t>(value);
    return {};
  }

  Result<void> read_list(std::vector<double>& out) {
    const size_t begin = at_;
    if (peek() != '[') return bad_data("expected \"[\" in histogram", from(begin));
    ++at_;
    while (true) {
      while (is_blank(peek())) ++at_;
      if (peek() == ']') break;
      if (peek() == '\0') return bad_data("unclosed \"[\" in histogram", from(begin));
      double value = 0;
      TRY(read_float(value));
      out.push_back(value);
    }
    ++at_;
    return {};
  }

  Result<void> read_hint() {
    const size_t begin = at_;
    const std::string word = to_lower(read_word());
    for (const auto& [name, hint] : kHints) {
      if (name != word) continue;
      literal_.histogram.counter_reset_hint = hint;
      literal_.is_hint_given = true;
      return {};
    }
    return bad_data(fmt::format("expected unknown, reset, not_reset or gauge, got {}", quote(word)),
                    from(begin));
  }

  void finish() {
    FloatHistogram& histogram = literal_.histogram;
    const auto span = [](int32_t offset, const std::vector<double>& buckets) {
      return BucketSpan{offset, static_cast<uint32_t>(buckets.size())};
    };
    if (!histogram.positive_buckets.empty()) {
      histogram.positive_spans = {span(positive_offset_, histogram.positive_buckets)};
    }
    if (!histogram.negative_buckets.empty()) {
      histogram.negative_spans = {span(negative_offset_, histogram.negative_buckets)};
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  HistogramLiteral literal_;
  int32_t positive_offset_ = 0;
  int32_t negative_offset_ = 0;
  std::set<std::string> seen_;
};

// Appends " key:value", but nothing for zero.
void append_number(std::string& out, std::string_view key, double value) {
  if (value == 0) return;
  out += fmt::format("{}:", key);
  append_go_float(out, value);
  out += ' ';
}

void append_list(std::string& out, std::string_view key, const std::vector<double>& values) {
  if (values.empty()) return;
  out += fmt::format("{}:[", key);
  for (const double value : values) {
    if (out.back() != '[') out += ' ';
    append_go_float(out, value);
  }
  out += "] ";
}

// The buckets of one sign in a row, with 0 in the gaps between spans.
void append_buckets(std::string& out, std::string_view prefix, const std::vector<BucketSpan>& spans,
                    const std::vector<double>& buckets) {
  if (spans.empty()) return;
  append_number(out, fmt::format("{}offset", prefix), spans.front().offset);
  std::vector<double> row;
  size_t next = 0;
  for (size_t i = 0; i < spans.size(); ++i) {
    if (i > 0) row.insert(row.end(), static_cast<size_t>(std::max(spans[i].offset, 0)), 0.0);
    for (uint32_t k = 0; k < spans[i].length && next < buckets.size(); ++k) {
      row.push_back(buckets[next++]);
    }
  }
  append_list(out, fmt::format("{}buckets", prefix), row);
}

}  // namespace

Result<HistogramLiteral> parse_histogram_literal(std::string_view text, size_t& length) {
  if (text.substr(0, 2) != "{{") return bad_data("expected \"{{\"", SourceSpan{0, 0});
  LiteralReader reader(text);
  auto literal = reader.read();
  length = reader.length();
  return literal;
}

std::string to_histogram_literal(const FloatHistogram& histogram) {
  std::string out = "{{";
  append_number(out, "schema", histogram.schema);
  append_number(out, "count", histogram.count);
  append_number(out, "sum", histogram.sum);
  append_number(out, "z_bucket", histogram.zero_count);
  append_number(out, "z_bucket_w", histogram.zero_threshold);
  append_list(out, "custom_values", histogram.custom_values);
  for (const auto& [name, hint] : kHints) {
    if (hint == histogram.counter_reset_hint && hint != CounterResetHint::Unknown) {
      out += fmt::format("counter_reset_hint:{} ", name);
    }
  }
  append_buckets(out, "", histogram.positive_spans, histogram.positive_buckets);
  append_buckets(out, "n_", histogram.negative_spans, histogram.negative_buckets);
  if (out.back() == ' ') out.pop_back();
  return out + "}}";
}

}  // namespace promenade::promql
