#pragma once  // engine/alertmanager/dispatcher.h
// Sorts alerts into groups and decides when each group speaks: first after group_wait, then every
// group_interval. A group that has nothing left to say goes away.
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "alertmanager/pipeline.h"
#include "alertmanager/route_tree.h"
#include "base/clock.h"

namespace promenade::alertmanager {

struct DispatcherOptions {
  Duration maintenance_interval = Duration::seconds(30);  // Between two sweeps for empty groups.
  Duration start_delay;  // No group speaks earlier than this after the start.
};

// What /api/v2/alerts/groups shows of a group.
struct GroupView {
  const Route* route;
  Labels labels;
  std::vector<AlertPtr> alerts;  // By fingerprint.
};

class Dispatcher {
 public:
  // All must outlive the dispatcher.
  Dispatcher(Clock& clock, const RouteTree& routes, Pipeline& pipeline, DispatcherOptions options);
  Dispatcher(const Dispatcher&) = delete;  // Timers point here.
  Dispatcher& operator=(const Dispatcher&) = delete;
  // Cancels all timers and notifications under way. What was not delivered is not in the
  // notification log, so the next dispatcher sends it.
  ~Dispatcher();

  void add(const AlertPtr& alert);

  std::vector<GroupView> groups() const;
  size_t group_count() const { return groups_.size(); }

 private:
  class Group;
  // By the route's place, then by the encoding of the group's labels.
  using GroupKey = std::pair<size_t, std::string>;

  void sweep();

  Clock& clock_;
  const RouteTree& routes_;
  Pipeline& pipeline_;
  DispatcherOptions options_;
  Timestamp started_;
  TimerId sweep_timer_;
  std::map<GroupKey, std::unique_ptr<Group>> groups_;
};

}  // namespace promenade::alertmanager
