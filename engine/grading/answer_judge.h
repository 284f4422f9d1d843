#pragma once  // engine/grading/answer_judge.h
// Judges answers to one question. One for each way to judge: by the results of queries (judge.h),
// by what happens when the answer is used (behaviour_judge.h), step by step (steps_judge.h).
#include <memory>
#include <string_view>

#include "grading/exercise.h"
#include "grading/hidden_worlds.h"
#include "grading/verdict.h"

namespace promenade::grading {

class AnswerJudge {
 public:
  virtual ~AnswerJudge() = default;
  virtual Verdict judge(std::string_view answer) = 0;
};

// Both must outlive the judge.
std::unique_ptr<AnswerJudge> make_judge(HiddenWorlds& worlds, const Question& question);

}  // namespace promenade::grading
