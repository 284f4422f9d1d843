#pragma once  // engine/alertmanager/alert.h
// An alert as clients push it: labels say which alert it is, everything else may change from push
// to push. Pushes of the same alert are merged.
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/time.h"
#include "model/labels.h"

namespace promenade::alertmanager {

using TextMap = std::map<std::string, std::string>;

// The identity of a label set: 64-bit FNV-1a over its names and values, and as 16 hexadecimal
// digits.
uint64_t fingerprint(const Labels& labels);
std::string fingerprint_text(uint64_t fingerprint);
// The hash under which the notification log remembers an alert (XXH64 over the same bytes).
uint64_t notification_hash(const Labels& labels);

struct Alert {
  Labels labels;  // Never empty.
  TextMap annotations;
  std::string generator_url;
  Timestamp starts_at;
  Timestamp ends_at;  // The alert is resolved from then on; a guess while `has_timeout`.
  Timestamp updated_at;
  bool has_timeout = false;  // The client gave no end, so resolve_timeout did.
  uint64_t id = 0;           // fingerprint(labels).

  bool is_resolved_at(Timestamp time) const { return ends_at <= time; }
};

// Shared between the store, the groups and the notifications under way; never changed.
using AlertPtr = std::shared_ptr<const Alert>;

// What two pushes of one alert say together, when their times overlap; else the later one alone.
Alert merge(const Alert& stored, const Alert& pushed);

// The order in which a notification lists its alerts: by job, by instance, then the shorter label
// set first.
bool comes_before(const Labels& a, const Labels& b);

// Alertmanager's print of a label set: {a="b", c="d"}.
std::string label_set_text(const Labels& labels);

}  // namespace promenade::alertmanager
