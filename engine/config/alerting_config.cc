// The section `alerting`: which Alertmanagers there are, and what is done to alerts on the way
// (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#alertmanager_config).
#include <fmt/format.h>

#include "base/strings.h"
#include "config/sections.h"

namespace promenade::config {
namespace {

// Alertmanager 0.16 has brought v2, Prometheus 3 has given up v1.
void check_api_version(YamlMapping& mapping) {
  std::string version = "v2";
  mapping.text("api_version", version);
  if (version == "v2") return;
  mapping.require(mapping.error_at(
      "api_version", fmt::format("expected Alertmanager api version to be v2, found {}; "
                                 "write v2 or remove the key, which every Alertmanager since 0.16 "
                                 "understands",
                                 quote(version))));
}

Result<AlertmanagerEndpoints> read_alertmanager(ReadContext& context, const YamlNode& node) {
  constexpr std::string_view kWhere = "alerting.alertmanagers.";
  AlertmanagerEndpoints set;
  YamlMapping mapping(context.file, node, "an alertmanager configuration");
  read_scheme(mapping, set.scheme);
  mapping.text("path_prefix", set.path_prefix);
  mapping.duration("timeout", set.timeout);
  check_api_version(mapping);
  read_http_client(context, mapping, kWhere, set.http, set.inert_settings);
  read_inert(context, mapping, kWhere, {"sigv4"}, set.inert_settings);
  read_discovery(context, mapping, kWhere, false, set, set.inert_settings);
  read_relabelling(context, mapping, "relabel_configs", set.relabel_configs);
  read_relabelling(context, mapping, "alert_relabel_configs", set.alert_relabel_configs);
  if (set.relabel_configs.empty()) {
    check_addresses(mapping, set.static_configs, "scheme and path_prefix");
  }
  TRY(mapping.finish());
  return set;
}

}  // namespace

Result<AlertingConfig> read_alerting(ReadContext& context, const YamlNode& node) {
  AlertingConfig alerting;
  YamlMapping mapping(context.file, node, "the alerting section");
  read_relabelling(context, mapping, "alert_relabel_configs", alerting.alert_relabel_configs);
  mapping.list("alertmanagers", [&](const YamlNode& item) -> Result<void> {
    alerting.alertmanagers.push_back(TRY(read_alertmanager(context, item)));
    return {};
  });
  TRY(mapping.finish());
  return alerting;
}

}  // namespace promenade::config
