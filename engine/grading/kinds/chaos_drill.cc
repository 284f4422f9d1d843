// engine/grading/kinds/chaos_drill.cc
// The kind chaos-drill: an incident whose truth is known to the simulation and to nobody else. The
// answer is the query of a panel; it has to stay within a tolerance of the truth through every
// phase of the incident: before, while processes die and come back, and after.
#include <algorithm>
#include <cmath>
#include <memory>

#include "grading/kind.h"
#include "grading/script.h"
#include "grading/setting_mapping.h"
#include "model/duration.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

struct Phase {
  std::string says;  // The requirement: "While the instances restart, the panel stays right".
  Duration from;
  Duration until;
};
struct Setting {
  Duration interval = Duration::seconds(15);
  Duration step = Duration::seconds(60);
  double tolerance = 0.05;
  std::vector<promql::SeriesLine> series;
  std::vector<promql::SeriesLine> truth;  // One series: what the panel should show.
  std::vector<Phase> phases;
};

class ChaosDrill final : public Kind {
 public:
  explicit ChaosDrill(Setting setting) : setting_(std::move(setting)) {
    SeriesFeed(setting_.series, setting_.interval)
        .append_until(head_, kScriptStart + Duration::hours(1000));
  }

  std::vector<std::string> requirements() const override {
    std::vector<std::string> texts;
    for (const Phase& phase : setting_.phases) texts.push_back(phase.says);
    return texts;
  }

  Result<Observation> observe(std::string_view answer, HiddenWorlds&) const override {
    Observation observation;
    for (size_t i = 0; i < setting_.phases.size(); ++i) {
      const Phase& phase = setting_.phases[i];
      std::string fault;
      for (Duration at = phase.from; at <= phase.until; at = at + setting_.step) {
        const auto rows = TRY(evaluate_rows(head_, answer, kScriptStart + at));
        observation.trace += join_rows(rows) + "\n";
        if (fault.empty()) fault = fault_of(rows, at);
      }
      observation.facts.push_back(
          {i, phase.says, fault.empty() ? "yes" : "no", fault.empty(), fault});
    }
    return observation;
  }

 private:
  std::string fault_of(const std::vector<ResultRow>& rows, Duration at) const {
    const std::string when = "After " + format_duration(at) + " ";
    if (rows.empty()) return when + "the panel is empty.";
    if (rows.size() > 1) {
      return when + "the panel shows " + std::to_string(rows.size()) +
             " values, and one is wanted.";
    }
    const double truth = truth_at(at);
    const double shown = std::atof(rows.front().value.c_str());
    if (std::fabs(shown - truth) <= setting_.tolerance * std::fabs(truth)) return "";
    return when + "the truth is " + nine_digits(truth) + ", and the panel shows " +
           rows.front().value + ".";
  }

  double truth_at(Duration at) const {
    const std::vector<promql::SeriesValue>& values = setting_.truth.front().values;
    const auto index = static_cast<size_t>(at.ms / setting_.interval.ms);
    return values[std::min(index, values.size() - 1)].value;
  }

  Setting setting_;
  tsdb::Head head_;
};

Result<Phase> read_phase(const YamlFile& file, const YamlNode& node) {
  Phase phase;
  YamlMapping mapping(file, node, "a phase");
  mapping.text("says", phase.says, Presence::Required);
  mapping.duration("from", phase.from);
  mapping.duration("until", phase.until);
  TRY(mapping.finish());
  return phase;
}

}  // namespace

Result<std::shared_ptr<const Kind>> read_chaos_drill(const YamlFile& file, const YamlNode& node,
                                                     std::string_view) {
  Setting setting;
  SettingMapping mapping(file, node, "the setting of a chaos-drill");
  mapping.interval("interval", setting.interval);
  mapping.interval("step", setting.step);
  mapping.number("tolerance", setting.tolerance);
  mapping.series("series", setting.series, Presence::Required);
  mapping.series("truth", setting.truth, Presence::Required);
  mapping.items("phases", read_phase, setting.phases, Presence::Required);
  TRY(mapping.finish());
  if (setting.truth.size() != 1 || setting.truth.front().values.empty()) {
    return file.error_at(node, "the truth is one series with values");
  }
  return std::make_shared<ChaosDrill>(std::move(setting));
}

}  // namespace promenade::grading
