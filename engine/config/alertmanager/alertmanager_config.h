#pragma once  // engine/config/alertmanager/alertmanager_config.h
// alertmanager.yml as typed values, after
// https://prometheus.io/docs/alerting/latest/configuration/. The global section is copied down into
// the receivers; what routes inherit is left to alertmanager/route_tree.h.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/alertmanager/fields.h"
#include "config/alertmanager/integration_specs.h"
#include "config/alertmanager/label_matchers.h"
#include "config/alertmanager/time_interval.h"
#include "config/config.h"

namespace promenade::config {

// The old and the new way to write conditions; `all` is what they come to, sorted.
struct MatcherConfig {
  TextMap match;
  TextMap match_re;
  std::vector<Matcher> matchers;
  std::vector<Matcher> all;
};

// As written: what is not set is inherited from the parent.
struct RouteConfig {
  std::string receiver;
  std::optional<std::vector<std::string>> group_by;
  bool group_by_all = false;  // group_by: ['...']
  MatcherConfig conditions;
  bool continue_matching = false;
  std::optional<Duration> group_wait;
  std::optional<Duration> group_interval;
  std::optional<Duration> repeat_interval;
  std::vector<std::string> mute_time_intervals;
  std::vector<std::string> active_time_intervals;
  TextMap labels;
  std::vector<RouteConfig> routes;
};

struct InhibitRuleConfig {
  std::string name;
  MatcherConfig source;
  MatcherConfig target;
  std::vector<std::string> equal;
};

struct IntegrationConfig {
  const IntegrationSpec* spec = nullptr;  // Never null after parsing.
  size_t index = 0;                       // Among those of its kind in the receiver.
  bool sends_resolved = true;
  HttpClientConfig http;
  Fields fields;
};

struct ReceiverConfig {
  std::string name;
  TextMap labels;
  std::vector<IntegrationConfig> integrations;
  std::vector<YamlEntry> inert_settings;
};

struct AlertmanagerConfig {
  Duration resolve_timeout = Duration::minutes(5);
  Fields global;
  HttpClientConfig global_http;
  std::vector<std::string> templates;       // Globs, resolved.
  std::vector<std::string> template_texts;  // The same as written.
  RouteConfig route;
  std::vector<InhibitRuleConfig> inhibit_rules;
  std::vector<ReceiverConfig> receivers;
  std::vector<NamedTimeIntervals> time_intervals;  // Both sections; names are unique.
  size_t time_interval_count = 0;    // How many of them stand in time_intervals; the others follow.
  std::vector<std::string> notices;  // See Config::notices.
};

struct AlertmanagerParseOptions {
  TimeZones zones;
  MatcherGrammar grammar = MatcherGrammar::Fallback;
};

// Reads a configuration, with errors as parse_config() gives them.
Result<AlertmanagerConfig> parse_alertmanager_config(const std::string& file_name,
                                                     std::string_view text,
                                                     const AlertmanagerParseOptions& options = {});

// Normalised YAML with secrets hidden: what /api/v2/status shows and amtool reads.
std::string to_yaml(const AlertmanagerConfig& config);

}  // namespace promenade::config
