// One element of scrape_configs
// (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config), with
// what it inherits from global.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "config/sections.h"
#include "model/duration.h"
#include "model/labels.h"

namespace promenade::config {
namespace {

// In the order of ScrapeProtocol.
constexpr std::array<std::string_view, 5> kProtocolNames = {
    "PrometheusProto", "PrometheusText0.0.4", "PrometheusText1.0.0", "OpenMetricsText0.0.1",
    "OpenMetricsText1.0.0"};

constexpr std::array<std::string_view, 2> kSchemes = {"http", "https"};
constexpr std::array<std::string_view, 2> kValidationSchemes = {"utf8", "legacy"};

void inherit(uint64_t& own, uint64_t global) {
  if (own == 0) own = global;
}

void inherit_limits(ScrapeLimits& own, const ScrapeLimits& global) {
  inherit(own.body_size, global.body_size);
  inherit(own.samples, global.samples);
  inherit(own.targets, global.targets);
  inherit(own.labels, global.labels);
  inherit(own.label_name_length, global.label_name_length);
  inherit(own.label_value_length, global.label_value_length);
  inherit(own.dropped_targets_kept, global.dropped_targets_kept);
}

void read_timing(YamlMapping& mapping, const GlobalConfig& global, ScrapeConfig& job) {
  mapping.duration("scrape_interval", job.scrape_interval);
  mapping.duration("scrape_timeout", job.scrape_timeout);
  if (job.scrape_interval.ms == 0) job.scrape_interval = global.scrape_interval;
  if (job.scrape_timeout.ms == 0) {
    job.scrape_timeout = std::min(global.scrape_timeout, job.scrape_interval);
  }
  if (job.scrape_timeout > job.scrape_interval) {
    mapping.require(mapping.error_at(
        "scrape_timeout",
        fmt::format("scrape timeout greater than scrape interval for scrape config with job name "
                    "{}: found {}, expected at most {}; lower the timeout or raise the interval",
                    quote(job.job_name), format_duration(job.scrape_timeout),
                    format_duration(job.scrape_interval))));
  }
}

void read_params(ReadContext& context, YamlMapping& mapping, ScrapeConfig& job) {
  mapping.entries("params", [&](const YamlNode& name, const YamlNode& values) -> Result<void> {
    if (values.kind != YamlNode::Kind::Sequence) {
      return context.file.error_at(
          values, fmt::format("params: found {} for {}, expected a list; write [{}]",
                              describe(values), quote(name.text), values.text));
    }
    std::vector<std::string>& texts = job.params[name.text];
    for (const YamlNode& value : values.items) {
      texts.push_back(TRY(context.file.text(value, name.text)));
    }
    return {};
  });
}

void read_behaviour(ReadContext& context, YamlMapping& mapping, ScrapeConfig& job) {
  read_scrape_protocols(context, mapping, job.scrape_protocols);
  mapping.value("fallback_scrape_protocol", [&](const YamlNode& node) -> Result<void> {
    job.fallback_scrape_protocol = TRY(read_scrape_protocol(context.file, node));
    return {};
  });
  mapping.text("metrics_path", job.metrics_path);
  read_scheme(mapping, job.scheme);
  read_params(context, mapping, job);
  mapping.boolean("honor_labels", job.honor_labels);
  mapping.boolean("honor_timestamps", job.honor_timestamps);
  mapping.boolean("track_timestamps_staleness", job.track_timestamps_staleness);
  mapping.boolean("enable_compression", job.enable_compression);
  mapping.boolean("extra_scrape_metrics", job.extra_scrape_metrics);
}

}  // namespace

std::string_view to_string(ScrapeProtocol protocol) {
  return kProtocolNames[static_cast<size_t>(protocol)];
}

Result<ScrapeProtocol> read_scrape_protocol(const YamlFile& file, const YamlNode& node) {
  return static_cast<ScrapeProtocol>(TRY(file.choice(node, "a scrape protocol", kProtocolNames)));
}

void read_scrape_protocols(ReadContext& context, YamlMapping& mapping,
                           std::vector<ScrapeProtocol>& protocols) {
  const YamlNode* node = mapping.find("scrape_protocols");
  if (node == nullptr) return;
  protocols.clear();
  mapping.list("scrape_protocols", [&](const YamlNode& item) -> Result<void> {
    const ScrapeProtocol protocol = TRY(read_scrape_protocol(context.file, item));
    if (std::find(protocols.begin(), protocols.end(), protocol) != protocols.end()) {
      return context.file.error_at(item, fmt::format("duplicated protocol in scrape_protocols: {}; "
                                                     "keep one",
                                                     to_string(protocol)));
    }
    protocols.push_back(protocol);
    return {};
  });
  if (node->kind == YamlNode::Kind::Sequence && node->items.empty()) {
    mapping.require(context.file.error_at(
        *node, "scrape_protocols cannot be empty; name a protocol or remove the key"));
  }
}

void read_relabelling(ReadContext& context, YamlMapping& mapping, std::string_view key,
                      std::vector<RelabelConfig>& rules) {
  mapping.list(key, [&](const YamlNode& node) -> Result<void> {
    rules.push_back(TRY(parse_relabel_config(context.file, node)));
    return {};
  });
}

void check_addresses(YamlMapping& mapping, const std::vector<StaticConfig>& groups,
                     std::string_view advice) {
  for (const StaticConfig& group : groups) {
    for (const std::string& target : group.targets) {
      if (target.find('/') == std::string::npos) continue;
      mapping.require(mapping.error_at(
          "static_configs", fmt::format("{} is not a valid hostname; write host:port here, and set "
                                        "{} for the rest of the URL",
                                        quote(target), advice)));
    }
  }
}

void read_scheme(YamlMapping& mapping, std::string& scheme) {
  size_t index = 0;
  mapping.choice("scheme", kSchemes, index);
  scheme = kSchemes[index];
}

void read_limits(YamlMapping& mapping, ScrapeLimits& limits) {
  mapping.byte_count("body_size_limit", limits.body_size);
  mapping.count("sample_limit", limits.samples);
  mapping.count("target_limit", limits.targets);
  mapping.count("label_limit", limits.labels);
  mapping.count("label_name_length_limit", limits.label_name_length);
  mapping.count("label_value_length_limit", limits.label_value_length);
  mapping.count("keep_dropped_targets", limits.dropped_targets_kept);
}

void read_validation_scheme(YamlMapping& mapping, bool& legacy_names) {
  size_t scheme = legacy_names ? 1 : 0;
  mapping.choice("metric_name_validation_scheme", kValidationSchemes, scheme);
  legacy_names = scheme == 1;
}

void read_labels(ReadContext& context, YamlMapping& mapping, std::string_view key,
                 bool legacy_names, TextMap& labels) {
  mapping.entries(key, [&](const YamlNode& name, const YamlNode& value) -> Result<void> {
    const bool is_valid =
        legacy_names ? is_legacy_label_name(name.text) : !name.text.empty() && is_utf8(name.text);
    if (!is_valid) {
      return context.file.error_at(name,
                                   fmt::format("{} is not a valid label name", quote(name.text)));
    }
    const bool is_absent = value.kind == YamlNode::Kind::Null;
    labels[name.text] = is_absent ? "" : TRY(context.file.text(value, name.text));
    return {};
  });
}

Result<ScrapeConfig> read_scrape_config(ReadContext& context, const GlobalConfig& global,
                                        const YamlNode& node) {
  ScrapeConfig job;
  job.scrape_protocols = global.scrape_protocols;
  job.legacy_names = global.legacy_names;
  job.extra_scrape_metrics = global.extra_scrape_metrics;
  YamlMapping mapping(context.file, node, "a scrape configuration");
  mapping.text("job_name", job.job_name, Presence::Required);
  if (job.job_name.empty() && mapping.find("job_name") != nullptr) {
    mapping.require(mapping.error_at("job_name", "job_name is empty; give the job a name"));
  }
  const std::string where = fmt::format("scrape_configs[{}].", job.job_name);
  read_timing(mapping, global, job);
  read_behaviour(context, mapping, job);
  read_validation_scheme(mapping, job.legacy_names);
  read_limits(mapping, job.limits);
  inherit_limits(job.limits, global.limits);
  read_http_client(context, mapping, where, job.http, job.inert_settings);
  read_discovery(context, mapping, where, job.legacy_names, job, job.inert_settings);
  read_relabelling(context, mapping, "relabel_configs", job.relabel_configs);
  read_relabelling(context, mapping, "metric_relabel_configs", job.metric_relabel_configs);
  read_inert(context, mapping, where,
             {"scrape_native_histograms", "always_scrape_classic_histograms",
              "convert_classic_histograms_to_nhcb", "native_histogram_bucket_limit",
              "native_histogram_min_bucket_factor", "metric_name_escaping_scheme",
              "scrape_failure_log_file"},
             job.inert_settings);
  if (job.relabel_configs.empty()) {
    check_addresses(mapping, job.static_configs, "scheme and metrics_path");
  }
  TRY(mapping.finish());
  return job;
}

}  // namespace promenade::config
