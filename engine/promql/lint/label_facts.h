#pragma once  // engine/promql/lint/label_facts.h
// Which labels the elements of a vector have, as far as the query and the index tell. __name__ is
// left out. Internal to engine/promql/lint.
#include <cstdint>
#include <map>
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

// The facts of each node once, as every node around it asks for them, and only so many of them: a
// query that combines endless lists of labels has no remark worth the time.
class FactsMemo {
 public:
  explicit FactsMemo(LintWork& work) : work_(work) {}

  // The facts of `expr`, if they have been found before.
  const LabelFacts* find(const Expr& expr) const;
  // Keeps them; they took about as many steps as they have pairs of names. Afterwards it may be
  // that no more can be found.
  void add(const Expr& expr, LabelFacts facts);
  bool is_exhausted() const { return work_.label_steps > LintWork::kLabelStepsMax; }

 private:
  std::map<const Expr*, LabelFacts> facts_;
  LintWork& work_;
};

LabelFacts label_facts(const Site& site, const Expr& expr);

}  // namespace promenade::promql::lint_rules_detail
