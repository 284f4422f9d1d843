#pragma once  // engine/grading/text_edit.h
// Queries made from a query by putting another text in the place of one node. The query is brought
// into the printer's form first, so that every node's text is known.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "promql/ast.h"

namespace promenade::grading {

class QueryEditor {
 public:
  // A query that does not parse gives an editor without a tree.
  explicit QueryEditor(std::string_view query);

  const promql::Expr* root() const { return root_.get(); }
  const std::string& text() const { return text_; }
  std::string_view text(const promql::Expr& node) const;
  // The whole query with `replacement` in the place of `node`; "" when that does not parse or is
  // written as before.
  std::string replaced(const promql::Expr& node, const std::string& replacement) const;

 private:
  std::string text_;
  promql::ExprPtr root_;
};

// Pieces of PromQL. A selector's matchers without the one made from its bare name.
std::vector<std::string> matcher_texts(const promql::VectorSelector& selector);
// name{matchers}, with what stands behind the braces (`offset 5m`) taken from the selector.
std::string selector_text(const promql::VectorSelector& selector,
                          const std::vector<std::string>& matchers);
std::string shift_text(const promql::TimeShift& shift);
// "sum by (job) (" ... ")"
std::string aggregate_text(std::string_view op, const std::vector<std::string>& grouping,
                           bool without, std::string_view param, std::string_view operand);

}  // namespace promenade::grading
