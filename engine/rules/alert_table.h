#pragma once  // engine/rules/alert_table.h
// The states of one alerting rule's alerts, one for each label set that the expression gave:
//
//   inactive --found--> pending --`for` is over--> firing --not found--> inactive, resolved
//                       pending --not found--> forgotten, nobody was told
//   firing --not found--> still firing until keep_firing_for is over
//
// A resolved alert stays for a while, so that Alertmanager hears of it more than once. Time is a
// parameter, and nothing else is seen of the world (Prometheus's rules/alerting.go).
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/config.h"
#include "model/labels.h"

namespace promenade::rules {

// In order of importance: a rule is in the highest state of its alerts.
enum class AlertState { Inactive, Pending, Firing };
std::string_view to_string(AlertState state);  // "inactive", "pending", "firing".

// How long a resolved alert is remembered, and sent again.
inline constexpr Duration kResolvedRetention = Duration::minutes(15);

struct Alert {
  AlertState state = AlertState::Pending;
  Labels labels;
  config::TextMap annotations;
  double value = 0;
  Timestamp active_at;  // Since when it is pending or firing.
  std::optional<Timestamp> fired_at;
  std::optional<Timestamp> resolved_at;
  std::optional<Timestamp> keep_firing_since;  // The first evaluation that didn't find it.
  std::optional<Timestamp> last_sent_at;
};

// What an evaluation found: the alert is on.
struct FoundAlert {
  Labels labels;
  config::TextMap annotations;
  double value = 0;
};

struct AlertTiming {
  Duration hold;  // `for`
  Duration keep_firing_for;
  uint64_t limit = 0;  // Of alerts that are pending or firing; 0: none.
};

class AlertTable {
 public:
  // Takes in one evaluation. Fails with Execution when two alerts have the same labels, which
  // changes nothing, and with Limit when there are too many, which forgets all of them.
  Result<void> update(std::vector<FoundAlert> found, Timestamp at, const AlertTiming& timing);

  // The alerts that Alertmanager has to be told of now: firing or resolved, and not told within
  // `resend_delay`. They count as told.
  std::vector<Alert> take_due(Timestamp at, Duration resend_delay);

  // By labels, resolved ones included.
  const std::map<Labels, Alert>& alerts() const { return alerts_; }
  std::map<Labels, Alert>& alerts() { return alerts_; }
  AlertState state() const;

 private:
  void settle(Alert& alert, bool is_found, Timestamp at, const AlertTiming& timing);

  std::map<Labels, Alert> alerts_;
};

}  // namespace promenade::rules
