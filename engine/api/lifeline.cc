// The line of an alert, from its rule's expression to the message that somebody got. Ours, not
// Prometheus's; a page draws it.
//
//   GET /api/v1/alert_lifeline?alert=NAME&start=...&end=...   and, when several rules have that
//   name, &group=NAME (the first one counts); &step=... instead of the group's interval
//
//   {"rule":{"name":"Slow","group":"shop","query":"latency > 0.5","duration":300,
//      "keepFiringFor":0,"interval":60,"watched":"latency","operator":">","threshold":0.5},
//    "series":[{"labels":{"job":"web"},"values":[[1767225600,"0.2"]],
//      "holds":[{"start":1767225660,"end":1767226200}]}],
//    "alerts":[{"labels":{"alertname":"Slow","job":"web"},"series":0,
//      "states":[{"state":"pending","start":1767225660,"end":1767225960},{"state":"firing",...}],
//      "notifications":[{"time":1767225990.1,"status":"firing","reason":"first notification",
//        "receiver":"pager","integration":"slack[0]","groupSince":1767225960,"groupWait":30,
//        "groupLabels":{}}]}]}
//
// `watched` is what is compared with the threshold, and a series' values are its; an expression
// that is no comparison with a number is watched as it is, without operator and threshold. `holds`
// are the times at which the condition held. An interval that goes on has no end. Times are
// seconds.
#include <algorithm>
#include <cmath>
#include <map>

#include "api/handlers.h"
#include "api/query_request.h"
#include "base/strings.h"
#include "model/sample.h"
#include "promql/parser/printer.h"
#include "rules/manager.h"

