#pragma once  // engine/config/discovery_config.h
// Where targets come from: static_configs and the service discovery mechanisms
// (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config), with
// every default filled in.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "config/http_client_config.h"
#include "config/yaml_reader.h"

namespace promenade::config {

// Targets that share labels. Of static_configs and of target files.
struct StaticConfig {
  std::vector<std::string> targets;
  TextMap labels;
};

struct FileSdConfig {
  std::vector<std::string> files;  // Paths; the last segment may hold one '*'.
  Duration refresh_interval = Duration::minutes(5);
};

// What the mechanisms that ask a server have in common.
struct SdClientConfig {
  HttpClientConfig http;
  std::vector<YamlEntry> inert_settings;  // Known keys without effect yet, as they stand.
};

struct HttpSdConfig : SdClientConfig {
  std::string url;
  Duration refresh_interval = Duration::seconds(60);
};

struct ConsulSdConfig : SdClientConfig {
  std::string server = "localhost:8500";
  std::string path_prefix;
  std::string token;
  std::string datacenter;  // "": that of the agent.
  std::string namespace_name;
  std::string partition;
  std::string scheme = "http";
  std::string tag_separator = ",";
  bool allow_stale = true;
  Duration refresh_interval = Duration::seconds(30);
  std::vector<std::string> services;  // Empty: all.
  std::vector<std::string> tags;      // A service needs all of them.
  TextMap node_meta;
  std::string filter;         // Of the catalogue.
  std::string health_filter;  // Of a service's instances.
};

enum class DnsType { A, Aaaa, Mx, Ns, Srv };
std::string_view to_string(DnsType type);  // "A", "AAAA", ...

struct DnsSdConfig {
  std::vector<std::string> names;
  DnsType type = DnsType::Srv;
  uint64_t port = 0;  // Of all but SRV records, which have their own.
  Duration refresh_interval = Duration::seconds(30);
};

enum class KubernetesRole { Node, Service, Pod, Endpoints, EndpointSlice, Ingress };
std::string_view to_string(KubernetesRole role);  // "node", "endpointslice", ...

struct KubernetesSdConfig : SdClientConfig {
  std::string api_server;  // "": the cluster that the server runs in.
  KubernetesRole role = KubernetesRole::Pod;
  bool own_namespace = false;
  std::vector<std::string> namespaces;  // Empty: all.
  struct Selector {
    KubernetesRole role = KubernetesRole::Pod;
    std::string label;
    std::string field;
  };
  std::vector<Selector> selectors;
  bool attach_node_metadata = false;
};

struct Ec2SdConfig : SdClientConfig {
  std::string region;
  std::string endpoint;  // "": that of the region.
  std::string access_key;
  std::string secret_key;
  uint64_t port = 80;
  Duration refresh_interval = Duration::seconds(60);
  struct Filter {
    std::string name;
    std::vector<std::string> values;  // One of them has to fit.
  };
  std::vector<Filter> filters;  // All of them have to fit.
};

// The keys of discovery stand inline in those of a job and of a set of Alertmanagers.
struct DiscoveryConfigs {
  std::vector<StaticConfig> static_configs;
  std::vector<FileSdConfig> file_sd_configs;
  std::vector<HttpSdConfig> http_sd_configs;
  std::vector<DnsSdConfig> dns_sd_configs;
  std::vector<ConsulSdConfig> consul_sd_configs;
  std::vector<KubernetesSdConfig> kubernetes_sd_configs;
  std::vector<Ec2SdConfig> ec2_sd_configs;
};

}  // namespace promenade::config
