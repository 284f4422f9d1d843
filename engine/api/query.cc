// Queries: parameters in, the evaluator in the middle, streamed JSON out
// (https://prometheus.io/docs/prometheus/latest/querying/api/#expression-queries).
#include <fmt/format.h>

#include <algorithm>

#include "api/ast_json.h"
#include "api/handlers.h"
#include "api/query_request.h"
#include "api/result_json.h"
#include "promql/budget.h"
#include "promql/evaluator/selections.h"
#include "promql/parser/parser.h"
#include "promql/parser/printer.h"
#include "tsdb/head.h"
#include "tsdb/head_snapshot.h"

namespace promenade::api {
namespace {

// Longer than any store of a machine's size needs to look selections up.
constexpr int64_t kLoopTimeMaxMs = 5'000;
constexpr size_t kRemarksMax = 10;
constexpr int64_t kPointsPerSeriesMax = 11'000;

tl::unexpected<Error> bad_parameter(std::string_view name, std::string message) {
  return tl::unexpected(
      invalid_parameter(name, Error{ErrorCode::BadData, std::move(message), std::nullopt}));
}

Result<promql::ExprPtr> parse_expression(const Call& call, std::string_view text) {
  auto expr = promql::parse(text, call.context.parser_options);
  if (expr) return expr;
  Error error = std::move(expr).error();
  error.message = promql::describe_parse_error(text, error);
  return tl::unexpected(std::move(error));
}

}  // namespace

Result<promql::ExprPtr> query_parameter(const Call& call) {
  auto expr = parse_expression(call, call.parameters.get("query"));
  if (!expr) return tl::unexpected(invalid_parameter("query", std::move(expr).error()));
  return expr;
}

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

namespace {

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

}  // namespace

std::vector<std::string> rendered_warnings(const promql::Annotations& annotations,
                                           std::string_view query) {
  return rendered(annotations.warnings(), promql::Annotations::render_warning, query, "warning");
}

std::vector<std::string> rendered_infos(const promql::Annotations& annotations,
                                        std::string_view query) {
  return rendered(annotations.infos(), promql::Annotations::render_info, query, "info");
}

namespace {

enum class QueryKind { Instant, Range };

int64_t now_ns(const promql::EngineOptions& options) {
  return options.monotonic_ns ? options.monotonic_ns() : 0;
}

}  // namespace

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

QueryTime::QueryTime(promql::EngineOptions options, IsCanceled is_canceled)
    : options_(std::move(options)), begun_ns_(options_.monotonic_ns ? options_.monotonic_ns() : 0) {
  options_.is_canceled = std::move(is_canceled);
}

int64_t QueryTime::elapsed_ns() const {
  return options_.monotonic_ns ? options_.monotonic_ns() - begun_ns_ : 0;
}

bool QueryTime::is_over() const {
  return (options_.is_canceled && options_.is_canceled()) ||
         elapsed_ns() / 1'000'000 >= options_.timeout.ms;
}

Result<promql::EngineOptions> QueryTime::options_now(std::string_view where) const {
  if (options_.is_canceled && options_.is_canceled()) {
    return fail(ErrorCode::Canceled, fmt::format("query was canceled in {}", where));
  }
  promql::EngineOptions options = options_;
  options.timeout.ms -= elapsed_ns() / 1'000'000;
  if (options.timeout.ms <= 0) {
    return fail(ErrorCode::Timeout, fmt::format("query timed out in {}", where));
  }
  return options;
}

std::function<Result<void>()> QueryTime::check_on_loop() const {
  return [this, begun_ns = elapsed_ns()]() -> Result<void> {
    constexpr std::string_view kWhere = "query preparation";
    TRY(options_now(kWhere));
    if ((elapsed_ns() - begun_ns) / 1'000'000 < kLoopTimeMaxMs) return {};
    return fail(ErrorCode::Timeout, fmt::format("query timed out in {}", kWhere));
  };
}

Result<std::unique_ptr<tsdb::HeadSnapshot>> take_snapshot(const tsdb::Head& head,
                                                          std::span<const Selection> selections,
                                                          const QueryTime& time) {
  TRY(time.options_now());
  auto snapshot = head.snapshot(selections, {time.selected_max(), time.check_on_loop()});
  if (!snapshot && snapshot.error().code == ErrorCode::Limit) {
    return tl::unexpected(promql::too_many_samples());
  }
  return snapshot;
}

namespace {

// A query and everything that it was asked with.
class Query {
 public:
  static Result<Query> read(const Call& call, QueryKind kind) {
    Query query;
    query.kind_ = kind;
    query.limit_ = TRY(limit_parameter(call.parameters));
    if (kind == QueryKind::Range) {
      query.range_ = TRY(range_of_query(call.parameters));
    } else {
      query.range_.start = TRY(time_parameter_or(call.parameters, "time", call.now));
      query.range_.end = query.range_.start;
    }
    query.options_ = TRY(engine_options(call));
    query.expr_ = TRY(query_parameter(call));
    query.text_ = call.parameters.get("query");
    query.wants_statistics_ = !call.parameters.get("stats").empty();
    query.executor_ = call.context.executor;
    return query;
  }

  const promql::EngineOptions& options() const { return options_; }
  size_t step_count() const { return range_.step_count(); }

  Result<promql::Needs> needs() const {
    auto needs = promql::needs_of(*expr_, range_, options_.lookback);
    if (!needs) return tl::unexpected(evaluation_error(std::move(needs).error()));
    return needs;
  }

