#pragma once  // engine/grading/judge.h
// Judges one answer to one exercise: right, a known mistake, another mistake, or not a query.
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "grading/candidate.h"
#include "grading/empty_result.h"
#include "grading/grader.h"
#include "grading/hidden_worlds.h"

namespace promenade::grading {

class Judge {
 public:
  // Both must outlive it.
  Judge(HiddenWorlds& worlds, const Exercise& exercise);

  Verdict judge(std::string_view answer);
  Candidate& reference() { return reference_; }

 private:
  Verdict judge_unparsable(const Candidate& answer) const;
  Verdict judge_failing(Candidate& answer, size_t probe);
  Verdict judge_wrong(Candidate& answer, std::optional<size_t> difference);
  Verdict pass(const Candidate& answer) const;

  // The misconception that gives the same at every probe; of several the one written most like
  // the answer. Null when there is none.
  const Misconception* recognise(Candidate& answer);
  const Misconception* recognise_unparsable(const Candidate& answer) const;
  bool is_same_mistake(Candidate& answer, Candidate& misconception);
  std::optional<EmptyReason> explain(const Candidate& candidate);
  Candidate& misconception(size_t index);
  std::string describe(Candidate& answer, std::optional<size_t> difference);

  HiddenWorlds& worlds_;
  const Exercise& exercise_;
  ComparisonRules rules_;
  Candidate reference_;
  std::vector<std::unique_ptr<Candidate>> misconceptions_;
};

}  // namespace promenade::grading
