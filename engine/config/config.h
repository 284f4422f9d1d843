#pragma once  // engine/config/config.h
// prometheus.yml as typed values, after
// https://prometheus.io/docs/prometheus/latest/configuration/configuration/: every default is
// filled in, every inherited setting is copied down, so that readers look at one place only.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/discovery_config.h"
#include "config/relabel_config.h"
#include "config/yaml_reader.h"

namespace promenade::config {

// The formats that a scrape can ask for and understand.
enum class ScrapeProtocol {
  PrometheusProto,
  PrometheusText0_0_4,
  PrometheusText1_0_0,
  OpenMetricsText0_0_1,
  OpenMetricsText1_0_0,
};
std::string_view to_string(ScrapeProtocol protocol);  // "PrometheusText0.0.4".

// What one scrape may bring. 0 means no limit.
struct ScrapeLimits {
  uint64_t body_size = 0;  // Bytes, uncompressed; a body this long is already too long.
  uint64_t samples = 0;
  uint64_t targets = 0;
  uint64_t labels = 0;
  uint64_t label_name_length = 0;
  uint64_t label_value_length = 0;
  uint64_t dropped_targets_kept = 0;
};

struct GlobalConfig {
  Duration scrape_interval = Duration::minutes(1);
  Duration scrape_timeout = Duration::seconds(10);
  Duration evaluation_interval = Duration::minutes(1);
  Duration rule_query_offset;
  std::vector<ScrapeProtocol> scrape_protocols;
  TextMap external_labels;
  ScrapeLimits limits;
  bool legacy_names = false;  // metric_name_validation_scheme: legacy.
  bool extra_scrape_metrics = false;
};

struct ScrapeConfig : DiscoveryConfigs {
  std::string job_name;
  Duration scrape_interval;
  Duration scrape_timeout;
  std::vector<ScrapeProtocol> scrape_protocols;  // In order of preference; never empty.
  std::optional<ScrapeProtocol> fallback_scrape_protocol;
  std::string metrics_path = "/metrics";
  std::string scheme = "http";
  std::map<std::string, std::vector<std::string>> params;
  bool honor_labels = false;
  bool honor_timestamps = true;
  bool track_timestamps_staleness = false;
  bool enable_compression = true;
  bool legacy_names = false;
  bool extra_scrape_metrics = false;
  ScrapeLimits limits;
  HttpClientConfig http;
  std::vector<RelabelConfig> relabel_configs;
  std::vector<RelabelConfig> metric_relabel_configs;
  std::vector<YamlEntry> inert_settings;  // Known keys without effect yet, as they stand.
};

// A set of Alertmanagers that take every alert.
struct AlertmanagerEndpoints : DiscoveryConfigs {
  std::string scheme = "http";
  std::string path_prefix = "/";
  Duration timeout = Duration::seconds(10);
  HttpClientConfig http;
  std::vector<RelabelConfig> relabel_configs;        // Of the Alertmanagers found.
  std::vector<RelabelConfig> alert_relabel_configs;  // Of the alerts sent to them.
  std::vector<YamlEntry> inert_settings;             // Known keys without effect yet.
};

struct AlertingConfig {
  std::vector<RelabelConfig> alert_relabel_configs;
  std::vector<AlertmanagerEndpoints> alertmanagers;
};

struct Config {
  GlobalConfig global;
  AlertingConfig alerting;
  std::vector<ScrapeConfig> scrape_configs;
  std::vector<std::string> rule_files;  // Paths; the last part of each may be a pattern.
  // storage.tsdb.retention.time; takes precedence over the command line.
  std::optional<Duration> retention;
  std::vector<YamlEntry> inert_sections;  // Known sections without effect yet, as they stand.
  // FILE:LINE:COLUMN and a sentence for each known setting that is accepted and has no effect yet.
  std::vector<std::string> notices;
};

// Reads a configuration. `file_name` stands in messages, and relative paths in the file are
// resolved against its folder. An empty text is a valid configuration. The error is the first one
// in the file: "FILE:LINE:COLUMN: what was found, what was expected, what to do".
Result<Config> parse_config(const std::string& file_name, std::string_view text);

enum class Secrets { Hide, Show };

// Normalised YAML: all defaults written out, secrets as <secret>. For /api/v1/status/config.
std::string to_yaml(const Config& config);
// The same for one job, one set of Alertmanagers, or how their targets are found. With
// Secrets::Show equal texts mean equal settings.
std::string to_yaml(const ScrapeConfig& config, Secrets secrets = Secrets::Hide);
std::string to_yaml(const AlertmanagerEndpoints& config, Secrets secrets = Secrets::Hide);
std::string to_yaml(const DiscoveryConfigs& config, Secrets secrets = Secrets::Hide);

// The targets of one file_sd file, JSON or YAML. Fails as parse_config does.
Result<std::vector<StaticConfig>> parse_target_file(const std::string& file_name,
                                                    std::string_view text);

}  // namespace promenade::config
