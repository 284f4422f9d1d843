// kubernetes_sd_configs: lists what a role needs, and from then on watches it. A watch lasts a few
// seconds only, and its events are read when it ends: a Transport hands over whole answers
// (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
#include <algorithm>

#include "base/strings.h"
#include "discovery/kubernetes_targets.h"
#include "discovery/poll.h"

namespace promenade::discovery {
namespace {

using config::KubernetesRole;

// How long a watch lasts, and so how late a change is seen at most.
constexpr Duration kWatch = Duration::seconds(5);
constexpr Duration kTimeout = Duration::seconds(30);

constexpr std::string_view kClusterServer = "https://kubernetes.default.svc";
constexpr std::string_view kAccount = "/var/run/secrets/kubernetes.io/serviceaccount/";

std::string_view api_of(KubernetesRole role) {
  if (role == KubernetesRole::EndpointSlice) return "/apis/discovery.k8s.io/v1";
  if (role == KubernetesRole::Ingress) return "/apis/networking.k8s.io/v1";
  return "/api/v1";
}

// Whose objects make the targets of a role.
std::vector<KubernetesRole> needs_of(const config::KubernetesSdConfig& config) {
  std::vector<KubernetesRole> needs = {config.role};
  const bool has_backends =
      config.role == KubernetesRole::Endpoints || config.role == KubernetesRole::EndpointSlice;
  if (has_backends) {
    needs.push_back(KubernetesRole::Service);
    needs.push_back(KubernetesRole::Pod);
  }
  if (config.attach_node_metadata && (has_backends || config.role == KubernetesRole::Pod)) {
    needs.push_back(KubernetesRole::Node);
  }
  return needs;
}

class KubernetesProvider final : public Provider {
 public:
  KubernetesProvider(const config::KubernetesSdConfig& config, ProviderContext context,
                     std::function<void()> on_change)
      : config_(config), context_(std::move(context)), on_change_(std::move(on_change)) {
    if (config_.api_server.empty()) {
      config_.api_server = kClusterServer;
      if (!config_.http.authorization) {
        config_.http.authorization.emplace();
        config_.http.authorization->credentials_file = std::string(kAccount) + "token";
      }
    }
    while (!config_.api_server.empty() && config_.api_server.back() == '/') {
      config_.api_server.pop_back();
    }
    if (config_.own_namespace && !add_own_namespace()) return;
    for (const KubernetesRole role : needs_of(config_)) begin(role);
  }

  const std::vector<TargetGroup>& groups() const override { return groups_; }

 private:
  // The objects of one kind in one namespace, or in all.
  struct Collection {
    KubernetesRole role;
    std::string url;      // With what selects, without "?".
    std::string query;    // What selects, or "".
    std::string version;  // Of the last answer; "" before a list.
    bool is_listed = false;
    std::map<std::pair<std::string, std::string>, Json> objects;  // By namespace and name.
    std::unique_ptr<Poll> poll;
  };

  // False if it is not known: no namespace at all would mean every one.
  bool add_own_namespace() {
    const auto text = context_.files.read(std::string(kAccount) + "namespace");
    if (!text) {
      context_.logger.log(LogLevel::Error,
                          "Kubernetes: the server's own namespace is not known, so nothing is "
                          "discovered until the configuration is loaded again",
                          {{"err", text.error().message}});
      return false;
    }
    config_.namespaces.emplace_back(trim(*text));
    return true;
  }

  void begin(KubernetesRole role) {
    std::vector<std::string> places = config_.namespaces;
    if (places.empty() || role == KubernetesRole::Node) places = {""};
    for (const std::string& place : places) {
      auto collection = std::make_unique<Collection>();
      collection->role = role;
      collection->url = config_.api_server + std::string(api_of(role));
      if (!place.empty()) collection->url += "/namespaces/" + url_encode(place);
      collection->url += "/" + std::string(resource_of(role));
      for (const auto& selector : config_.selectors) {
        if (selector.role != role) continue;
        if (!selector.label.empty()) {
          collection->query += "&labelSelector=" + url_encode(selector.label);
        }
        if (!selector.field.empty()) {
          collection->query += "&fieldSelector=" + url_encode(selector.field);
        }
      }
      collections_.push_back(std::move(collection));
      watch(*collections_.back());
    }
  }

