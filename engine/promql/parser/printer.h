#pragma once  // engine/promql/printer.h
// Syntax tree to canonical text; parse(to_string(e)) gives e again (Prometheus's
// promql/parser/printer.go).
#include <string>

#include "promql/ast.h"

namespace promenade::promql {

std::string to_string(const Expr& expr);
std::string to_string(const DurationExpr& expr);
// Over several lines, wherever one would be longer than 100 bytes.
std::string pretty(const Expr& expr);
// A compact dump of the tree for tests: call{rate matrix{sel{up} 5m}}.
std::string dump(const Expr& expr);

}  // namespace promenade::promql
