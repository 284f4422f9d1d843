#pragma once  // engine/config/yaml_writer.h
// From a YamlNode tree back to text: block style, two blanks a level, lists not indented within
// their mapping, as Prometheus prints its configuration. Reading the text gives the same tree.
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "config/yaml_reader.h"

namespace promenade::config {

// Builders. A text is quoted when it has to be; a plain scalar never is (numbers, true, 15s).
YamlNode yaml_text(std::string text);
YamlNode yaml_plain(std::string text);
YamlNode yaml_list(const std::vector<std::string>& texts);
YamlNode yaml_map(const std::map<std::string, std::string>& texts);
YamlNode yaml_duration(Duration duration);  // 1m30s
// Collects the entries of a mapping in order.
class YamlMapBuilder {
 public:
  YamlMapBuilder& add(std::string key, YamlNode value);
  YamlMapBuilder& add_text(std::string key, std::string text);
  YamlMapBuilder& add_if_set(std::string key, const std::string& text);  // Unless it is empty.
  YamlMapBuilder& add_flag(std::string key, bool flag);
  // Nothing when the count is 0.
  YamlMapBuilder& add_limit(std::string key, uint64_t count);
  YamlNode build() && { return std::move(node_); }

 private:
  YamlNode node_ = [] {
    YamlNode node;
    node.kind = YamlNode::Kind::Mapping;
    return node;
  }();
};

std::string write_yaml(const YamlNode& node);

// Replaces the values of keys that hold secrets by <secret>, and passwords in URLs by xxxxx.
void hide_secrets(YamlNode& node);

}  // namespace promenade::config