namespace promenade::api {
namespace {

using promql::BinaryOp;
using rules::Group;
using rules::Rule;

constexpr int64_t kPointsMax = 11'000;
constexpr size_t kSeriesMax = 100;  // And alerts.
// It is evaluated on the loop, as rules are.
constexpr uint64_t kSamplesMax = 5'000'000;
constexpr Duration kTimeout = Duration::seconds(5);

struct Interval {
  Timestamp start;
  std::optional<Timestamp> end;
};

// What a rule's expression says: that something passes a threshold, if it is one.
struct Condition {
  const promql::Expr* watched;
  std::optional<BinaryOp> op;  // Seen from `watched`.
  double threshold = 0;
};

struct AlertLine {
  Labels labels;
  std::vector<std::pair<std::string, Interval>> states;
};

struct RuleInGroup {
  const Group* group = nullptr;
  const Rule* rule = nullptr;
};

const promql::Expr& without_parentheses(const promql::Expr& expr) {
  const promql::Expr* inner = &expr;
  while (const auto* paren = std::get_if<promql::Paren>(&inner->node)) inner = paren->expr.get();
  return *inner;
}

std::optional<double> number_of(const promql::Expr& expr) {
  const promql::Expr& inner = without_parentheses(expr);
  if (const auto* number = std::get_if<promql::NumberLiteral>(&inner.node)) return number->value;
  const auto* unary = std::get_if<promql::Unary>(&inner.node);
  if (unary == nullptr) return std::nullopt;
  const auto number = number_of(*unary->expr);
  if (!number) return std::nullopt;
  return unary->negate ? -*number : *number;
}

Condition condition_of(const promql::Expr& expr) {
  const promql::Expr& inner = without_parentheses(expr);
  const auto* binary = std::get_if<promql::Binary>(&inner.node);
  if (binary == nullptr || !is_comparison(binary->op) || binary->return_bool) return {&expr, {}};
  if (const auto right = number_of(*binary->right)) {
    return {binary->left.get(), binary->op, *right};
  }
  if (const auto left = number_of(*binary->left)) {
    return {binary->right.get(), mirrored(binary->op), *left};
  }
  return {&expr, {}};
}

bool holds(const Condition& condition, double value) {
  if (!condition.op) return true;
  switch (*condition.op) {
    case BinaryOp::Equal:
      return value == condition.threshold;
    case BinaryOp::NotEqual:
      return value != condition.threshold;
    case BinaryOp::Less:
      return value < condition.threshold;
    case BinaryOp::LessEqual:
      return value <= condition.threshold;
    case BinaryOp::Greater:
      return value > condition.threshold;
    default:
      return value >= condition.threshold;
  }
}

// When the condition held, looked at every `step`; a series that is not there breaks off.
std::vector<Interval> times_of(const Condition& condition, const promql::MatrixSeries& series,
                               const promql::QueryRange& range) {
  std::vector<Interval> intervals;
  Timestamp last_on = range.start;
  for (const promql::Point& point : series.points) {
    if (point.histogram || !holds(condition, point.value)) continue;
    const Timestamp at{point.time_ms};
    const bool goes_on = !intervals.empty() && at - last_on == range.step;
    if (!goes_on) {
      if (!intervals.empty()) intervals.back().end = last_on + range.step;
      intervals.push_back({at, std::nullopt});
    }
    last_on = at;
  }
  if (!intervals.empty() && last_on + range.step <= range.end) {
    intervals.back().end = last_on + range.step;
  }
  return intervals;
}

// The times of a state, whose series ends with a stale marker, or just ends.
std::vector<Interval> times_of_state(const SampleColumns& samples, Timestamp range_end,
                                     Duration interval) {
  std::vector<Interval> intervals;
  bool is_on = false;
  Timestamp last;
  const auto end_at = [&](Timestamp at) {
    if (is_on) intervals.back().end = at;
    is_on = false;
  };
  for (size_t i = 0; i < samples.times_ms.size(); ++i) {
    const Timestamp at{samples.times_ms[i]};
    if (is_on && at - last > interval * 2) end_at(last + interval);
    if (is_stale_nan(samples.values[i])) {
      end_at(at);
      continue;
    }
    if (!is_on) intervals.push_back({at, std::nullopt});
    is_on = true;
    last = at;
  }
  if (range_end - last > interval * 2) end_at(last + interval);
  return intervals;
}

tl::unexpected<Error> invalid(std::string_view parameter, std::string message) {
  return tl::unexpected(
      invalid_parameter(parameter, Error{ErrorCode::BadData, std::move(message), {}}));
}

Result<RuleInGroup> find_rule(const Call& call) {
  const std::string_view name = call.parameters.get("alert");
  const std::string_view group_name = call.parameters.get("group");
  if (name.empty()) return invalid("alert", "expected the name of an alerting rule");
  if (call.context.rules != nullptr) {
    for (const Group* group : call.context.rules->groups()) {
      if (!group_name.empty() && group->definition().name != group_name) continue;
      for (const Rule& rule : group->rules()) {
        const bool is_alert = rule.definition.kind == rules::RuleKind::Alerting;
        if (is_alert && rule.definition.name == name) return RuleInGroup{group, &rule};
      }
    }
  }
  return fail(ErrorCode::NotFound, "there is no alerting rule " + quote(name));
}

// The instants at which the group is evaluated, as far as they lie within start and end.
Result<promql::QueryRange> range_of(const Call& call, const Group& group) {
  promql::QueryRange range;
  range.start = TRY(time_parameter(call.parameters, "start"));
  range.end = TRY(time_parameter(call.parameters, "end"));
  range.step = group.interval();
  if (const std::string_view step = call.parameters.get("step"); !step.empty()) {
    auto parsed = parse_duration_parameter(step);
    if (!parsed) return tl::unexpected(invalid_parameter("step", std::move(parsed).error()));
    if (parsed->ms <= 0) return invalid("step", "expected a duration above 0");
    range.step = *parsed;
  } else if (const auto evaluated = group.last_evaluation()) {
    const int64_t phase = ((*evaluated - range.start).ms % range.step.ms + range.step.ms);
    range.start = range.start + Duration{phase % range.step.ms};
  }
  if (range.end < range.start) return invalid("end", "there is no evaluation before it");
  if ((range.end - range.start).ms / range.step.ms > kPointsMax) {
    return invalid("step", "more than 11,000 points; choose a larger step or a shorter range");
  }
  return range;
}

Result<promql::Matrix> watched_series(const Call& call, const Condition& condition,
                                      const promql::QueryRange& range) {
  promql::EngineOptions options = TRY(engine_options(call));
  options.samples_max = std::min(options.samples_max, kSamplesMax);
  options.timeout = std::min(options.timeout, kTimeout);
  promql::QueryResult result = TRY(promql::evaluate_range(
      *condition.watched, range, *call.context.store, *call.context.executor, options));
  return std::get<promql::Matrix>(std::move(result.value));
}

// By labels, states in the order of their beginnings.
Result<std::vector<AlertLine>> alert_lines(const Call& call, const RuleInGroup& found,
                                           TimeRange range) {
  const std::vector<Matcher> matchers = {Matcher::equal(std::string(kMetricName), "ALERTS"),
                                         Matcher::equal("alertname", found.rule->definition.name)};
  std::map<Labels, AlertLine> lines;
  SampleColumns samples;
  for (const SelectedSeries& series : TRY(call.context.store->select(matchers, range))) {
    samples.clear();
    TRY(call.context.store->read(series.ref, range, samples));
    if (samples.times_ms.empty()) continue;
    const std::string state(series.labels->get("alertstate"));
    const Labels labels = series.labels->drop({std::string(kMetricName), "alertstate"});
    AlertLine& line = lines[labels];
    line.labels = labels;
    for (const Interval& interval : times_of_state(samples, range.end, found.group->interval())) {
      line.states.emplace_back(state, interval);
    }
  }
  std::vector<AlertLine> sorted;
  for (auto& [labels, line] : lines) {
    std::sort(line.states.begin(), line.states.end(),
              [](const auto& a, const auto& b) { return a.second.start < b.second.start; });
    if (!line.states.empty()) sorted.push_back(std::move(line));
  }
  return sorted;
}

// The series that an alert comes of: it has all its labels, but for those that the rule sets.
std::optional<size_t> series_of(const AlertLine& alert, const promql::Matrix& series,
                                const rules::RuleDefinition& rule) {
  for (size_t i = 0; i < series.size(); ++i) {
    const bool fits =
        std::all_of(series[i].labels.begin(), series[i].labels.end(), [&](const Label& label) {
          const bool is_ours = label.name == kMetricName || label.name == "alertname" ||
                               rule.labels.count(std::string(label.name)) > 0;
          return is_ours || alert.labels.get(label.name) == label.value;
        });
    if (fits) return i;
  }
  return std::nullopt;
}

void write_interval(JsonWriter& data, const Interval& interval) {
  data.key("start");
  data.sample_time(interval.start.ms);
  if (!interval.end) return;
  data.key("end");
  data.sample_time(interval.end->ms);
}

void write_rule(JsonWriter& data, const RuleInGroup& found, const Condition& condition) {
  const rules::RuleDefinition& rule = found.rule->definition;
  data.key("rule");
  data.begin_object();
  data.field("name", rule.name);
  data.field("group", found.group->definition().name);
  data.field("query", rule.expr_text);
  data.key("duration");
  data.number(rule.hold.in_seconds());
  data.key("keepFiringFor");
  data.number(rule.keep_firing_for.in_seconds());
  data.key("interval");
  data.number(found.group->interval().in_seconds());
  data.field("watched", promql::to_string(*condition.watched));
  if (condition.op) {
    data.field("operator", to_string(*condition.op));
    data.key("threshold");
    data.number(condition.threshold);
  }
  data.end_object();
}

void write_series(JsonWriter& data, const promql::MatrixSeries& series, const Condition& condition,
                  const promql::QueryRange& range) {
  data.begin_object();
  data.key("labels");
  data.labels(series.labels);
  data.key("values");
  data.begin_array();
  for (const promql::Point& point : series.points) {
    if (point.histogram) continue;
    data.begin_array();
    data.sample_time(point.time_ms);
    data.sample_value(point.value);
    data.end_array();
  }
  data.end_array();
  data.key("holds");
  data.begin_array();
  for (const Interval& interval : times_of(condition, series, range)) {
    data.begin_object();
    write_interval(data, interval);
    data.end_object();
  }
  data.end_array();
  data.end_object();
}

void write_notification(JsonWriter& data, const ToldAlert& told) {
  data.begin_object();
  data.key("time");
  data.sample_time(told.at.ms);
  data.field("status", told.is_resolved ? "resolved" : "firing");
  data.field("reason", told.reason);
  data.field("receiver", told.receiver);
  data.field("integration", told.integration);
  data.key("groupSince");
  data.sample_time(told.group_since.ms);
  data.key("groupWait");
  data.number(told.group_wait.in_seconds());
  data.key("groupLabels");
  data.labels(told.group_labels);
  data.end_object();
}

void write_alert(JsonWriter& data, const AlertLine& alert, std::optional<size_t> series,
                 const std::vector<ToldAlert>& told) {
  data.begin_object();
  data.key("labels");
  data.labels(alert.labels);
  if (series) {
    data.key("series");
    data.unsigned_integer(*series);
  }
  data.key("states");
  data.begin_array();
  for (const auto& [state, interval] : alert.states) {
    data.begin_object();
    data.field("state", state);
    write_interval(data, interval);
    data.end_object();
  }
  data.end_array();
  data.key("notifications");
  data.begin_array();
  for (const ToldAlert& one : told) write_notification(data, one);
  data.end_array();
  data.end_object();
}

}  // namespace

Result<Reply> alert_lifeline(const Call& call, JsonWriter& data) {
  const RuleInGroup found = TRY(find_rule(call));
  const promql::QueryRange range = TRY(range_of(call, *found.group));
  const Condition condition = condition_of(*found.rule->definition.expr);
  promql::Matrix series = TRY(watched_series(call, condition, range));
  const TimeRange times{range.start, range.end};
  std::vector<AlertLine> alerts = TRY(alert_lines(call, found, times));
  Reply reply;
  if (series.size() > kSeriesMax || alerts.size() > kSeriesMax) {
    reply.warnings.emplace_back(kTruncatedWarning);
    series.resize(std::min(series.size(), kSeriesMax));
    alerts.resize(std::min(alerts.size(), kSeriesMax));
  }
  data.begin_object();
  write_rule(data, found, condition);
  data.key("series");
  data.begin_array();
  for (const promql::MatrixSeries& one : series) write_series(data, one, condition, range);
  data.end_array();
  data.key("alerts");
  data.begin_array();
  for (const AlertLine& alert : alerts) {
    const auto told = call.context.told_alerts ? call.context.told_alerts(alert.labels, times)
                                               : std::vector<ToldAlert>();
    write_alert(data, alert, series_of(alert, series, found.rule->definition), told);
  }
  data.end_array();
  data.end_object();
  return reply;
}

}  // namespace promenade::api
