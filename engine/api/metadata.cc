// What targets say about their metrics in TYPE, HELP and UNIT lines
// (https://prometheus.io/docs/prometheus/latest/querying/api/#querying-metric-metadata).
#include "model/metadata.h"

#include <algorithm>
#include <map>

#include "api/handlers.h"
#include "promql/parser/parser.h"
#include "scrape/manager.h"

namespace promenade::api {
namespace {

using Entries = std::vector<MetricMetadata>;

constexpr int64_t kNoLimit = -1;

Result<int64_t> metadata_limit(const Parameters& parameters, std::string_view name) {
  const std::string_view text = parameters.get(name);
  if (text.empty()) return kNoLimit;
  const auto limit = parse_integer(text);
  if (!limit) return bad_data("limit must be a number");
  return *limit;
}

void add_once(Entries& entries, const MetricMetadata& entry, int64_t limit) {
  const bool is_full = limit > 0 && static_cast<int64_t>(entries.size()) >= limit;
  if (is_full || std::find(entries.begin(), entries.end(), entry) != entries.end()) return;
  entries.push_back(entry);
}

std::vector<scrape::TargetStatus> active_targets(const Call& call) {
  if (!call.context.scrapes) return {};
  return call.context.scrapes->targets();
}

// The matchers of `match_target`; none when it is absent.
Result<std::vector<Matcher>> target_matchers(const Parameters& parameters) {
  const std::string_view text = parameters.get("match_target");
  if (text.empty()) return std::vector<Matcher>{};
  auto matchers = promql::parse_selector(text);
  if (matchers) return matchers;
  Error error = std::move(matchers).error();
  error.message = promql::describe_parse_error(text, error);
  error.span.reset();
  return tl::unexpected(invalid_parameter("match_target", std::move(error)));
}

bool matches_all(const std::vector<Matcher>& matchers, const Labels& labels) {
  return std::all_of(matchers.begin(), matchers.end(), [&](const Matcher& matcher) {
    return matcher.matches(labels.get(matcher.name()));
  });
}

void write_target_entry(JsonWriter& data, const Labels& target, const std::string& metric,
                        bool with_metric, const MetricMetadata& metadata) {
  data.begin_object();
  data.key("target");
  data.labels(target);
  if (with_metric) data.field("metric", metric);
  data.field("type", to_string(metadata.type));
  data.field("help", metadata.help);
  data.field("unit", metadata.unit);
  data.end_object();
}

}  // namespace

Result<Reply> metadata(const Call& call, JsonWriter& data) {
  const int64_t limit = TRY(metadata_limit(call.parameters, "limit"));
  const int64_t limit_per_metric = TRY(metadata_limit(call.parameters, "limit_per_metric"));
  const std::string_view metric = call.parameters.get("metric");
  std::map<std::string, Entries> families;
  for (const scrape::TargetStatus& target : active_targets(call)) {
    for (const auto& [family, entry] : target.metadata) {
      if (metric.empty() || metric == family) add_once(families[family], entry, limit_per_metric);
    }
  }
  data.begin_object();
  int64_t count = 0;
  for (const auto& [family, entries] : families) {
    if (limit >= 0 && count++ >= limit) break;
    data.name(family);
    data.begin_array();
    for (const MetricMetadata& entry : entries) {
      data.begin_object();
      data.field("type", to_string(entry.type));
      data.field("unit", entry.unit);
      data.field("help", entry.help);
      data.end_object();
    }
    data.end_array();
  }
  data.end_object();
  return Reply{};
}

// `limit` counts the entries of each target, as in Prometheus.
Result<Reply> targets_metadata(const Call& call, JsonWriter& data) {
  const int64_t limit = TRY(metadata_limit(call.parameters, "limit"));
  const std::vector<Matcher> matchers = TRY(target_matchers(call.parameters));
  const std::string_view metric = call.parameters.get("metric");
  data.begin_array();
  for (const scrape::TargetStatus& target : active_targets(call)) {
    if (!matches_all(matchers, target.labels)) continue;
    int64_t count = 0;
    for (const auto& [family, entry] : target.metadata) {
      if (!metric.empty() && metric != family) continue;
      if (limit >= 0 && count++ >= limit) break;
      write_target_entry(data, target.labels, family, metric.empty(), entry);
    }
  }
  data.end_array();
  return Reply{};
}

}  // namespace promenade::api
