#pragma once  // engine/alertmanager/notification.h
// What one integration of a receiver is to be told about one group.
#include <string>
#include <string_view>
#include <vector>

#include "alertmanager/alert.h"

namespace promenade::alertmanager {

// Firing or resolved is decided once, when the group is flushed, and holds for the whole
// notification, retries included.
struct NotifiedAlert {
  AlertPtr alert;
  bool is_resolved = false;

  std::string_view status() const { return is_resolved ? "resolved" : "firing"; }
};

struct Notification {
  std::string receiver;
  std::string group_key;
  Labels group_labels;
  TextMap route_labels;
  std::vector<NotifiedAlert> alerts;  // In the order of comes_before(); never empty when sent.
  uint64_t left_out = 0;              // Further alerts, that there was no room for.
  std::string_view reason;            // "first notification".
  std::string external_url;           // Without a slash at the end.
  Timestamp now;

  bool is_resolved() const;
  std::string_view status() const { return is_resolved() ? "resolved" : "firing"; }
  // What is the same in all alerts.
  TextMap common_labels() const;
  TextMap common_annotations() const;
};

// One about at most so many of the alerts, which has to be one at least: firing ones come first, so
// that what still fires is not told as resolved. The others are counted.
Notification shortened(Notification notification, size_t alerts_max);

}  // namespace promenade::alertmanager
