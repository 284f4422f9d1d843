// engine/promql/ast.cc
// The names of types and operators, as queries and error messages write them, and the ways down the
// tree.
#include "promql/ast.h"

namespace promenade::promql {
namespace {

struct ChildrenOf {
  using Children = std::vector<const Expr*>;
  Children operator()(const NumberLiteral&) const { return {}; }
  Children operator()(const StringLiteral&) const { return {}; }
  Children operator()(const VectorSelector&) const { return {}; }
  Children operator()(const MatrixSelector& node) const { return {node.selector.get()}; }
  Children operator()(const Subquery& node) const { return {node.expr.get()}; }
  Children operator()(const Unary& node) const { return {node.expr.get()}; }
  Children operator()(const Paren& node) const { return {node.expr.get()}; }
  Children operator()(const Binary& node) const { return {node.left.get(), node.right.get()}; }
  Children operator()(const Aggregate& node) const {
    if (node.param == nullptr) return {node.expr.get()};
    return {node.param.get(), node.expr.get()};
  }
  Children operator()(const Call& node) const {
    Children children;
    for (const ExprPtr& argument : node.args) children.push_back(argument.get());
    return children;
  }
};

}  // namespace

std::string_view api_name(ValueType type) {
  switch (type) {
    case ValueType::None:
      return "none";
    case ValueType::Scalar:
      return "scalar";
    case ValueType::Vector:
      return "vector";
    case ValueType::Matrix:
      return "matrix";
    case ValueType::String:
      return "string";
  }
  return "";
}

std::string_view document_name(ValueType type) {
  switch (type) {
    case ValueType::Vector:
      return "instant vector";
    case ValueType::Matrix:
      return "range vector";
    default:
      return api_name(type);
  }
}

std::string_view to_string(AggregateOp op) {
  switch (op) {
    case AggregateOp::Sum:
      return "sum";
    case AggregateOp::Avg:
      return "avg";
    case AggregateOp::Count:
      return "count";
    case AggregateOp::Min:
      return "min";
    case AggregateOp::Max:
      return "max";
    case AggregateOp::Group:
      return "group";
    case AggregateOp::Stddev:
      return "stddev";
    case AggregateOp::Stdvar:
      return "stdvar";
    case AggregateOp::Topk:
      return "topk";
    case AggregateOp::Bottomk:
      return "bottomk";
    case AggregateOp::CountValues:
      return "count_values";
    case AggregateOp::Quantile:
      return "quantile";
    case AggregateOp::Limitk:
      return "limitk";
    case AggregateOp::LimitRatio:
      return "limit_ratio";
  }
  return "";
}

std::string_view to_string(BinaryOp op) {
  switch (op) {
    case BinaryOp::Add:
      return "+";
    case BinaryOp::Sub:
      return "-";
    case BinaryOp::Mul:
      return "*";
    case BinaryOp::Div:
      return "/";
    case BinaryOp::Mod:
      return "%";
    case BinaryOp::Pow:
      return "^";
    case BinaryOp::Atan2:
      return "atan2";
    case BinaryOp::Equal:
      return "==";
    case BinaryOp::NotEqual:
      return "!=";
    case BinaryOp::Less:
      return "<";
    case BinaryOp::LessEqual:
      return "<=";
    case BinaryOp::Greater:
      return ">";
    case BinaryOp::GreaterEqual:
      return ">=";
    case BinaryOp::TrimUpper:
      return "</";
    case BinaryOp::TrimLower:
      return ">/";
    case BinaryOp::And:
      return "and";
    case BinaryOp::Or:
      return "or";
    case BinaryOp::Unless:
      return "unless";
  }
  return "";
}

bool is_comparison(BinaryOp op) {
  switch (op) {
    case BinaryOp::Equal:
    case BinaryOp::NotEqual:
    case BinaryOp::Less:
    case BinaryOp::LessEqual:
    case BinaryOp::Greater:
    case BinaryOp::GreaterEqual:
      return true;
    default:
      return false;
  }
}

bool is_set_operator(BinaryOp op) {
  return op == BinaryOp::And || op == BinaryOp::Or || op == BinaryOp::Unless;
}

BinaryOp mirrored(BinaryOp op) {
  switch (op) {
    case BinaryOp::Less:
      return BinaryOp::Greater;
    case BinaryOp::LessEqual:
      return BinaryOp::GreaterEqual;
    case BinaryOp::Greater:
      return BinaryOp::Less;
    case BinaryOp::GreaterEqual:
      return BinaryOp::LessEqual;
    default:
      return op;
  }
}

const Expr& strip_parens(const Expr& expr) {
  const Expr* inner = &expr;
  while (const Paren* paren = inner->as<Paren>()) inner = paren->expr.get();
  return *inner;
}

std::vector<const Expr*> children(const Expr& expr) {
  return std::visit(ChildrenOf(), expr.node);
}

}  // namespace promenade::promql
