// consul_sd_configs: the catalogue says which services there are, the health endpoint says where
// each of them runs. Both are blocking queries: Consul answers when something has changed or the
// wait is over, and the index of the answer is part of the next question
// (https://developer.hashicorp.com/consul/api-docs/features/blocking).
#include <algorithm>
#include <map>

#include "base/strings.h"
#include "discovery/json_access.h"
#include "discovery/poll.h"

namespace promenade::discovery {
namespace {

constexpr Duration kWait = Duration::minutes(2);
constexpr Duration kTimeout = Duration::seconds(135);
// Until the agent has told its datacenter.
constexpr Duration kAgentInterval = Duration::seconds(15);

// How Consul's checks add up: the worst one counts.
std::string health_of(const Json& checks) {
  size_t worst = 0;
  constexpr std::string_view kStates[] = {"passing", "warning", "critical", "maintenance"};
  for (const Json& check : checks) {
    const std::string id = text_at(check, "CheckID");
    const std::string status = text_at(check, "Status");
    size_t state = std::find(std::begin(kStates), std::end(kStates), status) - std::begin(kStates);
    if (id == "_node_maintenance" || id.rfind("_service_maintenance:", 0) == 0) state = 3;
    if (state < std::size(kStates)) worst = std::max(worst, state);
  }
  return std::string(kStates[worst]);
}

void add_all(LabelSet& labels, const std::string& prefix, const Json& texts) {
  if (!texts.is_object()) return;
  for (const auto& [name, value] : texts.items()) {
    labels[prefix + sanitized(name)] = text_of(value);
  }
}

std::string tags_text(const Json& entry, const std::string& separator) {
  std::vector<std::string> tags;
  for (const Json& tag : items_at(entry, "Service.Tags")) tags.push_back(text_of(tag));
  return separator + join(tags, separator) + separator;
}

// One entry of /v1/health/service/NAME.
LabelSet target_of(const Json& entry, const std::string& separator) {
  LabelSet labels;
  const std::string port = text_at(entry, "Service.Port");
  const std::string own = text_at(entry, "Service.Address");
  const std::string node = text_at(entry, "Node.Address");
  labels[std::string(kAddressLabel)] = join_host_port(own.empty() ? node : own, port);
  labels["__meta_consul_address"] = node;
  labels["__meta_consul_health"] = health_of(items_at(entry, "Checks"));
  labels["__meta_consul_namespace"] = text_at(entry, "Service.Namespace");
  labels["__meta_consul_node"] = text_at(entry, "Node.Node");
  labels["__meta_consul_partition"] = text_at(entry, "Service.Partition");
  labels["__meta_consul_service_address"] = own;
  labels["__meta_consul_service_id"] = text_at(entry, "Service.ID");
  labels["__meta_consul_service_port"] = port;
  labels["__meta_consul_tags"] = tags_text(entry, separator);
  add_all(labels, "__meta_consul_metadata_", at(entry, "Node.Meta"));
  add_all(labels, "__meta_consul_service_metadata_", at(entry, "Service.Meta"));
  const Json& tagged = at(entry, "Service.TaggedAddresses");
  if (tagged.is_object()) {
    for (const auto& [name, address] : tagged.items()) {
      labels["__meta_consul_tagged_address_" + sanitized(name)] =
          join_host_port(text_at(address, "Address"), text_at(address, "Port"));
    }
  }
  return labels;
}

class ConsulProvider final : public Provider {
 public:
  ConsulProvider(const config::ConsulSdConfig& config, ProviderContext context,
                 std::function<void()> on_change)
      : config_(config), context_(std::move(context)), on_change_(std::move(on_change)) {
    datacenter_ = config_.datacenter;
    if (datacenter_.empty()) {
      ask_agent();
    } else {
      begin();
    }
  }

  const std::vector<TargetGroup>& groups() const override { return groups_; }

 private:
  // A service that is watched.
  struct Watched {
    uint64_t index = 0;  // Of its last answer.
    TargetGroup group;
    bool is_known = false;  // There was an answer.
    std::unique_ptr<Poll> poll;
  };

  HttpRequest get(const std::string& path, const std::string& query) const {
    HttpRequest request;
    request.url = config_.scheme + "://" + config_.server;
    if (!config_.path_prefix.empty()) {
      if (config_.path_prefix[0] != '/') request.url += '/';
      request.url += config_.path_prefix;
    }
    request.url += path;
    if (!query.empty()) request.url += "?" + query;
    if (!config_.token.empty()) request.headers.set("X-Consul-Token", config_.token);
    return request;
  }

  std::string query_after(uint64_t index) const {
    std::string query = "dc=" + url_encode(datacenter_);
    if (index > 0) query += "&index=" + std::to_string(index);
    query += "&wait=" + std::to_string(kWait.ms) + "ms";
    if (config_.allow_stale) query += "&stale";
    if (!config_.namespace_name.empty()) query += "&ns=" + url_encode(config_.namespace_name);
    if (!config_.partition.empty()) query += "&partition=" + url_encode(config_.partition);
    for (const auto& [name, value] : config_.node_meta) {
      query += "&node-meta=" + url_encode(name + ":" + value);
    }
    return query;
  }

