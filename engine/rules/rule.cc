// Evaluation: query, then labels, then (for alerts) states. What the functions return is what will
// be stored; storing is the group's task.
#include "rules/rule.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "base/strings.h"
#include "promql/parser/parser.h"
#include "template/prometheus_functions.h"

namespace promenade::rules {
namespace {

using promql::Vector;
using promql::VectorElement;

constexpr std::string_view kAlertName = "alertname";
constexpr std::string_view kAlertState = "alertstate";
constexpr std::string_view kAlertsMetric = "ALERTS";
constexpr std::string_view kForStateMetric = "ALERTS_FOR_STATE";
// Beyond any real time in seconds; what is not within can't have been a time.
constexpr double kSecondsMax = 1e12;

// An instant query whose result is a vector, or a scalar, which becomes one element without labels.
Result<Vector> query_vector(const promql::Expr& expr, Timestamp at, const RuleContext& context) {
  promql::QueryResult result = TRY(
      promql::evaluate_instant(expr, at, context.head, context.executor, context.engine_options()));
  if (auto* vector = std::get_if<Vector>(&result.value)) return std::move(*vector);
  if (const auto* scalar = std::get_if<promql::Scalar>(&result.value)) {
    return Vector{{Labels{}, {at.ms, *scalar, nullptr}}};
  }
  return fail(ErrorCode::Execution, "rule result is not a vector or scalar");
}

Labels labels_of(const config::TextMap& map) {
  LabelsBuilder labels;
  for (const auto& [name, value] : map) labels.set(name, value);
  return labels.build();
}

Result<Vector> evaluate_recording_rule(const Rule& rule, uint64_t limit, Timestamp sample_time,
                                       const RuleContext& context) {
  Vector vector = TRY(query_vector(*rule.definition.expr, sample_time, context));
  std::set<Labels> seen;
  for (VectorElement& element : vector) {
    LabelsBuilder labels(element.labels);
    labels.set(kMetricName, rule.definition.name);
    for (const auto& [name, value] : rule.definition.labels) labels.set(name, value);
    element.labels = labels.build();
    if (!seen.insert(element.labels).second) {
      return fail(ErrorCode::Execution,
                  "vector contains metrics with the same labelset after applying rule labels");
    }
  }
  if (limit > 0 && vector.size() > limit) {
    return fail(ErrorCode::Limit,
                fmt::format("exceeded limit of {} with {} series", limit, vector.size()));
  }
  return vector;
}

// Fills in the templates of one rule's labels and annotations.
class Expander {
 public:
  Expander(const Rule& rule, Timestamp at, const RuleContext& context)
      : rule_(rule), context_(context) {
    data_.external_labels = labels_of(context.global.external_labels);
    data_.external_url = context.options.external_url;
    environment_.now = at;
    environment_.external_url = context.options.external_url;
    environment_.query = [&context, at](const std::string& text) {
      return query_for_template(text, at, context);
    };
  }

  FoundAlert expand(const VectorElement& element) {
    data_.labels = element.labels;
    data_.value = element.point.value;
    data_.histogram = element.point.histogram;
    FoundAlert alert;
    LabelsBuilder labels(element.labels);
    labels.remove(kMetricName);
    for (const auto& [name, text] : rule_.definition.labels) labels.set(name, filled(text));
    labels.set(kAlertName, rule_.definition.name);
    alert.labels = labels.build();
    for (const auto& [name, text] : rule_.definition.annotations) {
      alert.annotations[name] = filled(text);
    }
    alert.value = element.point.value;
    return alert;
  }

 private:
  static Result<std::vector<templates::QueryElement>> query_for_template(
      const std::string& text, Timestamp at, const RuleContext& context) {
    const auto expr = promql::parse(text, context.parser);
    if (!expr) return bad_data(promql::describe_parse_error(text, expr.error()));
    std::vector<templates::QueryElement> elements;
    for (VectorElement& element : TRY(query_vector(**expr, at, context))) {
      elements.push_back(
          {std::move(element.labels), element.point.value, std::move(element.point.histogram)});
    }
    return elements;
  }

  // A broken template doesn't break the alert: the error takes the text's place.
  std::string filled(const std::string& text) {
    if (text.find("{{") == std::string::npos) return text;
    auto expanded =
        templates::expand_alert_template(rule_.definition.name, text, data_, environment_);
    if (expanded) return std::move(*expanded);
    context_.logger.log(LogLevel::Warn, "Expanding alert template failed",
                        {{"alert", rule_.definition.name}, {"err", expanded.error().message}});
    return fmt::format("<error expanding template: {}>", expanded.error().message);
  }

