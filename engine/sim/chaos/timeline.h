#pragma once  // engine/sim/chaos/timeline.h
// What goes wrong in a world, and when: the incidents that the seed plans, and the chaos that
// somebody causes. Every disturbance has a beginning and an end, and stays on the record.
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "sim/chaos/controls.h"
#include "sim/world_file/world_definition.h"

namespace promenade::sim {

struct Disturbance {
  uint64_t id = 0;
  std::string kind;
  Control control = Control::Trouble;
  size_t trouble = 0;           // Which, for Control::Trouble.
  std::vector<size_t> targets;  // Instances, ascending; empty means all.
  TimeRange span;               // The end is not part of it.
  double strength = 1;
  std::map<std::string, std::string> parameters;
  bool is_planned = false;  // By the seed, not by somebody.

  bool hits(size_t instance) const;
  bool is_under_way(Timestamp at) const { return span.start <= at && at < span.end; }
  // The parameter, or the control's own default.
  std::string_view parameter(std::string_view name) const;
  double number(std::string_view name) const;
};

// What the timeline has to know of an instance to choose targets.
struct TargetInfo {
  size_t service = 0;
  std::string service_name;
  std::string host;
  std::string authority;
  TextPairs labels;
};

class Timeline {
 public:
  // `definition` must outlive it. `targets` are the instances in order of their indices.
  Timeline(const WorldDefinition& definition, uint64_t seed, Timestamp start,
           std::vector<TargetInfo> targets);

  // Called with every disturbance that is added or changed, also with those of the plan.
  void set_listener(std::function<void(const Disturbance&)> listener);

  // Draws the incidents of all periods that begin at or before `until`.
  void plan_until(Timestamp until);

  // Adds one by name. Fails with BadData for an unknown kind, target or parameter; the message
  // names the nearest. A length of nothing means the control's own.
  struct Request {
    std::string kind;
    std::vector<std::string> targets;  // Services, hosts or authorities; empty means all.
    std::optional<double> strength;
    std::optional<Duration> length;
    std::map<std::string, std::string> parameters;
  };
  Result<uint64_t> add(const Request& request, Timestamp now);
  // A process that ends by itself, as the model has it: a restart between the two.
  void add_crash(size_t instance, TimeRange span);
  // Ends it now; what has not begun never will.
  Result<void> revert(uint64_t id, Timestamp now);

  // Those under way at `at`, in order of their ids. Valid until the next call that is not const.
  const std::vector<const Disturbance*>& active_at(Timestamp at);
  // Changes whenever active_at() gives another list.
  uint64_t active_version() const { return active_version_; }

  const std::deque<Disturbance>& all() const { return disturbances_; }
  // Everything that has begun at `now`, as JSON.
  std::string to_json(Timestamp now) const;

  void rename_target(size_t index, const std::string& host, const std::string& authority);

 private:
  void plan(int64_t period);
  void plan_incident(const IncidentDefinition& incident, Random& random, Timestamp begin,
                     std::optional<size_t>& last_target);
  std::vector<size_t> select(const TargetSelector& selector) const;
  void put(Disturbance disturbance);
  void put_deploy(const Disturbance& disturbance);
  Timestamp on_grid(Timestamp time) const;  // The next tick at or after it.
  std::vector<std::string_view> kinds() const;

  const WorldDefinition& definition_;
  uint64_t seed_;
  Timestamp start_;
  std::vector<TargetInfo> targets_;
  std::function<void(const Disturbance&)> listener_;
  std::deque<Disturbance> disturbances_;  // References stay valid.
  int64_t planned_periods_ = 0;
  uint64_t last_id_ = 0;
  std::vector<const Disturbance*> active_;
  TimeRange active_span_{{1}, {0}};  // Where `active_` holds; the end is not part of it.
  uint64_t active_version_ = 0;
};

}  // namespace promenade::sim
