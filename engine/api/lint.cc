// Remarks on a query: ours, not Prometheus's. What the linter knows besides the query comes from
// the index, from the targets' TYPE lines, and from their scrape intervals.
#include "promql/lint.h"

#include <algorithm>
#include <array>
#include <map>

#include "api/handlers.h"
#include "api/query_request.h"
#include "promql/parser/parser.h"
#include "scrape/manager.h"

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

}  // namespace

Result<Reply> lint(const Call& call, JsonWriter& data) {
  const LintPurpose purpose = TRY(purpose_parameter(call.parameters));
  const std::string_view query = call.parameters.get("query");
  const promql::ExprPtr expr = TRY(query_parameter(call));
  const ScrapeKnowledge scraped = knowledge_of(call.context.scrapes);
  const auto type_of = [&](std::string_view family) -> std::optional<MetricType> {
    const auto found = scraped.types.find(family);
    return found == scraped.types.end() ? std::nullopt : std::optional(found->second);
  };
  const promql::StoreKnowledge knowledge(
      *call.context.store, TimeRange{call.now - kRecent, call.now}, type_of, scraped.interval);
  data.begin_array();
  for (const LintFinding& finding : promql::lint(query, *expr, {purpose, &knowledge})) {
    write_finding(data, finding);
  }
  data.end_array();
  return Reply{};
}

}  // namespace promenade::api
