// engine/promql/parser_duration.cc
// Numbers, and lengths of time: literals or expressions over step(), range(), min_of() and
// max_of():
// https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations
#include <fmt/format.h>

#include <cmath>

#include "base/strings.h"
#include "model/duration.h"
#include "promql/parser/hints.h"
#include "promql/parser/number_literal.h"
#include "promql/parser/parser_impl.h"

namespace promenade::promql {
namespace {

constexpr std::string_view kExpectedDuration = "number, duration, step(), or range()";
// Prometheus keeps a duration in int64 nanoseconds.
constexpr double kDurationSecondsMax = 9223372036.0;

using Kind = DurationExpr::Kind;
enum Precedence { kAdd = 1, kMultiply, kPower };

struct Operator {
  Kind kind;
  int precedence;
};

std::optional<Operator> duration_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::Add:
      return Operator{Kind::Add, kAdd};
    case TokenKind::Sub:
      return Operator{Kind::Subtract, kAdd};
    case TokenKind::Mul:
      return Operator{Kind::Multiply, kMultiply};
    case TokenKind::Div:
      return Operator{Kind::Divide, kMultiply};
    case TokenKind::Mod:
      return Operator{Kind::Modulo, kMultiply};
    case TokenKind::Pow:
      return Operator{Kind::Power, kPower};
    default:
      return std::nullopt;
  }
}

std::optional<Kind> duration_function(Keyword keyword) {
  switch (keyword) {
    case Keyword::Step:
      return Kind::Step;
    case Keyword::Range:
      return Kind::Range;
    case Keyword::MinOf:
      return Kind::MinOf;
    case Keyword::MaxOf:
      return Kind::MaxOf;
    default:
      return std::nullopt;
  }
}

bool is_literal(const DurationExpr& duration) {
  return duration.kind == Kind::Literal;
}

SourceSpan cover(const DurationExpr& left, const DurationExpr& right) {
  return {left.span.begin, right.span.end};
}

}  // namespace

// A Number or Duration token, in seconds.
Result<double> Parser::parse_number_token() {
  const Token token = take();
  if (token.is(TokenKind::Duration)) {
    const auto duration = parse_duration(token.text);
    if (duration) return duration->in_seconds();
    std::string message = duration.error().message;
    if (message.front() == 'n') add_hint(message, "from large to small and each unit once: 1h30m");
    return bad_data(std::move(message), token.span);
  }
  const auto value = parse_number_literal(token.text);
  if (!value) {
    return bad_data(
        fmt::format("error parsing number: {}: value out of range", quote_shortened(token.text)),
        token.span);
  }
  return *value;
}

Result<double> Parser::parse_signed_number() {
  const bool negate = at(TokenKind::Sub);
  if (at(TokenKind::Add) || at(TokenKind::Sub)) take();
  if (!at(TokenKind::Number) && !at(TokenKind::Duration)) return unexpected("", "number");
  const double value = TRY(parse_number_token());
  return negate ? -value : value;
}

// A range or step in brackets: positive, as far as that can be known now.
Result<NewDuration> Parser::parse_bracket_duration() {
  duration_parts_ = 0;
  NewDuration duration = TRY(parse_duration_expression(0));
  if (is_literal(*duration) && !(duration->seconds > 0)) {
    std::string message = "duration must be greater than 0";
    if (duration->seconds < 0) add_hint(message, "a range reaches back by itself, without a sign");
    return bad_data(std::move(message), duration->span);
  }
  return duration;
}

// After `offset` stands one operand, with a sign perhaps: further operators belong to the query.
Result<NewDuration> Parser::parse_offset_duration() {
  duration_parts_ = 0;
  if (!at(TokenKind::Add) && !at(TokenKind::Sub)) return parse_duration_primary(kInOffset);
  const Token sign = take();
  NewDuration operand = TRY(parse_duration_primary(kInOffset));
  if (sign.is(TokenKind::Add)) return operand;
  DurationExpr negated;
  negated.span = {sign.span.begin, operand->span.end};
  negated.kind = is_literal(*operand) && !operand->parenthesised ? Kind::Literal : Kind::Negate;
  negated.seconds = 0 - operand->seconds;  // No negative zero.
  negated.written_as_number = operand->written_as_number;
  if (negated.kind == Kind::Negate) negated.left = std::move(operand);
  return make_duration(std::move(negated));
}

