// engine/api/explain.cc
// The handler of /api/v1/explain: explain_json.h says what it takes and gives.
#include "api/explain_json.h"
#include "api/handlers.h"
#include "api/query_request.h"
#include "tsdb/head.h"
#include "tsdb/head_snapshot.h"

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

// What is to be explained and everything that it was asked with.
class Explaining {
 public:
  static Result<Explaining> read(const Call& call) {
    Explaining explaining;
    explaining.shown_.series_shown_max = TRY(series_shown(call.parameters));
    explaining.range_ = TRY(range_or_instant(call));
    explaining.options_ = TRY(engine_options(call));
    explaining.expr_ = TRY(query_parameter(call));
    explaining.text_ = call.parameters.get("query");
    explaining.wants_timings_ = !call.parameters.get("stats").empty();
    explaining.executor_ = call.context.executor;
    return explaining;
  }

  const promql::EngineOptions& options() const { return options_; }

  Result<std::vector<Selection>> selections() const {
    auto selections = promql::explain_selections(*expr_, range_, options_);
    if (!selections) return tl::unexpected(evaluation_error(std::move(selections).error()));
    return selections;
  }

  Result<Reply> run(const SampleSource& store, const promql::EngineOptions& options,
                    JsonWriter& data) const {
    auto explanation = promql::explain(*expr_, range_, store, *executor_, options, shown_);
    if (!explanation) return tl::unexpected(evaluation_error(std::move(explanation).error()));
    write_explanation(data, *explanation, text_, wants_timings_);
    Reply reply;
    reply.warnings = rendered_warnings(explanation->annotations, text_);
    reply.infos = rendered_infos(explanation->annotations, text_);
    return reply;
  }

 private:
  promql::ExplainOptions shown_;
  promql::QueryRange range_;
  promql::EngineOptions options_;
  promql::ExprPtr expr_;
  std::string text_;
  bool wants_timings_ = false;
  Executor* executor_ = nullptr;
};

class SnapshotExplaining final : public QueryTask {
 public:
  SnapshotExplaining(Explaining explaining, std::vector<Selection> selections,
                     const tsdb::Head& head, IsCanceled is_canceled)
      : time_(explaining.options(), std::move(is_canceled)),
        explaining_(std::move(explaining)),
        selections_(std::move(selections)),
        head_(head) {}

  bool is_over() const override { return time_.is_over(); }
  Result<void> start() override {
    snapshot_ = TRY(take_snapshot(head_, selections_, time_));
    return {};
  }
  Result<Reply> run(JsonWriter& data) override {
    const promql::EngineOptions options = TRY(time_.options_now());
    return explaining_.run(*snapshot_, options, data);
  }

 private:
  QueryTime time_;
  Explaining explaining_;
  std::vector<Selection> selections_;
  const tsdb::Head& head_;
  std::unique_ptr<tsdb::HeadSnapshot> snapshot_;
};

}  // namespace

Result<Reply> explain(const Call& call, JsonWriter& data) {
  const Explaining explaining = TRY(Explaining::read(call));
  return explaining.run(*call.context.store, explaining.options(), data);
}

Result<std::unique_ptr<QueryTask>> begin_explain(const Call& call, IsCanceled is_canceled) {
  Explaining explaining = TRY(Explaining::read(call));
  auto selections = TRY(explaining.selections());
  return std::unique_ptr<QueryTask>(std::make_unique<SnapshotExplaining>(
      std::move(explaining), std::move(selections), *call.context.head, std::move(is_canceled)));
}

}  // namespace promenade::api
