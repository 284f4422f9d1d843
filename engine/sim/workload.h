#pragma once  // engine/sim/workload.h
// A set of simulated services that live on a SimNet. World finds it by name.
#include <string>

namespace promenade::sim {

class Workload {
 public:
  virtual ~Workload() = default;

  // The prometheus.yml with which the world's Prometheus watches these services.
  virtual std::string prometheus_config() const = 0;
};

}  // namespace promenade::sim
