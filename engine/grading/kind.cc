// engine/grading/kind.cc
// The table of kinds, under the names that exercise files use.
#include "grading/kind.h"

namespace promenade::grading {
namespace {

constexpr KindEntry kKinds[] = {
    {"promql", nullptr},
    {"fix-the-bug", nullptr},
    {"multi-step", nullptr},
    {"config-edit", read_config_edit},
    {"rule-edit", read_rule_edit},
    {"relabel-edit", read_relabel_edit},
    {"route-edit", read_route_edit},
    {"exposition-edit", read_exposition_edit},
    {"metric-type", read_metric_type},
    {"predict", read_predict},
    {"choice", read_choice},
    {"dashboard", read_dashboard},
    {"chaos-drill", read_chaos_drill},
};

}  // namespace

const KindEntry* find_kind(std::string_view name) {
  for (const KindEntry& entry : kKinds) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

std::vector<std::string_view> kind_names() {
  std::vector<std::string_view> names;
  for (const KindEntry& entry : kKinds) names.push_back(entry.name);
  return names;
}

}  // namespace promenade::grading