  const Rule& rule_;
  const RuleContext& context_;
  templates::AlertTemplateData data_;
  templates::Environment environment_;
};

// The labels of ALERTS and ALERTS_FOR_STATE start from the rule's own, templates and all; the
// alert's take their place. Prometheus does so, which shows where a template expands to nothing.
LabelsBuilder synthetic_labels(const Rule& rule, const Alert& alert, std::string_view metric) {
  LabelsBuilder labels;
  for (const auto& [name, value] : rule.definition.labels) labels.set(name, value);
  for (const Label& label : alert.labels) labels.set(label.name, label.value);
  labels.set(kMetricName, metric);
  return labels;
}

Vector synthetic_samples(const Rule& rule, Timestamp sample_time) {
  Vector samples;
  if (!rule.is_restored) return samples;
  for (const auto& [labels, alert] : rule.alerts.alerts()) {
    if (alert.state == AlertState::Inactive) continue;
    LabelsBuilder state = synthetic_labels(rule, alert, kAlertsMetric);
    state.set(kAlertState, to_string(alert.state));
    samples.push_back({state.build(), {sample_time.ms, 1, nullptr}});
    const int64_t active_seconds =
        (alert.active_at.ms - (alert.active_at.ms % 1000 + 1000) % 1000) / 1000;
    samples.push_back({synthetic_labels(rule, alert, kForStateMetric).build(),
                       {sample_time.ms, static_cast<double>(active_seconds), nullptr}});
  }
  return samples;
}

// /graph?g0.expr=...&g0.tab=1: where the expression's table is shown.
std::string table_link(const std::string& expr_text) {
  std::string link = "/graph?g0.expr=";
  for (const std::string_view part : split(expr_text, ' ')) {
    if (part.data() != expr_text.data()) link += '+';
    link += url_encode(part);
  }
  return link + "&g0.tab=1";
}

void send_due_alerts(Rule& rule, const EvaluationTime& time, const RuleContext& context) {
  const Duration resend_delay = context.options.resend_delay;
  // Room for two evaluations or notifications to fail.
  const Duration validity = std::max(time.interval, resend_delay) * 4;
  std::vector<OutgoingAlert> outgoing;
  for (Alert& alert : rule.alerts.take_due(time.at, resend_delay)) {
    outgoing.push_back({std::move(alert.labels), std::move(alert.annotations),
                        alert.fired_at.value_or(alert.active_at),
                        alert.resolved_at.value_or(time.at + validity),
                        context.options.external_url + table_link(rule.definition.expr_text)});
  }
  if (context.send && !outgoing.empty()) context.send(std::move(outgoing));
}

Result<Vector> evaluate_alerting_rule(Rule& rule, uint64_t limit, const EvaluationTime& time,
                                      const RuleContext& context) {
  const Vector vector = TRY(query_vector(*rule.definition.expr, time.sample_time(), context));
  // Nearly always nothing is wrong.
  if (vector.empty() && rule.alerts.alerts().empty()) return Vector{};
  Expander expander(rule, time.at, context);
  std::vector<FoundAlert> found;
  for (const VectorElement& element : vector) found.push_back(expander.expand(element));
  TRY(rule.alerts.update(std::move(found), time.at,
                         {rule.definition.hold, rule.definition.keep_firing_for, limit}));
  Vector samples = synthetic_samples(rule, time.sample_time());
  send_due_alerts(rule, time, context);
  return samples;
}

// The last sample of ALERTS_FOR_STATE for each alert of the rule, by the alert's labels.
using ForStates = std::map<Labels, std::pair<Timestamp, double>>;

Result<ForStates> read_for_states(const Rule& rule, TimeRange range, const tsdb::Head& head) {
  std::vector<Matcher> matchers;
  matchers.push_back(Matcher::equal(std::string(kMetricName), std::string(kForStateMetric)));
  matchers.push_back(Matcher::equal(std::string(kAlertName), rule.definition.name));
  for (const auto& [name, value] : rule.definition.labels) {
    if (value.find("{{") == std::string::npos) matchers.push_back(Matcher::equal(name, value));
  }
  ForStates states;
  SampleColumns columns;
  for (const SelectedSeries& series : TRY(head.select(matchers, range))) {
    columns.clear();
    TRY(head.read(series.ref, range, columns));
    if (columns.times_ms.empty()) continue;
    states[series.labels->without_name()] = {Timestamp{columns.times_ms.back()},
                                             columns.values.back()};
  }
  return states;
}

Timestamp whole_seconds(Timestamp time) {
  return Timestamp::from_seconds(time.ms / 1000);
}

// When an alert counts as having begun that was last seen at `down_at`, active since `active_at`.
Timestamp restored_start(Timestamp active_at, Timestamp down_at, Timestamp now, Duration hold,
                         Duration grace_period) {
  const Duration remaining = hold - (down_at - active_at);
  if (remaining.ms <= 0) return active_at;  // It was firing, and will be at the next evaluation.
  if (remaining < grace_period) return now + grace_period - hold;
  return active_at + (now - down_at);  // The outage doesn't count.
}

}  // namespace

std::string_view to_string(RuleHealth health) {
  switch (health) {
    case RuleHealth::Unknown:
      return "unknown";
    case RuleHealth::Ok:
      return "ok";
    case RuleHealth::Err:
      return "err";
  }
  return "unknown";
}

Result<Vector> evaluate_rule(Rule& rule, uint64_t limit, const EvaluationTime& time,
                             const RuleContext& context) {
  if (rule.definition.kind == RuleKind::Recording) {
    return evaluate_recording_rule(rule, limit, time.sample_time(), context);
  }
  return evaluate_alerting_rule(rule, limit, time, context);
}

void restore_alerts(Rule& rule, Timestamp now, const RuleContext& context) {
  rule.is_restored = true;
  const RuleOptions& options = context.options;
  const Duration hold = rule.definition.hold;
  // A shorter `for` is over before the grace period would be.
  if (rule.definition.kind != RuleKind::Alerting || hold < options.for_grace_period) return;
  const auto states = read_for_states(rule, {now - options.outage_tolerance, now}, context.head);
  if (!states) {
    context.logger.log(LogLevel::Error, "Failed to restore the state of an alert",
                       {{"alert", rule.definition.name}, {"err", states.error().message}});
    return;
  }
  for (auto& [labels, alert] : rule.alerts.alerts()) {
    const auto state = states->find(labels);
    // A stale marker, a NaN, says that the alert was off.
    if (state == states->end() || !(std::fabs(state->second.second) < kSecondsMax)) continue;
    const auto active_at = Timestamp::from_seconds(static_cast<int64_t>(state->second.second));
    alert.active_at = restored_start(active_at, whole_seconds(state->second.first), now, hold,
                                     options.for_grace_period);
  }
}

}  // namespace promenade::rules
