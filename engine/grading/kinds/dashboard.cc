// engine/grading/kinds/dashboard.cc
// The kind dashboard: the answer is a Grafana dashboard in its JSON model. For each panel that was
// asked for there has to be one whose query gives the same results in a hidden world, at a narrow
// and at a wide zoom, with the unit, legend and thresholds of the task. Titles and places are the
// learner's own.
#include <algorithm>
#include <memory>
#include <set>

#include "base/strings.h"
#include "grading/hidden_worlds.h"
#include "grading/kind.h"
#include "grading/setting_mapping.h"
#include "promql/parser/parser.h"
#include "promql/parser/printer.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

constexpr size_t kPanelsMax = 40;
constexpr size_t kTargetsMax = 10;

struct Variable {
  std::string_view name;
  std::string_view narrow;  // What it stands for over the last hour,
  std::string_view wide;    // and over some days.
};
constexpr Variable kVariables[] = {
    {"__rate_interval", "1m", "10m"}, {"__interval", "15s", "5m"}, {"__range", "1h", "2h"}};

struct Panel {
  std::string title;
  std::vector<std::string> queries;
  std::string legend;
  std::string unit;
  std::string thresholds;
};

const YamlNode* member(const YamlNode* node, std::string_view key) {
  if (node == nullptr || node->kind != YamlNode::Kind::Mapping) return nullptr;
  for (const config::YamlEntry& entry : node->entries) {
    if (entry.key.text == key) return &entry.value;
  }
  return nullptr;
}
std::string text_of(const YamlNode* node) {
  return node != nullptr && node->kind == YamlNode::Kind::Scalar ? node->text : "";
}

Panel read_panel(const YamlNode& node) {
  Panel panel;
  panel.title = text_of(member(&node, "title"));
  const YamlNode* defaults = member(member(&node, "fieldConfig"), "defaults");
  panel.unit = text_of(member(defaults, "unit"));
  if (const YamlNode* steps = member(member(defaults, "thresholds"), "steps")) {
    for (const YamlNode& step : steps->items) {
      panel.thresholds += text_of(member(&step, "value")) + " ";
    }
  }
  if (const YamlNode* targets = member(&node, "targets")) {
    for (const YamlNode& target : targets->items) {
      if (panel.queries.size() == kTargetsMax) break;
      panel.queries.push_back(text_of(member(&target, "expr")));
      panel.legend += text_of(member(&target, "legendFormat")) + " ";
    }
  }
  return panel;
}

// Rows may hold panels of their own.
void collect_panels(const YamlNode* list, std::vector<Panel>& out) {
  if (list == nullptr) return;
  for (const YamlNode& node : list->items) {
    if (out.size() == kPanelsMax) return;
    if (text_of(member(&node, "type")) != "row") out.push_back(read_panel(node));
    collect_panels(member(&node, "panels"), out);
  }
}

Result<std::vector<Panel>> read_panels(std::string_view json) {
  const YamlFile file = TRY(YamlFile::parse("dashboard.json", json));
  std::vector<Panel> panels;
  collect_panels(member(&file.root(), "panels"), panels);
  if (panels.empty()) {
    return file.error_at(file.root(), "the dashboard has no panels; write \"panels\": [...]");
  }
  return panels;
}

std::string filled_in(std::string query, bool is_wide) {
  for (const Variable& variable : kVariables) {
    const std::string_view value = is_wide ? variable.wide : variable.narrow;
    for (const std::string& form :
         {"${" + std::string(variable.name) + "}", "$" + std::string(variable.name)}) {
      for (size_t at = query.find(form); at != std::string::npos; at = query.find(form, at)) {
        query.replace(at, form.size(), value);
      }
    }
  }
  return query;
}

// A panel that the dashboard has to have.
struct Wanted {
  std::string says;
  std::string query;
  std::string unit;        // "" for any.
  std::string thresholds;  // "0.01 0.05"; "" for any.
  std::string legend;      // A label that the legend has to name; "" for any.
};

class Dashboard final : public Kind {
 public:
  Dashboard(std::string world, std::vector<Wanted> wanted)
      : world_(std::move(world)), wanted_(std::move(wanted)) {}

  std::vector<std::string> requirements() const override {
    std::vector<std::string> texts;
    for (const Wanted& wanted : wanted_) texts.push_back(wanted.says);
    return texts;
  }

