// Identity, merging and order of alerts.
#include "alertmanager/alert.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/strings.h"

namespace promenade::alertmanager {
namespace {

constexpr char kSeparator = '\xff';

// name 0xff value 0xff ..., in order of the names.
std::string identity_bytes(const Labels& labels) {
  std::string bytes;
  for (const Label& label : labels) {
    bytes += label.name;
    bytes += kSeparator;
    bytes += label.value;
    bytes += kSeparator;
  }
  return bytes;
}

bool do_overlap(const Alert& stored, const Alert& pushed) {
  const bool ends_inside = pushed.ends_at > stored.starts_at && pushed.ends_at < stored.ends_at;
  const bool starts_inside =
      pushed.starts_at > stored.starts_at && pushed.starts_at < stored.ends_at;
  return ends_inside || starts_inside;
}

// Alertmanager's order of label sets: fewer labels first, then by the first name or value in which
// they differ.
bool label_set_before(const Labels& a, const Labels& b) {
  const size_t a_count = a.count();
  const size_t b_count = b.count();
  if (a_count != b_count) return a_count < b_count;
  return a < b;
}

}  // namespace

uint64_t fingerprint(const Labels& labels) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : identity_bytes(labels)) {
    hash = (hash ^ static_cast<uint8_t>(byte)) * 0x100000001b3;
  }
  return hash;
}

std::string fingerprint_text(uint64_t fingerprint) {
  return fmt::format("{:016x}", fingerprint);
}

uint64_t notification_hash(const Labels& labels) {
  return xxh64(identity_bytes(labels));
}

Alert merge(const Alert& stored, const Alert& pushed) {
  if (!do_overlap(stored, pushed)) return pushed;
  const bool is_pushed_younger = pushed.updated_at >= stored.updated_at;
  const Alert& older = is_pushed_younger ? stored : pushed;
  const Alert& younger = is_pushed_younger ? pushed : stored;
  Alert merged = younger;
  merged.starts_at = std::min(older.starts_at, younger.starts_at);
  const Timestamp now = pushed.updated_at;
  if (younger.is_resolved_at(now)) {
    // The older one may have been resolved later than the younger one says.
    if (older.is_resolved_at(now)) {
      merged.ends_at = std::max(older.ends_at, younger.ends_at);
    }
  } else if (older.ends_at > younger.ends_at && !older.has_timeout) {
    merged.ends_at = older.ends_at;
  }
  return merged;
}

bool comes_before(const Labels& a, const Labels& b) {
  for (const std::string_view name : {"job", "instance"}) {
    const std::string_view a_value = a.get(name);
    const std::string_view b_value = b.get(name);
    if (a_value == b_value) continue;
    if (a_value.empty() || b_value.empty()) return b_value.empty();  // Without it comes last.
    return a_value < b_value;
  }
  return label_set_before(a, b);
}

std::string label_set_text(const Labels& labels) {
  std::string text = "{";
  for (const Label& label : labels) {
    if (text.size() > 1) text += ", ";
    text += label.name;
    text += '=';
    text += quote(label.value);
  }
  return text + '}';
}

}  // namespace promenade::alertmanager