  // Adds to `times`.
  Result<Reply> run(const SampleSource& store, const promql::EngineOptions& options,
                    QueryTimes& times, JsonWriter& data) const {
    const int64_t begun_ns = now_ns(options);
    auto result = kind_ == QueryKind::Range
                      ? promql::evaluate_range(*expr_, range_, store, *executor_, options)
                      : promql::evaluate_instant(*expr_, range_.start, store, *executor_, options);
    if (!result) {
      times.evaluation_ns = now_ns(options) - begun_ns;
      return tl::unexpected(evaluation_error(std::move(result).error()));
    }
    const promql::QueryStatistics& statistics = result->statistics;
    times.preparation_ns = times.preparation_ns.value_or(0) + statistics.preparation_ns;
    times.evaluation_ns = statistics.evaluation_ns;
    if (std::holds_alternative<promql::Matrix>(result->value)) times.sort_ns = statistics.sort_ns;
    return write(*result, times, data);
  }

 private:
  Reply write(const promql::QueryResult& result, const QueryTimes& times, JsonWriter& data) const {
    data.begin_object();
    const bool is_truncated = write_result(data, result, limit_, *executor_);
    if (wants_statistics_) {
      data.key("stats");
      write_statistics(data, result.statistics, times);
    }
    data.end_object();

    Reply reply;
    reply.warnings = rendered_warnings(result.annotations, text_);
    reply.infos = rendered_infos(result.annotations, text_);
    if (is_truncated) reply.warnings.insert(reply.warnings.begin(), std::string(kTruncatedWarning));
    return reply;
  }

  QueryKind kind_ = QueryKind::Instant;
  promql::QueryRange range_;
  uint64_t limit_ = 0;
  promql::EngineOptions options_;
  promql::ExprPtr expr_;
  std::string text_;
  bool wants_statistics_ = false;
  Executor* executor_ = nullptr;
};

class SnapshotQuery final : public QueryTask {
 public:
  SnapshotQuery(Query query, promql::Needs needs, const tsdb::Head& head, IsCanceled is_canceled)
      : time_(query.options(), std::move(is_canceled)),
        query_(std::move(query)),
        needs_(std::move(needs)),
        head_(head) {}

  bool is_over() const override { return time_.is_over(); }

  Result<void> start() override {
    times_.queue_ns = time_.elapsed_ns();
    snapshot_ = TRY(take_snapshot(head_, needs_.selections, time_));
    times_.preparation_ns = time_.elapsed_ns() - *times_.queue_ns;
    return {};
  }

  bool is_small() const override {
    constexpr uint64_t kWorkMax = 20'000;  // Samples and steps: some hundred microseconds.
    const uint64_t steps = uint64_t{snapshot_->series_count()} * query_.step_count();
    return snapshot_->sample_estimate() + steps <= kWorkMax && !needs_.has_subquery;
  }

  Result<Reply> run(JsonWriter& data) override {
    // The way to another thread is waiting, too.
    times_.queue_ns = time_.elapsed_ns() - *times_.preparation_ns;
    const promql::EngineOptions options = TRY(time_.options_now());
    return query_.run(*snapshot_, options, times_, data);
  }

  QueryTimes times() const override { return times_; }

 private:
  QueryTime time_;
  Query query_;
  promql::Needs needs_;
  const tsdb::Head& head_;
  std::unique_ptr<tsdb::HeadSnapshot> snapshot_;
  QueryTimes times_;
};

Result<Reply> answer_at_once(const Call& call, QueryKind kind, JsonWriter& data) {
  const Query query = TRY(Query::read(call, kind));
  QueryTimes untold;
  QueryTimes& times = call.times ? *call.times : untold;
  times.queue_ns = 0;
  return query.run(*call.context.store, query.options(), times, data);
}

Result<std::unique_ptr<QueryTask>> begin(const Call& call, QueryKind kind, IsCanceled is_canceled) {
  Query query = TRY(Query::read(call, kind));
  promql::Needs needs = TRY(query.needs());
  return std::unique_ptr<QueryTask>(std::make_unique<SnapshotQuery>(
      std::move(query), std::move(needs), *call.context.head, std::move(is_canceled)));
}

}  // namespace

Result<Reply> query(const Call& call, JsonWriter& data) {
  return answer_at_once(call, QueryKind::Instant, data);
}

Result<Reply> query_range(const Call& call, JsonWriter& data) {
  return answer_at_once(call, QueryKind::Range, data);
}

Result<std::unique_ptr<QueryTask>> begin_query(const Call& call, IsCanceled is_canceled) {
  return begin(call, QueryKind::Instant, std::move(is_canceled));
}

Result<std::unique_ptr<QueryTask>> begin_query_range(const Call& call, IsCanceled is_canceled) {
  return begin(call, QueryKind::Range, std::move(is_canceled));
}

Result<Reply> query_exemplars(const Call& call, JsonWriter& data) {
  const TimeRange range = TRY(range_parameters(call.parameters));
  if (range.end < range.start) {
    return bad_data("end timestamp must not be before start timestamp");
  }
  const promql::ExprPtr expr = TRY(parse_expression(call, call.parameters.get("query")));
  // Exemplars are not stored, as in a Prometheus without the feature exemplar-storage.
  data.begin_array();
  data.end_array();
  Reply reply;
  reply.has_data = has_selector(*expr);
  return reply;
}

Result<Reply> format_query(const Call& call, JsonWriter& data) {
  const promql::ExprPtr expr = TRY(query_parameter(call));
  data.string(promql::pretty(*expr));
  return Reply{};
}

Result<Reply> parse_query(const Call& call, JsonWriter& data) {
  const promql::ExprPtr expr = TRY(query_parameter(call));
  write_ast(data, *expr);
  return Reply{};
}

}  // namespace promenade::api
