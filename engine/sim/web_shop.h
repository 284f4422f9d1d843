#pragma once  // engine/sim/web_shop.h
// The workload "web-shop": frontend, catalog, checkout and payments as hosts of a SimNet, each
// serving the metrics of a simulated process. The state is a function of (seed, time): whoever
// asks, and however often, sees the same counters at the same instant.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/transport.h"
#include "sim/incident_schedule.h"
#include "sim/metrics_page.h"
#include "sim/portable_math.h"
#include "sim/service_instance.h"
#include "sim/shop_topology.h"
#include "sim/sim_net.h"
#include "sim/workload.h"

namespace promenade::sim {

class WebShop final : public Workload {
 public:
  // Both must outlive the shop, and no timer of `clock` may run after it is gone. Time starts at
  // clock.now().
  WebShop(uint64_t seed, Clock& clock, SimNet& net);

  std::string prometheus_config() const override;

 private:
  struct Host {
    Host(const Instance& instance, Random random)
        : process(instance, random), page(instance), next_tick() {}
    ServiceInstance process;
    MetricsPage page;
    Timestamp next_tick;  // The process has lived through everything before it.
    Duration latency;     // Of its network.
  };

  void add_host(size_t index);
  HttpResponse answer(size_t index, const HttpRequest& request);

  // Lets a host live through all ticks that are over at `now`.
  void advance(size_t index, Timestamp now);
  void tick(size_t index, Timestamp at);
  void run_prehistory(size_t index, Duration age);
  bool is_running(size_t index, Timestamp at);
  Conditions conditions(size_t index, Timestamp at);
  double sessions_per_second(Timestamp at);
  double share_of_traffic(size_t index, Timestamp at);

  // Hosts that cannot be reached, now or later: one timer for each change.
  void plan_slot(int64_t slot);
  void plan_changes(size_t index, TimeRange span);
  void refresh_reachability(size_t index);

  Random random_;
  Clock& clock_;
  SimNet& net_;
  Timestamp start_;
  std::vector<Instance> instances_;
  IncidentSchedule schedule_;
  double peak_sessions_per_second_;
  double day_phase_;     // Where in its day the shop is at the start, in turns.
  SmoothNoise mood_;     // Of the public, over minutes.
  SmoothNoise flutter_;  // And over seconds.
  std::vector<std::unique_ptr<Host>> hosts_;
};

}  // namespace promenade::sim
