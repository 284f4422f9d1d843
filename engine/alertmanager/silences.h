#pragma once  // engine/alertmanager/silences.h
// Silences: for a time, alerts with these labels send no notifications. They are never removed by
// hand but expire, and are kept a while for people who ask what was silenced. One thread.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "model/labels.h"
#include "model/matcher.h"

namespace promenade::alertmanager {

enum class SilenceState { Expired, Active, Pending };
std::string_view to_string(SilenceState state);  // "expired", "active", "pending".

struct Silence {
  std::string id;  // A UUID.
  std::vector<Matcher> matchers;
  Timestamp starts_at;
  Timestamp ends_at;  // Belongs to it.
  Timestamp updated_at;
  std::string created_by;
  std::string comment;

  SilenceState state_at(Timestamp time) const;
};

struct SilenceOptions {
  Duration retention = Duration::hours(120);  // After the end.
  uint64_t count_max = 0;  // Silences that are kept, expired ones too; 0 is no limit.
  uint64_t size_max = 0;   // Bytes of one silence as stored; 0 is no limit.
};

class Silences {
 public:
  Silences(SilenceOptions options, Random random) : options_(options), random_(random) {}

  // Stores a new silence (without an id) or a change to one, and gives its id. What can't be
  // changed in place - other matchers, a past start - expires the old silence and makes a new one.
  // NotFound for an unknown id, BadData or Limit with Alertmanager's words otherwise.
  Result<std::string> set(Silence silence, Timestamp now);
  // Ends the silence now; no change when it has ended. NotFound for an unknown id.
  Result<void> expire(const std::string& id, Timestamp now);
  // Forgets those that ended longer ago than the retention.
  void collect_garbage(Timestamp now);

  // By id; null when there is none. Valid until the next change.
  const Silence* find(const std::string& id) const;
  const std::map<std::string, Silence>& all() const { return silences_; }
  // The ids of the active silences that match, ascending.
  std::vector<std::string> silenced_by(const Labels& labels, Timestamp now) const;

  // The file `silences` of Alertmanager's data folder. Loading adds to what is there; the younger
  // update of a silence counts.
  std::string snapshot() const;
  Result<void> load(std::string_view bytes);

 private:
  void expire_now(Silence& silence, Timestamp now);
  std::string new_id();

  SilenceOptions options_;
  Random random_;
  std::map<std::string, Silence> silences_;
};

}  // namespace promenade::alertmanager
