#pragma once  // engine/grading/syntax_walk.h
// The operands of a node of PromQL's syntax tree, whatever its kind, for those who walk all of it.
#include <vector>

#include "promql/ast.h"

namespace promenade::grading {

// In the order of the text, except that an aggregation's parameter comes first. Owned by `expr`.
std::vector<const promql::Expr*> children(const promql::Expr& expr);

}  // namespace promenade::grading
