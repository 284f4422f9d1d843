#pragma once  // engine/config/relabel_config.h
// One relabelling rule as it stands in a configuration
// (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config).
// Applying it is the task of scrape/relabel.h.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/yaml_reader.h"

namespace re2 {
class RE2;
}

namespace promenade::config {

enum class RelabelAction {
  Replace,
  Keep,
  Drop,
  KeepEqual,
  DropEqual,
  HashMod,
  LabelMap,
  LabelDrop,
  LabelKeep,
  Lowercase,
  Uppercase,
};
std::string_view to_string(RelabelAction action);  // "replace", "keepequal".

struct RelabelConfig {
  std::vector<std::string> source_labels;
  std::string separator = ";";
  std::string regex = "(.*)";                // As written.
  std::shared_ptr<const re2::RE2> compiled;  // `regex`, anchored; never null after parsing.
  uint64_t modulus = 0;
  std::string target_label;
  std::string replacement = "$1";
  RelabelAction action = RelabelAction::Replace;
};

// Reads and validates one rule.
Result<RelabelConfig> parse_relabel_config(const YamlFile& file, const YamlNode& node);

}  // namespace promenade::config
