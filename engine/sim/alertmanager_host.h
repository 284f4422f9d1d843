#pragma once  // engine/sim/alertmanager_host.h
// An Alertmanager among the hosts of a world, at alertmanager:9093, and the inbox that its
// notifications reach.
#include <map>
#include <memory>
#include <string>

#include "alertmanager/alertmanager.h"
#include "base/log.h"
#include "sim/inbox.h"
#include "sim/sim_net.h"

namespace promenade::sim {

inline constexpr std::string_view kAlertmanagerAuthority = "alertmanager:9093";
inline constexpr std::string_view kAlertmanagerConfigFile = "alertmanager.yml";

class AlertmanagerHost {
 public:
  // Reads kAlertmanagerConfigFile and what it names. All must outlive the host. The error names
  // file, line and column.
  static Result<std::unique_ptr<AlertmanagerHost>> create(Clock& clock, SimNet& net,
                                                          FileSystem& files, Logger& logger,
                                                          uint64_t seed);

  const alertmanager::Alertmanager& server() const { return *server_; }

 private:
  AlertmanagerHost(Clock& clock, SimNet& net) : inbox_(clock, net) {}

  Inbox inbox_;
  std::unique_ptr<alertmanager::Alertmanager> server_;
};

// The world's own prometheus.yml, made to tell the world's Alertmanager of alerts and to read the
// rule files, as far as `config` has no such sections itself. Rule files are those of `files` that
// end in .yml or .yaml, prometheus.yml and alertmanager.yml apart.
std::string with_alerting(std::string config, const std::map<std::string, std::string>& files);

}  // namespace promenade::sim
