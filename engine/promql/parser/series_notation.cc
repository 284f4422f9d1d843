// engine/promql/series_notation.cc
// Expands the values of a series: single ones, repeated ones (axN) and rising ones (a+bxN).
#include "promql/parser/series_notation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "base/ascii.h"
#include "base/strings.h"
#include "model/duration.h"
#include "promql/parser/number_literal.h"
#include "promql/parser/parser_impl.h"

namespace promenade::promql {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// Reads the values of one line from left to right.
class ValueReader {
 public:
  explicit ValueReader(std::string_view text) : text_(text) {}

  Result<std::vector<SeriesValue>> read_all() {
    while (true) {
      while (is_blank(peek())) ++at_;
      if (at_ == text_.size()) return std::move(values_);
      const size_t begin = at_;
      TRY(read_item());
      if (at_ < text_.size() && !is_blank(peek())) return unexpected(begin);
    }
  }

 private:
  char peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool starts_with(std::string_view prefix) const {
    return text_.substr(at_, prefix.size()) == prefix;
  }
  bool take_if(std::string_view prefix) {
    if (!starts_with(prefix)) return false;
    at_ += prefix.size();
    return true;
  }
  SourceSpan from(size_t begin) const {
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(at_)};
  }

  tl::unexpected<Error> unexpected(size_t begin) {
    const size_t end = std::min(text_.find_first_of(" \t", begin), text_.size());
    at_ = end;
    return bad_data(fmt::format("unexpected {} in series values, expected number or \"stale\"",
                                quote(text_.substr(begin, end - begin))),
                    from(begin));
  }

  Result<void> push(SeriesValue value, uint64_t count) {
    if (count > kSeriesValuesMax - values_.size()) {
      return bad_data(fmt::format("series has too many values, the limit is {}", kSeriesValuesMax),
                      from(at_));
    }
    values_.insert(values_.end(), static_cast<size_t>(count), value);
    return {};
  }

  Result<void> read_item() {
    if (take_if("_")) return read_omitted();
    if (take_if("stale")) {
      SeriesValue stale;
      stale.value = stale_nan();
      return push_repeated(stale);
    }
    if (starts_with("{{")) return read_histograms();
    return read_floats();
  }

  // "_" has been taken: "_" or "_xN", N positions.
  Result<void> read_omitted() {
    SeriesValue omitted;
    omitted.omitted = true;
    if (peek() != 'x') return push(omitted, 1);
    return push(omitted, TRY(read_times()));
  }

  // The value itself, and N more after "xN".
  Result<void> push_repeated(const SeriesValue& value) {
    if (peek() != 'x') return push(value, 1);
    const uint64_t times = TRY(read_times());
    return push(value, times + 1);
  }

  // "xN"
  Result<uint64_t> read_times() {
    const size_t begin = at_;
    ++at_;
    uint64_t times = 0;
    while (is_digit(peek()) && times <= kSeriesValuesMax) {
      times = times * 10 + static_cast<uint64_t>(text_[at_++] - '0');
    }
    if (at_ == begin + 1) {
      return bad_data("expected a number of repetitions after \"x\" in series values", from(begin));
    }
    return times;
  }

  // a, axN, a+bxN, a-bxN
  Result<void> read_floats() {
    const size_t begin = at_;
    const auto first = read_signed_number();
    if (!first) return unexpected(begin);
    SeriesValue value;
    value.value = *first;
    if (peek() != '+' && peek() != '-') return push_repeated(value);
    const auto step = read_signed_number();
    if (!step || peek() != 'x') return unexpected(begin);
    const uint64_t times = TRY(read_times());
    TRY(push(value, 1));
    // Added again and again, as Prometheus does: rounding adds up the same way.
    for (uint64_t i = 0; i < times; ++i) {
      value.value += *step;
      TRY(push(value, 1));
    }
    return {};
  }

  std::optional<double> read_signed_number() {
    const bool negate = peek() == '-';
    if (peek() == '-' || peek() == '+') ++at_;
    const auto value = read_number();
    if (!value) return std::nullopt;
    return negate ? -*value : *value;
  }

