// engine/grading/kinds/config_edit.cc
// The kind config-edit: the answer is a prometheus.yml. It is loaded by a Prometheus of its own on
// a network of the exercise's hosts, which scrapes for a while; then questions are asked in PromQL,
// and the answers have to be those that the reference's Prometheus gives.
#include <memory>

#include "grading/kind.h"
#include "grading/lab.h"
#include "grading/script.h"
#include "grading/setting_mapping.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

struct Question {
  std::string says;  // The requirement.
  std::string query;
};
struct Setting {
  Duration run = Duration::minutes(3);
  LabSetting lab;
  std::vector<Question> questions;
};

class ConfigEdit final : public Kind {
 public:
  explicit ConfigEdit(Setting setting) : setting_(std::move(setting)) {}

  std::vector<std::string> requirements() const override {
    std::vector<std::string> texts;
    for (const Question& question : setting_.questions) texts.push_back(question.says);
    return texts;
  }

  Result<Observation> observe(std::string_view answer, HiddenWorlds&) const override {
    Lab lab(setting_.lab);
    TRY(lab.run(answer, setting_.run));
    Observation observation;
    for (size_t i = 0; i < setting_.questions.size(); ++i) {
      const auto rows = TRY(evaluate_rows(lab.head(), setting_.questions[i].query, lab.now()));
      for (const ResultRow& row : rows) {
        observation.facts.push_back({i, row.labels.empty() ? "The value" : "`" + row.labels + "`",
                                     row.value, std::nullopt, ""});
      }
    }
    for (const ResultRow& row : TRY(evaluate_rows(
             lab.head(), "count by (__name__, job, instance) ({__name__=~\".+\"})", lab.now()))) {
      observation.trace += row.labels + " " + row.value + "\n";
    }
    return observation;
  }

 private:
  Setting setting_;
};

Result<Question> read_question(const YamlFile& file, const YamlNode& node) {
  Question question;
  YamlMapping mapping(file, node, "a question");
  mapping.text("says", question.says, Presence::Required);
  mapping.text("query", question.query, Presence::Required);
  TRY(mapping.finish());
  return question;
}

}  // namespace

Result<std::shared_ptr<const Kind>> read_config_edit(const YamlFile& file, const YamlNode& node,
                                                     std::string_view) {
  Setting setting;
  SettingMapping mapping(file, node, "the setting of a config-edit");
  mapping.duration("run", setting.run);
  read_lab(mapping, setting.lab, Presence::Required);
  mapping.items("questions", read_question, setting.questions, Presence::Required);
  TRY(mapping.finish());
  if (setting.run > kLabRunMax) return mapping.error_at("run", kLabRunsTooLong);
  return std::make_shared<ConfigEdit>(std::move(setting));
}

}  // namespace promenade::grading
