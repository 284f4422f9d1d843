// engine/grading/setting_mapping.cc
// Errors name the line of the file.
#include "grading/setting_mapping.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlNode;

Result<std::vector<promql::SeriesLine>> read_series(const YamlFile& file, const YamlNode& list) {
  if (list.kind != YamlNode::Kind::Sequence) {
    return file.error_at(list, "found " + config::describe(list) +
                                   ", expected a list of series such as 'up{job=\"x\"} 1x20'");
  }
  std::vector<promql::SeriesLine> series;
  for (const YamlNode& item : list.items) {
    const std::string text = TRY(file.text(item, "a series"));
    auto line = promql::parse_series_line(text);
    if (!line) return file.error_at(item, line.error().message);
    series.push_back(std::move(*line));
  }
  return series;
}

Result<Labels> read_labels(const YamlFile& file, const YamlNode& node) {
  if (node.kind != YamlNode::Kind::Mapping) {
    return file.error_at(
        node, "found " + config::describe(node) + ", expected labels such as {job: api}");
  }
  LabelsBuilder labels;
  for (const config::YamlEntry& entry : node.entries) {
    labels.set(entry.key.text, TRY(file.text(entry.value, "a label's value")));
  }
  return labels.build();
}

}  // namespace

void SettingMapping::series(std::string_view key, std::vector<promql::SeriesLine>& out,
                            Presence presence) {
  value(
      key,
      [&](const YamlNode& list) -> Result<void> {
        out = TRY(read_series(file_, list));
        return {};
      },
      presence);
}

void SettingMapping::labels(std::string_view key, Labels& out, Presence presence) {
  value(
      key,
      [&](const YamlNode& node) -> Result<void> {
        out = TRY(read_labels(file_, node));
        return {};
      },
      presence);
}

void SettingMapping::interval(std::string_view key, Duration& out) {
  duration(key, out);
  if (find(key) != nullptr && out.ms <= 0) {
    require(error_at(key, std::string(key) + " has to be longer than 0s"));
  }
}

}  // namespace promenade::grading
