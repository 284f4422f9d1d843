#pragma once  // engine/promql/lint/label_facts.h
// Which labels the elements of a vector have, as far as the query and the index tell. __name__ is
// left out. Internal to engine/promql/lint.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "promql/lint/source.h"

namespace promenade::promql::lint_rules_detail {

struct LabelFacts {
  std::vector<std::string> always;  // Every element has them.
  // No element has another one; nothing when that isn't known.
  std::optional<std::vector<std::string>> possible;
  std::vector<std::string> never;  // No element has them.

  bool may_have(std::string_view label) const {
    return possible ? contains(*possible, label) : !contains(never, label);
  }
};

LabelFacts label_facts(const Site& site, const Expr& expr);

}  // namespace promenade::promql::lint_rules_detail
