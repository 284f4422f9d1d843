// A queue, searched from its beginning: who asks is a person.
#include "alertmanager/notification_history.h"

#include <algorithm>

namespace promenade::alertmanager {
namespace {

bool has_all(const Labels& labels, const Labels& wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const Label& label) { return labels.get(label.name) == label.value; });
}

}  // namespace

void NotificationHistory::add(ToldNotification notification) {
  alert_count_ += notification.alerts.size();
  notifications_.push_back(std::move(notification));
  while (alert_count_ > kHistoryAlertsMax && notifications_.size() > 1) {
    alert_count_ -= notifications_.front().alerts.size();
    notifications_.pop_front();
  }
}

std::vector<api::ToldAlert> NotificationHistory::find(const Labels& labels, TimeRange range) const {
  std::vector<api::ToldAlert> found;
  for (const ToldNotification& told : notifications_) {
    if (!range.contains(told.at)) continue;
    for (const NotifiedAlert& notified : told.alerts) {
      if (!has_all(notified.alert->labels, labels)) continue;
      found.push_back({told.at, told.group_since, told.group_wait, told.receiver, told.integration,
                       std::string(told.reason), notified.is_resolved, told.group_labels,
                       notified.alert->labels});
    }
  }
  return found;
}

}  // namespace promenade::alertmanager
