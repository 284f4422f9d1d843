#pragma once  // engine/promql/explain/reading.h
// reading() of promql/explain.h for a query whose durations are known.
#include <string>

#include "promql/ast.h"

namespace promenade::promql {

class Preparation;

// `preparation` may be null.
std::string reading(const Expr& expr, const Preparation* preparation);

}  // namespace promenade::promql
