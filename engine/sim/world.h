#pragma once  // engine/sim/world.h
// A data centre in a box: simulated services on a SimNet, and a Prometheus that scrapes them on a
// virtual clock. What happens is a function of the world's file, the seed, the time, and what was
// done to it: so it can be rewound, and lived through again with other rules.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/transport.h"
#include "server/server.h"
#include "sim/chaos/timeline.h"

namespace promenade::sim {

class DataCentre;

struct WorldOptions {
  // A world of the course's library, or, when `definition` holds the text of a world file, the name
  // of that file in messages.
  std::string workload = "web-shop";
  std::string definition;
  uint64_t seed = 1;
  // Where virtual time starts; the history that a lesson can look back on begins here.
  Timestamp start = Timestamp::from_seconds(1'767'225'600);  // 2026-01-01T00:00:00Z
  // How much history create() lets happen before it returns.
  Duration history = Duration::hours(2);
  // Texts of configuration files, by path, beside or instead of the world's own.
  // "alertmanager.yml" brings an Alertmanager at http://alertmanager:9093 and an inbox for its
  // notifications (sim/inbox.h). Other .yml files are rule files. The world's own prometheus.yml
  // gets what it takes to know them; one that is given stands as it is, with its own rule_files and
  // alerting. Errors in them are those of the servers: file:line:column.
  std::map<std::string, std::string> files;
};

class World {
 public:
  // Fails with NotFound for an unknown workload; the message lists those that exist. Fails with
  // BadData and FILE:LINE:COLUMN for a definition or a file that is wrong.
  static Result<std::unique_ptr<World>> create(const WorldOptions& options);
  ~World();

  Timestamp now() const;
  void run_until(Timestamp until);
  // Runs until the next scrape is answered, at most an hour.
  void step_scrape();

  // Goes back to how it was: lives through everything again from the start, with what was done to
  // it until then, so equal instants have equal hashes. What prometheus() returned is gone. Fails
  // with BadData for a time before the start or after now.
  Result<void> rewind(Timestamp to);
  // The same incidents up to now, seen by another configuration: these files beside or instead of
  // the present ones. This world stays as it is.
  Result<std::unique_ptr<World>> branch(const std::map<std::string, std::string>& files) const;
  // Of all samples in the store and of the simulated processes. Equal worlds have equal hashes.
  uint64_t state_hash() const;

  // Chaos; the incidents of the seed stand on the same timeline.
  Result<uint64_t> cause(const Timeline::Request& request);  // The id, for revert().
  Result<void> revert(uint64_t id);
  const Timeline& timeline() const;
  // What really happens, to compare measurements with.
  const DataCentre& data_centre() const;

  // Sends a request to a host of this world, by absolute URL:
  //   http://prometheus:9090/api/v1/query?query=up   the simulated Prometheus
  //   http://world/...                               time, chaos and truth: see world_control.h
  //   http://checkout-1:8080/metrics                 any simulated service
  //   http://consul:8500, http://kubernetes:8001, http://ec2   catalogues: sim/catalogue
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
