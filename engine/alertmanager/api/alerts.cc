// Alerts in and out. Whether an alert is silenced or inhibited is computed when somebody asks, so
// it is never out of date.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <set>

#include "alertmanager/api/handlers.h"
#include "alertmanager/api/json_body.h"
#include "base/strings.h"

namespace promenade::alertmanager {
namespace {

using promenade::api::JsonWriter;

struct AlertStatus {
  std::vector<std::string> inhibited_by;
  std::vector<std::string> muted_by;
  std::vector<std::string> silenced_by;

  bool is_suppressed() const {
    return !inhibited_by.empty() || !muted_by.empty() || !silenced_by.empty();
  }
};

AlertStatus status_of(const ApiContext& context, const Alert& alert) {
  AlertStatus status;
  if (const auto source = context.inhibitor.inhibited_by(alert.labels, context.now)) {
    status.inhibited_by.push_back(fingerprint_text(*source));
  }
  status.silenced_by = context.silences.silenced_by(alert.labels, context.now);
  return status;
}

void write_texts(JsonWriter& out, std::string_view key, const std::vector<std::string>& texts) {
  out.key(key);
  out.begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

void write_alert(JsonWriter& out, const Alert& alert, const AlertStatus& status,
                 const std::vector<std::string>& receivers) {
  out.begin_object();
  out.map_field("annotations", alert.annotations);
  out.field("endsAt", api_time(alert.ends_at));
  out.field("fingerprint", fingerprint_text(alert.id));
  out.key("receivers");
  out.begin_array();
  for (const std::string& receiver : receivers) {
    out.begin_object();
    out.field("name", receiver);
    out.end_object();
  }
  out.end_array();
  out.field("startsAt", api_time(alert.starts_at));
  out.key("status");
  out.begin_object();
  write_texts(out, "inhibitedBy", status.inhibited_by);
  write_texts(out, "mutedBy", status.muted_by);
  write_texts(out, "silencedBy", status.silenced_by);
  out.field("state", status.is_suppressed() ? "suppressed" : "active");
  out.end_object();
  out.field("updatedAt", api_time(alert.updated_at));
  if (!alert.generator_url.empty()) out.field("generatorURL", alert.generator_url);
  out.map_field("labels", alert.labels);
  out.end_object();
}

// The parameters that GET /alerts and GET /alerts/groups have in common.
class AlertFilter {
 public:
  static Result<AlertFilter> create(const ApiCall& call) {
    AlertFilter filter(call);
    filter.matchers_ = TRY(filters(call));
    if (const std::string_view pattern = call.parameters.get("receiver"); !pattern.empty()) {
      auto compiled = compile_anchored(pattern);
      if (!compiled) {
        return bad_data(
            fmt::format("failed to parse receiver param: {}", compiled.error().message));
      }
      filter.receiver_ = std::move(*compiled);
    }
    return filter;
  }

  bool takes_receiver(const std::string& name) const {
    return !receiver_ || re2::RE2::FullMatch(name, *receiver_);
  }

  bool takes(const Alert& alert, const AlertStatus& status) const {
    if (alert.ends_at < now_) return false;
    if (!wants_active_ && !status.is_suppressed()) return false;
    if (!wants_silenced_ && !status.silenced_by.empty()) return false;
    if (!wants_inhibited_ && !status.inhibited_by.empty()) return false;
    return std::all_of(matchers_.begin(), matchers_.end(), [&](const Matcher& matcher) {
      return matcher.matches(alert.labels.get(matcher.name()));
    });
  }

 private:
  explicit AlertFilter(const ApiCall& call)
      : now_(call.context.now),
        wants_active_(is_wanted(call, "active")),
        wants_silenced_(is_wanted(call, "silenced")),
        wants_inhibited_(is_wanted(call, "inhibited")) {}

  Timestamp now_;
  bool wants_active_, wants_silenced_, wants_inhibited_;
  std::vector<Matcher> matchers_;
  std::shared_ptr<const re2::RE2> receiver_;
};

// The alert with its defaults filled in, or why it is not one.
Result<Alert> to_alert(PushedAlert pushed, const ApiContext& context) {
  Alert alert;
  LabelsBuilder labels;
  for (const auto& [name, value] : pushed.labels) {
    if (value.empty()) continue;
    const bool is_classic = context.grammar == config::MatcherGrammar::Classic;
    if (name.empty() || !is_utf8(name) || (is_classic && !is_legacy_label_name(name))) {
      return bad_data(fmt::format("invalid label set: invalid name {}", quote(name)));
    }
    if (!is_utf8(value)) {
      return bad_data(fmt::format("invalid label set: invalid value {}", quote(value)));
    }
    labels.set(name, value);
  }
  alert.labels = labels.build();
  alert.annotations = std::move(pushed.annotations);
  alert.generator_url = std::move(pushed.generator_url);
  alert.updated_at = context.now;
  alert.starts_at = pushed.starts_at.value_or(pushed.ends_at.value_or(context.now));
  alert.has_timeout = !pushed.ends_at;
  alert.ends_at = pushed.ends_at.value_or(context.now + context.config.resolve_timeout);
  if (alert.ends_at < alert.starts_at) return bad_data("start time must be before end time");
  if (alert.labels.empty()) return bad_data("at least one label pair required");
  alert.id = fingerprint(alert.labels);
  return alert;
}

}  // namespace

HttpResponse get_alerts(const ApiCall& call) {
  const auto filter = AlertFilter::create(call);
  if (!filter) return handler_error(400, filter.error().message);
  std::string body;
  JsonWriter out(body);
  out.begin_array();
  for (const auto& [id, alert] : call.context.alerts.alerts()) {
    const auto receivers = call.context.routes.receivers(alert->labels);
    const bool is_received =
        std::any_of(receivers.begin(), receivers.end(),
                    [&](const std::string& receiver) { return filter->takes_receiver(receiver); });
    if (!is_received) continue;
    const AlertStatus status = status_of(call.context, *alert);
    if (filter->takes(*alert, status)) write_alert(out, *alert, status, receivers);
  }
  out.end_array();
  return json_response(200, body + "\n");
}

HttpResponse get_alert_groups(const ApiCall& call) {
  const auto filter = AlertFilter::create(call);
  if (!filter) return handler_error(400, filter.error().message);
  std::vector<GroupView> groups = call.context.dispatcher.groups();
  std::stable_sort(groups.begin(), groups.end(), [](const GroupView& a, const GroupView& b) {
    if (a.labels != b.labels) {
      return a.labels.count() != b.labels.count() ? a.labels.count() < b.labels.count()
                                                  : a.labels < b.labels;
    }
    return a.route->options().receiver < b.route->options().receiver;
  });
  const bool wants_muted = is_wanted(call, "muted");
  std::string body;
  JsonWriter out(body);
  out.begin_array();
  for (const GroupView& group : groups) {
    if (!filter->takes_receiver(group.route->options().receiver)) continue;
    const auto muted_by = call.context.pipeline.muted_by(*group.route, call.context.now);
    if (!wants_muted && !muted_by.empty()) continue;
    std::vector<std::pair<AlertPtr, AlertStatus>> shown;
    for (const AlertPtr& alert : group.alerts) {
      AlertStatus status = status_of(call.context, *alert);
      status.muted_by = muted_by;
      if (filter->takes(*alert, status)) shown.emplace_back(alert, std::move(status));
    }
    if (shown.empty()) continue;
    out.begin_object();
    out.key("alerts");
    out.begin_array();
    for (const auto& [alert, status] : shown) {
      write_alert(out, *alert, status, call.context.routes.receivers(alert->labels));
    }
    out.end_array();
    out.map_field("labels", group.labels);
    out.key("receiver");
    out.begin_object();
    out.field("name", group.route->options().receiver);
    out.end_object();
    const TextMap& route_labels = group.route->options().labels;
    if (!route_labels.empty()) out.map_field("routeLabels", route_labels);
    out.end_object();
  }
  out.end_array();
  return json_response(200, body + "\n");
}

HttpResponse post_alerts(const ApiCall& call) {
  auto pushed = parse_alerts_body(call.request.body);
  if (!pushed) {
    return schema_error(pushed.error().status, pushed.error().code, pushed.error().message);
  }
  std::vector<std::string> problems;
  Metrics& metrics = call.context.metrics;
  for (PushedAlert& one : *pushed) {
    auto alert = to_alert(std::move(one), call.context);
    if (!alert) {
      ++metrics.alerts_invalid;
      problems.push_back(alert.error().message);
      continue;
    }
    const bool is_resolved = alert->is_resolved_at(call.context.now);
    ++(is_resolved ? metrics.alerts_received_resolved : metrics.alerts_received_firing);
    call.context.put(std::move(*alert));
  }
  // The valid ones are taken even when others are not.
  if (!problems.empty()) return handler_error(400, join(problems, "\n"));
  return HttpResponse{.status = 200};
}

}  // namespace promenade::alertmanager
