// ec2_sd_configs: DescribeInstances of the EC2 query API, page by page
// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html).
#include <algorithm>
#include <map>

#include "base/strings.h"
#include "discovery/aws_signature.h"
#include "discovery/poll.h"
#include "discovery/xml.h"

namespace promenade::discovery {
namespace {

constexpr Duration kTimeout = Duration::seconds(30);

// Labels that are one element of an <instancesSet><item>.
struct PlainLabel {
  std::string_view name;
  std::string_view path;
};
constexpr PlainLabel kPlainLabels[] = {
    {"ami", "imageId"},
    {"architecture", "architecture"},
    {"availability_zone", "placement.availabilityZone"},
    {"instance_id", "instanceId"},
    {"instance_lifecycle", "instanceLifecycle"},
    {"instance_state", "instanceState.name"},
    {"instance_type", "instanceType"},
    {"platform", "platform"},
    {"primary_subnet_id", "subnetId"},
    {"private_dns_name", "privateDnsName"},
    {"private_ip", "privateIpAddress"},
    {"public_dns_name", "dnsName"},
    {"public_ip", "ipAddress"},
    {"vpc_id", "vpcId"},
};

std::string label(std::string_view name) {
  return "__meta_ec2_" + std::string(name);
}

// ",a,b,"; "" without any.
std::string between_commas(const std::vector<std::string>& texts) {
  return texts.empty() ? "" : "," + join(texts, ",") + ",";
}

// What its network interfaces say: subnets, and addresses of version 6.
void add_interfaces(LabelSet& labels, const XmlElement& instance) {
  std::vector<std::string> subnets;
  std::vector<std::string> addresses;
  std::vector<std::string> primary;
  for (const XmlElement& interface : instance.at("networkInterfaceSet").children) {
    const std::string subnet = interface.text_at("subnetId");
    if (!subnet.empty() && std::find(subnets.begin(), subnets.end(), subnet) == subnets.end()) {
      subnets.push_back(subnet);
    }
    for (const XmlElement& one : interface.at("ipv6AddressesSet").children) {
      const std::string address = one.text_at("ipv6Address");
      addresses.push_back(address);
      if (one.text_at("isPrimaryIpv6") == "true") primary.push_back(address);
    }
  }
  labels[label("subnet_id")] = between_commas(subnets);
  labels[label("ipv6_addresses")] = between_commas(addresses);
  labels[label("primary_ipv6_addresses")] = between_commas(primary);
  if (!addresses.empty()) labels[label("default_ipv6_address")] = addresses[0];
}

LabelSet target_of(const XmlElement& instance, const std::string& owner,
                   const config::Ec2SdConfig& config) {
  LabelSet labels;
  for (const PlainLabel& plain : kPlainLabels) {
    labels[label(plain.name)] = instance.text_at(plain.path);
  }
  labels[label("owner_id")] = owner;
  labels[label("region")] = config.region;
  add_interfaces(labels, instance);
  for (const XmlElement& tag : instance.at("tagSet").children) {
    labels[label("tag_" + sanitized(tag.text_at("key")))] = tag.text_at("value");
  }
  std::string address = labels[label("private_ip")];
  if (address.empty()) address = labels[label("default_ipv6_address")];
  if (!address.empty()) {
    labels[std::string(kAddressLabel)] = join_host_port(address, std::to_string(config.port));
  }
  return labels;
}

class Ec2Provider final : public Provider {
 public:
  Ec2Provider(const config::Ec2SdConfig& config, ProviderContext context,
              std::function<void()> on_change)
      : config_(config), context_(std::move(context)), on_change_(std::move(on_change)) {
    begin();
  }

  const std::vector<TargetGroup>& groups() const override { return groups_; }

 private:
  void begin() {
    poll_ = std::make_unique<Poll>(
        context_, PollOptions{.what = "EC2 for the instances of " + config_.region,
                              .interval = config_.refresh_interval,
                              .timeout = kTimeout,
                              .http = config_.http,
                              .request = [this] { return request(); },
                              .accept = [this](const HttpResponse& answer) -> Result<void> {
                                return accept(answer.body);
                              },
                              .on_failure =
                                  [this] {
                                    page_.clear();
                                    found_.clear();
                                  }});
  }

  Result<HttpRequest> request() const {
    if (config_.region.empty() || config_.access_key.empty() || config_.secret_key.empty()) {
      return bad_data("EC2 discovery needs region, access_key and secret_key in its configuration");
    }
    HttpRequest request;
    request.method = "POST";
    request.url = config_.endpoint.empty() ? "https://ec2." + config_.region + ".amazonaws.com/"
                                           : config_.endpoint;
    request.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    request.body = "Action=DescribeInstances&Version=2016-11-15";
    for (size_t i = 0; i < config_.filters.size(); ++i) {
      const std::string name = "&Filter." + std::to_string(i + 1);
      request.body += name + ".Name=" + url_encode(config_.filters[i].name);
      const auto& values = config_.filters[i].values;
      for (size_t j = 0; j < values.size(); ++j) {
        request.body += name + ".Value." + std::to_string(j + 1) + "=" + url_encode(values[j]);
      }
    }
    if (!page_.empty()) request.body += "&NextToken=" + url_encode(page_);
    sign(request, {config_.access_key, config_.secret_key, config_.region, "ec2"},
         context_.clock.now());
    return request;
  }

  Result<void> accept(std::string_view body) {
    const XmlElement root = TRY(parse_xml(body));
    if (root.name != "DescribeInstancesResponse") {
      return bad_data("expected a DescribeInstancesResponse, found <" + root.name + ">");
    }
    for (const XmlElement& reservation : root.at("reservationSet").children) {
      for (const XmlElement& instance : reservation.at("instancesSet").children) {
        LabelSet target = target_of(instance, reservation.text_at("ownerId"), config_);
        if (target.count(kAddressLabel) > 0) found_.push_back(std::move(target));
      }
    }
    page_ = root.text_at("nextToken");
    if (!page_.empty()) {
      begin();  // The next page at once.
      return {};
    }
    TargetGroup group;
    group.source = config_.region;
    group.targets = std::exchange(found_, {});
    if (!groups_.empty() && groups_[0] == group) return {};
    groups_.assign(1, std::move(group));
    on_change_();
    return {};
  }

  const config::Ec2SdConfig config_;
  ProviderContext context_;
  std::function<void()> on_change_;
  std::string page_;             // The token of the page to ask for; "" is the first one.
  std::vector<LabelSet> found_;  // On the pages before it.
  std::vector<TargetGroup> groups_;
  std::unique_ptr<Poll> poll_;
};

}  // namespace

std::unique_ptr<Provider> make_ec2_provider(const config::Ec2SdConfig& config,
                                            ProviderContext context,
                                            std::function<void()> on_change) {
  return std::make_unique<Ec2Provider>(config, std::move(context), std::move(on_change));
}

}  // namespace promenade::discovery
