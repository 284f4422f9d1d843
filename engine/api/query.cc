// Queries: parameters in, the evaluator in the middle, streamed JSON out
// (https://prometheus.io/docs/prometheus/latest/querying/api/#expression-queries).
#include <fmt/format.h>

#include <algorithm>

#include "api/ast_json.h"
#include "api/handlers.h"
#include "api/result_json.h"
#include "promql/parser/parser.h"
#include "promql/parser/printer.h"

namespace promenade::api {
namespace {

constexpr size_t kRemarksMax = 10;
constexpr int64_t kPointsPerSeriesMax = 11'000;

tl::unexpected<Error> bad_parameter(std::string_view name, std::string message) {
  return tl::unexpected(
      invalid_parameter(name, Error{ErrorCode::BadData, std::move(message), std::nullopt}));
}

Result<promql::ExprPtr> parse_expression(std::string_view text) {
  auto expr = promql::parse(text);
  if (expr) return expr;
  Error error = std::move(expr).error();
  error.message = promql::describe_parse_error(text, error);
  return tl::unexpected(std::move(error));
}

// The engine's options with the request's `timeout` and `lookback_delta`. A request can shorten the
// timeout, not lengthen it.
Result<promql::EngineOptions> engine_options(const Call& call) {
  promql::EngineOptions options = call.context.engine_options();
  if (const auto text = call.parameters.get("timeout"); !text.empty()) {
    auto timeout = parse_duration_parameter(text);
    if (!timeout) return tl::unexpected(invalid_parameter("timeout", std::move(timeout).error()));
    options.timeout = std::min(options.timeout, *timeout);
  }
  if (const auto text = call.parameters.get("lookback_delta"); !text.empty()) {
    const auto lookback = parse_duration_parameter(text);
    if (!lookback) {
      return bad_data(
          fmt::format("error parsing lookback delta duration: {}", lookback.error().message));
    }
    if (lookback->ms > 0) options.lookback = *lookback;
  }
  return options;
}

using Render = std::string (*)(const promql::Annotations::Entries::value_type&, std::string_view);

std::vector<std::string> rendered(const promql::Annotations::Entries& entries, Render render,
                                  std::string_view query, std::string_view kind) {
  std::vector<std::string> texts;
  for (const auto& entry : entries) {
    if (texts.size() == kRemarksMax) {
      texts.push_back(
          fmt::format("{} more {} annotations omitted", entries.size() - kRemarksMax, kind));
      break;
    }
    texts.push_back(render(entry, query));
  }
  return texts;
}

Reply write_query_data(const Call& call, const promql::QueryResult& result, uint64_t limit,
                       JsonWriter& data) {
  const std::string_view query = call.parameters.get("query");
  data.begin_object();
  const bool is_truncated = write_result(data, result, limit);
  if (!call.parameters.get("stats").empty()) {
    data.key("stats");
    write_statistics(data, result.statistics);
  }
  data.end_object();

  Reply reply;
  reply.warnings = rendered(result.annotations.warnings(), promql::Annotations::render_warning,
                            query, "warning");
  reply.infos =
      rendered(result.annotations.infos(), promql::Annotations::render_info, query, "info");
  if (is_truncated) reply.warnings.insert(reply.warnings.begin(), std::string(kTruncatedWarning));
  return reply;
}

// What the evaluator finds wrong with the query itself is worded like what the parser finds.
Error evaluation_error(Error error) {
  if (error.code != ErrorCode::BadData) return error;
  return invalid_parameter("query", std::move(error));
}

Result<promql::QueryRange> range_of_query(const Parameters& parameters) {
  promql::QueryRange range;
  range.start = TRY(time_parameter(parameters, "start"));
  range.end = TRY(time_parameter(parameters, "end"));
  if (range.end < range.start) {
    return bad_parameter("end", "end timestamp must not be before start time");
  }
  auto step = parse_duration_parameter(parameters.get("step"));
  if (!step) return tl::unexpected(invalid_parameter("step", std::move(step).error()));
  if (step->ms <= 0) {
    return bad_parameter("step",
                         "zero or negative query resolution step widths are not accepted. "
                         "Try a positive integer");
  }
  range.step = *step;
  if ((range.end - range.start).ms / range.step.ms > kPointsPerSeriesMax) {
    return bad_data(
        "exceeded maximum resolution of 11,000 points per timeseries. "
        "Try decreasing the query resolution (?step=XX)");
  }
  return range;
}

}  // namespace

Result<promql::ExprPtr> query_parameter(const Parameters& parameters) {
  auto expr = parse_expression(parameters.get("query"));
  if (!expr) return tl::unexpected(invalid_parameter("query", std::move(expr).error()));
  return expr;
}

Result<Reply> query(const Call& call, JsonWriter& data) {
  const uint64_t limit = TRY(limit_parameter(call.parameters));
  const Timestamp time = TRY(time_parameter_or(call.parameters, "time", call.now));
  const promql::EngineOptions options = TRY(engine_options(call));
  const promql::ExprPtr expr = TRY(query_parameter(call.parameters));
  auto result =
      promql::evaluate_instant(*expr, time, *call.context.store, *call.context.executor, options);
  if (!result) return tl::unexpected(evaluation_error(std::move(result).error()));
  return write_query_data(call, *result, limit, data);
}

Result<Reply> query_range(const Call& call, JsonWriter& data) {
  const uint64_t limit = TRY(limit_parameter(call.parameters));
  const promql::QueryRange range = TRY(range_of_query(call.parameters));
  const promql::EngineOptions options = TRY(engine_options(call));
  const promql::ExprPtr expr = TRY(query_parameter(call.parameters));
  auto result =
      promql::evaluate_range(*expr, range, *call.context.store, *call.context.executor, options);
  if (!result) return tl::unexpected(evaluation_error(std::move(result).error()));
  return write_query_data(call, *result, limit, data);
}

Result<Reply> query_exemplars(const Call& call, JsonWriter& data) {
  const TimeRange range = TRY(range_parameters(call.parameters));
  if (range.end < range.start) {
    return bad_data("end timestamp must not be before start timestamp");
  }
  const promql::ExprPtr expr = TRY(parse_expression(call.parameters.get("query")));
  // Exemplars are not stored, as in a Prometheus without the feature exemplar-storage.
  data.begin_array();
  data.end_array();
  Reply reply;
  reply.has_data = has_selector(*expr);
  return reply;
}

Result<Reply> format_query(const Call& call, JsonWriter& data) {
  const promql::ExprPtr expr = TRY(query_parameter(call.parameters));
  data.string(promql::pretty(*expr));
  return Reply{};
}

Result<Reply> parse_query(const Call& call, JsonWriter& data) {
  const promql::ExprPtr expr = TRY(query_parameter(call.parameters));
  write_ast(data, *expr);
  return Reply{};
}

}  // namespace promenade::api
