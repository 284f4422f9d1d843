// engine/grading/grader.cc
// Owns the hidden worlds, and keeps the judge of the last exercise: a learner tries again, and what
// the reference and the known mistakes give need not be worked out anew.
#include "grading/grader.h"

#include <utility>

#include "grading/answer_judge.h"
#include "grading/hidden_worlds.h"

namespace promenade::grading {
namespace {

Verdict broken(const std::string& reason) {
  Verdict verdict;
  verdict.outcome = Verdict::Outcome::Invalid;
  verdict.message = "This exercise is broken: " + reason + ".";
  return verdict;
}

}  // namespace

struct Grader::Impl {
  explicit Impl(Options options)
      : worlds(std::move(options.seeds), options.history),
        stopwatch(std::move(options.stopwatch)) {}

  AnswerJudge& judge_of(const Exercise& question) {
    const bool is_known = !question.source.empty() && question.source == exercise.source;
    if (!is_known || judge == nullptr) {
      judge = nullptr;
      exercise = question;
      judge = make_judge(worlds, exercise);
    }
    return *judge;
  }

  HiddenWorlds worlds;
  Stopwatch stopwatch;
  Exercise exercise;  // The judge looks into it.
  std::unique_ptr<AnswerJudge> judge;
};

Grader::Grader() : Grader(Options()) {}
Grader::Grader(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Grader::~Grader() = default;

Verdict Grader::grade(const Exercise& exercise, std::string_view answer) {
  // An exercise whose world does not exist is the author's mistake, not the learner's.
  if (is_promql(exercise)) {
    const Result<const Queryable*> store = impl_->worlds.store(exercise.world, 0);
    if (!store) return broken(store.error().message);
  }
  return impl_->judge_of(exercise).judge(answer);
}

CheckReport Grader::prove(const Exercise& exercise) {
  return check_exercise(impl_->worlds, exercise, Generators::Run, impl_->stopwatch);
}

std::vector<std::string> Grader::check(const Exercise& exercise) {
  return check_exercise(impl_->worlds, exercise, Generators::Skip).findings;
}

}  // namespace promenade::grading
