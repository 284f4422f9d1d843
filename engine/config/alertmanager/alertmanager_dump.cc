// A configuration as normalised YAML, in Alertmanager's order of keys.
#include "config/alertmanager/alertmanager_config.h"
#include "config/alertmanager/alertmanager_sections.h"
#include "config/yaml_writer.h"
#include "model/duration.h"

namespace promenade::config {
namespace {

YamlNode list_node() {
  YamlNode node;
  node.kind = YamlNode::Kind::Sequence;
  return node;
}

YamlNode map_node(const TextMap& map) {
  YamlMapBuilder builder;
  for (const auto& [name, value] : map) builder.add_text(name, value);
  return std::move(builder).build();
}

void add_conditions(YamlMapBuilder& out, const MatcherConfig& conditions, const MatcherKeys& keys) {
  if (!conditions.match.empty()) out.add(std::string(keys.match), map_node(conditions.match));
  if (!conditions.match_re.empty()) {
    out.add(std::string(keys.match_re), map_node(conditions.match_re));
  }
  if (conditions.matchers.empty()) return;
  YamlNode list = list_node();
  for (const Matcher& matcher : conditions.matchers) {
    list.items.push_back(yaml_text(label_matcher_text(matcher)));
  }
  out.add(std::string(keys.matchers), std::move(list));
}

void add_duration(YamlMapBuilder& out, std::string key, const std::optional<Duration>& duration) {
  if (duration) out.add(std::move(key), yaml_plain(format_duration(*duration)));
}

YamlNode route_node(const RouteConfig& route) {
  YamlMapBuilder out;
  if (!route.receiver.empty()) out.add_text("receiver", route.receiver);
  if (route.group_by_all) {
    out.add("group_by", yaml_list({"..."}));
  } else if (route.group_by && !route.group_by->empty()) {
    out.add("group_by", yaml_list(*route.group_by));
  }
  add_conditions(out, route.conditions, {"match", "match_re", "matchers"});
  if (!route.mute_time_intervals.empty()) {
    out.add("mute_time_intervals", yaml_list(route.mute_time_intervals));
  }
  if (!route.active_time_intervals.empty()) {
    out.add("active_time_intervals", yaml_list(route.active_time_intervals));
  }
  out.add_flag("continue", route.continue_matching);
  if (!route.labels.empty()) out.add("labels", map_node(route.labels));
  if (!route.routes.empty()) {
    YamlNode children = list_node();
    for (const RouteConfig& child : route.routes) children.items.push_back(route_node(child));
    out.add("routes", std::move(children));
  }
  add_duration(out, "group_wait", route.group_wait);
  add_duration(out, "group_interval", route.group_interval);
  add_duration(out, "repeat_interval", route.repeat_interval);
  return std::move(out).build();
}

YamlNode http_node(const HttpClientConfig& http) {
  YamlMapBuilder out;
  add_http_client(out, http);
  return std::move(out).build();
}

YamlNode global_node(const AlertmanagerConfig& config) {
  YamlMapBuilder fields;
  show_fields(fields, config.global);
  YamlNode shown = std::move(fields).build();
  YamlEntry http;
  http.key = yaml_text("http_config");
  http.value = http_node(config.global_http);
  shown.entries.insert(shown.entries.begin() + 1, std::move(http));  // After resolve_timeout.
  hide_secrets(shown);
  return shown;
}

YamlNode receiver_node(const ReceiverConfig& receiver) {
  YamlMapBuilder out;
  out.add_text("name", receiver.name);
  if (!receiver.labels.empty()) out.add("labels", map_node(receiver.labels));
  for (const IntegrationSpec& spec : integration_specs()) {
    YamlNode list = list_node();
    for (const IntegrationConfig& integration : receiver.integrations) {
      if (integration.spec != &spec) continue;
      YamlMapBuilder one;
      one.add_flag("send_resolved", integration.sends_resolved);
      if (spec.has_http_config) one.add("http_config", http_node(integration.http));
      show_fields(one, integration.fields);
      list.items.push_back(std::move(one).build());
    }
    if (!list.items.empty()) out.add(std::string(spec.key), std::move(list));
  }
  for (const YamlEntry& entry : receiver.inert_settings) out.add(entry.key.text, entry.value);
  YamlNode node = std::move(out).build();
  hide_secrets(node);
  return node;
}

YamlNode inhibit_node(const InhibitRuleConfig& rule) {
  YamlMapBuilder out;
  if (!rule.name.empty()) out.add_text("name", rule.name);
  add_conditions(out, rule.source, {"source_match", "source_match_re", "source_matchers"});
  add_conditions(out, rule.target, {"target_match", "target_match_re", "target_matchers"});
  if (!rule.equal.empty()) out.add("equal", yaml_list(rule.equal));
  return std::move(out).build();
}

YamlNode named_node(const NamedTimeIntervals& named) {
  YamlMapBuilder out;
  out.add_text("name", named.name);
  YamlNode intervals = list_node();
  for (const TimeInterval& interval : named.intervals) {
    intervals.items.push_back(time_interval_node(interval));
  }
  out.add("time_intervals", std::move(intervals));
  return std::move(out).build();
}

template <typename T, typename ToNode>
YamlNode nodes(const T* begin, const T* end, ToNode to_node) {
  YamlNode list = list_node();
  for (; begin != end; ++begin) list.items.push_back(to_node(*begin));
  return list;
}

}  // namespace

std::string to_yaml(const AlertmanagerConfig& config) {
  YamlMapBuilder out;
  out.add("global", global_node(config));
  out.add("route", route_node(config.route));
  const auto add_list = [&](std::string key, const auto* begin, const auto* end, auto to_node) {
    if (begin != end) out.add(std::move(key), nodes(begin, end, to_node));
  };
  const auto& rules = config.inhibit_rules;
  add_list("inhibit_rules", rules.data(), rules.data() + rules.size(), inhibit_node);
  const auto& receivers = config.receivers;
  add_list("receivers", receivers.data(), receivers.data() + receivers.size(), receiver_node);
  out.add("templates", yaml_list(config.template_texts));
  const NamedTimeIntervals* intervals = config.time_intervals.data();
  const NamedTimeIntervals* old = intervals + config.time_interval_count;
  add_list("mute_time_intervals", old, intervals + config.time_intervals.size(), named_node);
  add_list("time_intervals", intervals, old, named_node);
  return write_yaml(std::move(out).build());
}

}  // namespace promenade::config
