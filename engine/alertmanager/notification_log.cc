// The decision whether to notify, in the order in which Alertmanager takes it.
#include "alertmanager/notification_log.h"

#include <algorithm>

#include "alertmanager/snapshot.h"

namespace promenade::alertmanager {
namespace {

bool is_subset(const std::set<uint64_t>& part, const std::set<uint64_t>& whole) {
  return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

}  // namespace

std::string_view to_string(NotificationReason reason) {
  switch (reason) {
    case NotificationReason::None:
      break;
    case NotificationReason::First:
      return "first notification";
    case NotificationReason::NewAlerts:
      return "new alerts added";
    case NotificationReason::AllResolved:
      return "all alerts resolved";
    case NotificationReason::SomeResolved:
      return "some alerts resolved";
    case NotificationReason::Repeat:
      return "repeat interval elapsed";
  }
  return "";
}

const NotificationEntry* NotificationLog::find(const NotificationKey& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

NotificationReason NotificationLog::reason(const NotificationKey& key,
                                           const std::set<uint64_t>& firing,
                                           const std::set<uint64_t>& resolved, bool sends_resolved,
                                           Timestamp now, Duration repeat_interval) const {
  using enum NotificationReason;
  const NotificationEntry* last = find(key);
  if (last == nullptr) return firing.empty() ? None : First;
  if (!is_subset(firing, last->firing)) return last->firing.empty() ? First : NewAlerts;
  // Irrespective of send_resolved, so that the log forgets the firing alerts.
  if (firing.empty()) return last->firing.empty() ? None : AllResolved;
  if (sends_resolved && !is_subset(resolved, last->resolved)) return SomeResolved;
  return last->timestamp < now - repeat_interval ? Repeat : None;
}

void NotificationLog::record(NotificationKey key, std::set<uint64_t> firing,
                             std::set<uint64_t> resolved, Timestamp now, Duration repeat_interval) {
  NotificationEntry& entry = entries_[key];
  if (entry.timestamp > now) return;
  entry = {std::move(key), now, now + std::min(repeat_interval * 2, retention_), std::move(firing),
           std::move(resolved)};
}

void NotificationLog::collect_garbage(Timestamp now) {
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.expires_at <= now; });
}

std::string NotificationLog::snapshot() const {
  std::string bytes;
  for (const auto& [key, entry] : entries_) {
    append_delimited(bytes, notification_entry_message(entry));
  }
  return bytes;
}

Result<void> NotificationLog::load(std::string_view bytes) {
  for (const std::string_view message : TRY(split_delimited(bytes))) {
    NotificationEntry entry = TRY(parse_notification_entry(message));
    NotificationEntry& stored = entries_[entry.key];
    if (stored.key.group_key.empty() || stored.timestamp < entry.timestamp) {
      stored = std::move(entry);
    }
  }
  return {};
}

}  // namespace promenade::alertmanager
