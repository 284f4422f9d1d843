// What the alerts of a notification have in common.
#include "alertmanager/notification.h"

#include <algorithm>

namespace promenade::alertmanager {

bool Notification::is_resolved() const {
  return std::all_of(alerts.begin(), alerts.end(),
                     [](const NotifiedAlert& alert) { return alert.is_resolved; });
}

TextMap Notification::common_labels() const {
  TextMap common;
  if (alerts.empty()) return common;
  for (const Label& label : alerts.front().alert->labels) {
    common.emplace(label.name, label.value);
  }
  for (const NotifiedAlert& other : alerts) {
    std::erase_if(common, [&](const auto& entry) {
      return other.alert->labels.get(entry.first) != entry.second;
    });
  }
  return common;
}

TextMap Notification::common_annotations() const {
  if (alerts.empty()) return {};
  TextMap common = alerts.front().alert->annotations;
  for (const NotifiedAlert& other : alerts) {
    const TextMap& annotations = other.alert->annotations;
    std::erase_if(common, [&](const auto& entry) {
      const auto found = annotations.find(entry.first);
      return found == annotations.end() || found->second != entry.second;
    });
  }
  return common;
}

Notification shortened(Notification notification, size_t alerts_max) {
  std::vector<NotifiedAlert>& alerts = notification.alerts;
  if (alerts.size() <= alerts_max) return notification;
  std::stable_partition(alerts.begin(), alerts.end(),
                        [](const NotifiedAlert& alert) { return !alert.is_resolved; });
  notification.left_out += alerts.size() - alerts_max;
  alerts.resize(alerts_max);
  std::stable_sort(alerts.begin(), alerts.end(),
                   [](const NotifiedAlert& a, const NotifiedAlert& b) {
                     return comes_before(a.alert->labels, b.alert->labels);
                   });
  return notification;
}

}  // namespace promenade::alertmanager
