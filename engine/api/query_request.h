#pragma once  // engine/api/query_request.h
// What requests about queries have in common: their parameters, and how errors and remarks are
// worded. Internal to engine/api.
#include <string>
#include <string_view>
#include <vector>

#include "api/handlers.h"
#include "promql/engine.h"

namespace promenade::api {

// `query`, parsed.
Result<promql::ExprPtr> query_parameter(const Call& call);
// `start`, `end` and `step`.
Result<promql::QueryRange> range_of_query(const Parameters& parameters);
// The engine's options with the request's `timeout` and `lookback_delta`. A request can shorten the
// timeout, not lengthen it.
Result<promql::EngineOptions> engine_options(const Call& call);

// What the evaluator finds wrong with the query itself is worded like what the parser finds.
Error evaluation_error(Error error);
// With positions in `query`; the first ten, and how many more there are.
std::vector<std::string> rendered_warnings(const promql::Annotations& annotations,
                                           std::string_view query);
std::vector<std::string> rendered_infos(const promql::Annotations& annotations,
                                        std::string_view query);

}  // namespace promenade::api
