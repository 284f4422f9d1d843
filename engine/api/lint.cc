// Remarks on a query: ours, not Prometheus's. What the linter knows besides the query comes from
// the index, from the targets' TYPE lines, and from their scrape intervals.
#include "promql/lint.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>

#include "api/handlers.h"
#include "api/query_request.h"
#include "promql/parser/parser.h"
#include "scrape/manager.h"
#include "tsdb/head.h"
#include "tsdb/head_snapshot.h"

namespace promenade::api {
namespace {

using promql::LintFinding;
using promql::LintPurpose;

// Series that were seen in this time count as there.
constexpr Duration kRecent = Duration::hours(1);

struct PurposeName {
  std::string_view name;
  LintPurpose purpose;
};
constexpr std::array kPurposes = {
    PurposeName{"instant", LintPurpose::Instant}, PurposeName{"range", LintPurpose::Range},
    PurposeName{"alert", LintPurpose::Alert}, PurposeName{"recording", LintPurpose::Recording}};

Result<LintPurpose> purpose_parameter(const Parameters& parameters) {
  const std::string_view text = parameters.get("for");
  if (text.empty()) return LintPurpose::Instant;
  for (const PurposeName& entry : kPurposes) {
    if (entry.name == text) return entry.purpose;
  }
  return tl::unexpected(invalid_parameter(
      "for", Error{ErrorCode::BadData, "it is one of instant, range, alert and recording", {}}));
}

struct ScrapeKnowledge {
  std::map<std::string, MetricType, std::less<>> types;
  // Of the target that is scraped most often, so that what is too short for it is for all.
  std::optional<Duration> interval;
};

ScrapeKnowledge knowledge_of(const scrape::ScrapeManager* scrapes) {
  ScrapeKnowledge knowledge;
  if (!scrapes) return knowledge;
  for (const scrape::TargetStatus& target : scrapes->targets()) {
    for (const auto& [family, metadata] : target.metadata) {
      if (metadata.type != MetricType::Unknown) knowledge.types.emplace(family, metadata.type);
    }
    if (target.scrape_interval.ms <= 0) continue;
    knowledge.interval =
        std::min(knowledge.interval.value_or(target.scrape_interval), target.scrape_interval);
  }
  return knowledge;
}

void write_span(JsonWriter& out, SourceSpan span) {
  out.key("start");
  out.unsigned_integer(span.begin);
  out.key("end");
  out.unsigned_integer(span.end);
}

void write_finding(JsonWriter& out, const LintFinding& finding) {
  out.begin_object();
  out.field("rule", finding.rule);
  out.field("severity", promql::to_string(finding.severity));
  out.key("position");
  out.begin_object();
  write_span(out, finding.span);
  out.end_object();
  out.field("message", finding.message);
  if (finding.edit) {
    out.key("edit");
    out.begin_object();
    write_span(out, finding.edit->span);
    out.field("text", finding.edit->replacement);
    out.end_object();
  }
  out.end_object();
}

// What is to be remarked on. Everything that is to be known is looked up on the loop; the remarks
// can then be found anywhere.
class LintTask final : public QueryTask {
 public:
  static Result<std::unique_ptr<LintTask>> create(const Call& call, IsCanceled is_canceled) {
    const LintPurpose purpose = TRY(purpose_parameter(call.parameters));
    promql::ExprPtr expr = TRY(query_parameter(call));
    QueryTime time(TRY(engine_options(call)), std::move(is_canceled));
    auto task = std::make_unique<LintTask>(call.context, std::move(time));
    task->text_ = call.parameters.get("query");
    task->expr_ = std::move(expr);
    task->purpose_ = purpose;
    task->range_ = {call.now - kRecent, call.now};
    return task;
  }

  LintTask(const ApiContext& context, QueryTime time)
      : store_(*context.store),
        head_(context.head),
        scrapes_(context.scrapes),
        time_(std::move(time)) {}

  bool is_over() const override { return time_.is_over(); }

  Result<void> start() override {
    TRY(time_.options_now());
    // While it is open, the label sets of series that go away stay.
    if (head_ != nullptr) snapshot_ = TRY(head_->snapshot({}));
    if (text_.size() > promql::kLintBytesMax) return {};
    scraped_ = knowledge_of(scrapes_);
    const auto check = time_.check_on_loop();
    bool is_over = false;
    const promql::StoreKnowledge store(store_, range_, nullptr, scraped_.interval,
                                       [&] { return is_over = is_over || !check(); });
    knowledge_.emplace(*expr_, store, [this](std::string_view family) { return type_of(family); });
    return check();
  }

  Result<Reply> run(JsonWriter& data) override {
    TRY(time_.options_now());
    data.begin_array();
    if (knowledge_) {
      const auto is_over = [this] { return time_.is_over(); };
      const auto findings = promql::lint(text_, *expr_, {purpose_, &*knowledge_, is_over});
      TRY(time_.options_now("linting"));
      for (const LintFinding& finding : findings) write_finding(data, finding);
    }
    data.end_array();
    return Reply{};
  }

 private:
  std::optional<MetricType> type_of(std::string_view family) const {
    const auto found = scraped_.types.find(family);
    return found == scraped_.types.end() ? std::nullopt : std::optional(found->second);
  }

  const Queryable& store_;
  const tsdb::Head* head_;
  const scrape::ScrapeManager* scrapes_;
  QueryTime time_;
  std::string text_;
  promql::ExprPtr expr_;
  LintPurpose purpose_ = LintPurpose::Instant;
  TimeRange range_;
  std::unique_ptr<tsdb::HeadSnapshot> snapshot_;
  ScrapeKnowledge scraped_;
  std::optional<promql::RememberedKnowledge> knowledge_;
};

}  // namespace

Result<Reply> lint(const Call& call, JsonWriter& data) {
  const auto task = TRY(LintTask::create(call, nullptr));
  TRY(task->start());
  return task->run(data);
}

Result<std::unique_ptr<QueryTask>> begin_lint(const Call& call, IsCanceled is_canceled) {
  return LintTask::create(call, std::move(is_canceled));
}

}  // namespace promenade::api
