#pragma once  // tests/conformance/variants.h
// The other ways to ask for the same result that every instant test is run in as well: pinned with
// @ and evaluated at other times.
#include <string>
#include <vector>

#include "base/time.h"
#include "promql/ast.h"

namespace promenade::conformance {

struct Variant {
  std::string query;
  Timestamp time;
};
// `query` with `@ time` on every selector that has none, at several evaluation times. Nothing when
// the expression depends on the evaluation time otherwise.
std::vector<Variant> pinned_variants(const std::string& query, const promql::Expr& expr,
                                     Timestamp time);

// Whether start(), end(), range() or step() is called, so that a range query may differ.
bool depends_on_query_range(const promql::Expr& expr);

}  // namespace promenade::conformance
