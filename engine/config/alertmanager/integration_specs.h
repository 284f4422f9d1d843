#pragma once  // engine/config/alertmanager/integration_specs.h
// The tables of alertmanager.yml: the global section's settings, and the settings of every kind of
// receiver integration (https://prometheus.io/docs/alerting/latest/configuration/).
#include <span>
#include <string_view>

#include "config/alertmanager/fields.h"

namespace promenade::config {

// One of several settings has to be there, else `message` is the error.
struct Requirement {
  std::string_view alternatives;  // Names, separated by blanks.
  std::string_view message;
};

struct IntegrationSpec {
  std::string_view kind;  // "webhook": the integration's name in the log, the metrics and nflog.
  std::string_view key;   // "webhook_configs".
  bool sends_resolved = true;  // The default of send_resolved.
  bool has_http_config = true;
  std::span<const FieldSpec> fields = {};
  std::span<const Requirement> requirements = {};
};

// In the order in which Alertmanager prints them.
std::span<const IntegrationSpec> integration_specs();
// Kinds that Alertmanager knows and we don't speak; they are accepted and without effect.
std::span<const std::string_view> inert_integration_keys();

std::span<const FieldSpec> global_specs();

}  // namespace promenade::config