  // `index` is that of the answers; a failure forgets it, so that the next answer comes at once.
  std::unique_ptr<Poll> poll(const std::string& what, Duration interval, uint64_t& index,
                             std::function<Result<HttpRequest>()> request,
                             std::function<Result<void>(const HttpResponse&)> accept) {
    return std::make_unique<Poll>(context_, PollOptions{.what = "Consul for " + what,
                                                        .interval = interval,
                                                        .timeout = kTimeout,
                                                        .http = config_.http,
                                                        .request = std::move(request),
                                                        .accept = std::move(accept),
                                                        .on_failure = [&index] { index = 0; }});
  }

  void ask_agent() {
    catalog_ = poll(
        "its datacenter", kAgentInterval, catalog_index_,
        [this] { return get("/v1/agent/self", ""); },
        [this](const HttpResponse& answer) -> Result<void> {
          datacenter_ = text_at(TRY(parse_json(answer.body)), "Config.Datacenter");
          if (datacenter_.empty()) return bad_data("the agent names no datacenter");
          begin();
          return {};
        });
  }

  void begin() {
    const bool asks_catalog =
        config_.services.empty() || !config_.tags.empty() || !config_.filter.empty();
    if (!asks_catalog) {
      for (const std::string& service : config_.services) watch(service);
      catalog_.reset();
      return;
    }
    catalog_ = poll(
        "the services", config_.refresh_interval, catalog_index_,
        [this] {
          std::string query = query_after(catalog_index_);
          if (!config_.filter.empty()) query += "&filter=" + url_encode(config_.filter);
          return get("/v1/catalog/services", query);
        },
        [this](const HttpResponse& answer) { return accept_services(answer); });
  }

  // Whether the answer says something new; remembers its index.
  static bool is_news(const HttpResponse& answer, uint64_t& index) {
    const std::string_view text = answer.headers.get("X-Consul-Index");
    uint64_t number = 0;
    for (const char c : text) number = c >= '0' && c <= '9' ? number * 10 + (c - '0') : 0;
    if (number != 0 && number == index) return false;
    // An index that falls means that the servers have begun anew, and so does the counting.
    index = number < index ? 0 : number;
    return true;
  }

  bool is_wanted(const std::string& name, const Json& tags) const {
    const auto& names = config_.services;
    if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) return false;
    return std::all_of(config_.tags.begin(), config_.tags.end(), [&](const std::string& wanted) {
      return tags.is_array() && std::any_of(tags.begin(), tags.end(), [&](const Json& tag) {
               return text_of(tag) == wanted;
             });
    });
  }

  Result<void> accept_services(const HttpResponse& answer) {
    if (!is_news(answer, catalog_index_)) return {};
    const Json services = TRY(parse_json(answer.body));
    if (!services.is_object()) return bad_data("expected an object of services and their tags");
    std::map<std::string, Watched> former = std::exchange(watched_, {});
    for (const auto& [name, tags] : services.items()) {
      if (!is_wanted(name, tags)) continue;
      if (const auto known = former.find(name); known != former.end()) {
        watched_.insert(former.extract(known));
      } else {
        watch(name);
      }
    }
    if (!former.empty()) publish();
    return {};
  }

  void watch(const std::string& service) {
    Watched& watched = watched_[service];
    watched.poll = poll(
        "the service " + service, config_.refresh_interval, watched.index,
        [this, service] {
          std::string query = query_after(watched_[service].index);
          for (const std::string& tag : config_.tags) query += "&tag=" + url_encode(tag);
          if (!config_.health_filter.empty()) {
            query += "&filter=" + url_encode(config_.health_filter);
          }
          return get("/v1/health/service/" + url_encode(service), query);
        },
        [this, service](const HttpResponse& answer) { return accept_health(service, answer); });
  }

  Result<void> accept_health(const std::string& service, const HttpResponse& answer) {
    Watched& watched = watched_[service];
    if (!is_news(answer, watched.index)) return {};
    const Json entries = TRY(parse_json(answer.body));
    if (!entries.is_array()) return bad_data("expected a list of a service's instances");
    TargetGroup group;
    group.source = service;
    group.labels["__meta_consul_dc"] = datacenter_;
    group.labels["__meta_consul_service"] = service;
    for (const Json& entry : entries) {
      group.targets.push_back(target_of(entry, config_.tag_separator));
    }
    const bool is_same = watched.is_known && group == watched.group;
    watched.group = std::move(group);
    watched.is_known = true;
    if (!is_same) publish();
    return {};
  }

  void publish() {
    groups_.clear();
    for (const auto& [name, watched] : watched_) {
      if (watched.is_known) groups_.push_back(watched.group);
    }
    on_change_();
  }

  const config::ConsulSdConfig config_;
  ProviderContext context_;
  std::function<void()> on_change_;
  std::string datacenter_;
  uint64_t catalog_index_ = 0;
  std::unique_ptr<Poll> catalog_;  // Or, at first, of the agent.
  std::map<std::string, Watched> watched_;
  std::vector<TargetGroup> groups_;
};

}  // namespace

std::unique_ptr<Provider> make_consul_provider(const config::ConsulSdConfig& config,
                                               ProviderContext context,
                                               std::function<void()> on_change) {
  return std::make_unique<ConsulProvider>(config, std::move(context), std::move(on_change));
}

}  // namespace promenade::discovery