  Result<Observation> observe(std::string_view answer, HiddenWorlds& worlds) const override {
    const std::vector<Panel> panels = TRY(read_panels(answer));
    Observation observation;
    for (size_t i = 0; i < wanted_.size(); ++i) {
      const std::string fault = TRY(fault_of(wanted_[i], panels, worlds));
      observation.facts.push_back(
          {i, wanted_[i].says, fault.empty() ? "yes" : "no", fault.empty(), fault});
    }
    // Where a panel stands tells nothing.
    std::set<std::string> lines;
    for (const Panel& panel : panels) {
      for (const std::string& query : panel.queries) {
        const auto expr = promql::parse(filled_in(query, false));
        lines.insert((expr ? promql::to_string(**expr) : query) + " " + panel.unit + " " +
                     std::string(trim(panel.thresholds)) + " " + panel.legend + "\n");
      }
    }
    for (const std::string& line : lines) observation.trace += line;
    return observation;
  }

 private:
  // "" when one of the panels is the wanted one.
  Result<std::string> fault_of(const Wanted& wanted, const std::vector<Panel>& panels,
                               HiddenWorlds& worlds) const {
    const Outcomes narrow = TRY(outcomes(wanted.query, false, worlds));
    const Outcomes wide = TRY(outcomes(wanted.query, true, worlds));
    std::string fault = "No panel shows it.";
    for (const Panel& panel : panels) {
      for (const std::string& query : panel.queries) {
        if (!are_same(narrow, TRY(outcomes(query, false, worlds)))) continue;
        if (!are_same(wide, TRY(outcomes(query, true, worlds)))) {
          fault = "The panel " + quote(panel.title) +
                  " shows it at one zoom and something else at another: the window has to grow "
                  "with the step, which `$__rate_interval` does.";
          continue;
        }
        return style_fault(wanted, panel);
      }
    }
    return fault;
  }

  static std::string style_fault(const Wanted& wanted, const Panel& panel) {
    const std::string name = "The panel " + quote(panel.title);
    if (!wanted.unit.empty() && panel.unit != wanted.unit) {
      return name + " has the right values and the unit `" + panel.unit + "`; `" + wanted.unit +
             "` was asked for.";
    }
    if (!wanted.thresholds.empty() && trim(panel.thresholds) != wanted.thresholds) {
      return name + " has the right values, and thresholds at `" +
             std::string(trim(panel.thresholds)) + "` instead of `" + wanted.thresholds + "`.";
    }
    if (!wanted.legend.empty() && panel.legend.find(wanted.legend) == std::string::npos) {
      return name + " has the right values, but its legend does not name `" + wanted.legend + "`.";
    }
    return "";
  }

  using Outcomes = std::vector<Outcome>;
  static bool are_same(const Outcomes& a, const Outcomes& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Outcome& x, const Outcome& y) { return same_outcome(x, y, {}); });
  }

  // What the query gives in the first hidden world. A query that cannot be drawn is an error.
  Result<Outcomes> outcomes(const std::string& query, bool is_wide, HiddenWorlds& worlds) const {
    const std::string filled = filled_in(query, is_wide);
    const auto expr = promql::parse(filled);
    if (!expr) return bad_data(quote(query) + ": " + expr.error().message);
    const promql::ValueType type = (*expr)->type;
    if (type != promql::ValueType::Vector && type != promql::ValueType::Scalar) {
      return bad_data(quote(query) + " gives " + std::string(promql::document_name(type)) +
                      ", which cannot be drawn");
    }
    Outcomes outcomes;
    for (const Probe& probe : worlds.probes()) {
      if (probe.world != 0 || probe.is_instant()) continue;
      outcomes.push_back(TRY(worlds.evaluate(world_, **expr, probe)));
    }
    return outcomes;
  }

  std::string world_;
  std::vector<Wanted> wanted_;
};

Result<Wanted> read_wanted(const YamlFile& file, const YamlNode& node) {
  Wanted wanted;
  YamlMapping mapping(file, node, "a panel");
  mapping.text("says", wanted.says, Presence::Required);
  mapping.text("query", wanted.query, Presence::Required);
  mapping.text("unit", wanted.unit);
  mapping.text("thresholds", wanted.thresholds);
  mapping.text("legend", wanted.legend);
  TRY(mapping.finish());
  return wanted;
}

}  // namespace

Result<std::shared_ptr<const Kind>> read_dashboard(const YamlFile& file, const YamlNode& node,
                                                   std::string_view) {
  std::string world;
  std::vector<Wanted> panels;
  SettingMapping mapping(file, node, "the setting of a dashboard");
  mapping.text("world", world, Presence::Required);
  mapping.items("panels", read_wanted, panels, Presence::Required);
  TRY(mapping.finish());
  return std::make_shared<Dashboard>(std::move(world), std::move(panels));
}

}  // namespace promenade::grading
