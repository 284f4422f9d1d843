// engine/grading/syntax_walk.cc
// One overload for each kind of node.
#include "grading/syntax_walk.h"

#include <variant>

namespace promenade::grading {
namespace {

using Children = std::vector<const promql::Expr*>;

struct ChildrenOf {
  Children operator()(const promql::NumberLiteral&) const { return {}; }
  Children operator()(const promql::StringLiteral&) const { return {}; }
  Children operator()(const promql::VectorSelector&) const { return {}; }
  Children operator()(const promql::MatrixSelector& node) const { return {node.selector.get()}; }
  Children operator()(const promql::Subquery& node) const { return {node.expr.get()}; }
  Children operator()(const promql::Unary& node) const { return {node.expr.get()}; }
  Children operator()(const promql::Paren& node) const { return {node.expr.get()}; }
  Children operator()(const promql::Binary& node) const {
    return {node.left.get(), node.right.get()};
  }
  Children operator()(const promql::Aggregate& node) const {
    if (node.param == nullptr) return {node.expr.get()};
    return {node.param.get(), node.expr.get()};
  }
  Children operator()(const promql::Call& node) const {
    Children children;
    for (const promql::ExprPtr& arg : node.args) children.push_back(arg.get());
    return children;
  }
};

}  // namespace

std::vector<const promql::Expr*> children(const promql::Expr& expr) {
  return std::visit(ChildrenOf(), expr.node);
}

}  // namespace promenade::grading
