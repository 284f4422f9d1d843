// engine/api/explain.cc
// The handler of /api/v1/explain: explain_json.h says what it takes and gives.
#include "api/explain_json.h"
#include "api/handlers.h"
#include "api/query_request.h"

namespace promenade::api {
namespace {

constexpr int64_t kSeriesShownDefault = 10;
constexpr int64_t kSeriesShownMax = 1000;

Result<size_t> series_shown(const Parameters& parameters) {
  const std::string_view text = parameters.get("limit");
  if (text.empty()) return static_cast<size_t>(kSeriesShownDefault);
  const auto limit = parse_integer(text);
  if (!limit || *limit < 1 || *limit > kSeriesShownMax) {
    return bad_data("invalid parameter \"limit\": it must be a number from 1 to 1000");
  }
  return static_cast<size_t>(*limit);
}

// A range when any of its parameters is there, else an instant.
Result<promql::QueryRange> range_or_instant(const Call& call) {
  for (const std::string_view name : {"start", "end", "step"}) {
    if (!call.parameters.get(name).empty()) return range_of_query(call.parameters);
  }
  const Timestamp time = TRY(time_parameter_or(call.parameters, "time", call.now));
  return promql::QueryRange{time, time};
}

}  // namespace

Result<Reply> explain(const Call& call, JsonWriter& data) {
  const promql::ExplainOptions shown{TRY(series_shown(call.parameters))};
  const promql::QueryRange range = TRY(range_or_instant(call));
  const promql::EngineOptions options = TRY(engine_options(call));
  const promql::ExprPtr expr = TRY(query_parameter(call));
  auto explanation =
      promql::explain(*expr, range, *call.context.store, *call.context.executor, options, shown);
  if (!explanation) return tl::unexpected(evaluation_error(std::move(explanation).error()));
  const std::string_view query = call.parameters.get("query");
  write_explanation(data, *explanation, query, !call.parameters.get("stats").empty());
  Reply reply;
  reply.warnings = rendered_warnings(explanation->annotations, query);
  reply.infos = rendered_infos(explanation->annotations, query);
  return reply;
}

}  // namespace promenade::api
