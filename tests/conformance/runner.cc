// tests/conformance/runner.cc
// Every instant test is run as written, pinned with @ at several other times, and as the middle
// step of a range query (Prometheus's promqltest does the same). Annotations are compared for the
// query as written only: pinning moves their positions.
#include "runner.h"

#include <fmt/format.h>

#include <memory>

#include "base/executor.h"
#include "compare.h"
#include "promql/engine.h"
#include "promql/parser/parser.h"
#include "promql/parser/printer.h"
#include "script.h"
#include "storage.h"
#include "tsdb/head.h"
#include "variants.h"

namespace promenade::conformance {
namespace {

promql::EngineOptions engine_options() {
  promql::EngineOptions options;
  options.delayed_name_removal = true;
  options.use_start_timestamps = true;
  return options;
}

// Prints the expression and reads it back: the tree must be the same.
std::string check_round_trip(const promql::Expr& expr) {
  const std::string printed = promql::to_string(expr);
  const auto again = promql::parse(printed);
  if (!again) return fmt::format("printed as {}, which does not parse\n", printed);
  const std::string before = promql::dump(expr);
  const std::string after = promql::dump(**again);
  if (before == after) return "";
  return fmt::format("printed as {}, which parses as {} instead of {}\n", printed, after, before);
}

class Runner {
 public:
  FileReport run(const std::vector<Command>& commands) {
    for (const Command& command : commands) {
      const bool is_eval = std::holds_alternative<Eval>(command.action);
      const std::string difference =
          std::visit([this](const auto& action) { return carry_out(action); }, command.action);
      if (is_eval || !difference.empty()) ++report_.total;
      if (is_eval && difference.empty()) ++report_.passed;
      if (!difference.empty()) report_.failures.push_back({command.line, command.text, difference});
    }
    return std::move(report_);
  }

 private:
  std::string carry_out(const Clear&) {
    head_ = std::make_unique<tsdb::Head>();
    return "";
  }
  std::string carry_out(const Broken& broken) { return broken.reason + "\n"; }
  std::string carry_out(const Load& load) {
    const auto loaded = load_into(*head_, load);
    return loaded ? "" : loaded.error().message + "\n";
  }

  std::string carry_out(const Eval& eval) {
    const auto expr = promql::parse(eval.query);
    if (!expr) return promql::describe_parse_error(eval.query, expr.error()) + "\n";
    std::string difference = check_round_trip(**expr);
    difference += eval.is_range ? check_range(eval, **expr) : check_instant(eval, **expr);
    return difference;
  }

  std::string check_range(const Eval& eval, const promql::Expr& expr) {
    const promql::QueryRange range{eval.grid.start, eval.grid.end, eval.grid.step};
    return check(eval, evaluate_range(expr, range, *head_, executor_, options_), true);
  }

  std::string check_instant(const Eval& eval, const promql::Expr& expr) {
    const Timestamp time = eval.grid.start;
    std::string difference =
        check(eval, evaluate_instant(expr, time, *head_, executor_, options_), true);
    if (!difference.empty()) return difference;
    difference = check_as_range(eval, expr, time);
    if (!difference.empty()) return "as a range query: " + difference;
    for (const Variant& variant : pinned_variants(eval.query, expr, time)) {
      difference = check_variant(eval, variant);
      if (difference.empty()) continue;
      return fmt::format("as {} at {} ms: {}", variant.query, variant.time.ms, difference);
    }
    return "";
  }

  std::string check_variant(const Eval& eval, const Variant& variant) {
    const auto expr = promql::parse(variant.query);
    if (!expr) return promql::describe_parse_error(variant.query, expr.error()) + "\n";
    const std::string difference =
        check(eval, evaluate_instant(**expr, variant.time, *head_, executor_, options_), false);
    return difference.empty() ? check_as_range(eval, **expr, variant.time) : difference;
  }

  std::string check(const Eval& eval, const Result<promql::QueryResult>& result,
                    bool with_annotations) {
    const Expectation& expected = eval.expected;
    if (!result) {
      return expected.failure ? compare_failure(expected, result.error().message)
                              : fmt::format("got the error {}\n", result.error().message);
    }
    if (expected.failure) return "expected an error, got a result\n";
    std::string difference = compare_result(expected, eval.grid, eval.is_range, *result);
    if (with_annotations)
      difference += compare_annotations(expected, result->annotations, eval.query);
    return difference;
  }

  // The step in the middle of a range query around `time` must be the instant result.
  std::string check_as_range(const Eval& eval, const promql::Expr& expr, Timestamp time) {
    const Expectation& expected = eval.expected;
    if (expected.failure || expected.ordered || expected.string || expected.range_vector ||
        depends_on_query_range(expr)) {
      return "";
    }
    const Duration minute = Duration::minutes(1);
    const auto result =
        evaluate_range(expr, {time - minute, time + minute, minute}, *head_, executor_, options_);
    if (!result) return fmt::format("got the error {}\n", result.error().message);
    promql::Vector middle;
    for (const promql::MatrixSeries& series : std::get<promql::Matrix>(result->value)) {
      for (const promql::Point& point : series.points) {
        if (point.time_ms == time.ms) middle.push_back({series.labels, point});
      }
    }
    if (expr.type != promql::ValueType::Scalar) return compare_vector(expected, middle);
    if (middle.size() != 1) return "expected one value in the middle of the range\n";
    return compare_scalar(expected, middle[0].point.value);
  }

  std::unique_ptr<tsdb::Head> head_ = std::make_unique<tsdb::Head>();
  InlineExecutor executor_;
  promql::EngineOptions options_ = engine_options();
  FileReport report_;
};

}  // namespace

FileReport run_script(std::string_view text) {
  return Runner().run(parse_script(text));
}

}  // namespace promenade::conformance
