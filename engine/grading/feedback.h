#pragma once  // engine/grading/feedback.h
// What a verdict on a query says besides right or wrong: which requirements hold, how near the
// answer is, what it computes instead, and what an expert would add to a right one.
#include <optional>
#include <string>
#include <vector>

#include "grading/candidate.h"
#include "grading/outcome.h"
#include "grading/verdict.h"

namespace promenade::grading {

// The ticks, from the plainest to the hardest: the kind of result, its labels, the values now, the
// values through restarts and incidents, the other worlds. Each one needs those before it, so that
// little is evaluated for an answer that fails early.
std::vector<Requirement> requirements_of(const HiddenWorlds& worlds, Candidate& reference,
                                         Candidate& answer, const ComparisonRules& rules);

// The factor between all values of the answer and those of the reference, where it is one and the
// same everywhere and neither 0 nor 1: a unit slipped.
std::optional<double> constant_factor(const HiddenWorlds& worlds, Candidate& reference,
                                      Candidate& answer);

// The labels are right, and at least half of the values at the first telling instant.
bool is_mostly_right(const HiddenWorlds& worlds, Candidate& reference, Candidate& answer,
                     const ComparisonRules& rules);

// "It gives the sum of the rates for each `job`.", in the words of promql/explain.h.
std::string computes_instead(const Candidate& answer);

// Lint findings, and a cheaper way when the reference reads much less. At most kRemarksMax.
inline constexpr size_t kRemarksMax = 3;
std::vector<std::string> expert_remarks(Candidate& reference, Candidate& answer,
                                        const Queryable& store);

}  // namespace promenade::grading
