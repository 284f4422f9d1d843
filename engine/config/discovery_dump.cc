// Service discovery sections out, as normalised YAML.
#include "config/sections.h"
#include "config/yaml_writer.h"
#include "model/duration.h"

namespace promenade::config {
namespace {

void add_client(YamlMapBuilder& out, const SdClientConfig& client) {
  add_http_client(out, client.http);
  for (const YamlEntry& entry : client.inert_settings) out.add(entry.key.text, entry.value);
}

YamlNode number(uint64_t value) {
  return yaml_plain(std::to_string(value));
}

YamlNode to_node(const StaticConfig& group) {
  YamlMapBuilder out;
  out.add("targets", yaml_list(group.targets));
  if (!group.labels.empty()) out.add("labels", yaml_map(group.labels));
  return std::move(out).build();
}

YamlNode to_node(const FileSdConfig& sd) {
  YamlMapBuilder out;
  out.add("files", yaml_list(sd.files));
  out.add("refresh_interval", yaml_duration(sd.refresh_interval));
  return std::move(out).build();
}

YamlNode to_node(const HttpSdConfig& sd) {
  YamlMapBuilder out;
  add_client(out, sd);
  out.add("refresh_interval", yaml_duration(sd.refresh_interval));
  out.add_text("url", sd.url);
  return std::move(out).build();
}

YamlNode to_node(const DnsSdConfig& sd) {
  YamlMapBuilder out;
  out.add("names", yaml_list(sd.names));
  out.add("refresh_interval", yaml_duration(sd.refresh_interval));
  out.add_text("type", std::string(to_string(sd.type)));
  out.add_limit("port", sd.port);
  return std::move(out).build();
}

YamlNode to_node(const ConsulSdConfig& sd) {
  YamlMapBuilder out;
  out.add_text("server", sd.server);
  out.add_if_set("path_prefix", sd.path_prefix);
  out.add_if_set("token", sd.token);
  out.add_if_set("datacenter", sd.datacenter);
  out.add_if_set("namespace", sd.namespace_name);
  out.add_if_set("partition", sd.partition);
  out.add_text("tag_separator", sd.tag_separator);
  out.add_text("scheme", sd.scheme);
  out.add_flag("allow_stale", sd.allow_stale);
  out.add("refresh_interval", yaml_duration(sd.refresh_interval));
  out.add("services", yaml_list(sd.services));
  if (!sd.tags.empty()) out.add("tags", yaml_list(sd.tags));
  if (!sd.node_meta.empty()) out.add("node_meta", yaml_map(sd.node_meta));
  out.add_if_set("filter", sd.filter);
  out.add_if_set("health_filter", sd.health_filter);
  add_client(out, sd);
  return std::move(out).build();
}

YamlNode selectors_node(const std::vector<KubernetesSdConfig::Selector>& selectors) {
  YamlNode list = yaml_list({});
  for (const KubernetesSdConfig::Selector& selector : selectors) {
    YamlMapBuilder out;
    out.add_text("role", std::string(to_string(selector.role)));
    out.add_if_set("label", selector.label);
    out.add_if_set("field", selector.field);
    list.items.push_back(std::move(out).build());
  }
  return list;
}

YamlNode to_node(const KubernetesSdConfig& sd) {
  YamlMapBuilder out;
  out.add_if_set("api_server", sd.api_server);
  out.add_text("role", std::string(to_string(sd.role)));
  add_client(out, sd);
  if (sd.own_namespace || !sd.namespaces.empty()) {
    YamlMapBuilder namespaces;
    namespaces.add_flag("own_namespace", sd.own_namespace);
    namespaces.add("names", yaml_list(sd.namespaces));
    out.add("namespaces", std::move(namespaces).build());
  }
  if (!sd.selectors.empty()) out.add("selectors", selectors_node(sd.selectors));
  if (sd.attach_node_metadata) {
    YamlMapBuilder metadata;
    metadata.add_flag("node", sd.attach_node_metadata);
    out.add("attach_metadata", std::move(metadata).build());
  }
  return std::move(out).build();
}

YamlNode filters_node(const std::vector<Ec2SdConfig::Filter>& filters) {
  YamlNode list = yaml_list({});
  for (const Ec2SdConfig::Filter& filter : filters) {
    YamlMapBuilder out;
    out.add_text("name", filter.name);
    out.add("values", yaml_list(filter.values));
    list.items.push_back(std::move(out).build());
  }
  return list;
}

YamlNode to_node(const Ec2SdConfig& sd) {
  YamlMapBuilder out;
  out.add_if_set("endpoint", sd.endpoint);
  out.add_text("region", sd.region);
  out.add_if_set("access_key", sd.access_key);
  out.add_if_set("secret_key", sd.secret_key);
  out.add("refresh_interval", yaml_duration(sd.refresh_interval));
  out.add("port", number(sd.port));
  if (!sd.filters.empty()) out.add("filters", filters_node(sd.filters));
  add_client(out, sd);
  return std::move(out).build();
}

template <typename Config>
void add_all(YamlMapBuilder& out, std::string key, const std::vector<Config>& configs) {
  if (configs.empty()) return;
  YamlNode list = yaml_list({});
  for (const Config& config : configs) list.items.push_back(to_node(config));
  out.add(std::move(key), std::move(list));
}

}  // namespace

void add_discovery(YamlMapBuilder& out, const DiscoveryConfigs& discovery) {
  add_all(out, "static_configs", discovery.static_configs);
  add_all(out, "file_sd_configs", discovery.file_sd_configs);
  add_all(out, "http_sd_configs", discovery.http_sd_configs);
  add_all(out, "dns_sd_configs", discovery.dns_sd_configs);
  add_all(out, "consul_sd_configs", discovery.consul_sd_configs);
  add_all(out, "kubernetes_sd_configs", discovery.kubernetes_sd_configs);
  add_all(out, "ec2_sd_configs", discovery.ec2_sd_configs);
}

}  // namespace promenade::config
