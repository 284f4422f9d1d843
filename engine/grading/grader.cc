// engine/grading/grader.cc
// The door to grading: owns the hidden worlds and hands each answer to a Judge.
#include "grading/grader.h"

#include <utility>

#include "grading/exercise_check.h"
#include "grading/hidden_worlds.h"
#include "grading/judge.h"

namespace promenade::grading {

struct Grader::Impl {
  explicit Impl(Options options) : worlds(std::move(options.seeds), options.history) {}
  HiddenWorlds worlds;
};

Grader::Grader() : Grader(Options()) {}
Grader::Grader(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Grader::~Grader() = default;

Verdict Grader::grade(const Exercise& exercise, std::string_view answer) {
  // An exercise whose world does not exist is the author's mistake, not the learner's.
  const Result<const Queryable*> store = impl_->worlds.store(exercise.world, 0);
  if (!store) {
    Verdict verdict;
    verdict.outcome = Verdict::Outcome::Invalid;
    verdict.message = "This exercise is broken: " + store.error().message + ".";
    return verdict;
  }
  return Judge(impl_->worlds, exercise).judge(answer);
}

std::vector<std::string> Grader::check(const Exercise& exercise) {
  return check_exercise(impl_->worlds, exercise);
}

}  // namespace promenade::grading
