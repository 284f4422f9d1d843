// engine/grading/answer_judge.cc
// Which judge a question needs.
#include "grading/answer_judge.h"

#include "grading/behaviour_judge.h"
#include "grading/judge.h"
#include "grading/steps_judge.h"

namespace promenade::grading {

std::unique_ptr<AnswerJudge> make_judge(HiddenWorlds& worlds, const Question& question) {
  if (!question.steps.empty()) return std::make_unique<StepsJudge>(worlds, question);
  if (question.behaviour != nullptr) return std::make_unique<BehaviourJudge>(worlds, question);
  return std::make_unique<Judge>(worlds, question);
}

}  // namespace promenade::grading
