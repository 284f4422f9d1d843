#pragma once  // engine/grading/setting_mapping.h
// Reads what the settings of several kinds have in common, on top of a YamlMapping: series in the
// notation of rule tests, label sets, intervals, lists of one thing.
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/yaml_reader.h"
#include "model/labels.h"
#include "promql/parser/series_notation.h"

namespace promenade::grading {

class SettingMapping : public config::YamlMapping {
 public:
  SettingMapping(const config::YamlFile& file, const config::YamlNode& node, std::string_view what)
      : YamlMapping(file, node, what), file_(file) {}

  // ['up{job="x"} 1x20 0x40', ...]
  void series(std::string_view key, std::vector<promql::SeriesLine>& out,
              config::Presence presence = config::Presence::Optional);
  // {job: api, ...}
  void labels(std::string_view key, Labels& out,
              config::Presence presence = config::Presence::Optional);
  // A duration longer than 0s.
  void interval(std::string_view key, Duration& out);
  // Each item of a list, by `read`.
  template <typename Item>
  void items(std::string_view key,
             Result<Item> (*read)(const config::YamlFile&, const config::YamlNode&),
             std::vector<Item>& out, config::Presence presence = config::Presence::Optional) {
    list(
        key,
        [&](const config::YamlNode& item) -> Result<void> {
          out.push_back(TRY(read(file_, item)));
          return {};
        },
        presence);
  }

 private:
  const config::YamlFile& file_;
};

}  // namespace promenade::grading
