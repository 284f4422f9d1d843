// The glue between the Alertmanager and a world.
#include "sim/alertmanager_host.h"

#include <fmt/format.h>

#include "base/strings.h"

namespace promenade::sim {
namespace {

constexpr std::string_view kPrometheusConfigFile = "prometheus.yml";

bool has_section(std::string_view config, std::string_view name) {
  for (const std::string_view line : split(config, '\n')) {
    if (line.starts_with(name) && line.substr(name.size()).starts_with(':')) return true;
  }
  return false;
}

bool is_rule_file(std::string_view name) {
  return name != kPrometheusConfigFile && name != kAlertmanagerConfigFile &&
         (name.ends_with(".yml") || name.ends_with(".yaml"));
}

}  // namespace

Result<std::unique_ptr<AlertmanagerHost>> AlertmanagerHost::create(Clock& clock, SimNet& net,
                                                                   FileSystem& files,
                                                                   Logger& logger, uint64_t seed) {
  std::unique_ptr<AlertmanagerHost> host(new AlertmanagerHost(clock, net));
  alertmanager::AlertmanagerOptions options;
  options.config_file = kAlertmanagerConfigFile;
  options.external_url = fmt::format("http://{}", kAlertmanagerAuthority);
  options.zoneinfo_directory = "";
  options.seed = seed;
  Inbox& inbox = host->inbox_;
  host->server_ = TRY(alertmanager::Alertmanager::create(
      std::move(options), {clock, inbox, files, logger, &inbox, &inbox}));
  net.add_host(std::string(kAlertmanagerAuthority),
               [server = host->server_.get()](const HttpRequest& request) {
                 return server->handle(request);
               });
  return host;
}

std::string with_alerting(std::string config, const std::map<std::string, std::string>& files) {
  if (!config.empty() && !config.ends_with('\n')) config += '\n';
  if (files.contains(std::string(kAlertmanagerConfigFile)) && !has_section(config, "alerting")) {
    config += fmt::format(
        "alerting:\n  alertmanagers:\n    - static_configs:\n        - targets: [\"{}\"]\n",
        kAlertmanagerAuthority);
  }
  if (has_section(config, "rule_files")) return config;
  std::string rule_files;
  for (const auto& [name, text] : files) {
    if (is_rule_file(name)) rule_files += fmt::format("  - {}\n", quote(name));
  }
  if (!rule_files.empty()) config += "rule_files:\n" + rule_files;
  return config;
}

}  // namespace promenade::sim
