// One evaluation is one pass: new alerts in, then every alert takes at most one step.
#include "rules/alert_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace promenade::rules {
namespace {

bool is_active(const Alert& alert) {
  return alert.state != AlertState::Inactive;
}

bool is_due(const Alert& alert, Timestamp at, Duration resend_delay) {
  if (alert.state == AlertState::Pending) return false;
  if (!alert.last_sent_at) return true;
  if (alert.resolved_at && *alert.resolved_at > *alert.last_sent_at) return true;
  return *alert.last_sent_at + resend_delay < at;
}

}  // namespace

std::string_view to_string(AlertState state) {
  switch (state) {
    case AlertState::Inactive:
      return "inactive";
    case AlertState::Pending:
      return "pending";
    case AlertState::Firing:
      return "firing";
  }
  return "inactive";
}

Result<void> AlertTable::update(std::vector<FoundAlert> found, Timestamp at,
                                const AlertTiming& timing) {
  std::set<Labels> found_labels;
  for (const FoundAlert& alert : found) {
    if (found_labels.insert(alert.labels).second) continue;
    return fail(ErrorCode::Execution,
                "vector contains metrics with the same labelset after applying alert labels");
  }
  for (FoundAlert& one : found) {
    Alert& alert = alerts_[one.labels];
    const bool is_known = !alert.labels.empty() && is_active(alert);
    if (!is_known) {
      // A resolved alert that comes back is a new one: its end is not told again.
      alert = Alert{};
      alert.labels = std::move(one.labels);
      alert.active_at = at;
    }
    alert.annotations = std::move(one.annotations);
    alert.value = one.value;
  }

  uint64_t active_count = 0;
  for (auto entry = alerts_.begin(); entry != alerts_.end();) {
    Alert& alert = entry->second;
    const bool is_found = found_labels.count(entry->first) > 0;
    const bool is_forgotten =
        !is_found && (alert.state == AlertState::Pending ||
                      (alert.resolved_at && at - *alert.resolved_at > kResolvedRetention));
    if (is_forgotten) {
      entry = alerts_.erase(entry);
      continue;
    }
    settle(alert, is_found, at, timing);
    if (is_active(alert)) ++active_count;
    ++entry;
  }
  if (timing.limit == 0 || active_count <= timing.limit) return {};
  alerts_.clear();
  return fail(ErrorCode::Limit,
              fmt::format("exceeded limit of {} with {} alerts", timing.limit, active_count));
}

void AlertTable::settle(Alert& alert, bool is_found, Timestamp at, const AlertTiming& timing) {
  if (is_found) {
    alert.keep_firing_since.reset();
  } else {
    if (!is_active(alert)) return;
    if (timing.keep_firing_for.ms > 0 && !alert.keep_firing_since) alert.keep_firing_since = at;
    const bool is_kept =
        alert.keep_firing_since && at - *alert.keep_firing_since < timing.keep_firing_for;
    if (!is_kept) {
      alert.state = AlertState::Inactive;
      alert.resolved_at = at;
      return;
    }
  }
  const bool is_due_to_fire = at - alert.active_at >= timing.hold;
  if (alert.state == AlertState::Pending && is_due_to_fire) {
    alert.state = AlertState::Firing;
    alert.fired_at = at;
  } else if (alert.state == AlertState::Firing && !is_due_to_fire) {
    // A reload has made `for` longer.
    alert.state = AlertState::Pending;
    alert.fired_at.reset();
    alert.last_sent_at.reset();
  }
}

std::vector<Alert> AlertTable::take_due(Timestamp at, Duration resend_delay) {
  std::vector<Alert> due;
  for (auto& [labels, alert] : alerts_) {
    if (!is_due(alert, at, resend_delay)) continue;
    alert.last_sent_at = at;
    due.push_back(alert);
  }
  return due;
}

AlertState AlertTable::state() const {
  AlertState state = AlertState::Inactive;
  for (const auto& [labels, alert] : alerts_) state = std::max(state, alert.state);
  return state;
}

}  // namespace promenade::rules
