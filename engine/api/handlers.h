#pragma once  // engine/api/handlers.h
// What a route calls. A handler writes the value of "data" and says what else goes into the
// envelope; on an error, what it has written is thrown away. Internal to engine/api.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "api/json_writer.h"
#include "api/parameters.h"
#include "base/result.h"
#include "promql/ast.h"

namespace promenade::api {

struct Call {
  const ApiContext& context;
  const Parameters& parameters;
  std::string_view path_argument;  // <name> of /label/<name>/values, as it stands in the path.
  Timestamp now;
  QueryTimes* times = nullptr;  // Where a handler that answers at once puts them. May be null.
};

struct Reply {
  std::vector<std::string> warnings;
  std::vector<std::string> infos;
  bool has_data = true;  // False: 204 without a body.
};

// "bad_data", "execution" ...: the errorType of the envelope.
std::string_view error_type(ErrorCode code);

// Prometheus's remark when a `limit` parameter cut a list.
inline constexpr std::string_view kTruncatedWarning = "results truncated due to limit";

// query.cc. The first two answer at once; a QueryTask is the same in steps.
Result<Reply> query(const Call& call, JsonWriter& data);
Result<Reply> query_range(const Call& call, JsonWriter& data);
Result<Reply> query_exemplars(const Call& call, JsonWriter& data);
Result<Reply> format_query(const Call& call, JsonWriter& data);
Result<Reply> parse_query(const Call& call, JsonWriter& data);

// A request that has been read and checked. Its steps are those of a PendingQuery.
class QueryTask {
 public:
  virtual ~QueryTask() = default;
  virtual bool is_over() const = 0;
  // Takes what it needs of the head. Fails when the query is over, or can't be answered.
  virtual Result<void> start() = 0;
  // After start(): whether running it takes no longer than handing it over to another thread would.
  virtual bool is_small() const { return false; }
  virtual Result<Reply> run(JsonWriter& data) = 0;
  virtual QueryTimes times() const { return {}; }
};
// Calls `is_canceled` from several threads; null: never canceled. Only where there is a head.
using IsCanceled = std::function<bool()>;
Result<std::unique_ptr<QueryTask>> begin_query(const Call& call, IsCanceled is_canceled);
Result<std::unique_ptr<QueryTask>> begin_query_range(const Call& call, IsCanceled is_canceled);

// explain.cc: ours, not Prometheus's.
Result<Reply> explain(const Call& call, JsonWriter& data);
Result<std::unique_ptr<QueryTask>> begin_explain(const Call& call, IsCanceled is_canceled);

// lint.cc: ours, not Prometheus's.
Result<Reply> lint(const Call& call, JsonWriter& data);
Result<std::unique_ptr<QueryTask>> begin_lint(const Call& call, IsCanceled is_canceled);

// series.cc
Result<Reply> series(const Call& call, JsonWriter& data);
Result<Reply> label_names(const Call& call, JsonWriter& data);
Result<Reply> label_values(const Call& call, JsonWriter& data);

// metadata.cc
Result<Reply> metadata(const Call& call, JsonWriter& data);
Result<Reply> targets_metadata(const Call& call, JsonWriter& data);

// targets.cc
Result<Reply> targets(const Call& call, JsonWriter& data);
Result<Reply> scrape_pools(const Call& call, JsonWriter& data);

// rules.cc
Result<Reply> rules(const Call& call, JsonWriter& data);
Result<Reply> alerts(const Call& call, JsonWriter& data);
Result<Reply> alertmanagers(const Call& call, JsonWriter& data);

// lifeline.cc: ours, not Prometheus's.
Result<Reply> alert_lifeline(const Call& call, JsonWriter& data);

// status.cc
Result<Reply> status_config(const Call& call, JsonWriter& data);
Result<Reply> status_flags(const Call& call, JsonWriter& data);
Result<Reply> status_runtime(const Call& call, JsonWriter& data);
Result<Reply> status_build(const Call& call, JsonWriter& data);
Result<Reply> status_tsdb(const Call& call, JsonWriter& data);
Result<Reply> status_wal_replay(const Call& call, JsonWriter& data);
Result<Reply> status_functions(const Call& call, JsonWriter& data);
void write_build_info(const ApiContext& context, JsonWriter& data);

}  // namespace promenade::api
