// The content of a file_sd file: a list of target groups. JSON is a subset of YAML for this
// purpose, so one reader serves both.
#include "config/sections.h"

namespace promenade::config {

Result<std::vector<StaticConfig>> parse_target_file(const std::string& file_name,
                                                    std::string_view text) {
  const YamlFile file = TRY(YamlFile::parse(file_name, text));
  std::vector<std::string> notices;
  ReadContext context{file, "", notices};
  std::vector<StaticConfig> groups;
  const YamlNode& root = file.root();
  if (root.kind == YamlNode::Kind::Null) return groups;
  if (root.kind != YamlNode::Kind::Sequence) {
    return file.error_at(root, "found " + describe(root) +
                                   ", expected a list of target groups; start each with "
                                   "\"- targets:\"");
  }
  for (const YamlNode& item : root.items) {
    if (item.kind == YamlNode::Kind::Null) {
      return file.error_at(item, "found an empty target group; fill it in or remove it");
    }
    groups.push_back(TRY(read_static_config(context, item, false)));
  }
  return groups;
}

}  // namespace promenade::config
