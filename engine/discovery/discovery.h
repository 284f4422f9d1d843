#pragma once  // engine/discovery/discovery.h
// Where targets come from: static_configs and the service discovery mechanisms become target
// groups, and change while the server runs
// (https://prometheus.io/docs/prometheus/latest/configuration/configuration/). All on the event
// loop.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/log.h"
#include "base/transport.h"
#include "config/config.h"

namespace promenade::discovery {

using LabelSet = std::map<std::string, std::string, std::less<>>;

inline constexpr std::string_view kAddressLabel = "__address__";
inline constexpr std::string_view kFilePathLabel = "__meta_filepath";

struct TargetGroup {
  std::string source;             // What it was found in: "0", "targets/web.json:1".
  LabelSet labels;                // Shared by the targets, which may override them.
  std::vector<LabelSet> targets;  // Each has at least __address__.

  friend bool operator==(const TargetGroup& a, const TargetGroup& b) {
    return a.source == b.source && a.labels == b.labels && a.targets == b.targets;
  }
};

// One mechanism that finds groups.
class Provider {
 public:
  virtual ~Provider() = default;
  virtual const std::vector<TargetGroup>& groups() const = 0;
};

// What providers need of the world; all of it outlives them.
struct ProviderContext {
  Clock& clock;
  Transport& transport;
  const FileSystem& files;
  Logger& logger;
  std::string user_agent;
};

std::unique_ptr<Provider> make_static_provider(const std::vector<config::StaticConfig>& configs);
// Reads the files at once, and again on a timer; calls `on_change` when the groups have changed
// since. A file that can't be read or parsed keeps the groups it had, one that is gone loses them.
std::unique_ptr<Provider> make_file_provider(const config::FileSdConfig& config,
                                             ProviderContext context,
                                             std::function<void()> on_change);
// These ask a server, and have no groups until it has answered; from then on they call `on_change`
// when the groups have changed. As long as it does not answer, or answers nonsense, the groups stay
// as they were.
std::unique_ptr<Provider> make_http_provider(const config::HttpSdConfig& config,
                                             ProviderContext context,
                                             std::function<void()> on_change);
std::unique_ptr<Provider> make_dns_provider(const config::DnsSdConfig& config,
                                            ProviderContext context,
                                            std::function<void()> on_change);
std::unique_ptr<Provider> make_consul_provider(const config::ConsulSdConfig& config,
                                               ProviderContext context,
                                               std::function<void()> on_change);
std::unique_ptr<Provider> make_kubernetes_provider(const config::KubernetesSdConfig& config,
                                                   ProviderContext context,
                                                   std::function<void()> on_change);
std::unique_ptr<Provider> make_ec2_provider(const config::Ec2SdConfig& config,
                                            ProviderContext context,
                                            std::function<void()> on_change);

// All that the discovery sections of one job, or of one set of Alertmanagers, find.
class JobDiscovery {
 public:
  JobDiscovery(const config::DiscoveryConfigs& configs, const ProviderContext& context,
               const std::function<void()>& on_change);

  // The groups as they are now.
  std::vector<TargetGroup> groups() const;

 private:
  std::vector<std::unique_ptr<Provider>> providers_;
};

}  // namespace promenade::discovery
