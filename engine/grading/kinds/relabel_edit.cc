// engine/grading/kinds/relabel_edit.cc
// The kind relabel-edit: the answer is a list of relabelling rules. It is applied to targets (or,
// at the stage "samples", to series), also to such as the task does not show: without the
// annotation, with an IPv6 address, with an empty tag. What is kept, and with which labels, has to
// be as the reference has it.
#include <map>
#include <memory>

#include "base/strings.h"
#include "config/relabel_config.h"
#include "grading/kind.h"
#include "grading/script.h"
#include "grading/setting_mapping.h"
#include "scrape/relabel.h"
#include "scrape/target.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlNode;

constexpr std::string_view kStages[] = {"targets", "samples"};

struct Fixture {
  std::string name;  // "A pod without annotations".
  Labels labels;
};
struct Setting {
  bool is_about_samples = false;
  std::string job = "pods";
  std::vector<Fixture> fixtures;
};

using Rules = std::vector<config::RelabelConfig>;

// The rules alone, or below the key that they have in prometheus.yml.
Result<Rules> read_rules(std::string_view text) {
  const YamlFile file = TRY(YamlFile::parse("answer", text));
  const YamlNode* list = &file.root();
  if (list->kind == YamlNode::Kind::Mapping && list->entries.size() == 1) {
    const std::string& key = list->entries.front().key.text;
    if (key == "relabel_configs" || key == "metric_relabel_configs") {
      list = &list->entries.front().value;
    }
  }
  if (list->kind != YamlNode::Kind::Sequence) {
    return file.error_at(*list, "found " + config::describe(*list) +
                                    ", expected a list of rules; each begins with a dash");
  }
  Rules rules;
  for (const YamlNode& item : list->items) {
    rules.push_back(TRY(config::parse_relabel_config(file, item)));
  }
  return rules;
}

class RelabelEdit final : public Kind {
 public:
  explicit RelabelEdit(Setting setting) : setting_(std::move(setting)) {}

  std::vector<std::string> requirements() const override {
    const std::string what = setting_.is_about_samples ? "series" : "targets";
    return {"The right " + what + " are kept",
            "The " + what + " that are kept have the right labels",
            "No two " + what + " become one"};
  }

  Result<Observation> observe(std::string_view answer, HiddenWorlds&) const override {
    const Rules rules = TRY(read_rules(answer));
    Observation observation;
    std::map<std::string, std::string> first_with;
    for (const Fixture& fixture : setting_.fixtures) {
      const Result<std::optional<std::string>> kept = setting_.is_about_samples
                                                          ? relabel_sample(fixture, rules)
                                                          : relabel_target(fixture, rules);
      const bool is_kept = kept && *kept;
      const std::string state = !kept ? "unusable" : is_kept ? "kept" : "dropped";
      observation.facts.push_back({0, fixture.name, state, std::nullopt, ""});
      if (!kept) observation.trace += fixture.name + ": " + kept.error().message + "\n";
      if (!is_kept) continue;
      observation.facts.push_back({1, fixture.name, **kept, std::nullopt, ""});
      const auto [other, is_new] = first_with.emplace(**kept, fixture.name);
      if (is_new) continue;
      observation.facts.push_back({2, fixture.name, "collides", false,
                                   "\"" + other->second + "\" and \"" + fixture.name +
                                       "\" end up with the same labels, `" + **kept +
                                       "`: one of them is lost."});
    }
    return observation;
  }

 private:
  // The labels as text; nothing when it is dropped.
  static Result<std::optional<std::string>> relabel_sample(const Fixture& fixture,
                                                           const Rules& rules) {
    LabelsBuilder labels(fixture.labels);
    if (!scrape::relabel(labels, rules)) return std::optional<std::string>();
    return std::optional<std::string>(labels.build().to_string());
  }

  Result<std::optional<std::string>> relabel_target(const Fixture& fixture,
                                                    const Rules& rules) const {
    config::ScrapeConfig job;
    job.job_name = setting_.job;
    job.scrape_interval = Duration::seconds(15);
    job.scrape_timeout = Duration::seconds(10);
    job.relabel_configs = rules;
    discovery::LabelSet labels;
    for (const Label& label : fixture.labels) labels.emplace(label.name, label.value);
    const auto target = TRY(scrape::build_target(job, scrape::discovered_labels(job, {}, labels)));
    if (!target) return std::optional<std::string>();
    return std::optional<std::string>(target->url + " " + target->labels.to_string());
  }

  Setting setting_;
};

Result<Fixture> read_fixture(const YamlFile& file, const YamlNode& node) {
  Fixture fixture;
  SettingMapping mapping(file, node, "a fixture");
  mapping.text("name", fixture.name, Presence::Required);
  mapping.labels("labels", fixture.labels, Presence::Required);
  TRY(mapping.finish());
  return fixture;
}

}  // namespace

Result<std::shared_ptr<const Kind>> read_relabel_edit(const YamlFile& file, const YamlNode& node,
                                                      std::string_view) {
  Setting setting;
  SettingMapping mapping(file, node, "the setting of a relabel-edit");
  size_t stage = 0;
  mapping.choice("stage", kStages, stage);
  mapping.text("job", setting.job);
  mapping.items("fixtures", read_fixture, setting.fixtures, Presence::Required);
  TRY(mapping.finish());
  setting.is_about_samples = stage == 1;
  return std::make_shared<RelabelEdit>(std::move(setting));
}

}  // namespace promenade::grading
