#pragma once  // engine/sim/simulated_hosts.h
// The instances of a data centre as hosts of a SimNet: who scrapes them gets their pages, or what
// chaos has made of them on the way. Also what Prometheus has to know of them: its configuration,
// the target files that change when instances come, go or are renamed, and the catalogues that
// service discovery asks (sim/catalogue). Each instance is reached by its name, by its name in the
// zone .internal, and by its address.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/transport.h"
#include "sim/model/data_centre.h"
#include "sim/sim_net.h"

namespace promenade::sim {

class SimulatedHosts {
 public:
  // Called with the path and the text of a target file when it is new or has changed.
  using WriteFile = std::function<void(const std::string& path, const std::string& text)>;

  // All must outlive this; no timer of `clock` may run after it is gone.
  SimulatedHosts(DataCentre& centre, Clock& clock, SimNet& net, WriteFile write_file);

  // Called at the beginning and the end of chaos that is about the world's servers.
  void set_server_listener(std::function<void()> listener);

  // The prometheus.yml of the world's Prometheus, with these external labels.
  std::string prometheus_config(const TextPairs& external_labels) const;

 private:
  HttpResponse answer(size_t index, const HttpRequest& request);
  HttpResponse metrics(size_t index, Timestamp now);
  void add_host(const Instance& instance);
  void add_catalogues();
  void refresh(size_t index);
  void on_disturbance(const Disturbance& disturbance);
  void on_change(const Instance& instance, const std::string& old_authority);
  void plan_next_period();
  void write_targets(size_t service);

  DataCentre& centre_;
  Clock& clock_;
  SimNet& net_;
  WriteFile write_file_;
  std::vector<Duration> latencies_;                // Of their networks.
  std::vector<std::vector<std::string>> aliases_;  // What else their hosts are called.
  std::function<void()> server_listener_;
  std::string page_;
};

// Whether the service's targets come from a file that changes, not from the configuration.
bool has_changing_targets(const WorldDefinition& world, const ServiceDefinition& service);

}  // namespace promenade::sim