Result<NewDuration> Parser::parse_duration_expression(int precedence_min) {
  const Nesting nesting(*this);
  TRY(check_depth(depth_, peek().span));
  NewDuration left = TRY(parse_duration_operand());
  while (true) {
    const auto op = duration_operator(peek().kind);
    if (!op || op->precedence < precedence_min) return left;
    take();
    const int right_min = op->kind == Kind::Power ? op->precedence : op->precedence + 1;
    NewDuration right = TRY(parse_duration_expression(right_min));
    if (is_literal(*right) && right->seconds == 0) {
      if (op->kind == Kind::Divide) return bad_data("division by zero", cover(*left, *right));
      if (op->kind == Kind::Modulo) return bad_data("modulo by zero", cover(*left, *right));
    }
    DurationExpr node;
    node.kind = op->kind;
    node.span = cover(*left, *right);
    node.left = std::move(left);
    node.right = std::move(right);
    left = TRY(make_duration(std::move(node)));
  }
}

Result<NewDuration> Parser::parse_duration_operand() {
  if (!at(TokenKind::Add) && !at(TokenKind::Sub)) return parse_duration_primary(kInBrackets);
  const Token sign = take();
  NewDuration operand = TRY(parse_duration_expression(kPower));
  if (sign.is(TokenKind::Add)) return operand;
  DurationExpr node;
  node.span = {sign.span.begin, operand->span.end};
  if (is_literal(*operand) && !operand->parenthesised) {
    node.seconds = 0 - operand->seconds;
    node.written_as_number = operand->written_as_number;
  } else {
    node.kind = Kind::Negate;
    node.left = std::move(operand);
  }
  return make_duration(std::move(node));
}

// A literal, a function of durations, or an expression in parentheses.
Result<NewDuration> Parser::parse_duration_primary(std::string_view context) {
  if (const auto kind = duration_function(peek().keyword)) return parse_duration_call(*kind);
  const Token token = peek();
  if (token.is(TokenKind::LeftParen)) {
    take();
    NewDuration inner = TRY(parse_duration_expression(0));
    TRY(expect(TokenKind::RightParen, context, "\")\""));
    inner->parenthesised = true;
    inner->span = from(token.span.begin);
    return inner;
  }
  if (!token.is(TokenKind::Number) && !token.is(TokenKind::Duration)) {
    return unexpected(context, kExpectedDuration);
  }
  DurationExpr literal;
  literal.seconds = TRY(parse_number_token());
  literal.written_as_number = token.is(TokenKind::Number);
  literal.span = token.span;
  return make_duration(std::move(literal));
}

// step() and range(), or min_of(a, b) and max_of(a, b).
Result<NewDuration> Parser::parse_duration_call(Kind kind) {
  const Token name = take();
  DurationExpr node;
  node.kind = kind;
  TRY(expect(TokenKind::LeftParen, name.text + "()", "\"(\""));
  if (kind == Kind::MinOf || kind == Kind::MaxOf) {
    node.left = TRY(parse_duration_expression(0));
    TRY(expect(TokenKind::Comma, name.text + "()", "\",\""));
    node.right = TRY(parse_duration_expression(0));
  }
  TRY(expect(TokenKind::RightParen, name.text + "()", "\")\""));
  node.span = from(name.span.begin);
  return make_duration(std::move(node));
}

Result<NewDuration> Parser::make_duration(DurationExpr node) {
  TRY(check_depth(++duration_parts_, node.span));
  if (is_literal(node) && !(std::fabs(node.seconds) <= kDurationSecondsMax)) {
    return bad_data("duration out of range", node.span);
  }
  return std::make_unique<DurationExpr>(std::move(node));
}

}  // namespace promenade::promql
