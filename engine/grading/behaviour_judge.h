#pragma once  // engine/grading/behaviour_judge.h
// Judges answers by what happens when they are used: the answer's facts against the reference's. An
// answer that does exactly what a known wrong one does is that mistake, whatever its text.
#include <optional>
#include <string>
#include <vector>

#include "grading/answer_judge.h"
#include "grading/kind.h"

namespace promenade::grading {

// A longer answer is not looked at: the exercises need a tenth of it, and parsing is not free.
inline constexpr size_t kAnswerBytesMax = 16 * 1024;

class BehaviourJudge final : public AnswerJudge {
 public:
  // Both must outlive it; question.behaviour is set.
  BehaviourJudge(HiddenWorlds& worlds, const Question& question);

  Verdict judge(std::string_view answer) override;

  // What a verdict leaves out: whether a right answer does the very same as the reference, or at
  // least meets bars which the setting draws by itself.
  enum class Effect { Wrong, Right, WithinBars, Same };
  Effect effect_of(std::string_view answer) const;

 private:
  // A requirement that does not hold, and how that shows.
  struct Breach {
    size_t requirement;
    std::string text;
  };
  std::vector<Breach> breaches(const Observation& found) const;
  std::vector<Requirement> ticks(const std::vector<Breach>& breaches) const;
  Verdict wrong(std::string_view answer, const Observation& found,
                const std::vector<Breach>& breaches);
  Verdict unusable(std::string_view answer, const Error& error);
  const Misconception* recognise(std::string_view answer, const Result<Observation>& found);
  // What the known wrong answer does.
  const Result<Observation>& observed(size_t misconception);

  HiddenWorlds& worlds_;
  const Question& question_;
  const Kind& kind_;
  std::vector<std::string> requirements_;
  Result<Observation> reference_;
  std::vector<std::optional<Result<Observation>>> misconceptions_;  // Observed when needed.
};

}  // namespace promenade::grading
