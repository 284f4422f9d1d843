// A map; merging is the alert's own business.
#include "alertmanager/alert_store.h"

namespace promenade::alertmanager {

AlertPtr AlertStore::put(Alert alert) {
  AlertPtr& stored = alerts_[alert.id];
  stored = std::make_shared<const Alert>(stored ? merge(*stored, alert) : std::move(alert));
  return stored;
}

void AlertStore::collect_garbage(Timestamp now) {
  std::erase_if(alerts_, [&](const auto& entry) { return entry.second->is_resolved_at(now); });
}

}  // namespace promenade::alertmanager
