#pragma once  // engine/sim/chaos/server_chaos.h
// What chaos does to the servers of a world rather than to its services: the Prometheus, the
// Alertmanager, and those who get the notifications.
#include <string>

#include "base/time.h"
#include "server/server.h"
#include "sim/chaos/timeline.h"
#include "sim/memory_file_system.h"
#include "sim/sim_net.h"

namespace promenade::sim {

class ServerChaos {
 public:
  // All must outlive it. `config_file` is the server's.
  ServerChaos(const Timeline& timeline, SimNet& net, MemoryFileSystem& files,
              server::Server& prometheus, std::string config_file);

  // Brings the servers into the state that the timeline wants at `now`. To be called whenever a
  // disturbance that concerns servers begins or ends.
  void apply(Timestamp now);

 private:
  const Disturbance* under_way(Control control, Timestamp now) const;
  void break_config(bool is_broken);
  void set_receiver_status(int status);

  const Timeline& timeline_;
  SimNet& net_;
  MemoryFileSystem& files_;
  server::Server& prometheus_;
  std::string config_file_;
  std::string good_config_;  // While the file is broken.
  int receiver_status_ = 200;
};

}  // namespace promenade::sim
