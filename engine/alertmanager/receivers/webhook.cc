// The webhook's message, version 4
// (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).
#include "alertmanager/receivers/kinds.h"
#include "api/json_writer.h"
#include "api/rfc3339.h"

namespace promenade::alertmanager {
namespace {

constexpr std::string_view kZeroTime = "0001-01-01T00:00:00Z";  // Go's; the alert has not ended.

void write_alert(api::JsonWriter& out, const NotifiedAlert& notified) {
  const Alert& alert = *notified.alert;
  out.begin_object();
  out.field("status", notified.status());
  out.map_field("labels", alert.labels);
  out.map_field("annotations", alert.annotations);
  out.field("startsAt", api::format_rfc3339(alert.starts_at));
  out.field("endsAt",
            notified.is_resolved ? api::format_rfc3339(alert.ends_at) : std::string(kZeroTime));
  out.field("generatorURL", alert.generator_url);
  out.field("fingerprint", fingerprint_text(alert.id));
  out.end_object();
}

// The first `max_alerts` of them; 0 is all.
Notification truncated(Notification notification, uint64_t max_alerts) {
  if (max_alerts > 0 && notification.alerts.size() > max_alerts) {
    notification.alerts.resize(static_cast<size_t>(max_alerts));
  }
  return notification;
}

std::string message(const Notification& notification, uint64_t truncated_count) {
  std::string body;
  api::JsonWriter out(body);
  out.begin_object();
  out.field("receiver", notification.receiver);
  out.field("status", notification.status());
  out.key("alerts");
  out.begin_array();
  for (const NotifiedAlert& alert : notification.alerts) write_alert(out, alert);
  out.end_array();
  out.field("notification_reason", notification.reason);
  out.map_field("groupLabels", notification.group_labels);
  out.map_field("commonLabels", notification.common_labels());
  out.map_field("commonAnnotations", notification.common_annotations());
  out.map_field("routeLabels", notification.route_labels);
  out.field("externalURL", notification.external_url);
  out.field("version", "4");
  out.field("groupKey", notification.group_key);
  out.key("truncatedAlerts");
  out.unsigned_integer(truncated_count);
  out.end_object();
  body += '\n';
  return body;
}

}  // namespace

Result<std::vector<HttpRequest>> draft_webhook(const Drafting& drafting) {
  const uint64_t max_alerts = drafting.config.fields.count("max_alerts");
  const size_t count = drafting.notification.alerts.size();
  const Notification kept = truncated(drafting.notification, max_alerts);
  const uint64_t truncated_count = count - kept.alerts.size() + kept.left_out;
  const std::string url = TRY(drafting.texts.text(TRY(text_or_file(drafting, "url"))));
  return std::vector{json_request(url, message(kept, truncated_count))};
}

}  // namespace promenade::alertmanager
