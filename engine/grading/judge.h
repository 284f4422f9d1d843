#pragma once  // engine/grading/judge.h
// Judges one answer to a question about PromQL: right, a known mistake, another mistake, or not a
// query.
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "grading/answer_judge.h"
#include "grading/candidate.h"
#include "grading/empty_result.h"
#include "grading/mutants.h"
#include "grading/stopwatch.h"

namespace promenade::grading {

class Judge final : public AnswerJudge {
 public:
  // Both must outlive it.
  Judge(HiddenWorlds& worlds, const Question& question);

  Verdict judge(std::string_view answer) override;
  Candidate& reference() { return reference_; }
  const ComparisonRules& rules() const { return rules_; }
  // From now on searches for counter-examples are timed.
  void measure_with(Stopwatch stopwatch) { stopwatch_ = std::move(stopwatch); }
  int64_t last_search_ns() const { return last_search_ns_; }

 private:
  Verdict judge_unparsable(const Candidate& answer) const;
  Verdict judge_failing(Candidate& answer, size_t probe);
  Verdict judge_wrong(Candidate& answer, std::optional<size_t> difference);
  Verdict pass(Candidate& answer);

  // The misconception that gives the same at every probe; of several the one written most like
  // the answer. Null when there is none.
  const Misconception* recognise(Candidate& answer);
  const Misconception* recognise_unparsable(const Candidate& answer) const;
  bool is_same_mistake(Candidate& answer, Candidate& misconception);
  void name(const Misconception& known, Verdict& verdict) const;
  // For an answer that is no known mistake: how near it is, and where to look.
  void advise(Candidate& answer, Verdict& verdict);
  const Mutant* recognise_mutant(Candidate& answer);

  std::optional<EmptyReason> explain(const Candidate& candidate);
  Candidate& misconception(size_t index);
  // The probe on which a difference says most: where something is expected.
  size_t telling_difference(Candidate& answer, size_t difference);
  std::optional<Counterexample> counterexample(Candidate& answer, size_t probe);

  HiddenWorlds& worlds_;
  const Question& question_;
  Stopwatch stopwatch_;
  int64_t last_search_ns_ = 0;
  ComparisonRules rules_;
  Candidate reference_;
  std::vector<std::unique_ptr<Candidate>> misconceptions_;
  // Of the reference; made when the first unknown mistake needs them.
  std::optional<std::vector<Mutant>> mutants_;
  std::vector<std::unique_ptr<Candidate>> mutant_candidates_;
};

}  // namespace promenade::grading
