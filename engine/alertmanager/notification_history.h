#pragma once  // engine/alertmanager/notification_history.h
// What was told lately, and to whom: the last part of an alert's line from a rule's expression to a
// message. In memory and bounded; unlike the notification log, nothing is decided by it. One
// thread.
#include <deque>
#include <string>
#include <vector>

#include "alertmanager/notification.h"
#include "api/told_alert.h"

namespace promenade::alertmanager {

// Alerts in notifications, each counted every time that it is told; the oldest notifications go.
inline constexpr size_t kHistoryAlertsMax = 20'000;

struct ToldNotification {
  Timestamp at;
  Timestamp group_since;
  Duration group_wait;
  std::string receiver;
  std::string integration;  // "slack[0]"
  std::string_view reason;  // Of to_string(NotificationReason).
  Labels group_labels;
  std::vector<NotifiedAlert> alerts;
};

class NotificationHistory {
 public:
  // In the order of their times.
  void add(ToldNotification notification);
  // See api::ToldAlerts.
  std::vector<api::ToldAlert> find(const Labels& labels, TimeRange range) const;

 private:
  std::deque<ToldNotification> notifications_;
  size_t alert_count_ = 0;
};

}  // namespace promenade::alertmanager
