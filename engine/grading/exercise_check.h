#pragma once  // engine/grading/exercise_check.h
// What an author has to prove about an exercise; Grader::prove() is the door to it.
#include <cstddef>
#include <string>
#include <vector>

#include "grading/exercise.h"
#include "grading/hidden_worlds.h"
#include "grading/stopwatch.h"

namespace promenade::grading {

// Hints are a ladder of five: a check that fails, where to look, the concept, the same thing on
// other data, nearly the answer.
inline constexpr size_t kHintsMin = 5;

// Figures of one exercise, or of many added up.
struct CheckCounts {
  size_t equivalents = 0;
  size_t equivalents_accepted = 0;
  size_t mutants = 0;  // Authored wrong answers.
  size_t mutants_rejected = 0;
  size_t mutants_named = 0;          // With the misconception that they were written for.
  size_t generated = 0;              // Mutants of the generator that mean something else.
  size_t generated_passing = 0;      // Of these, the ones that no hidden world tells apart.
  size_t generated_equal = 0;        // Mutants that mean the same: see mutants.h, answer_mutants.h.
  size_t generated_within_bars = 0;  // Left out: perhaps right answers. See answer_mutants.h.
  size_t rewrites = 0;
  size_t rewrites_rejected = 0;

  CheckCounts& operator+=(const CheckCounts& other);
};

// One search for a counter-example.
struct SearchFigures {
  int64_t duration_ns = 0;
  size_t series = 0;
  size_t samples = 0;
};

struct CheckReport {
  std::vector<std::string> findings;  // None: the exercise is sound.
  std::vector<std::string> remarks;   // Generated mutants that pass, and what the data lack.
  CheckCounts counts;
  std::vector<SearchFigures> searches;  // That found one, if a stopwatch was given.
};

enum class Generators { Skip, Run };
CheckReport check_exercise(HiddenWorlds& worlds, const Exercise& exercise, Generators generators,
                           const Stopwatch& stopwatch = nullptr);

}  // namespace promenade::grading
