#pragma once  // engine/api/told_alert.h
// What an Alertmanager says of an alert that it has told people about: the end of the line that
// /api/v1/alert_lifeline draws. A type of the API, since the server knows no Alertmanager; who runs
// both in one process brings them together.
#include <functional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/labels.h"

namespace promenade::api {

struct ToldAlert {
  Timestamp at;           // When the service had taken the notification.
  Timestamp group_since;  // When the alert's group came into being, and how long it then waited
  Duration group_wait;    // for others.
  std::string receiver;
  std::string integration;  // "slack[0]"
  std::string reason;       // "first notification"
  bool is_resolved = false;
  Labels group_labels;
  Labels labels;
};

// The notifications within the range about alerts that have all of these labels, oldest first.
using ToldAlerts = std::function<std::vector<ToldAlert>(const Labels& labels, TimeRange range)>;

}  // namespace promenade::api
