// engine/promql/ast.cc
// The names of types and operators, as queries and error messages write them.
#include "promql/ast.h"

namespace promenade::promql {

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

const Expr& strip_parens(const Expr& expr) {
  const Expr* inner = &expr;
  while (const Paren* paren = inner->as<Paren>()) inner = paren->expr.get();
  return *inner;
}

}  // namespace promenade::promql
