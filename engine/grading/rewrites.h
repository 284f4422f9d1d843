#pragma once  // engine/grading/rewrites.h
// Queries that mean the same as a right one and are written differently: matchers and labels in
// another order, `without` for `by`, sums turned round, parentheses, the name as a matcher, a
// duration in seconds. A grader that rejects one of them judges texts.
#include <string>
#include <string_view>
#include <vector>

#include "model/queryable.h"

namespace promenade::grading {

// All of them, each once. `store` says which labels the series have, for turning `by` into
// `without`. A query that does not parse has none.
std::vector<std::string> make_rewrites(std::string_view query, const Queryable& store);

}  // namespace promenade::grading
