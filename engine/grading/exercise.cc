// engine/grading/exercise.cc
// One YAML file to one Exercise. The reader is strict: a file that has a key too many, one too
// few or a wrong type is an error that names its line.
#include <utility>

#include "base/strings.h"
#include "config/yaml_reader.h"
#include "grading/grader.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

constexpr uint64_t kFormatVersion = 1;

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

Result<Misconception> read_misconception(const YamlFile& file, const YamlNode& node) {
  Misconception misconception;
  YamlMapping mapping(file, node, "a misconception");
  required_text(mapping, "code", misconception.code);
  required_text(mapping, "query", misconception.query);
  required_text(mapping, "message", misconception.message);
  TRY(mapping.finish());
  return misconception;
}

}  // namespace

Result<Exercise> parse_exercise(const std::string& file_name, std::string_view yaml) {
  const YamlFile file = TRY(YamlFile::parse(file_name, yaml));
  Exercise exercise;
  YamlMapping mapping(file, file.root(), "an exercise");
  read_format_version(mapping);
  required_text(mapping, "id", exercise.id);
  required_text(mapping, "lesson", exercise.lesson);
  required_text(mapping, "title", exercise.title);
  required_text(mapping, "world", exercise.world);
  required_text(mapping, "task", exercise.task);
  mapping.text("starter", exercise.starter, Presence::Required);
  required_text(mapping, "reference", exercise.reference);
  mapping.text_list("equivalents", exercise.equivalents, Presence::Required);
  mapping.list(
      "misconceptions",
      [&](const YamlNode& node) -> Result<void> {
        exercise.misconceptions.push_back(TRY(read_misconception(file, node)));
        return {};
      },
      Presence::Required);
  mapping.text_list("hints", exercise.hints, Presence::Required);
  required_text(mapping, "explanation", exercise.explanation);
  mapping.boolean("ordered", exercise.ordered);
  mapping.boolean("ignore_metric_name", exercise.ignore_metric_name);
  TRY(mapping.finish());
  return exercise;
}

}  // namespace promenade::grading
