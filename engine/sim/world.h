#pragma once  // engine/sim/world.h
// A data centre in a box: simulated services on a SimNet, and a Prometheus that scrapes them on a
// virtual clock. What happens is a function of the workload's name, the seed and the time.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/transport.h"
#include "server/server.h"

namespace promenade::sim {

struct WorldOptions {
  std::string workload = "web-shop";
  uint64_t seed = 1;
  // Where virtual time starts; the history that a lesson can look back on begins here.
  Timestamp start = Timestamp::from_seconds(1'767'225'600);  // 2026-01-01T00:00:00Z
  // How much history create() lets happen before it returns.
  Duration history = Duration::hours(2);
  // Files of the world, by name. "prometheus.yml" takes the place of the workload's own;
  // "alertmanager.yml" brings an Alertmanager at http://alertmanager:9093 and an inbox for its
  // notifications (sim/inbox.h). Other .yml files are rule files, unless a prometheus.yml here
  // names its own. Errors in them are those of the servers: file:line:column.
  std::map<std::string, std::string> files;
};

class World {
 public:
  // Fails with NotFound for an unknown workload; the message lists those that exist.
  static Result<std::unique_ptr<World>> create(const WorldOptions& options);
  ~World();

  Timestamp now() const;
  void run_until(Timestamp until);

  // Sends a request to a host of this world, by absolute URL:
  //   http://prometheus:9090/api/v1/query?query=up   the simulated Prometheus
  //   http://world/clock                             GET: {"now":seconds,"start":seconds}; POST
  //                                                  ?advance=60 moves time on by 60 seconds
  //   http://checkout-1:8080/metrics                 any simulated service
  //   http://alertmanager:9093/api/v2/alerts         the Alertmanager, if there is one
  //   http://inbox/notifications                     what it has sent
  HttpResponse handle(const HttpRequest& request);

  server::Server& prometheus();

 private:
  struct Impl;
  explicit World(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The names that WorldOptions::workload may have.
std::vector<std::string_view> workloads();

}  // namespace promenade::sim