  // A number, or a duration in seconds. Hexadecimal is not possible here: "0x3" is 0, repeated.
  std::optional<double> read_number() {
    const size_t begin = at_;
    if (is_letter(peek())) {
      const std::string_view word = text_.substr(begin, 3);
      if (!equal_ignoring_case(word, "inf") && !equal_ignoring_case(word, "nan"))
        return std::nullopt;
      at_ += 3;
      return parse_number_literal(word);
    }
    while (is_digit(peek()) || peek() == '.' || peek() == '_') ++at_;
    if (std::string_view("ywdhms").find(peek()) != std::string_view::npos) {
      while (is_digit(peek()) ||
             std::string_view("ywdhms").find(peek()) != std::string_view::npos) {
        ++at_;
      }
      const auto duration = parse_duration(text_.substr(begin, at_ - begin));
      if (!duration) return std::nullopt;
      return duration->in_seconds();
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      while (is_digit(peek())) ++at_;
    }
    return parse_number_literal(text_.substr(begin, at_ - begin));
  }

  Result<HistogramLiteral> read_histogram() {
    size_t length = 0;
    auto literal = parse_histogram_literal(text_.substr(at_), length);
    if (!literal) {
      Error error = literal.error();
      if (error.span) {
        error.span->begin += static_cast<uint32_t>(at_);
        error.span->end += static_cast<uint32_t>(at_);
      }
      return tl::unexpected(std::move(error));
    }
    at_ += length;
    return literal;
  }

  // {{a}}, {{a}}xN, {{a}}+{{b}}xN, {{a}}-{{b}}xN
  Result<void> read_histograms() {
    const size_t begin = at_;
    HistogramLiteral first = TRY(read_histogram());
    SeriesValue value;
    value.is_hint_given = first.is_hint_given;
    value.histogram = std::make_shared<const FloatHistogram>(first.histogram);
    const char sign = peek();
    if (sign != '+' && sign != '-') return push_repeated(value);
    ++at_;
    const HistogramLiteral step = TRY(read_histogram());
    if (peek() != 'x') return unexpected(begin);
    const uint64_t times = TRY(read_times());
    TRY(push(value, 1));
    value.is_hint_given = step.is_hint_given;
    FloatHistogram current = std::move(first.histogram);
    for (uint64_t i = 0; i < times; ++i) {
      TRY(combine(current, step.histogram, sign, begin));
      value.histogram = std::make_shared<const FloatHistogram>(current);
      TRY(push(value, 1));
    }
    return {};
  }

  Result<void> combine(FloatHistogram& current, const FloatHistogram& step, char sign,
                       size_t begin) {
    if (current.schema > step.schema) {
      return bad_data(fmt::format("error combining histograms: cannot merge from schema {} to {}",
                                  step.schema, current.schema),
                      from(begin));
    }
    const auto notes = sign == '+' ? current.add(step) : current.subtract(step);
    if (notes) return {};
    return bad_data("error combining histograms: " + notes.error().message, from(begin));
  }

  std::string_view text_;
  size_t at_ = 0;
  std::vector<SeriesValue> values_;
};

}  // namespace

Result<std::vector<SeriesValue>> parse_series_values(std::string_view text) {
  return ValueReader(text).read_all();
}

Result<SeriesLine> parse_series_line(std::string_view line) {
  SeriesLine series;
  size_t end = 0;
  series.labels = TRY(Parser(line, {}).parse_metric(end));
  const std::string_view rest = line.substr(end);
  auto values = !rest.empty() && !is_blank(rest.front())
                    ? Result<std::vector<SeriesValue>>(bad_data(
                          "expected a blank between the metric and its values", SourceSpan{0, 1}))
                    : parse_series_values(rest);
  if (!values) {
    Error error = std::move(values).error();
    if (error.span) {
      error.span->begin += static_cast<uint32_t>(end);
      error.span->end += static_cast<uint32_t>(end);
    }
    return tl::unexpected(std::move(error));
  }
  series.values = std::move(*values);
  return series;
}

}  // namespace promenade::promql
