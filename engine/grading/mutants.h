#pragma once  // engine/grading/mutants.h
// Queries that are one small step away from a right one: another function, window or aggregation, a
// matcher less, the order of sum and rate turned round, ratios averaged. They are wrong answers
// that nobody had to write: data which lets one of them pass does not show the difference that the
// exercise is about.
//
// Some mean the same after all. The rule: a mutant counts as equal when it agrees with the
// reference on kRandomStores random stores (random_store.h), which have the label sets of the
// hidden worlds but values, births, deaths, resets and gaps of their own.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "promql/ast.h"

namespace promenade::grading {

inline constexpr size_t kRandomStores = 24;

struct Mutant {
  std::string query;
  std::string_view change;  // "window", "function"; static storage.
  std::string_view code;    // The misconception behind it: "MC07".
  std::string_view advice;  // Where to look, without telling the answer.
  std::string_view needs;   // What data have to have to tell it apart.
};

// All of them, each once, in the order of the query's text; none is written like `query`, and each
// parses. Fails never: a query that does not parse has none.
std::vector<Mutant> make_mutants(std::string_view query);

}  // namespace promenade::grading
