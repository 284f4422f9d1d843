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

JobDiscovery::JobDiscovery(const config::DiscoveryConfigs& configs, const ProviderContext& context,
                           const std::function<void()>& on_change) {
  const auto add_all = [&](const auto& sections, auto make_provider) {
    for (const auto& section : sections) {
      providers_.push_back(make_provider(section, context, on_change));
    }
  };
  if (!configs.static_configs.empty()) {
    providers_.push_back(make_static_provider(configs.static_configs));
  }
  add_all(configs.file_sd_configs, make_file_provider);
  add_all(configs.http_sd_configs, make_http_provider);
  add_all(configs.dns_sd_configs, make_dns_provider);
  add_all(configs.consul_sd_configs, make_consul_provider);
  add_all(configs.kubernetes_sd_configs, make_kubernetes_provider);
  add_all(configs.ec2_sd_configs, make_ec2_provider);
}

std::vector<TargetGroup> JobDiscovery::groups() const {
  std::vector<TargetGroup> all;
  for (const auto& provider : providers_) {
    all.insert(all.end(), provider->groups().begin(), provider->groups().end());
  }
  return all;
}

}  // namespace promenade::discovery
