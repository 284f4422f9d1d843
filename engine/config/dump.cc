// A configuration as normalised YAML: Prometheus's order of keys, defaults written out.
#include <fmt/format.h>

#include "config/config.h"
#include "config/sections.h"
#include "config/yaml_writer.h"
#include "model/duration.h"

namespace promenade::config {
namespace {

YamlNode protocols_node(const std::vector<ScrapeProtocol>& protocols) {
  YamlNode list = yaml_list({});
  for (const ScrapeProtocol protocol : protocols) {
    list.items.push_back(yaml_plain(std::string(to_string(protocol))));
  }
  return list;
}

std::string_view scheme_name(bool legacy_names) {
  return legacy_names ? "legacy" : "utf8";
}

std::string byte_text(uint64_t bytes) {
  constexpr std::string_view kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  size_t unit = 0;
  while (unit + 1 < std::size(kUnits) && bytes % 1024 == 0) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{}{}", bytes, kUnits[unit]);
}

void add_limits(YamlMapBuilder& out, const ScrapeLimits& limits) {
  if (limits.body_size != 0) out.add("body_size_limit", yaml_plain(byte_text(limits.body_size)));
  out.add_limit("sample_limit", limits.samples);
  out.add_limit("target_limit", limits.targets);
  out.add_limit("label_limit", limits.labels);
  out.add_limit("label_name_length_limit", limits.label_name_length);
  out.add_limit("label_value_length_limit", limits.label_value_length);
  out.add_limit("keep_dropped_targets", limits.dropped_targets_kept);
}

YamlNode relabel_node(const RelabelConfig& rule) {
  YamlMapBuilder out;
  if (!rule.source_labels.empty()) out.add("source_labels", yaml_list(rule.source_labels));
  out.add_text("separator", rule.separator);
  out.add_text("regex", rule.regex);
  out.add_limit("modulus", rule.modulus);
  out.add_if_set("target_label", rule.target_label);
  out.add_text("replacement", rule.replacement);
  out.add_text("action", std::string(to_string(rule.action)));
  return std::move(out).build();
}

void add_relabelling(YamlMapBuilder& out, std::string key,
                     const std::vector<RelabelConfig>& rules) {
  if (rules.empty()) return;
  YamlNode list = yaml_list({});
  for (const RelabelConfig& rule : rules) list.items.push_back(relabel_node(rule));
  out.add(std::move(key), std::move(list));
}

void add_params(YamlMapBuilder& out, const ScrapeConfig& config) {
  if (config.params.empty()) return;
  YamlMapBuilder params;
  for (const auto& [name, values] : config.params) params.add(name, yaml_list(values));
  out.add("params", std::move(params).build());
}

YamlNode scrape_node(const ScrapeConfig& config) {
  YamlMapBuilder out;
  out.add_text("job_name", config.job_name);
  out.add_flag("honor_labels", config.honor_labels);
  out.add_flag("honor_timestamps", config.honor_timestamps);
  out.add_flag("track_timestamps_staleness", config.track_timestamps_staleness);
  add_params(out, config);
  out.add("scrape_interval", yaml_duration(config.scrape_interval));
  out.add("scrape_timeout", yaml_duration(config.scrape_timeout));
  out.add("scrape_protocols", protocols_node(config.scrape_protocols));
  if (config.fallback_scrape_protocol) {
    out.add_text("fallback_scrape_protocol",
                 std::string(to_string(*config.fallback_scrape_protocol)));
  }
  out.add_text("metrics_path", config.metrics_path);
  out.add_text("scheme", config.scheme);
  out.add_flag("enable_compression", config.enable_compression);
  out.add_flag("extra_scrape_metrics", config.extra_scrape_metrics);
  out.add_text("metric_name_validation_scheme", std::string(scheme_name(config.legacy_names)));
  add_limits(out, config.limits);
  add_http_client(out, config.http);
  add_relabelling(out, "relabel_configs", config.relabel_configs);
  add_relabelling(out, "metric_relabel_configs", config.metric_relabel_configs);
  add_discovery(out, config);
  for (const YamlEntry& entry : config.inert_settings) out.add(entry.key.text, entry.value);
  return std::move(out).build();
}

YamlNode alertmanager_node(const AlertmanagerEndpoints& config) {
  YamlMapBuilder out;
  add_http_client(out, config.http);
  out.add_text("scheme", config.scheme);
  out.add_text("path_prefix", config.path_prefix);
  out.add("timeout", yaml_duration(config.timeout));
  out.add_text("api_version", "v2");
  add_relabelling(out, "relabel_configs", config.relabel_configs);
  add_relabelling(out, "alert_relabel_configs", config.alert_relabel_configs);
  add_discovery(out, config);
  for (const YamlEntry& entry : config.inert_settings) out.add(entry.key.text, entry.value);
  return std::move(out).build();
}

void add_alerting(YamlMapBuilder& out, const AlertingConfig& config) {
  if (config.alertmanagers.empty() && config.alert_relabel_configs.empty()) return;
  YamlMapBuilder alerting;
  add_relabelling(alerting, "alert_relabel_configs", config.alert_relabel_configs);
  YamlNode sets = yaml_list({});
  for (const AlertmanagerEndpoints& set : config.alertmanagers) {
    sets.items.push_back(alertmanager_node(set));
  }
  if (!sets.items.empty()) alerting.add("alertmanagers", std::move(sets));
  out.add("alerting", std::move(alerting).build());
}

YamlNode global_node(const GlobalConfig& global) {
  YamlMapBuilder out;
  out.add("scrape_interval", yaml_duration(global.scrape_interval));
  out.add("scrape_timeout", yaml_duration(global.scrape_timeout));
  out.add("scrape_protocols", protocols_node(global.scrape_protocols));
  out.add("evaluation_interval", yaml_duration(global.evaluation_interval));
  if (global.rule_query_offset.ms != 0) {
    out.add("rule_query_offset", yaml_duration(global.rule_query_offset));
  }
  if (!global.external_labels.empty()) {
    out.add("external_labels", yaml_map(global.external_labels));
  }
  add_limits(out, global.limits);
  out.add_flag("extra_scrape_metrics", global.extra_scrape_metrics);
  out.add_text("metric_name_validation_scheme", std::string(scheme_name(global.legacy_names)));
  return std::move(out).build();
}

std::string write_section(YamlNode node, Secrets secrets) {
  if (secrets == Secrets::Hide) hide_secrets(node);
  return write_yaml(node);
}

}  // namespace

void add_http_client(YamlMapBuilder& out, const HttpClientConfig& http) {
  if (http.basic_auth) {
    YamlMapBuilder auth;
    auth.add_if_set("username", http.basic_auth->username);
    auth.add_if_set("username_file", http.basic_auth->username_file);
    auth.add_if_set("password", http.basic_auth->password);
    auth.add_if_set("password_file", http.basic_auth->password_file);
    out.add("basic_auth", std::move(auth).build());
  }
  if (http.authorization) {
    YamlMapBuilder authorization;
    authorization.add_text("type", http.authorization->type);
    authorization.add_if_set("credentials", http.authorization->credentials);
    authorization.add_if_set("credentials_file", http.authorization->credentials_file);
    out.add("authorization", std::move(authorization).build());
  }
  out.add_flag("follow_redirects", http.follow_redirects);
  out.add_flag("enable_http2", http.enable_http2);
  if (http.headers.empty()) return;
  YamlMapBuilder headers;
  for (const HttpClientConfig::Header& header : http.headers) {
    YamlMapBuilder one;
    if (!header.values.empty()) one.add("values", yaml_list(header.values));
    if (!header.secrets.empty()) one.add("secrets", yaml_list(header.secrets));
    if (!header.files.empty()) one.add("files", yaml_list(header.files));
    headers.add(header.name, std::move(one).build());
  }
  out.add("http_headers", std::move(headers).build());
}

std::string to_yaml(const ScrapeConfig& config, Secrets secrets) {
  return write_section(scrape_node(config), secrets);
}

std::string to_yaml(const AlertmanagerEndpoints& config, Secrets secrets) {
  return write_section(alertmanager_node(config), secrets);
}

std::string to_yaml(const DiscoveryConfigs& config, Secrets secrets) {
  YamlMapBuilder out;
  add_discovery(out, config);
  return write_section(std::move(out).build(), secrets);
}

std::string to_yaml(const Config& config) {
  YamlMapBuilder out;
  out.add("global", global_node(config.global));
  add_alerting(out, config.alerting);
  if (!config.rule_files.empty()) out.add("rule_files", yaml_list(config.rule_files));
  if (!config.scrape_configs.empty()) {
    YamlNode jobs = yaml_list({});
    for (const ScrapeConfig& job : config.scrape_configs) jobs.items.push_back(scrape_node(job));
    out.add("scrape_configs", std::move(jobs));
  }
  for (const YamlEntry& entry : config.inert_sections) out.add(entry.key.text, entry.value);
  YamlNode node = std::move(out).build();
  hide_secrets(node);
  return write_yaml(node);
}

}  // namespace promenade::config
