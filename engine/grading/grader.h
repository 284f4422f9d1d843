#pragma once  // engine/grading/grader.h
// The door to grading: verdicts on answers, and proofs of exercises. An answer is right when it
// does what the reference does, whatever its text, because a question has many right texts and a
// fixed data set could be answered by its numbers.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "grading/exercise.h"
#include "grading/exercise_check.h"
#include "grading/verdict.h"

namespace promenade::grading {

// Holds the hidden worlds, which are built at the first use and kept.
class Grader {
 public:
  struct Options {
    std::vector<uint64_t> seeds = {101, 202, 303};
    Duration history = Duration::hours(2);
    Stopwatch stopwatch;  // For prove(): times the searches for counter-examples.
  };
  Grader();
  explicit Grader(Options options);
  ~Grader();

  // An empty answer gets a verdict, too, and opens the worlds: what a page does while the learner
  // reads the task.
  Verdict grade(const Exercise& exercise, std::string_view answer);

  // Proves an exercise: the starter fails, the reference and each equivalent pass, each
  // misconception fails and is recognised by its own code, hints exist, and what the generators
  // make of the reference (mutants.h, rewrites.h) is judged rightly.
  CheckReport prove(const Exercise& exercise);
  // The findings of prove() alone, without the generators: one line each that says what is wrong
  // and what to do; none means the exercise is sound.
  std::vector<std::string> check(const Exercise& exercise);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace promenade::grading
