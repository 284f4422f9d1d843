#pragma once  // engine/grading/difference.h
// What is different about a wrong answer, in plain words: "3 series expected, 6 found".
#include <string>

#include "grading/outcome.h"
#include "promql/ast.h"

namespace promenade::grading {

// For two outcomes that same_outcome() tells apart; neither is an error.
std::string describe_difference(const Outcome& expected, const Outcome& found,
                                const ComparisonRules& rules);

// "Your query gives a range vector (...), an instant vector is wanted (...)."
std::string describe_type_difference(promql::ValueType expected, promql::ValueType found);

}  // namespace promenade::grading
