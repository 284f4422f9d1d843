#pragma once  // engine/grading/kind.h
// How answers of one kind of exercise are observed. A kind runs the answer (a rule file against
// incidents, relabelling rules on targets, a routing tree on a stream of alerts) and writes down
// what happened as facts; behaviour_judge.h compares them with the reference's. Adding a kind is
// one file in kinds/ and one line in the table of kind.cc.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/yaml_reader.h"

namespace promenade::grading {

class HiddenWorlds;

// One thing that an answer did.
struct Fact {
  size_t requirement = 0;  // Index into Kind::requirements().
  std::string subject;     // "web-1 in the scenario \"One target dies\"".
  std::string value;       // "paged after 1m15s". Empty is not the same as absent.
  // Where the kind knows by itself what is right. Else the reference's value is.
  std::optional<bool> holds;
  // What to tell when it is wrong; "" for a sentence made of subject and values.
  std::string why;
};

// A wrong answer that nobody had to write: one small step away from the reference.
struct AnswerMutant {
  std::string answer;
  std::string_view change;  // "the order"; static storage.
  std::string difference;   // Of a longer one, the lines that differ: "for: 1m -> for: 10m".
};

// What an exercise has to bring. Equivalents show that the grader accepts other spellings,
// misconceptions that it knows what goes wrong; some kinds have few ways to be right or wrong.
struct Least {
  size_t equivalents = 2;
  size_t misconceptions = 3;
};

struct Observation {
  std::vector<Fact> facts;
  // More of what happened, in whatever detail tells mistakes apart. Does not count for passing.
  std::string trace;
};

class Kind {
 public:
  virtual ~Kind() = default;

  // What the task asks for, a sentence each, in the order of importance.
  virtual std::vector<std::string> requirements() const = 0;
  // Runs the answer. Fails with BadData when it cannot be used at all; the span is in the answer.
  virtual Result<Observation> observe(std::string_view answer, HiddenWorlds& worlds) const = 0;
  // Whether a wrong fact may be told together with the right one. Not where that is the answer.
  virtual bool may_show_expected() const { return true; }
  // What is right, for the author of a reference that is not; "" where the facts tell it.
  virtual std::string truth() const { return ""; }
  virtual Least least() const { return {}; }
  // Wrong answers that follow from the setting; others are made from the reference's text
  // (answer_mutants.h). Some of them may be right after all.
  virtual std::vector<AnswerMutant> mutants() const { return {}; }
};

// Reads a kind's `setting`; a choice compares with the `reference` itself.
using ReadSetting = Result<std::shared_ptr<const Kind>>(const config::YamlFile& file,
                                                        const config::YamlNode& setting,
                                                        std::string_view reference);
struct KindEntry {
  std::string_view name;
  ReadSetting* read;  // Null where there is no setting: PromQL, and several steps.
};
// Null for an unknown name.
const KindEntry* find_kind(std::string_view name);
std::vector<std::string_view> kind_names();

// The readers of kinds/, one a file.
ReadSetting read_config_edit, read_rule_edit, read_relabel_edit, read_route_edit,
    read_exposition_edit, read_metric_type, read_predict, read_dashboard, read_chaos_drill,
    read_choice;

}  // namespace promenade::grading
