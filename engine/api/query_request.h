#pragma once  // engine/api/query_request.h
// What requests about queries have in common: their parameters, and how errors and remarks are
// worded. Internal to engine/api.
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/handlers.h"
#include "promql/engine.h"
#include "tsdb/head_snapshot.h"

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
  int64_t elapsed_ns() const;
  // The options to go on with now: the timeout is what is left of it. Fails when the query is over;
  // `where` it was then is part of the message.
  Result<promql::EngineOptions> options_now(std::string_view where = "query queue") const;
  // For work on the event loop that begins now, where nothing else happens meanwhile: whether it
  // may go on. Fails when the query is over or has kept the loop too long. `this` must outlive it.
  std::function<Result<void>()> check_on_loop() const;
  // How many series it may select, counted as in tsdb::SnapshotLimits: about the memory of as many
  // samples as it may hold.
  uint64_t selected_max() const { return options_.samples_max; }

 private:
  promql::EngineOptions options_;
  int64_t begun_ns_ = 0;
};

// What a query needs of the head. Fails as the query would that needs too much.
Result<std::unique_ptr<tsdb::HeadSnapshot>> take_snapshot(const tsdb::Head& head,
                                                          std::span<const Selection> selections,
                                                          const QueryTime& time);

// What the evaluator finds wrong with the query itself is worded like what the parser finds.
Error evaluation_error(Error error);
// With positions in `query`; the first ten, and how many more there are.
std::vector<std::string> rendered_warnings(const promql::Annotations& annotations,
                                           std::string_view query);
std::vector<std::string> rendered_infos(const promql::Annotations& annotations,
                                        std::string_view query);

}  // namespace promenade::api
