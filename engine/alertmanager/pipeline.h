#pragma once  // engine/alertmanager/pipeline.h
// From a group that is due to the notifications that leave: inhibited, muted and silenced alerts
// are left out, what has been told is not told again, and what was delivered is remembered.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alertmanager/environment.h"
#include "alertmanager/inhibitor.h"
#include "alertmanager/metrics.h"
#include "alertmanager/notification.h"
#include "alertmanager/notification_history.h"
#include "alertmanager/notification_log.h"
#include "alertmanager/receivers/text_expander.h"
#include "alertmanager/route_tree.h"
#include "alertmanager/silences.h"
#include "base/random.h"
#include "config/alertmanager/alertmanager_config.h"

namespace promenade::alertmanager {

// What the pipeline consults and changes. All of it must outlive the pipeline.
struct PipelineParts {
  const config::AlertmanagerConfig& config;
  const Inhibitor& inhibitor;
  const Silences& silences;
  NotificationLog& log;
  NotificationHistory& history;
  Metrics& metrics;
  const TextExpander& expander;
  Random& random;
  std::string external_url;  // Without a slash at the end.
  std::string user_agent;
};

// A group at the moment of its flush.
struct GroupFlush {
  const Route& route;
  std::string group_key;
  Labels group_labels;
  Timestamp group_since;              // When the group came into being.
  std::vector<NotifiedAlert> alerts;  // In the order of comes_before().
  Timestamp now;
  Timestamp deadline;
};

class Pipeline {
 public:
  Pipeline(Environment environment, PipelineParts parts)
      : environment_(environment), parts_(std::move(parts)) {}

  // Notifications under way. Destroying it cancels them.
  class Run;

  // Starts what is to be sent. Null when that is nothing, which is a success. Else `done` runs
  // once, later, with whether all integrations succeeded; it may destroy the run.
  std::unique_ptr<Run> start(GroupFlush flush, std::function<void(bool)> done);

  // The time intervals that mute the route now: its mute intervals that we are in, or all its
  // active ones when we are in none.
  std::vector<std::string> muted_by(const Route& route, Timestamp now) const;

 private:
  void filter(GroupFlush& flush);
  void drop(GroupFlush& flush, std::string_view reason,
            const std::function<bool(const Alert&)>& is_dropped);
  const config::ReceiverConfig* find_receiver(const std::string& name) const;

  Environment environment_;
  PipelineParts parts_;
};

class Pipeline::Run {
 public:
  virtual ~Run() = default;
};

}  // namespace promenade::alertmanager
