#pragma once  // engine/grading/grader.h
// Exercises as data, and verdicts on answers. A PromQL answer is right when it gives the
// reference's result on every hidden seed, whatever its text, because a question has
// many right texts and a fixed data set could be answered by its numbers.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace promenade::grading {

// A known wrong answer, recognised by its result.
struct Misconception {
  std::string code;     // "MC19", from exercises/misconceptions.md; the class of the mistake.
  std::string query;    // What somebody with this belief writes.
  std::string message;  // What to tell them.
};

// One file of exercises/: see docs in exercises/README.md for the format.
struct Exercise {
  std::string id;      // "3.2-E1"; equals the file's name without .yaml.
  std::string lesson;  // "03-promql-basics/02-selectors".
  std::string title;
  std::string task;     // Markdown.
  std::string world;    // A workload's name.
  std::string starter;  // What stands in the editor at first; must fail.
  std::string reference;
  std::vector<std::string> equivalents;
  std::vector<Misconception> misconceptions;
  std::vector<std::string> hints;   // From a nudge to nearly the answer.
  std::string explanation;          // Shown after a pass. Markdown.
  bool ordered = false;             // The order of the result counts (sort, topk).
  bool ignore_metric_name = false;  // A kept or dropped __name__ makes no difference.
};

// Parses one exercise file. Unknown keys, missing keys and wrong types fail with
// "FILE:LINE:COLUMN: what was found, what was expected, what to do".
Result<Exercise> parse_exercise(const std::string& file_name, std::string_view yaml);

struct Verdict {
  enum class Outcome {
    Pass,
    Wrong,    // Evaluates, but means something else.
    Invalid,  // Does not parse or fails to evaluate.
  };
  Outcome outcome = Outcome::Wrong;
  // The first thing to tell the learner, in a sentence or two.
  std::string message;
  std::string misconception;  // Its code, when a known wrong answer matched; else "".
  // For Invalid: where in the answer.
  std::optional<SourceSpan> span;
  // For Wrong: what differs on the first seed that tells them apart: "3 series expected, 6 found".
  std::string difference;
};

// Holds the hidden worlds, which are built at the first use and kept.
class Grader {
 public:
  struct Options {
    std::vector<uint64_t> seeds = {101, 202, 303};
    Duration history = Duration::hours(2);
  };
  Grader();
  explicit Grader(Options options);
  ~Grader();

  Verdict grade(const Exercise& exercise, std::string_view answer);

  // Proves an exercise: the starter fails, the reference and each equivalent pass, each
  // misconception fails and is recognised by its own code, hints exist. Each finding is one
  // line that says what is wrong and what to do; none means the exercise is sound.
  std::vector<std::string> check(const Exercise& exercise);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// {"outcome":"pass"|"wrong"|"invalid","message":...,...}: the verdict as the page gets it.
std::string to_json(const Verdict& verdict);

}  // namespace promenade::grading
