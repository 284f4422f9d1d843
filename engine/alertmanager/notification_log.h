#pragma once  // engine/alertmanager/notification_log.h
// What was last told to whom about each group: so that nobody is told twice, not even after a
// restart. One thread.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "base/result.h"
#include "base/time.h"

namespace promenade::alertmanager {

struct NotificationKey {
  std::string group_key;
  std::string receiver;
  std::string integration;  // "webhook".
  uint32_t index = 0;       // Among the receiver's integrations of that kind.

  // Emscripten's libc++ has no <=> of strings yet.
  friend bool operator<(const NotificationKey& a, const NotificationKey& b) {
    return std::tie(a.group_key, a.receiver, a.integration, a.index) <
           std::tie(b.group_key, b.receiver, b.integration, b.index);
  }
};

struct NotificationEntry {
  NotificationKey key;
  Timestamp timestamp;
  Timestamp expires_at;
  std::set<uint64_t> firing;  // notification_hash() of the alerts.
  std::set<uint64_t> resolved;
};

// Why a notification is due, or that none is.
enum class NotificationReason {
  None,
  First,
  NewAlerts,
  AllResolved,
  SomeResolved,
  Repeat,
};
std::string_view to_string(NotificationReason reason);  // "first notification".

class NotificationLog {
 public:
  explicit NotificationLog(Duration retention) : retention_(retention) {}

  // The last entry, or null.
  const NotificationEntry* find(const NotificationKey& key) const;
  // Whether these alerts are news. `sends_resolved` is the integration's send_resolved.
  NotificationReason reason(const NotificationKey& key, const std::set<uint64_t>& firing,
                            const std::set<uint64_t>& resolved, bool sends_resolved, Timestamp now,
                            Duration repeat_interval) const;
  void record(NotificationKey key, std::set<uint64_t> firing, std::set<uint64_t> resolved,
              Timestamp now, Duration repeat_interval);
  void collect_garbage(Timestamp now);
  size_t count() const { return entries_.size(); }

  // The file `nflog` of Alertmanager's data folder. Loading adds; the younger entry counts.
  std::string snapshot() const;
  Result<void> load(std::string_view bytes);

 private:
  Duration retention_;
  std::map<NotificationKey, NotificationEntry> entries_;
};

}  // namespace promenade::alertmanager
