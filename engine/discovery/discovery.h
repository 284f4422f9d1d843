#pragma once  // engine/discovery/discovery.h
// Where targets come from: static_configs and file_sd_configs become target groups, and change
// while the server runs
// (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config). All
// on the event loop.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/log.h"
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
  const FileSystem& files;
  Logger& logger;
};

std::unique_ptr<Provider> make_static_provider(const std::vector<config::StaticConfig>& configs);
// Reads the files at once, and again on a timer; calls `on_change` when the groups have changed
// since. A file that can't be read or parsed keeps the groups it had, one that is gone loses them.
std::unique_ptr<Provider> make_file_provider(const config::FileSdConfig& config,
                                             ProviderContext context,
                                             std::function<void()> on_change);

// All that the discovery sections of one job, or of one set of Alertmanagers, find.
class JobDiscovery {
 public:
  JobDiscovery(const std::vector<config::StaticConfig>& static_configs,
               const std::vector<config::FileSdConfig>& file_sd_configs, ProviderContext context,
               const std::function<void()>& on_change);
  JobDiscovery(const config::ScrapeConfig& job, ProviderContext context,
               const std::function<void()>& on_change);

  // The groups as they are now.
  std::vector<TargetGroup> groups() const;

 private:
  std::vector<std::unique_ptr<Provider>> providers_;
};

}  // namespace promenade::discovery
