// The top level of prometheus.yml and its global section
// (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file).
#include "config/config.h"

#include <fmt/format.h>

#include <set>

#include "base/strings.h"
#include "config/sections.h"
#include "model/duration.h"

namespace promenade::config {
namespace {

const std::vector<ScrapeProtocol> kScrapeProtocolsDefault = {
    ScrapeProtocol::OpenMetricsText1_0_0, ScrapeProtocol::OpenMetricsText0_0_1,
    ScrapeProtocol::PrometheusText1_0_0, ScrapeProtocol::PrometheusText0_0_4};

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

void read_global_timing(YamlMapping& mapping, GlobalConfig& global) {
  Duration interval;
  Duration timeout;
  mapping.duration("scrape_interval", interval);
  mapping.duration("scrape_timeout", timeout);
  if (interval.ms != 0) global.scrape_interval = interval;
  if (timeout > global.scrape_interval) {
    mapping.require(mapping.error_at(
        "scrape_timeout",
        fmt::format("global scrape timeout greater than scrape interval: found {}, expected at "
                    "most {}; lower the timeout or raise the interval",
                    format_duration(timeout), format_duration(global.scrape_interval))));
  }
  global.scrape_timeout =
      timeout.ms != 0 ? timeout : std::min(global.scrape_timeout, global.scrape_interval);
  Duration evaluation;
  mapping.duration("evaluation_interval", evaluation);
  if (evaluation.ms != 0) global.evaluation_interval = evaluation;
  mapping.duration("rule_query_offset", global.rule_query_offset);
}

Result<void> check_rule_file(const YamlFile& file, const YamlNode& node, const std::string& path) {
  if (folder_of(path).find_first_of("*?[") == std::string::npos) return {};
  return file.error_at(node, fmt::format("invalid rule file path {}: wildcards may stand in the "
                                         "last part only",
                                         quote(path)));
}

void read_rule_files(const ReadContext& context, YamlMapping& mapping, Config& config) {
  mapping.list("rule_files", [&](const YamlNode& node) -> Result<void> {
    const std::string path = TRY(context.file.text(node, "rule_files"));
    TRY(check_rule_file(context.file, node, path));
    config.rule_files.push_back(resolve_path(context, path));
    return {};
  });
}

Result<void> read_tsdb(ReadContext& context, const YamlNode& node, Config& config) {
  YamlMapping tsdb(context.file, node, "storage.tsdb");
  std::vector<YamlEntry> kept;  // The whole of storage is kept as it stands already.
  read_inert(context, tsdb, "storage.tsdb.",
             {"out_of_order_time_window", "stale_series_compaction_threshold", "chunk_encoding"},
             kept);
  tsdb.value("retention", [&](const YamlNode& limits) -> Result<void> {
    YamlMapping retention(context.file, limits, "storage.tsdb.retention");
    retention.duration("time", config.retention);
    read_inert(context, retention, "storage.tsdb.retention.", {"size", "percentage"}, kept);
    return retention.finish();
  });
  return tsdb.finish();
}

Result<void> read_storage(ReadContext& context, const YamlNode& node, Config& config) {
  YamlMapping storage(context.file, node, "storage");
  std::vector<YamlEntry> kept;
  storage.value("tsdb", [&](const YamlNode& tsdb) { return read_tsdb(context, tsdb, config); });
  read_inert(context, storage, "storage.", {"exemplars"}, kept);
  return storage.finish();
}

void read_scrape_configs(ReadContext& context, YamlMapping& mapping, Config& config) {
  std::set<std::string> names;
  mapping.list("scrape_configs", [&](const YamlNode& node) -> Result<void> {
    ScrapeConfig job = TRY(read_scrape_config(context, config.global, node));
    if (!names.insert(job.job_name).second) {
      return context.file.error_at(
          node, fmt::format("found multiple scrape configs with job name {}; rename one",
                            quote(job.job_name)));
    }
    config.scrape_configs.push_back(std::move(job));
    return {};
  });
}

}  // namespace

std::string resolve_path(const ReadContext& context, const std::string& path) {
  return path.empty() || path[0] == '/' ? path : context.folder + path;
}

void read_inert(ReadContext& context, YamlMapping& mapping, std::string_view where,
                std::initializer_list<std::string_view> keys, std::vector<YamlEntry>& kept) {
  for (const std::string_view key : keys) {
    const YamlNode* value = mapping.find(key);
    if (value == nullptr) continue;
    YamlEntry entry;
    entry.key.kind = YamlNode::Kind::Scalar;
    entry.key.text = key;
    entry.value = *value;
    kept.push_back(std::move(entry));
    context.notice(*value, fmt::format("{}{} is accepted and has no effect yet", where, key));
  }
}

Result<GlobalConfig> read_global(ReadContext& context, const YamlNode& node) {
  GlobalConfig global;
  YamlMapping mapping(context.file, node, "the global section");
  read_global_timing(mapping, global);
  global.scrape_protocols = kScrapeProtocolsDefault;
  read_scrape_protocols(context, mapping, global.scrape_protocols);
  read_limits(mapping, global.limits);
  read_validation_scheme(mapping, global.legacy_names);
  mapping.boolean("extra_scrape_metrics", global.extra_scrape_metrics);
  read_labels(context, mapping, "external_labels", global.legacy_names, global.external_labels);
  for (const auto& [name, value] : global.external_labels) {
    if (value.find('$') == std::string::npos) continue;
    context.notice(
        *mapping.find("external_labels"),
        fmt::format("global.external_labels.{}: $ is not replaced from the environment yet", name));
  }
  std::vector<YamlEntry> kept;
  read_inert(context, mapping, "global.",
             {"query_log_file", "scrape_failure_log_file", "metric_name_escaping_scheme",
              "scrape_native_histograms", "convert_classic_histograms_to_nhcb",
              "always_scrape_classic_histograms"},
             kept);
  TRY(mapping.finish());
  return global;
}

Result<Config> parse_config(const std::string& file_name, std::string_view text) {
  const YamlFile file = TRY(YamlFile::parse(file_name, text));
  Config config;
  ReadContext context{file, folder_of(file_name), config.notices};
  YamlMapping mapping(file, file.root(), "the configuration");

  // First of all, for everything else inherits from it.
  const YamlNode absent;
  const YamlNode* global = mapping.find("global");
  config.global = TRY(read_global(context, global != nullptr ? *global : absent));

  read_scrape_configs(context, mapping, config);
  read_rule_files(context, mapping, config);
  mapping.value("alerting", [&](const YamlNode& node) -> Result<void> {
    config.alerting = TRY(read_alerting(context, node));
    return {};
  });
  mapping.value("storage",
                [&](const YamlNode& node) { return read_storage(context, node, config); });
  read_inert(context, mapping, "",
             {"runtime", "scrape_config_files", "remote_write", "remote_read", "tracing", "otlp"},
             config.inert_sections);
  TRY(mapping.finish());
  if (const YamlNode* storage = mapping.find("storage")) {
    YamlEntry entry;
    entry.key.kind = YamlNode::Kind::Scalar;
    entry.key.text = "storage";
    entry.value = *storage;
    config.inert_sections.push_back(std::move(entry));
  }
  return config;
}

}  // namespace promenade::config
