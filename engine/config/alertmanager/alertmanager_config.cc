// The top level of alertmanager.yml. Sections are read in the order in which they need one another:
// global, then receivers and time intervals, then the routes that name them.
#include "config/alertmanager/alertmanager_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "config/alertmanager/alertmanager_sections.h"

namespace promenade::config {
namespace {

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

Result<void> read_global_section(ReadContext& context, const YamlNode& node,
                                 AlertmanagerConfig& config) {
  YamlMapping mapping(context.file, node, "the global section");
  mapping.value("http_config", [&](const YamlNode& http) -> Result<void> {
    YamlMapping inner(context.file, http, "http_config");
    std::vector<YamlEntry> inert;
    read_http_client(context, inner, "global.http_config.", config.global_http, inert);
    return inner.finish();
  });
  std::vector<YamlEntry> kept;
  read_inert(context, mapping, "global.", {"smtp_tls_config"}, kept);
  config.global = read_fields(context, mapping, global_specs(), nullptr);
  const std::string& smarthost = config.global.text("smtp_smarthost");
  if (!smarthost.empty() && smarthost.find(':') == std::string::npos) {
    mapping.require(mapping.error_at(
        "smtp_smarthost",
        fmt::format("address {}: missing port in address; expected host:port", smarthost)));
  }
  TRY(mapping.finish());
  config.resolve_timeout = config.global.duration("resolve_timeout");
  return {};
}

// The name of a section that is wrong otherwise stays known, so that the routes are not blamed.
template <typename Named>
Named named_only(const YamlNode& node) {
  Named named;
  named.name = item_text(node, "name");
  return named;
}

void read_receivers(ReadContext& context, YamlMapping& mapping, AlertmanagerConfig& config) {
  std::set<std::string> names;
  mapping.list("receivers", [&](const YamlNode& node) -> Result<void> {
    auto receiver = read_receiver(context, node, config);
    if (!receiver) {
      mapping.require(tl::unexpected(receiver.error()));
      receiver = named_only<ReceiverConfig>(node);
    }
    if (!names.insert(receiver->name).second) {
      return context.file.error_at(
          node, fmt::format("notification config name {} is not unique; rename one",
                            quote(receiver->name)));
    }
    config.receivers.push_back(std::move(*receiver));
    return {};
  });
}

Result<NamedTimeIntervals> read_named(const YamlFile& file, const YamlNode& node,
                                      const TimeZones& zones) {
  NamedTimeIntervals named;
  YamlMapping mapping(file, node, "a named time interval");
  mapping.text("name", named.name, Presence::Required);
  mapping.list("time_intervals", [&](const YamlNode& item) -> Result<void> {
    named.intervals.push_back(TRY(read_time_interval(file, item, zones)));
    return {};
  });
  TRY(mapping.finish());
  return named;
}

void read_time_intervals(ReadContext& context, YamlMapping& mapping, std::string_view key,
                         const AlertmanagerParseOptions& options, AlertmanagerConfig& config) {
  mapping.list(key, [&](const YamlNode& node) -> Result<void> {
    auto read = read_named(context.file, node, options.zones);
    if (!read) {
      mapping.require(tl::unexpected(read.error()));
      read = named_only<NamedTimeIntervals>(node);
    }
    NamedTimeIntervals named = std::move(*read);
    for (const NamedTimeIntervals& other : config.time_intervals) {
      if (other.name != named.name) continue;
      return context.file.error_at(
          node, fmt::format("time interval {} is not unique; rename one", quote(named.name)));
    }
    config.time_intervals.push_back(std::move(named));
    return {};
  });
}

}  // namespace

Result<AlertmanagerConfig> parse_alertmanager_config(const std::string& file_name,
                                                     std::string_view text,
                                                     const AlertmanagerParseOptions& options) {
  const YamlFile file = TRY(YamlFile::parse(file_name, text));
  AlertmanagerConfig config;
  ReadContext context{file, folder_of(file_name), config.notices};
  YamlMapping mapping(file, file.root(), "the configuration");

  const YamlNode absent;
  const YamlNode* global = mapping.find("global");
  mapping.require(read_global_section(context, global != nullptr ? *global : absent, config));
  mapping.text_list("templates", config.template_texts);
  for (const std::string& path : config.template_texts) {
    config.templates.push_back(resolve_path(context, path));
  }
  read_receivers(context, mapping, config);
  read_time_intervals(context, mapping, "time_intervals", options, config);
  config.time_interval_count = config.time_intervals.size();
  read_time_intervals(context, mapping, "mute_time_intervals", options, config);
  if (const YamlNode* route = mapping.find("route")) {
    auto root = read_root_route(context, *route, config, options.grammar);
    if (root) {
      config.route = std::move(*root);
    } else {
      mapping.require(tl::unexpected(std::move(root).error()));
    }
  } else {
    mapping.require(mapping.error_at("route",
                                     "no routes provided; add a section route: with a "
                                     "receiver"));
  }
  mapping.list("inhibit_rules", [&](const YamlNode& node) -> Result<void> {
    config.inhibit_rules.push_back(TRY(read_inhibit_rule(context, node, options.grammar)));
    return {};
  });
  std::vector<YamlEntry> kept;
  read_inert(context, mapping, "", {"tracing", "event_recorder"}, kept);
  TRY(mapping.finish());
  return config;
}

}  // namespace promenade::config
