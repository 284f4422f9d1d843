// tests/conformance/expectation.cc
// One expectation line at a time (reference: Prometheus's promql/promqltest/README.md).
#include "expectation.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/strings.h"
#include "model/duration.h"
#include "promql/parser/parser.h"
#include "promql/parser/series_notation.h"

namespace promenade::conformance {
namespace {

ExpectedText make_text(const std::string& kind, std::string_view text) {
  if (kind == "msg") return {ExpectedText::Kind::Exact, std::string(trim(text))};
  if (kind == "regex") return {ExpectedText::Kind::Regex, std::string(trim(text))};
  return {};
}

Result<void> parse_expected_string(std::string_view text, Expectation& expected) {
  const auto literal = promql::parse(text);
  const auto* node = literal ? (*literal)->as<promql::StringLiteral>() : nullptr;
  if (node == nullptr)
    return bad_data(fmt::format("expect string needs a quoted string, got {}", text));
  expected.string = node->value;
  return {};
}

// Everything after `expect `. False when it is none of the known forms.
Result<bool> parse_expect(const std::string& line, Expectation& expected) {
  static const re2::RE2 remark(
      R"(expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?)");
  static const re2::RE2 string(R"(expect\s+string\s+(.+))");
  static const re2::RE2 grid(R"(expect\s+range\s+vector\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+))");
  std::string what;
  std::string kind;
  std::string text;
  if (re2::RE2::FullMatch(line, remark, &what, &kind, &text)) {
    if (what == "ordered") expected.ordered = true;
    if (what == "fail") expected.failure = make_text(kind, text);
    if (what == "warn") expected.warnings.present.push_back(make_text(kind, text));
    if (what == "info") expected.infos.present.push_back(make_text(kind, text));
    if (what == "no_warn") expected.warnings.none = true;
    if (what == "no_info") expected.infos.none = true;
    return true;
  }
  if (re2::RE2::FullMatch(line, grid, &what, &kind, &text)) {
    expected.range_vector = TRY(parse_grid(what, kind, text));
    return true;
  }
  if (re2::RE2::FullMatch(line, string, &text)) {
    TRY(parse_expected_string(text, expected));
    return true;
  }
  return false;
}

// The older form, which follows eval_fail.
bool parse_expected_failure(const std::string& line, Expectation& expected) {
  static const re2::RE2 pattern(R"(expected_fail_(message|regexp)\s+(.+))");
  std::string kind;
  std::string text;
  if (!re2::RE2::FullMatch(line, pattern, &kind, &text)) return false;
  expected.failure = make_text(kind == "message" ? "msg" : "regex", text);
  return true;
}

std::optional<double> parse_scalar(std::string_view line) {
  if (line.find_first_of("{ \t_") != std::string_view::npos) return std::nullopt;
  const auto values = promql::parse_series_values(line);
  if (values && values->size() == 1 && !values->front().histogram && line != "stale") {
    return values->front().value;
  }
  const auto expr = promql::parse(line);
  const auto* number = expr ? (*expr)->as<promql::NumberLiteral>() : nullptr;
  return number != nullptr ? std::optional<double>(number->value) : std::nullopt;
}

}  // namespace

Result<Duration> parse_signed_duration(std::string_view text) {
  const bool has_sign = text.starts_with('-') || text.starts_with('+');
  const Duration duration = TRY(parse_duration(text.substr(has_sign ? 1 : 0)));
  return text.starts_with('-') ? Duration{-duration.ms} : duration;
}

Result<TimeGrid> parse_grid(std::string_view start, std::string_view end, std::string_view step) {
  TimeGrid grid;
  grid.start = Timestamp{TRY(parse_signed_duration(trim(start))).ms};
  grid.end = Timestamp{TRY(parse_signed_duration(trim(end))).ms};
  grid.step = TRY(parse_duration(trim(step)));
  if (grid.end < grid.start) return bad_data("invalid eval range: the end is before the start");
  if (grid.step.ms <= 0) return bad_data("invalid eval range: the step must be positive");
  return grid;
}

Result<bool> parse_expectation(std::string_view line, Expectation& expected) {
  const std::string text(line);
  if (TRY(parse_expect(text, expected))) return false;
  if (parse_expected_failure(text, expected)) return false;
  if (const auto scalar = parse_scalar(line)) {
    expected.scalar = scalar;
    return true;
  }
  auto series = promql::parse_series_line(line);
  if (!series) return bad_data(fmt::format("{}: {}", line, series.error().message));
  expected.series.push_back({std::move(series->labels), std::move(series->values), {}});
  return false;
}

Result<void> check_value_counts(const Eval& eval) {
  const TimeGrid& grid = eval.expected.range_vector.value_or(eval.grid);
  const int64_t steps = (grid.end - grid.start).ms / grid.step.ms + 1;
  for (const LoadedSeries& series : eval.expected.series) {
    if (static_cast<int64_t>(series.values.size()) > steps) {
      return bad_data(fmt::format("expected {} values for {}, but there are only {} steps",
                                  series.values.size(), series.labels.to_string(), steps));
    }
  }
  return {};
}

}  // namespace promenade::conformance
