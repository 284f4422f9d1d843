#pragma once  // engine/alertmanager/alert_store.h
// The alerts that clients have pushed, by identity. In memory only: clients push again what still
// fires. One thread.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "alertmanager/alert.h"

namespace promenade::alertmanager {

class AlertStore {
 public:
  // Merges with the stored alert of the same labels, if there is one; gives what is stored now.
  AlertPtr put(Alert alert);
  // Drops the alerts that are resolved at `now`.
  void collect_garbage(Timestamp now);

  bool has(uint64_t id) const { return alerts_.contains(id); }
  // How many alerts have this alertname.
  uint64_t count_named(std::string_view alertname) const;

  // By fingerprint, ascending.
  const std::map<uint64_t, AlertPtr>& alerts() const { return alerts_; }

 private:
  std::map<uint64_t, AlertPtr> alerts_;
  std::map<std::string, uint64_t, std::less<>> counts_;  // By alertname; none is 0.
};

}  // namespace promenade::alertmanager
