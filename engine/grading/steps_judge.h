#pragma once  // engine/grading/steps_judge.h
// Judges answers of several steps: the answers of the steps stand one below the other, a line of
// --- between two. Every step is judged by itself; the first one that is not right is talked about.
#include <memory>
#include <vector>

#include "grading/answer_judge.h"

namespace promenade::grading {

class StepsJudge final : public AnswerJudge {
 public:
  // Both must outlive it.
  StepsJudge(HiddenWorlds& worlds, const Question& question);
  Verdict judge(std::string_view answer) override;

 private:
  const Question& question_;
  std::vector<std::unique_ptr<AnswerJudge>> judges_;
};

// The parts of such an answer.
std::vector<std::string_view> split_steps(std::string_view answer);

}  // namespace promenade::grading
