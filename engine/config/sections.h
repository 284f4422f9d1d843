#pragma once  // engine/config/sections.h
// The parts of prometheus.yml, each read by a file of its own. Internal to this folder.
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "config/yaml_reader.h"

namespace promenade::config {

// What the reading of every section needs to know.
struct ReadContext {
  const YamlFile& file;
  std::string folder;                 // Of the configuration file; relative paths start there.
  std::vector<std::string>& notices;  // See Config::notices.

  void notice(const YamlNode& node, std::string_view sentence) const {
    notices.push_back(file.error_at(node, sentence).value().message);
  }
};

// `path` as seen from the folder of the configuration file. "" stays "".
std::string resolve_path(const ReadContext& context, const std::string& path);

// Makes known keys that have no effect yet known to `mapping`; those that are there go to `kept`,
// and a notice says so. `where` is "" or ends with a dot: "scrape_configs[node].".
void read_inert(ReadContext& context, YamlMapping& mapping, std::string_view where,
                std::initializer_list<std::string_view> keys, std::vector<YamlEntry>& kept);

Result<GlobalConfig> read_global(ReadContext& context, const YamlNode& node);
Result<ScrapeConfig> read_scrape_config(ReadContext& context, const GlobalConfig& global,
                                        const YamlNode& node);
Result<AlertingConfig> read_alerting(ReadContext& context, const YamlNode& node);
// The HTTP client options stand inline in `mapping`.
void read_http_client(ReadContext& context, YamlMapping& mapping, std::string_view where,
                      HttpClientConfig& http, std::vector<YamlEntry>& inert);
// And back: adds them to the normalised configuration.
class YamlMapBuilder;
void add_http_client(YamlMapBuilder& out, const HttpClientConfig& http);

// The discovery sections stand inline in `mapping`. `where` as in read_inert().
void read_discovery(ReadContext& context, YamlMapping& mapping, std::string_view where,
                    bool legacy_names, DiscoveryConfigs& out, std::vector<YamlEntry>& inert);
// And back.
void add_discovery(YamlMapBuilder& out, const DiscoveryConfigs& discovery);
// A path in an address is nearly always a mistake; relabelling may want it, though, so this is for
// sections without any.
void check_addresses(YamlMapping& mapping, const std::vector<StaticConfig>& groups,
                     std::string_view advice);
void read_relabelling(ReadContext& context, YamlMapping& mapping, std::string_view key,
                      std::vector<RelabelConfig>& rules);
// "http" or "https".
void read_scheme(YamlMapping& mapping, std::string& scheme);

// Settings that both the global section and each job have.
void read_limits(YamlMapping& mapping, ScrapeLimits& limits);
void read_scrape_protocols(ReadContext& context, YamlMapping& mapping,
                           std::vector<ScrapeProtocol>& protocols);
void read_validation_scheme(YamlMapping& mapping, bool& legacy_names);
Result<ScrapeProtocol> read_scrape_protocol(const YamlFile& file, const YamlNode& node);
// Label names and values of one mapping; names must be valid under the naming scheme.
void read_labels(ReadContext& context, YamlMapping& mapping, std::string_view key,
                 bool legacy_names, TextMap& labels);
Result<StaticConfig> read_static_config(ReadContext& context, const YamlNode& node,
                                        bool legacy_names);

}  // namespace promenade::config
