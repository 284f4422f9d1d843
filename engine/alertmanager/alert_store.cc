// A map; merging is the alert's own business.
#include "alertmanager/alert_store.h"

namespace promenade::alertmanager {
namespace {

constexpr std::string_view kAlertNameLabel = "alertname";

}  // namespace

AlertPtr AlertStore::put(Alert alert) {
  AlertPtr& stored = alerts_[alert.id];
  if (!stored) ++counts_[std::string(alert.labels.get(kAlertNameLabel))];
  stored = std::make_shared<const Alert>(stored ? merge(*stored, alert) : std::move(alert));
  return stored;
}

void AlertStore::collect_garbage(Timestamp now) {
  std::erase_if(alerts_, [&](const auto& entry) {
    const Alert& alert = *entry.second;
    if (!alert.is_resolved_at(now)) return false;
    const auto count = counts_.find(alert.labels.get(kAlertNameLabel));
    if (--count->second == 0) counts_.erase(count);
    return true;
  });
}

uint64_t AlertStore::count_named(std::string_view alertname) const {
  const auto found = counts_.find(alertname);
  return found == counts_.end() ? 0 : found->second;
}

}  // namespace promenade::alertmanager
