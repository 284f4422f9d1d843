// engine/grading/exercise.cc
// One YAML file to one Exercise. The reader is strict: a file that has a key too many, one too
// few or a wrong type is an error that names its line.
#include "grading/exercise.h"

#include <utility>

#include "base/strings.h"
#include "grading/kind.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

constexpr uint64_t kFormatVersion = 1;
constexpr std::string_view kMultiStep = "multi-step";

// A text key that has to be there and to say something.
void required_text(YamlMapping& mapping, std::string_view key, std::string& out) {
  mapping.text(key, out, Presence::Required);
  const YamlNode* node = mapping.find(key);
  if (node == nullptr || node->kind != YamlNode::Kind::Scalar) return;
  // Block scalars end in a line feed that nobody means.
  out = std::string(trim(out));
  if (out.empty()) mapping.require(mapping.error_at(key, std::string(key) + " must not be empty"));
}

void read_format_version(YamlMapping& mapping) {
  uint64_t version = 0;
  mapping.count("format_version", version);
  const YamlNode* node = mapping.find("format_version", Presence::Required);
  if (node == nullptr || version == kFormatVersion) return;
  mapping.require(mapping.error_at(
      "format_version", "format_version is " + config::describe(*node) +
                            ", but this program reads version 1; write format_version: 1"));
}

// What is wrong is a query in PromQL and an answer elsewhere; the key says which.
Result<Misconception> read_misconception(const YamlFile& file, const YamlNode& node,
                                         std::string_view answer_key) {
  Misconception misconception;
  YamlMapping mapping(file, node, "a misconception");
  required_text(mapping, "code", misconception.code);
  required_text(mapping, answer_key, misconception.query);
  required_text(mapping, "message", misconception.message);
  TRY(mapping.finish());
  return misconception;
}

// Reads what an exercise and a step have in common.
class QuestionReader {
 public:
  QuestionReader(const YamlFile& file, YamlMapping& mapping, Question& out)
      : file_(file), mapping_(mapping), out_(out) {}

  void read() {
    if (!read_kind()) return;
    required_text(mapping_, "task", out_.task);
    if (out_.kind == kMultiStep) return read_steps();
    required_text(mapping_, "reference", out_.reference);
    if (is_promql(out_)) {
      required_text(mapping_, "world", out_.world);
      mapping_.boolean("ordered", out_.ordered);
      mapping_.boolean("ignore_metric_name", out_.ignore_metric_name);
    } else {
      read_setting();
    }
    mapping_.text("starter", out_.starter, Presence::Required);
    const bool needs_equivalents =
        out_.behaviour == nullptr || out_.behaviour->least().equivalents > 0;
    mapping_.text_list("equivalents", out_.equivalents,
                       needs_equivalents ? Presence::Required : Presence::Optional);
    const std::string_view answer_key = is_promql(out_) ? "query" : "answer";
    mapping_.list(
        "misconceptions",
        [&](const YamlNode& node) -> Result<void> {
          out_.misconceptions.push_back(TRY(read_misconception(file_, node, answer_key)));
          return {};
        },
        Presence::Required);
  }

 private:
  // False for a kind that does not exist: what else there should be nobody knows then.
  bool read_kind() {
    const std::vector<std::string_view> names = kind_names();
    size_t index = 0;
    mapping_.choice("kind", names, index);
    out_.kind = names[index];
    const YamlNode* node = mapping_.find("kind");
    return node == nullptr || node->text == names[index];
  }

  void read_setting() {
    if (out_.reference.empty()) return;  // An error already.
    mapping_.value(
        "setting",
        [&](const YamlNode& node) -> Result<void> {
          out_.behaviour = TRY(find_kind(out_.kind)->read(file_, node, out_.reference));
          return {};
        },
        Presence::Required);
  }

  void read_steps() {
    mapping_.list(
        "steps",
        [&](const YamlNode& node) -> Result<void> {
          Question step;
          YamlMapping mapping(file_, node, "a step");
          QuestionReader(file_, mapping, step).read();
          TRY(mapping.finish());
          if (step.kind == kMultiStep) {
            return file_.error_at(node,
                                  "a step cannot have steps of its own; write them one after "
                                  "another");
          }
          out_.steps.push_back(std::move(step));
          return {};
        },
        Presence::Required);
    const YamlNode* list = mapping_.find("steps");
    if (list != nullptr && list->kind == YamlNode::Kind::Sequence && list->items.empty()) {
      mapping_.require(mapping_.error_at("steps", "write at least one step"));
    }
  }

  const YamlFile& file_;
  YamlMapping& mapping_;
  Question& out_;
};

// The answer with which the page begins, and the right one: the steps' with lines of --- between.
void join_steps(Exercise& exercise) {
  for (const Question& step : exercise.steps) {
    const std::string_view line = exercise.reference.empty() ? "" : "\n---\n";
    exercise.starter += line;
    exercise.starter += step.starter;
    exercise.reference += line;
    exercise.reference += step.reference;
  }
}

}  // namespace

bool is_promql(const Question& question) {
  return question.kind == "promql" || question.kind == "fix-the-bug";
}

Result<Exercise> parse_exercise(const std::string& file_name, std::string_view yaml) {
  const YamlFile file = TRY(YamlFile::parse(file_name, yaml));
  Exercise exercise;
  YamlMapping mapping(file, file.root(), "an exercise");
  read_format_version(mapping);
  required_text(mapping, "id", exercise.id);
  required_text(mapping, "lesson", exercise.lesson);
  required_text(mapping, "title", exercise.title);
  QuestionReader(file, mapping, exercise).read();
  mapping.text_list("hints", exercise.hints, Presence::Required);
  required_text(mapping, "explanation", exercise.explanation);
  TRY(mapping.finish());
  join_steps(exercise);
  exercise.source = yaml;
  return exercise;
}

}  // namespace promenade::grading
