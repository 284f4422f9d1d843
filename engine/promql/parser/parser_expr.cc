// engine/promql/parser_expr.cc
// Operators and operands. Postfix modifiers bind tightest, then ^ (to the right), unary signs with
// * / % atan2, + -, comparisons, and/unless, or
// (https://prometheus.io/docs/prometheus/latest/querying/operators/#binary-operator-precedence).
#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "promql/parser/parser_impl.h"

namespace promenade::promql {
namespace {

enum Precedence { kOr = 1, kAnd, kCompare, kAdd, kMultiply, kPower };

struct Operator {
  BinaryOp op;
  int precedence;
};

std::optional<Operator> binary_operator(const Token& token) {
  switch (token.kind) {
    case TokenKind::Add:
      return Operator{BinaryOp::Add, kAdd};
    case TokenKind::Sub:
      return Operator{BinaryOp::Sub, kAdd};
    case TokenKind::Mul:
      return Operator{BinaryOp::Mul, kMultiply};
    case TokenKind::Div:
      return Operator{BinaryOp::Div, kMultiply};
    case TokenKind::Mod:
      return Operator{BinaryOp::Mod, kMultiply};
    case TokenKind::Pow:
      return Operator{BinaryOp::Pow, kPower};
    case TokenKind::Equal:
      return Operator{BinaryOp::Equal, kCompare};
    case TokenKind::NotEqual:
      return Operator{BinaryOp::NotEqual, kCompare};
    case TokenKind::Less:
      return Operator{BinaryOp::Less, kCompare};
    case TokenKind::LessEqual:
      return Operator{BinaryOp::LessEqual, kCompare};
    case TokenKind::Greater:
      return Operator{BinaryOp::Greater, kCompare};
    case TokenKind::GreaterEqual:
      return Operator{BinaryOp::GreaterEqual, kCompare};
    case TokenKind::TrimUpper:
      return Operator{BinaryOp::TrimUpper, kCompare};
    case TokenKind::TrimLower:
      return Operator{BinaryOp::TrimLower, kCompare};
    default:
      break;
  }
  switch (token.keyword) {
    case Keyword::And:
      return Operator{BinaryOp::And, kAnd};
    case Keyword::Unless:
      return Operator{BinaryOp::Unless, kAnd};
    case Keyword::Or:
      return Operator{BinaryOp::Or, kOr};
    case Keyword::Atan2:
      return Operator{BinaryOp::Atan2, kMultiply};
    default:
      return std::nullopt;
  }
}

// Words that may not be a metric name although they look like one.
bool is_reserved(Keyword keyword) {
  switch (keyword) {
    case Keyword::Bool:
    case Keyword::On:
    case Keyword::Ignoring:
    case Keyword::GroupLeft:
    case Keyword::GroupRight:
    case Keyword::Atan2:
      return true;
    default:
      return false;
  }
}

bool is_context_function(Keyword keyword) {
  return keyword >= Keyword::Start && keyword <= Keyword::MinOf;
}

ValueType result_type(const Binary& binary) {
  const bool scalars =
      binary.left->type == ValueType::Scalar && binary.right->type == ValueType::Scalar;
  return scalars ? ValueType::Scalar : ValueType::Vector;
}

}  // namespace

Result<NewExpr> Parser::make_expr(decltype(Expr::node) node, ValueType type, SourceSpan span,
                                  int height) {
  TRY(check_depth(height, span));
  auto expr = std::make_unique<Expr>();
  expr->node = std::move(node);
  expr->type = type;
  expr->span = span;
  expr->height = height;
  return expr;
}

Result<NewExpr> Parser::parse_expression(int precedence_min) {
  const Nesting nesting(*this);
  TRY(check_depth(depth_, peek().span));
  NewExpr left = TRY(parse_unary());
  while (true) {
    const auto op = binary_operator(peek());
    if (!op || op->precedence < precedence_min) return left;
    left = TRY(parse_binary_rest(std::move(left)));
  }
}

Result<NewExpr> Parser::parse_unary() {
  if (!at(TokenKind::Add) && !at(TokenKind::Sub)) return parse_operand();
  const Token sign = take();
  const bool negate = sign.is(TokenKind::Sub);
  NewExpr operand = TRY(parse_expression(kPower));
  if (auto* number = std::get_if<NumberLiteral>(&operand->node)) {
    if (negate) number->value = -number->value;
    operand->span.begin = sign.span.begin;
    return operand;
  }
  const ValueType type = operand->type;
  if (type != ValueType::Scalar && type != ValueType::Vector) {
    return bad_data(fmt::format("unary expression only allowed on expressions of type scalar or "
                                "instant vector, got {}",
                                quote(document_name(type))),
                    from(sign.span.begin));
  }
  const int height = operand->height + 1;
  return make_expr(Unary{negate, std::move(operand)}, type, from(sign.span.begin), height);
}

// The operator at hand and its right operand.
Result<NewExpr> Parser::parse_binary_rest(NewExpr left) {
  const Operator op = *binary_operator(peek());
  const SourceSpan span_of_op = take().span;
  const uint32_t begin = left->span.begin;
  Binary binary;
  binary.op = op.op;
  binary.op_span = span_of_op;
  binary.left = std::move(left);
  if (at(Keyword::Bool)) {
    take();
    binary.return_bool = true;
  }
  VectorMatching matching;
  bool is_matching_given = false;
  TRY(parse_matching(matching, is_matching_given));
  binary.matching = std::move(matching);

  const bool is_right_associative = op.op == BinaryOp::Pow;
  binary.right = TRY(parse_expression(is_right_associative ? op.precedence : op.precedence + 1));
  const SourceSpan span{begin, binary.right->span.end};
  TRY(check_binary(binary, is_matching_given, span_of_op, span));
  const int height = 1 + std::max(binary.left->height, binary.right->height);
  const ValueType type = result_type(binary);
  return make_expr(std::move(binary), type, span, height);
}

// [on|ignoring (labels) [group_left|group_right [(labels)]]] [fills]
Result<void> Parser::parse_matching(VectorMatching& matching, bool& is_given) {
  if (at(Keyword::On) || at(Keyword::Ignoring)) {
    is_given = true;
    matching.on = take().is(Keyword::On);
    matching.labels = TRY(parse_label_list());
    if (at(Keyword::GroupLeft) || at(Keyword::GroupRight)) {
      matching.card =
          take().is(Keyword::GroupLeft) ? Cardinality::ManyToOne : Cardinality::OneToMany;
      if (at(TokenKind::LeftParen)) matching.include = TRY(parse_label_list());
    }
  }
  return parse_fills(matching);
}

Result<void> Parser::parse_fills(VectorMatching& matching) {
  const Keyword keyword = peek().keyword;
  if (keyword != Keyword::Fill && keyword != Keyword::FillLeft && keyword != Keyword::FillRight) {
    return {};
  }
  if (!options_.fill_modifiers) {
    return bad_data("binop fill modifiers are experimental and not enabled", peek().span);
  }
  take();
  const double value = TRY(parse_fill_value());
  if (keyword != Keyword::FillRight) matching.fill_left = value;
  if (keyword != Keyword::FillLeft) matching.fill_right = value;
  const bool other_side_follows = (keyword == Keyword::FillLeft && at(Keyword::FillRight)) ||
                                  (keyword == Keyword::FillRight && at(Keyword::FillLeft));
  if (!other_side_follows) return {};
  std::optional<double>& other =
      take().is(Keyword::FillLeft) ? matching.fill_left : matching.fill_right;
  other = TRY(parse_fill_value());
  return {};
}

Result<double> Parser::parse_fill_value() {
  TRY(expect(TokenKind::LeftParen, "fill modifier", "\"(\""));
  if (!at(TokenKind::Add) && !at(TokenKind::Sub) && !at(TokenKind::Number) &&
      !at(TokenKind::Duration)) {
    return unexpected("fill modifier", "number");
  }
  const double value = TRY(parse_signed_number());
  TRY(expect(TokenKind::RightParen, "fill modifier", "\")\""));
  return value;
}

Result<NewExpr> Parser::parse_operand() {
  NewExpr primary = TRY(parse_primary());
  return parse_modifiers(std::move(primary));
}

Result<NewExpr> Parser::parse_primary() {
  switch (peek().kind) {
    case TokenKind::Number:
    case TokenKind::Duration:
      return parse_scalar_literal();
    case TokenKind::String: {
      Token token = take();
      return make_expr(StringLiteral{std::move(token.text)}, ValueType::String, token.span, 1);
    }
    case TokenKind::LeftParen:
      return parse_parentheses();
    case TokenKind::LeftBrace:
      return parse_selector();
    case TokenKind::Identifier:
    case TokenKind::MetricIdentifier:
    case TokenKind::Keyword:
      return parse_word();
    default:
      return unexpected("", "a metric name, a function, a number or \"(\"");
  }
}

// A word where an operand is expected: an aggregation, a call, or the name of a metric.
Result<NewExpr> Parser::parse_word() {
  const Token& word = peek();
  const Token& after = peek(1);
  const bool parenthesis_follows = after.is(TokenKind::LeftParen);
  if (is_aggregator(word.keyword) &&
      (parenthesis_follows || after.is(Keyword::By) || after.is(Keyword::Without))) {
    return parse_aggregate();
  }
  const bool is_callable = word.is(TokenKind::Identifier) || is_context_function(word.keyword);
  if (is_callable && parenthesis_follows) return parse_call();
  if (is_reserved(word.keyword)) {
    return unexpected("", "a metric name, a function, a number or \"(\"");
  }
  return parse_selector();
}

Result<NewExpr> Parser::parse_parentheses() {
  const uint32_t begin = take().span.begin;
  NewExpr inner = TRY(parse_expression(0));
  TRY(expect(TokenKind::RightParen, "", "an operator or \")\""));
  const ValueType type = inner->type;
  const int height = inner->height + 1;
  return make_expr(Paren{std::move(inner)}, type, from(begin), height);
}

Result<NewExpr> Parser::parse_scalar_literal() {
  const SourceSpan span = peek().span;
  const bool is_duration = at(TokenKind::Duration);
  const double value = TRY(parse_number_token());
  return make_expr(NumberLiteral{value, is_duration}, ValueType::Scalar, span, 1);
}

}  // namespace promenade::promql
