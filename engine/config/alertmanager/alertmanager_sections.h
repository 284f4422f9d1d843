#pragma once  // engine/config/alertmanager/alertmanager_sections.h
// The parts of alertmanager.yml, each read by a file of its own. Internal to this folder.
#include "config/alertmanager/alertmanager_config.h"
#include "config/sections.h"

namespace promenade::config {

// A mapping of match, match_re and matchers under the given keys.
struct MatcherKeys {
  std::string_view match;
  std::string_view match_re;
  std::string_view matchers;
};
void read_conditions(ReadContext& context, YamlMapping& mapping, const MatcherKeys& keys,
                     MatcherGrammar grammar, MatcherConfig& out);

Result<RouteConfig> read_root_route(ReadContext& context, const YamlNode& node,
                                    const AlertmanagerConfig& config, MatcherGrammar grammar);
Result<ReceiverConfig> read_receiver(ReadContext& context, const YamlNode& node,
                                     const AlertmanagerConfig& config);
Result<InhibitRuleConfig> read_inhibit_rule(ReadContext& context, const YamlNode& node,
                                            MatcherGrammar grammar);

}  // namespace promenade::config
