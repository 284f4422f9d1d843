// Service discovery sections in. Those of mechanisms that are not here yet are known keys without
// effect.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "config/sections.h"

namespace promenade::config {
namespace {

// In the order of the enums.
constexpr std::array<std::string_view, 5> kDnsTypes = {"A", "AAAA", "MX", "NS", "SRV"};
constexpr std::array<std::string_view, 6> kRoles = {"node",      "service",       "pod",
                                                    "endpoints", "endpointslice", "ingress"};

bool is_target_file_pattern(std::string_view path) {
  const size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view extension = path.substr(dot + 1);
  constexpr std::array<std::string_view, 6> kExtensions = {"json", "yml", "yaml",
                                                           "JSON", "YML", "YAML"};
  if (std::find(kExtensions.begin(), kExtensions.end(), extension) == kExtensions.end()) {
    return false;
  }
  const size_t star = path.find('*');
  return star == std::string_view::npos ||
         path.find_first_of("*/", star + 1) == std::string_view::npos;
}

Result<FileSdConfig> read_file_sd(const ReadContext& context, const YamlNode& node) {
  FileSdConfig discovery;
  YamlMapping mapping(context.file, node, "a file_sd configuration");
  mapping.duration("refresh_interval", discovery.refresh_interval);
  mapping.list("files", [&](const YamlNode& item) -> Result<void> {
    const std::string path = TRY(context.file.text(item, "files"));
    if (!is_target_file_pattern(path)) {
      return context.file.error_at(
          item, fmt::format("path name {} is not valid for file discovery; expected a path that "
                            "ends in .json, .yml or .yaml, with at most one * in its last part",
                            quote(path)));
    }
    discovery.files.push_back(resolve_path(context, path));
    return {};
  });
  const YamlNode* files = mapping.find("files");
  if (files == nullptr || files->items.empty()) {
    mapping.require(mapping.error_at(
        "files", "file service discovery config must contain at least one path name"));
  }
  if (discovery.refresh_interval.ms <= 0) {
    mapping.require(mapping.error_at("refresh_interval",
                                     "refresh_interval: found 0s, expected a longer duration"));
  }
  TRY(mapping.finish());
  return discovery;
}

// A key whose words say which value of an enum is meant.
template <typename Enum, size_t kCount>
void read_choice(YamlMapping& mapping, std::string_view key,
                 const std::array<std::string_view, kCount>& words, Enum& out) {
  size_t index = static_cast<size_t>(out);
  mapping.choice(key, words, index);
  out = static_cast<Enum>(index);
}

void require_positive(YamlMapping& mapping, std::string_view key, Duration duration) {
  if (duration.ms > 0) return;
  mapping.require(
      mapping.error_at(key, fmt::format("{}: found 0s, expected a longer duration", key)));
}

void require_port(YamlMapping& mapping, uint64_t port) {
  if (port <= 65535) return;
  mapping.require(mapping.error_at("port", "port: expected a number up to 65535"));
}

void require_http_url(YamlMapping& mapping, std::string_view key, const std::string& url) {
  const UrlParts parts = split_url(url);
  if ((parts.scheme == "http" || parts.scheme == "https") && !parts.authority.empty()) return;
  mapping.require(mapping.error_at(
      key,
      fmt::format("{}: found {}, expected a URL such as http://host:8080/path", key, quote(url))));
}

Result<HttpSdConfig> read_http_sd(ReadContext& context, std::string_view where,
                                  const YamlNode& node) {
  HttpSdConfig sd;
  YamlMapping mapping(context.file, node, "an http_sd configuration");
  mapping.text("url", sd.url, Presence::Required);
  mapping.duration("refresh_interval", sd.refresh_interval);
  if (mapping.find("url") != nullptr) require_http_url(mapping, "url", sd.url);
  require_positive(mapping, "refresh_interval", sd.refresh_interval);
  read_http_client(context, mapping, where, sd.http, sd.inert_settings);
  TRY(mapping.finish());
  return sd;
}

Result<DnsSdConfig> read_dns_sd(const ReadContext& context, const YamlNode& node) {
  DnsSdConfig sd;
  YamlMapping mapping(context.file, node, "a dns_sd configuration");
  mapping.text_list("names", sd.names, Presence::Required);
  mapping.value("type", [&](const YamlNode& type) -> Result<void> {
    YamlNode upper = type;
    std::transform(upper.text.begin(), upper.text.end(), upper.text.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    sd.type = static_cast<DnsType>(TRY(context.file.choice(upper, "a type of record", kDnsTypes)));
    return {};
  });
  mapping.count("port", sd.port);
  mapping.duration("refresh_interval", sd.refresh_interval);
  if (sd.names.empty()) {
    mapping.require(mapping.error_at("names",
                                     "DNS-SD config must contain at least one SRV "
                                     "record name"));
  }
  if (sd.type != DnsType::Srv && sd.port == 0) {
    mapping.require(mapping.error_at(
        "port", "a port is required in DNS-SD configs for all record types except SRV"));
  }
  require_port(mapping, sd.port);
  require_positive(mapping, "refresh_interval", sd.refresh_interval);
  TRY(mapping.finish());
  return sd;
}

void read_consul_credentials(YamlMapping& mapping, ConsulSdConfig& sd) {
  BasicAuth basic;
  mapping.text("username", basic.username);
  mapping.text("password", basic.password);
  if (!basic.username.empty() || !basic.password.empty()) {
    if (sd.http.basic_auth) {
      mapping.require(mapping.error_at(
          "username",
          "at most one of consul SD configuration username and password and basic auth "
          "configuration can be configured; keep basic_auth"));
    }
    sd.http.basic_auth = basic;
  }
  mapping.text("token", sd.token);
  if (!sd.token.empty() && sd.http.authorization) {
    mapping.require(mapping.error_at(
        "token",
        "at most one of consul SD token, authorization, or oauth2 can be configured; keep "
        "one"));
  }
}

Result<ConsulSdConfig> read_consul_sd(ReadContext& context, std::string_view where,
                                      const YamlNode& node) {
  ConsulSdConfig sd;
  YamlMapping mapping(context.file, node, "a consul_sd configuration");
  mapping.text("server", sd.server);
  mapping.text("path_prefix", sd.path_prefix);
  mapping.text("datacenter", sd.datacenter);
  mapping.text("namespace", sd.namespace_name);
  mapping.text("partition", sd.partition);
  read_scheme(mapping, sd.scheme);
  mapping.text("tag_separator", sd.tag_separator);
  mapping.boolean("allow_stale", sd.allow_stale);
  mapping.duration("refresh_interval", sd.refresh_interval);
  mapping.text_list("services", sd.services);
  mapping.text_list("tags", sd.tags);
  mapping.text_map("node_meta", sd.node_meta);
  mapping.text("filter", sd.filter);
  mapping.text("health_filter", sd.health_filter);
  read_http_client(context, mapping, where, sd.http, sd.inert_settings);
  read_consul_credentials(mapping, sd);
  if (trim(sd.server).empty()) {
    mapping.require(
        mapping.error_at("server", "consul SD configuration requires a server address"));
  }
  require_positive(mapping, "refresh_interval", sd.refresh_interval);
  TRY(mapping.finish());
  return sd;
}

void read_namespaces(const ReadContext& context, YamlMapping& mapping, KubernetesSdConfig& sd) {
  mapping.value("namespaces", [&](const YamlNode& node) -> Result<void> {
    YamlMapping namespaces(context.file, node, "namespaces");
    namespaces.boolean("own_namespace", sd.own_namespace);
    namespaces.text_list("names", sd.namespaces);
    if (sd.own_namespace && !sd.api_server.empty()) {
      namespaces.require(namespaces.error_at(
          "own_namespace",
          "cannot use 'api_server' and 'namespaces.own_namespace' simultaneously; name the "
          "namespaces"));
    }
    return namespaces.finish();
  });
}

// What a role asks the API server for.
bool is_selectable(KubernetesRole role, KubernetesRole selected) {
  if (role == selected) return true;
  const bool has_pods = role == KubernetesRole::Endpoints || role == KubernetesRole::EndpointSlice;
  if (selected == KubernetesRole::Node) return has_pods || role == KubernetesRole::Pod;
  return has_pods && (selected == KubernetesRole::Pod || selected == KubernetesRole::Service);
}

void read_selectors(const ReadContext& context, YamlMapping& mapping, KubernetesSdConfig& sd) {
  mapping.list("selectors", [&](const YamlNode& node) -> Result<void> {
    KubernetesSdConfig::Selector selector;
    YamlMapping one(context.file, node, "a selector");
    read_choice(one, "role", kRoles, selector.role);
    one.text("label", selector.label);
    one.text("field", selector.field);
    if (one.find("role", Presence::Required) != nullptr && !is_selectable(sd.role, selector.role)) {
      one.require(one.error_at("role", fmt::format("{} role supports no selectors for {}",
                                                   to_string(sd.role), to_string(selector.role))));
    }
    for (const auto& known : sd.selectors) {
      if (known.role != selector.role) continue;
      one.require(one.error_at("role", fmt::format("duplicated selector role: {}; write one with "
                                                   "both label and field",
                                                   to_string(selector.role))));
    }
    TRY(one.finish());
    sd.selectors.push_back(std::move(selector));
    return {};
  });
}

Result<KubernetesSdConfig> read_kubernetes_sd(ReadContext& context, std::string_view where,
                                              const YamlNode& node) {
  KubernetesSdConfig sd;
  YamlMapping mapping(context.file, node, "a kubernetes_sd configuration");
  mapping.find("role", Presence::Required);
  read_choice(mapping, "role", kRoles, sd.role);
  mapping.text("api_server", sd.api_server);
  if (!sd.api_server.empty()) require_http_url(mapping, "api_server", sd.api_server);
  read_namespaces(context, mapping, sd);
  read_selectors(context, mapping, sd);
  mapping.value("attach_metadata", [&](const YamlNode& metadata) -> Result<void> {
    YamlMapping one(context.file, metadata, "attach_metadata");
    one.boolean("node", sd.attach_node_metadata);
    read_inert(context, one, fmt::format("{}attach_metadata.", where),
               {"namespace", "deployment", "job", "cronjob"}, sd.inert_settings);
    return one.finish();
  });
  read_http_client(context, mapping, where, sd.http, sd.inert_settings);
  read_inert(context, mapping, where, {"kubeconfig_file"}, sd.inert_settings);
  TRY(mapping.finish());
  return sd;
}

Result<Ec2SdConfig> read_ec2_sd(ReadContext& context, std::string_view where,
                                const YamlNode& node) {
  Ec2SdConfig sd;
  YamlMapping mapping(context.file, node, "an ec2_sd configuration");
  mapping.text("region", sd.region);
  mapping.text("endpoint", sd.endpoint);
  mapping.text("access_key", sd.access_key);
  mapping.text("secret_key", sd.secret_key);
  mapping.count("port", sd.port);
  mapping.duration("refresh_interval", sd.refresh_interval);
  mapping.list("filters", [&](const YamlNode& item) -> Result<void> {
    Ec2SdConfig::Filter filter;
    YamlMapping one(context.file, item, "a filter");
    one.text("name", filter.name, Presence::Required);
    one.text_list("values", filter.values, Presence::Required);
    if (one.find("values") != nullptr && filter.values.empty()) {
      one.require(one.error_at("values", "EC2 SD configuration filter values cannot be empty"));
    }
    TRY(one.finish());
    sd.filters.push_back(std::move(filter));
    return {};
  });
  read_http_client(context, mapping, where, sd.http, sd.inert_settings);
  read_inert(context, mapping, where, {"profile", "role_arn", "external_id"}, sd.inert_settings);
  require_port(mapping, sd.port);
  require_positive(mapping, "refresh_interval", sd.refresh_interval);
  TRY(mapping.finish());
  if (sd.region.empty() || sd.access_key.empty() || sd.secret_key.empty()) {
    context.notice(
        node,
        fmt::format(
            "{} needs region, access_key and secret_key; the machine's own are not looked up yet",
            where.substr(0, where.size() - 1)));
  }
  return sd;
}

// Reads each item of the list under `key` with `read`.
template <typename Config, typename Read>
void read_all(YamlMapping& mapping, std::string_view key, std::vector<Config>& out, Read read) {
  mapping.list(key, [&](const YamlNode& node) -> Result<void> {
    out.push_back(TRY(read(node)));
    return {};
  });
}

}  // namespace

std::string_view to_string(DnsType type) {
  return kDnsTypes[static_cast<size_t>(type)];
}

std::string_view to_string(KubernetesRole role) {
  return kRoles[static_cast<size_t>(role)];
}

Result<StaticConfig> read_static_config(ReadContext& context, const YamlNode& node,
                                        bool legacy_names) {
  StaticConfig group;
  YamlMapping mapping(context.file, node, "a target group");
  mapping.text_list("targets", group.targets);
  read_labels(context, mapping, "labels", legacy_names, group.labels);
  TRY(mapping.finish());
  return group;
}

void read_discovery(ReadContext& context, YamlMapping& mapping, std::string_view where,
                    bool legacy_names, DiscoveryConfigs& out, std::vector<YamlEntry>& inert) {
  const auto within = [&](std::string_view key) { return fmt::format("{}{}.", where, key); };
  read_all(mapping, "static_configs", out.static_configs,
           [&](const YamlNode& node) { return read_static_config(context, node, legacy_names); });
  read_all(mapping, "file_sd_configs", out.file_sd_configs,
           [&](const YamlNode& node) { return read_file_sd(context, node); });
  read_all(mapping, "http_sd_configs", out.http_sd_configs, [&](const YamlNode& node) {
    return read_http_sd(context, within("http_sd_configs"), node);
  });
  read_all(mapping, "dns_sd_configs", out.dns_sd_configs,
           [&](const YamlNode& node) { return read_dns_sd(context, node); });
  read_all(mapping, "consul_sd_configs", out.consul_sd_configs, [&](const YamlNode& node) {
    return read_consul_sd(context, within("consul_sd_configs"), node);
  });
  read_all(mapping, "kubernetes_sd_configs", out.kubernetes_sd_configs, [&](const YamlNode& node) {
    return read_kubernetes_sd(context, within("kubernetes_sd_configs"), node);
  });
  read_all(mapping, "ec2_sd_configs", out.ec2_sd_configs, [&](const YamlNode& node) {
    return read_ec2_sd(context, within("ec2_sd_configs"), node);
  });
  read_inert(context, mapping, where,
             {"aws_sd_configs",       "azure_sd_configs",       "digitalocean_sd_configs",
              "docker_sd_configs",    "dockerswarm_sd_configs", "eureka_sd_configs",
              "gce_sd_configs",       "hetzner_sd_configs",     "ionos_sd_configs",
              "kuma_sd_configs",      "lightsail_sd_configs",   "linode_sd_configs",
              "marathon_sd_configs",  "nerve_sd_configs",       "nomad_sd_configs",
              "oci_sd_configs",       "openstack_sd_configs",   "outscale_sd_configs",
              "ovhcloud_sd_configs",  "puppetdb_sd_configs",    "scaleway_sd_configs",
              "serverset_sd_configs", "stackit_sd_configs",     "triton_sd_configs",
              "uyuni_sd_configs",     "vultr_sd_configs"},
             inert);
}

}  // namespace promenade::config
