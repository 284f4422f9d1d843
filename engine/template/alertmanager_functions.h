#pragma once  // engine/template/alertmanager_functions.h
// Templates in Alertmanager's notifications: its functions, the data they see
// (https://prometheus.io/docs/alerting/latest/notifications/), and the default templates
// ("slack.default.title", "email.default.html", ...).
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "template/template.h"

namespace promenade::templates {

extern const std::span<const Function> kAlertmanagerFunctions;

struct NotificationAlert {
  std::string status;  // "firing" or "resolved".
  Labels labels;
  Labels annotations;
  Timestamp starts_at = kZeroTime;
  Timestamp ends_at = kZeroTime;
  std::string generator_url;
  std::string fingerprint;
};

struct NotificationData {
  std::string receiver;
  std::string status;
  std::vector<NotificationAlert> alerts;
  Labels group_labels;
  Labels common_labels;
  Labels common_annotations;
  std::string external_url;
  std::string notification_reason;  // "first notification", ...
  Labels route_labels;
};

// The dot of every notification template: .Receiver, .Status, .Alerts.Firing, ...
Value notification_value(const NotificationData& data);

// A set that holds Alertmanager's default templates; files named by `templates:` are parsed on
// top of it. HTML ones for e-mail bodies.
TemplateSet alertmanager_templates(Escaping escaping = Escaping::None);

}  // namespace promenade::templates
