// dns_sd_configs: the records of a few names, asked for again and again.
#include <map>

#include "base/strings.h"
#include "discovery/poll.h"

namespace promenade::discovery {
namespace {

std::string without_final_dot(std::string_view name) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  return std::string(name);
}

class DnsProvider final : public Provider {
 public:
  DnsProvider(const config::DnsSdConfig& config, const ProviderContext& context,
              std::function<void()> on_change)
      : config_(config), on_change_(std::move(on_change)) {
    for (const std::string& name : config_.names) {
      polls_.push_back(std::make_unique<Poll>(
          context, PollOptions{.what = "the name service for " + name,
                               .interval = config_.refresh_interval,
                               .timeout = config_.refresh_interval,
                               .http = {},
                               .request = [this, name] { return request(name); },
                               .accept = [this, name](const HttpResponse& answer) -> Result<void> {
                                 accept(name, answer.body);
                                 return {};
                               },
                               .on_failure = nullptr}));
    }
  }

  const std::vector<TargetGroup>& groups() const override { return groups_; }

 private:
  Result<HttpRequest> request(const std::string& name) const {
    HttpRequest request;
    request.url =
        "dns:" + url_encode(name) + "?type=" + std::string(config::to_string(config_.type));
    return request;
  }

  void accept(const std::string& name, std::string_view records) {
    TargetGroup group;
    group.source = name;
    for (const std::string_view record : split(records, '\n')) {
      if (!record.empty()) group.targets.push_back(target_of(name, record));
    }
    TargetGroup& known = by_name_[name];
    if (known == group) return;
    known = std::move(group);
    groups_.clear();
    for (const auto& [other, found] : by_name_) groups_.push_back(found);
    on_change_();
  }

  LabelSet target_of(const std::string& name, std::string_view record) const {
    const std::vector<std::string_view> fields = split(record, ' ');
    const std::string_view target = fields.back();
    std::string port = std::to_string(config_.port);
    LabelSet labels;
    labels["__meta_dns_name"] = name;
    if (config_.type == config::DnsType::Srv && fields.size() == 4) {
      port = std::string(fields[2]);
      labels["__meta_dns_srv_record_target"] = std::string(target);
      labels["__meta_dns_srv_record_port"] = port;
    }
    if (config_.type == config::DnsType::Mx) {
      labels["__meta_dns_mx_record_target"] = std::string(target);
    }
    if (config_.type == config::DnsType::Ns) {
      labels["__meta_dns_ns_record_target"] = std::string(target);
    }
    labels[std::string(kAddressLabel)] = join_host_port(without_final_dot(target), port);
    return labels;
  }

  const config::DnsSdConfig config_;
  std::function<void()> on_change_;
  std::map<std::string, TargetGroup> by_name_;
  std::vector<TargetGroup> groups_;
  std::vector<std::unique_ptr<Poll>> polls_;
};

}  // namespace

std::unique_ptr<Provider> make_dns_provider(const config::DnsSdConfig& config,
                                            ProviderContext context,
                                            std::function<void()> on_change) {
  return std::make_unique<DnsProvider>(config, context, std::move(on_change));
}

}  // namespace promenade::discovery
