// Rules, alerts and where they are sent
// (https://prometheus.io/docs/prometheus/latest/querying/api/#rules).
#include <fmt/format.h>

#include <algorithm>

#include "api/handlers.h"
#include "api/rfc3339.h"
#include "base/hash.h"
#include "base/strings.h"
#include "model/number_format.h"
#include "rules/manager.h"

namespace promenade::api {
namespace {

using rules::Alert;
using rules::AlertState;
using rules::Group;
using rules::Rule;
using rules::RuleKind;

// Go's zero time, which Prometheus shows for what has never been evaluated.
constexpr std::string_view kNever = "0001-01-01T00:00:00Z";

tl::unexpected<Error> invalid(std::string_view parameter, std::string message) {
  return tl::unexpected(
      invalid_parameter(parameter, Error{ErrorCode::BadData, std::move(message), {}}));
}

// What of all rules the client wants to see.
struct RuleFilter {
  bool alerting = true;
  bool recording = true;
  bool with_alerts = true;
  std::vector<std::string_view> names, groups, files;  // Empty: any.
  MatcherSets matchers;                                // Empty: any.
  uint64_t group_limit = 0;                            // 0: none.
  std::string_view group_next_token;
};

// Go's strconv.ParseBool.
Result<bool> parse_bool(std::string_view text) {
  for (const std::string_view word : {"1", "t", "T", "TRUE", "true", "True"}) {
    if (text == word) return true;
  }
  for (const std::string_view word : {"0", "f", "F", "FALSE", "false", "False"}) {
    if (text == word) return false;
  }
  return bad_data(fmt::format("strconv.ParseBool: parsing {}: invalid syntax", quote(text)));
}

Result<void> read_pages(const Parameters& parameters, RuleFilter& filter) {
  filter.group_next_token = parameters.get("group_next_token");
  const std::string_view limit = parameters.get("group_limit");
  if (limit.empty()) {
    if (filter.group_next_token.empty()) return {};
    return invalid("group_limit",
                   "group_limit needs to be present in order to paginate over the groups");
  }
  const auto count = parse_integer(limit);
  if (!count) {
    return invalid("group_limit", "group_limit must be a valid number: " + count.error().message);
  }
  if (*count <= 0) return invalid("group_limit", "group_limit needs to be greater than 0");
  filter.group_limit = static_cast<uint64_t>(*count);
  return {};
}

Result<RuleFilter> read_filter(const Parameters& parameters) {
  RuleFilter filter;
  filter.names = parameters.all("rule_name[]");
  filter.groups = parameters.all("rule_group[]");
  filter.files = parameters.all("file[]");
  filter.matchers = TRY(match_parameters(parameters));
  const std::string type = to_lower(parameters.get("type"));
  if (!type.empty() && type != "alert" && type != "record") {
    return invalid("type", fmt::format("not supported value {}", quote(type)));
  }
  filter.alerting = type != "record";
  filter.recording = type != "alert";
  if (const std::string_view text = parameters.get("exclude_alerts"); !text.empty()) {
    const auto excludes = parse_bool(text);
    if (!excludes) {
      return invalid("exclude_alerts",
                     "error converting exclude_alerts: " + excludes.error().message);
    }
    filter.with_alerts = !*excludes;
  }
  TRY(read_pages(parameters, filter));
  return filter;
}

bool is_among(std::string_view name, const std::vector<std::string_view>& wanted) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end();
}

bool satisfies(const config::TextMap& labels, const std::vector<Matcher>& matchers) {
  return std::all_of(matchers.begin(), matchers.end(), [&](const Matcher& matcher) {
    const auto label = labels.find(matcher.name());
    return matcher.matches(label == labels.end() ? std::string_view{} : label->second);
  });
}

bool is_wanted(const Rule& rule, const RuleFilter& filter) {
  const rules::RuleDefinition& definition = rule.definition;
  const bool is_wanted_kind =
      definition.kind == RuleKind::Alerting ? filter.alerting : filter.recording;
  if (!is_wanted_kind || !is_among(definition.name, filter.names)) return false;
  if (filter.matchers.empty()) return true;
  return std::any_of(filter.matchers.begin(), filter.matchers.end(),
                     [&](const auto& matchers) { return satisfies(definition.labels, matchers); });
}

void write_map(JsonWriter& data, std::string_view key, const config::TextMap& map) {
  data.key(key);
  data.begin_object();
  for (const auto& [name, value] : map) {
    data.name(name);
    data.plain_string(value);
  }
  data.end_object();
}

void write_time(JsonWriter& data, std::string_view key, std::optional<Timestamp> time) {
  data.field(key, time ? format_rfc3339(*time) : std::string(kNever));
}

void write_alert(JsonWriter& data, const Alert& alert) {
  data.begin_object();
  data.key("labels");
  data.labels(alert.labels);
  write_map(data, "annotations", alert.annotations);
  data.field("state", to_string(alert.state));
  write_time(data, "activeAt", alert.active_at);
  if (alert.keep_firing_since) write_time(data, "keepFiringSince", alert.keep_firing_since);
  std::string value;
  append_go_exponent(value, alert.value);
  data.field("value", value);
  data.end_object();
}

// Those that are pending or firing.
void write_active_alerts(JsonWriter& data, const Rule& rule) {
  for (const auto& [labels, alert] : rule.alerts.alerts()) {
    if (alert.state != AlertState::Inactive) write_alert(data, alert);
  }
}

void write_alerting_part(JsonWriter& data, const Rule& rule, bool with_alerts) {
  data.key("duration");
  data.number(rule.definition.hold.in_seconds());
  data.key("keepFiringFor");
  data.number(rule.definition.keep_firing_for.in_seconds());
  write_map(data, "labels", rule.definition.labels);
  write_map(data, "annotations", rule.definition.annotations);
  data.key("alerts");
  if (!with_alerts) return data.null();
  data.begin_array();
  write_active_alerts(data, rule);
  data.end_array();
}

void write_rule(JsonWriter& data, const Rule& rule, const RuleFilter& filter) {
  const bool is_alerting = rule.definition.kind == RuleKind::Alerting;
  data.begin_object();
  if (is_alerting) {
    data.field("state", rule.last_evaluation ? to_string(rule.alerts.state()) : "unknown");
  }
  data.field("name", rule.definition.name);
  data.field("query", rule.definition.expr_text);
  if (is_alerting) {
    write_alerting_part(data, rule, filter.with_alerts);
  } else if (!rule.definition.labels.empty()) {
    write_map(data, "labels", rule.definition.labels);
  }
  data.field("health", to_string(rule.health));
  if (!rule.last_error.empty()) data.field("lastError", rule.last_error);
  data.key("evaluationTime");
  data.number(rule.evaluation_seconds);
  write_time(data, "lastEvaluation", rule.last_evaluation);
  data.field("type", is_alerting ? "alerting" : "recording");
  data.end_object();
}

void write_group(JsonWriter& data, const Group& group, const RuleFilter& filter) {
  data.begin_object();
  data.field("name", group.definition().name);
  data.field("file", group.definition().file);
  data.key("rules");
  data.begin_array();
  for (const Rule& rule : group.rules()) {
    if (is_wanted(rule, filter)) write_rule(data, rule, filter);
  }
  data.end_array();
  data.key("interval");
  data.number(group.interval().in_seconds());
  data.key("limit");
  data.unsigned_integer(group.definition().limit);
  data.key("evaluationTime");
  data.number(group.last_evaluation_seconds());
  write_time(data, "lastEvaluation", group.last_evaluation());
  data.end_object();
}

// Where the next page begins. Prometheus hashes the same names with SHA-2; clients only send back
// what they got.
std::string page_token(const Group& group) {
  return fmt::format("{:016x}", xxh64(group.definition().file + ";" + group.definition().name));
}

// The groups that have a rule to show. A client that asks for a page past the last one is told so:
// the groups have changed since.
struct Page {
  std::vector<const Group*> groups;
  std::string next_token;
};

Result<Page> choose_groups(const std::vector<const Group*>& all, const RuleFilter& filter) {
  Page page;
  bool is_begun = filter.group_next_token.empty();
  for (const Group* group : all) {
    is_begun = is_begun || page_token(*group) == filter.group_next_token;
    if (!is_begun || !is_among(group->definition().name, filter.groups) ||
        !is_among(group->definition().file, filter.files)) {
      continue;
    }
    const bool has_any = std::any_of(group->rules().begin(), group->rules().end(),
                                     [&](const Rule& rule) { return is_wanted(rule, filter); });
    if (!has_any) continue;
    if (filter.group_limit > 0 && page.groups.size() == filter.group_limit) {
      page.next_token = page_token(*group);
      return page;
    }
    page.groups.push_back(group);
  }
  if (is_begun) return page;
  return invalid("group_next_token", fmt::format("invalid group_next_token '{}'. were rule groups "
                                                 "changed?",
                                                 filter.group_next_token));
}

std::vector<const Group*> all_groups(const Call& call) {
  if (call.context.rules == nullptr) return {};
  return call.context.rules->groups();
}

void write_urls(JsonWriter& data, std::string_view key, const std::vector<std::string>& urls) {
  data.key(key);
  data.begin_array();
  for (const std::string& url : urls) {
    data.begin_object();
    data.field("url", url);
    data.end_object();
  }
  data.end_array();
}

}  // namespace

Result<Reply> rules(const Call& call, JsonWriter& data) {
  const RuleFilter filter = TRY(read_filter(call.parameters));
  const Page page = TRY(choose_groups(all_groups(call), filter));
  data.begin_object();
  data.key("groups");
  data.begin_array();
  for (const Group* group : page.groups) write_group(data, *group, filter);
  data.end_array();
  if (!page.next_token.empty()) data.field("groupNextToken", page.next_token);
  data.end_object();
  return Reply{};
}

Result<Reply> alerts(const Call& call, JsonWriter& data) {
  data.begin_object();
  data.key("alerts");
  data.begin_array();
  for (const Group* group : all_groups(call)) {
    for (const Rule& rule : group->rules()) write_active_alerts(data, rule);
  }
  data.end_array();
  data.end_object();
  return Reply{};
}

Result<Reply> alertmanagers(const Call& call, JsonWriter& data) {
  const Alertmanagers known =
      call.context.alertmanagers ? call.context.alertmanagers() : Alertmanagers{};
  data.begin_object();
  write_urls(data, "activeAlertmanagers", known.active);
  write_urls(data, "droppedAlertmanagers", known.dropped);
  data.end_object();
  return Reply{};
}

}  // namespace promenade::api
