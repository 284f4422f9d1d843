#pragma once  // engine/grading/exercise.h
// Exercises as data: one YAML file of exercises/ as typed values. What an answer is depends on the
// kind (a query, a rule file, a choice, ...), and so does the `setting`, which that kind reads
// (kind.h). The format is described in exercises/README.md.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/yaml_reader.h"

namespace promenade::grading {

class Kind;

// A known wrong answer, recognised by what it does.
struct Misconception {
  std::string code;     // "MC19", from exercises/misconceptions.md; the class of the mistake.
  std::string query;    // What somebody with this belief writes.
  std::string message;  // What to tell them.
};

// What an answer has to be, and what it has to match.
struct Question {
  std::string kind = "promql";
  std::string task;     // Markdown.
  std::string world;    // A workload's name; "" for kinds that bring their own data.
  std::string starter;  // What stands in the editor at first; must fail.
  std::string reference;
  std::vector<std::string> equivalents;
  std::vector<Misconception> misconceptions;
  bool ordered = false;             // The order of the result counts (sort, topk).
  bool ignore_metric_name = false;  // A kept or dropped __name__ makes no difference.
  // How answers of this kind are observed. Null for PromQL, which has the hidden worlds, and for
  // several steps.
  std::shared_ptr<const Kind> behaviour;
  std::vector<Question> steps;  // Of the kind multi-step.
};

// One file of exercises/.
struct Exercise : Question {
  std::string id;      // "3.2-E1"; equals the file's name without .yaml.
  std::string lesson;  // "03-promql-basics/02-selectors".
  std::string title;
  std::vector<std::string> hints;  // From a nudge to nearly the answer.
  std::string explanation;         // Shown after a pass. Markdown.
  std::string source;              // The file's text; "" for one that was put together by hand.
};

// Parses one exercise file. Unknown keys, missing keys and wrong types fail with
// "FILE:LINE:COLUMN: what was found, what was expected, what to do".
Result<Exercise> parse_exercise(const std::string& file_name, std::string_view yaml);

// Whether answers to it are queries that are tried in the hidden worlds.
bool is_promql(const Question& question);

}  // namespace promenade::grading
