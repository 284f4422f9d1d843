#pragma once  // engine/grading/verdict.h
// What the grader says about one answer.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace promenade::grading {

// More than this nobody reads.
inline constexpr size_t kMessagesMax = 3;

// Something that the task asks for, and whether the answer does it.
struct Requirement {
  std::string text;
  bool holds = false;
};

// A few samples on which the answer and the goal differ: what is left when everything that the
// difference does not need is taken away.
struct Counterexample {
  struct Series {
    std::string name;                                 // As Prometheus writes it: up{job="x"}.
    std::vector<std::pair<int64_t, double>> samples;  // Milliseconds and value.
  };
  struct Row {
    std::string name;
    std::string value;
  };
  int64_t time_ms = 0;  // When both are asked.
  std::vector<Series> series;
  std::vector<Row> expected;  // No rows: nothing.
  std::vector<Row> found;

  size_t sample_count() const;
};

struct Verdict {
  enum class Outcome {
    Pass,
    Wrong,    // It can be used, but does something else.
    Invalid,  // It does not parse, or fails when it is used.
  };
  Outcome outcome = Outcome::Wrong;
  // The first thing to tell the learner, in a sentence or two.
  std::string message;
  std::vector<std::string> further;  // Then these, best first; with `message` at most kMessagesMax.
  std::string misconception;         // Its code, when a known wrong answer matched; else "".
  std::string misconception_name;    // In a few words: "regexes match substrings".
  // For Invalid: where in the answer.
  std::optional<SourceSpan> span;
  // For Wrong: what differs where it shows first: "3 series expected, 6 found".
  std::string difference;
  std::vector<Requirement> requirements;
  bool is_near = false;  // Wrong, but one small step from right.
  std::string computes;  // A sentence: what the answer computes instead; "" when it cannot be said.
  std::optional<Counterexample> counterexample;
  std::vector<std::string> remarks;  // After a pass: what an expert would add.
};

// {"outcome":"pass"|"wrong"|"invalid","message":...,...}: the verdict as the page gets it.
std::string to_json(const Verdict& verdict);

}  // namespace promenade::grading
