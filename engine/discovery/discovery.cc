// Static groups, and the sum of what all mechanisms of a job find.
#include "discovery/discovery.h"

namespace promenade::discovery {
namespace {

class StaticProvider final : public Provider {
 public:
  explicit StaticProvider(const std::vector<config::StaticConfig>& configs) {
    for (const config::StaticConfig& config : configs) {
      TargetGroup group;
      group.source = std::to_string(groups_.size());
      group.labels.insert(config.labels.begin(), config.labels.end());
      for (const std::string& address : config.targets) {
        group.targets.push_back({{std::string(kAddressLabel), address}});
      }
      groups_.push_back(std::move(group));
    }
  }

  const std::vector<TargetGroup>& groups() const override { return groups_; }

 private:
  std::vector<TargetGroup> groups_;
};

}  // namespace

std::unique_ptr<Provider> make_static_provider(const std::vector<config::StaticConfig>& configs) {
  return std::make_unique<StaticProvider>(configs);
}

JobDiscovery::JobDiscovery(const std::vector<config::StaticConfig>& static_configs,
                           const std::vector<config::FileSdConfig>& file_sd_configs,
                           ProviderContext context, const std::function<void()>& on_change) {
  if (!static_configs.empty()) providers_.push_back(make_static_provider(static_configs));
  for (const config::FileSdConfig& config : file_sd_configs) {
    providers_.push_back(make_file_provider(config, context, on_change));
  }
}

JobDiscovery::JobDiscovery(const config::ScrapeConfig& job, ProviderContext context,
                           const std::function<void()>& on_change)
    : JobDiscovery(job.static_configs, job.file_sd_configs, context, on_change) {}

std::vector<TargetGroup> JobDiscovery::groups() const {
  std::vector<TargetGroup> all;
  for (const auto& provider : providers_) {
    all.insert(all.end(), provider->groups().begin(), provider->groups().end());
  }
  return all;
}

}  // namespace promenade::discovery
