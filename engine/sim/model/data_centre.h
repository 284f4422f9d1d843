#pragma once  // engine/sim/model/data_centre.h
// A world file brought to life: instances that serve requests, fail, restart and are measured.
// A model, not a random walk: requests arrive because the world's values say so, callers and called
// see the same ones, latency follows load and trouble, processor time follows requests, and the
// numbers add up (requests by status and by bucket are one number). It moves in ticks; the state at
// an instant is a function of (definition, seed, chaos, time), whoever asks and however often.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "sim/chaos/timeline.h"
#include "sim/model/formula.h"
#include "sim/model/instance.h"
#include "sim/model/page.h"
#include "sim/world_file/world_definition.h"

namespace promenade::sim {

// Seeds below run the instances that the lessons name; other seeds run a few more, and may call
// them differently, so that an answer which lists instances is wrong there.
inline constexpr uint64_t kLessonSeedsEnd = 100;

// The truth is kept in steps of this.
inline constexpr Duration kTruthStep = Duration::seconds(15);

// The most requests or events that one instance counts in one tick.
inline constexpr double kEventsMax = 1e9;

class DataCentre final : public Observer {
 public:
  DataCentre(WorldDefinition definition, uint64_t seed, Timestamp start);
  DataCentre(const DataCentre&) = delete;

  const WorldDefinition& definition() const { return definition_; }
  const std::vector<Instance>& instances() const { return instances_; }
  const ServiceDefinition& service_of(const Instance& instance) const {
    return definition_.services[instance.service];
  }
  Timeline& timeline() { return *timeline_; }
  const Timeline& timeline() const { return *timeline_; }

  // Called after a deploy has given an instance another host name, with the old authority; and
  // after one has appeared or gone.
  void set_listener(
      std::function<void(const Instance&, const std::string& old_authority)> listener);

  // Lives through all ticks that are over at `now`.
  void advance(Timestamp now);
  // Whether the process runs at `at`: by the timeline, not by the ticks.
  bool is_running(size_t index, Timestamp at) const;
  // What the instance answers on /metrics, chaos on the way not included. Call advance first.
  void render(size_t index, std::string& out);

  // The state in one number: equal states have equal hashes.
  uint64_t hash() const;

  double observe(const Instruction& instruction, size_t self) const override;
  // The last tick's value of a world value, or of a value of an instance; nothing for an unknown
  // name.
  std::optional<double> value(std::string_view name) const;
  std::optional<double> value(size_t index, std::string_view name) const;

 private:
  struct EndpointTotals {
    double requests = 0;
    double taken = 0;  // Those that an instance was there for.
    double failures = 0;
    double latency_sum = 0;
  };
  struct ServiceState {
    Random random{0};
    std::vector<size_t> instances;
    std::vector<EndpointTotals> endpoints;
  };

  void add_instances(size_t service);
  void add_instance(size_t service, const GroupDefinition& group, const std::string& name);
  void identify(Instance& instance);
  std::string free_address(const Instance& instance, const std::string& key) const;
  void set_constants(Instance& instance);
  void begin_life(Instance& instance);
  double quiet_rate(size_t service, size_t endpoint, Timestamp at);
  std::vector<TargetInfo> target_infos() const;
  double observe_instances(const Instruction& instruction) const;

  void tick(Timestamp at);
  void update_world(Timestamp at);
  void update_troubles(Instance& instance, const std::vector<const Disturbance*>& active);
  void update_presence(Instance& instance, Timestamp at);
  void start_process(Instance& instance, Timestamp at);
  void apply_deploy(Instance& instance, Timestamp at);
  void mark_stale(const Instance& instance);
  void run_values(Instance& instance, const std::vector<ValueDefinition>& values, size_t first_slot,
                  Timestamp at);
  void let_requests_arrive(size_t service, Timestamp at);
  void arrive(Instance& instance, size_t endpoint, double share, Timestamp at, Duration length);
  void deal_calls(size_t service, size_t endpoint, Timestamp at);
  void serve(Instance& instance, Timestamp at, Duration length);
  double serve_endpoint(Instance& instance, size_t endpoint, double slowness, Timestamp at);
  uint64_t deal_statuses(Instance& instance, size_t endpoint, uint64_t requests, Timestamp at);
  void fail_lost_requests(size_t service);
  double slowness_of_load(Instance& instance, Duration length, Timestamp at);
  void measure(Instance& instance, Timestamp at, Duration length);
  void measure(Instance& instance, Binding& binding, Timestamp at, Duration length);
  void set_initial_counters(Instance& instance, Timestamp at);
  void forget_about(const Instance& target);
  void keep_truth(Instance& instance, Timestamp at);

  double evaluate_in(FormulaId id, const Instance& instance, Timestamp at,
                     std::span<const double> loops, Random* random) const;
  double evaluate_or(FormulaId id, const Instance& instance, Timestamp at, double fallback);
  double traffic_factor(const Instance& instance) const;
  bool takes_requests(const Instance& instance) const {
    return instance.is_running && !instance.is_paused && instance.is_present;
  }

  WorldDefinition definition_;
  uint64_t seed_;
  Timestamp start_;
  Timestamp next_tick_;
  Random random_;
  std::vector<double> globals_;
  std::vector<double> world_troubles_;
  std::vector<ServiceState> services_;
  std::vector<Instance> instances_;
  std::unique_ptr<Timeline> timeline_;
  uint64_t troubles_version_ = UINT64_MAX;
  Timestamp evaluated_at_;
  bool is_advancing_ = false;
  PageBuilder builder_;
  std::function<void(const Instance&, const std::string&)> listener_;
};

// What really happened, as JSON: requests, failures, rate, share of failures, mean and quantiles of
// the latency between `start` and `end`, for each endpoint of the services that are asked for.
struct TruthQuestion {
  std::string service;   // "" for all.
  std::string instance;  // Host or authority; "" for the sum over all.
  Timestamp start;
  Timestamp end;
  std::vector<double> quantiles;
};
std::string truth_json(const DataCentre& centre, Timestamp world_start,
                       const TruthQuestion& question);

// The same for one endpoint, as numbers.
struct Truth {
  uint64_t requests = 0;
  uint64_t failures = 0;
  std::vector<double> quantiles;  // NaN without requests.
};
Truth truth_of(const DataCentre& centre, Timestamp world_start, size_t service, size_t endpoint,
               const TruthQuestion& question);

}  // namespace promenade::sim
