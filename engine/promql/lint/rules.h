#pragma once  // engine/promql/lint/rules.h
// What a rule gets to see, and the tables of rules by theme. A rule looks at one node, with its
// ancestors, and adds what it has to say. Internal to engine/promql/lint.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "promql/lint.h"

namespace promenade::promql::lint_rules_detail {

class FactsMemo;

struct Site {
  std::string_view query;
  const Expr& expr;
  std::span<const Expr* const> ancestors;  // Outermost first; parentheses are left out.
  const LintKnowledge& knowledge;
  LintPurpose purpose;
  FactsMemo& facts;  // For label_facts() alone.

  const Expr* parent() const { return ancestors.empty() ? nullptr : ancestors.back(); }
  std::string_view text(SourceSpan span) const {
    return query.substr(span.begin, span.end - span.begin);
  }
  std::string_view text(const Expr& node) const { return text(node.span); }
};

// Collects what one rule says.
class Remarks {
 public:
  void add(SourceSpan span, std::string message, std::optional<TextEdit> edit = std::nullopt) {
    findings_.push_back({"", LintSeverity::Info, span, std::move(message), std::move(edit)});
  }
  std::vector<LintFinding>& findings() { return findings_; }

 private:
  std::vector<LintFinding> findings_;
};

using Check = void (*)(const Site& site, Remarks& remarks);
struct Rule {
  std::string_view id;
  LintSeverity severity;
  Check check;
};

std::span<const Rule> counter_rules();
std::span<const Rule> comparison_rules();
std::span<const Rule> histogram_rules();
std::span<const Rule> matcher_rules();
std::span<const Rule> label_rules();
std::span<const Rule> range_rules();
std::span<const Rule> aggregation_rules();

}  // namespace promenade::promql::lint_rules_detail
