#pragma once  // engine/grading/exercise_check.h
// What an author has to prove about an exercise; Grader::check() is the door to it.
#include <string>
#include <vector>

#include "grading/grader.h"
#include "grading/hidden_worlds.h"

namespace promenade::grading {

// The fewest that an exercise may have. Equivalents show that the grader accepts other spellings,
// misconceptions that it knows what goes wrong, and the first hint should not be the last.
inline constexpr size_t kEquivalentsMin = 2;
inline constexpr size_t kMisconceptionsMin = 3;
inline constexpr size_t kHintsMin = 3;

std::vector<std::string> check_exercise(HiddenWorlds& worlds, const Exercise& exercise);

}  // namespace promenade::grading