  void watch(Collection& collection) {
    collection.poll = std::make_unique<Poll>(
        context_,
        PollOptions{.what = "Kubernetes for " + std::string(resource_of(collection.role)),
                    .interval = kWatch,
                    .timeout = kTimeout,
                    .http = config_.http,
                    .request = [&collection] { return request_for(collection); },
                    .accept = [this, &collection](const HttpResponse& answer) -> Result<void> {
                      return accept(collection, answer);
                    },
                    .on_failure = [&collection] { collection.version.clear(); }});
  }

  static Result<HttpRequest> request_for(const Collection& collection) {
    HttpRequest request;
    std::string query = collection.query;
    if (!collection.version.empty()) {
      query +=
          "&watch=1&allowWatchBookmarks=true&resourceVersion=" + url_encode(collection.version) +
          "&timeoutSeconds=" + std::to_string(kWatch.ms / 1000);
    }
    request.url = collection.url;
    if (!query.empty()) request.url += "?" + query.substr(1);
    request.headers.set("Accept", "application/json");
    return request;
  }

  Result<void> accept(Collection& collection, const HttpResponse& answer) {
    if (!collection.version.empty()) return accept_events(collection, answer.body);
    const Json list = TRY(parse_json(answer.body));
    const std::string version = text_at(list, "metadata.resourceVersion");
    if (version.empty()) return bad_data("expected a list with a resourceVersion");
    collection.objects.clear();
    for (const Json& item : items_at(list, "items")) put(collection, item);
    collection.version = version;
    collection.is_listed = true;
    publish();
    return {};
  }

  static void put(Collection& collection, const Json& object) {
    collection.objects[key_of(object)] = object;
  }

  static std::pair<std::string, std::string> key_of(const Json& object) {
    return {text_at(object, "metadata.namespace"), text_at(object, "metadata.name")};
  }

  // One event a line.
  Result<void> accept_events(Collection& collection, std::string_view lines) {
    bool has_changed = false;
    for (const std::string_view line : split(lines, '\n')) {
      if (trim(line).empty()) continue;
      const Json event = TRY(parse_json(line));
      const std::string type = text_at(event, "type");
      const Json& object = at(event, "object");
      if (type == "ERROR") {
        // Most likely the version is too old: what has happened since is only to be had by a list.
        collection.version.clear();
        watch(collection);
        break;
      }
      if (type == "ADDED" || type == "MODIFIED") put(collection, object);
      if (type == "DELETED") collection.objects.erase(key_of(object));
      has_changed = has_changed || type != "BOOKMARK";
      const std::string version = text_at(object, "metadata.resourceVersion");
      if (!version.empty()) collection.version = version;
    }
    if (has_changed) publish();
    return {};
  }

  void publish() {
    KubernetesStore store;
    for (const auto& collection : collections_) {
      // Half of the picture would give targets without their pods' labels.
      if (!collection->is_listed) return;
      KubernetesObjects& objects = store[std::string(resource_of(collection->role))];
      for (const auto& [key, object] : collection->objects) objects[key] = &object;
    }
    std::vector<TargetGroup> groups =
        kubernetes_groups(config_.role, store, config_.attach_node_metadata);
    if (groups == groups_) return;
    groups_ = std::move(groups);
    on_change_();
  }

  config::KubernetesSdConfig config_;
  ProviderContext context_;
  std::function<void()> on_change_;
  std::vector<std::unique_ptr<Collection>> collections_;
  std::vector<TargetGroup> groups_;
};

}  // namespace

std::unique_ptr<Provider> make_kubernetes_provider(const config::KubernetesSdConfig& config,
                                                   ProviderContext context,
                                                   std::function<void()> on_change) {
  return std::make_unique<KubernetesProvider>(config, std::move(context), std::move(on_change));
}

}  // namespace promenade::discovery
