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

// How long a query may take, from the moment when it was asked: the time that it waits counts.
class QueryTime {
 public:
  // `options` are the request's: their is_canceled is set, and their timeout runs from now on.
  QueryTime(promql::EngineOptions options, IsCanceled is_canceled);
  bool is_over() const;
  // The options to go on with now: the timeout is what is left of it. Fails when the query is over.
  Result<promql::EngineOptions> options_now() const;

 private:
  int64_t waited_ms() const;

  promql::EngineOptions options_;
  int64_t begun_ns_ = 0;
};

// What the evaluator finds wrong with the query itself is worded like what the parser finds.
Error evaluation_error(Error error);
// With positions in `query`; the first ten, and how many more there are.
std::vector<std::string> rendered_warnings(const promql::Annotations& annotations,
                                           std::string_view query);
std::vector<std::string> rendered_infos(const promql::Annotations& annotations,
                                        std::string_view query);

}  // namespace promenade::api
