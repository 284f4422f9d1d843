// engine/promql/parser_modifier.cc
// What may follow an operand: [range], [range:step], offset, @, anchored, smoothed. All but the
// brackets change the selector or subquery they follow, in any order, each once.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "model/number_format.h"
#include "promql/parser/hints.h"
#include "promql/parser/parser_impl.h"

namespace promenade::promql {
namespace {

// Where offset and @ of an operand are kept; null when it can't have them.
TimeShift* shift_of(Expr& expr) {
  if (auto* selector = std::get_if<VectorSelector>(&expr.node)) return &selector->shift;
  if (auto* subquery = std::get_if<Subquery>(&expr.node)) return &subquery->shift;
  return nullptr;
}

std::string misplaced(std::string_view modifier) {
  return fmt::format(
      "{0} modifier must be preceded by an instant vector selector or range vector "
      "selector or a subquery; write it behind the metric: rate(up[5m] {0} {1})",
      modifier, modifier == "@" ? "end()" : "1h");
}

}  // namespace

Result<NewExpr> Parser::parse_modifiers(NewExpr expr) {
  Operand operand;
  operand.span = expr->span;
  operand.expr = std::move(expr);
  while (true) {
    if (at(TokenKind::LeftBracket)) {
      TRY(parse_range(operand));
    } else if (at(Keyword::Offset)) {
      TRY(parse_offset(operand));
    } else if (at(TokenKind::At)) {
      TRY(parse_at(operand));
    } else if (at(Keyword::Anchored) || at(Keyword::Smoothed)) {
      TRY(parse_edges(operand));
    } else {
      break;
    }
    operand.span.end = last_.span.end;
    if (operand.range == nullptr) operand.expr->span = operand.span;
  }
  if (operand.range == nullptr) return std::move(operand.expr);
  return make_expr(MatrixSelector{std::move(operand.expr), std::move(operand.range)},
                   ValueType::Matrix, operand.span, 2);
}

// '[' range ']' or '[' range ':' [step] ']'
Result<void> Parser::parse_range(Operand& operand) {
  const uint32_t begin = take().span.begin;
  DurationExprPtr range = TRY(parse_bracket_duration());
  if (at(TokenKind::Colon)) return make_subquery(operand, std::move(range));
  TRY(expect(TokenKind::RightBracket, kInBrackets, "\":\" or \"]\""));

  const auto* selector = operand.expr->as<VectorSelector>();
  const char* fault = nullptr;
  if (selector == nullptr || operand.range != nullptr) {
    fault = "ranges only allowed for vector selectors";
  } else if (selector->shift.offset != nullptr) {
    fault = "no offset modifiers allowed before range";
  } else if (selector->shift.at != TimeShift::At::None) {
    fault = "no @ modifiers allowed before range";
  } else if (selector->edges != RangeEdges::Default) {
    fault = "no anchored or smoothed modifiers allowed before range";
  }
  if (fault == nullptr) {
    operand.range = std::move(range);
    return {};
  }
  std::string message = fault;
  if (selector != nullptr && operand.range == nullptr) {
    add_hint(message, "the range comes first: up[5m] offset 1h");
  } else if (operand.expr->as<Aggregate>() != nullptr) {
    add_hint(message,
             "take the rate of every series first, sum(rate(up[5m])); a subquery of the "
             "result needs a colon, such as [5m:]");
  } else if (operand.expr->type == ValueType::Vector) {
    add_hint(message, "a subquery needs a colon, such as [5m:] or [5m:1m]");
  }
  return bad_data(std::move(message), from(begin));
}

// From the ':'.
Result<void> Parser::make_subquery(Operand& operand, DurationExprPtr range) {
  take();
  DurationExprPtr step;
  if (!at(TokenKind::RightBracket)) step = TRY(parse_bracket_duration());
  TRY(expect(TokenKind::RightBracket, "subquery selector", "\"]\""));
  const ValueType type = operand.range != nullptr ? ValueType::Matrix : operand.expr->type;
  if (type != ValueType::Vector) {
    return bad_data(
        fmt::format("subquery is only allowed on instant vector, got {} instead", api_name(type)),
        from(operand.span.begin));
  }
  const int height = operand.expr->height + 1;
  Subquery subquery{std::move(operand.expr), std::move(range), std::move(step), {}};
  operand.expr =
      TRY(make_expr(std::move(subquery), ValueType::Matrix, from(operand.span.begin), height));
  return {};
}

Result<void> Parser::parse_offset(Operand& operand) {
  const SourceSpan keyword = take().span;
  DurationExprPtr offset = TRY(parse_offset_duration());
  TimeShift* shift = shift_of(*operand.expr);
  if (shift == nullptr) return bad_data(misplaced("offset"), from(operand.span.begin));
  if (shift->offset != nullptr) {
    return bad_data("offset may not be set multiple times", from(keyword.begin));
  }
  shift->offset = std::move(offset);
  return {};
}

// '@' time, or '@' start() or end().
Result<void> Parser::parse_at(Operand& operand) {
  const SourceSpan sign = take().span;
  TimeShift::At at_kind = TimeShift::At::Time;
  Timestamp at_time;
  if (at(Keyword::Start) || at(Keyword::End)) {
    at_kind = take().is(Keyword::Start) ? TimeShift::At::Start : TimeShift::At::End;
    TRY(expect(TokenKind::LeftParen, "@", "\"(\""));
    TRY(expect(TokenKind::RightParen, "@", "\")\""));
  } else {
    at_time = TRY(parse_at_time());
  }
  TimeShift* shift = shift_of(*operand.expr);
  if (shift == nullptr) return bad_data(misplaced("@"), from(operand.span.begin));
  if (shift->at != TimeShift::At::None) {
    return bad_data("@ <timestamp> may not be set multiple times", from(sign.begin));
  }
  shift->at = at_kind;
  shift->at_time = at_time;
  return {};
}

Result<Timestamp> Parser::parse_at_time() {
  const uint32_t begin = peek().span.begin;
  if (!at(TokenKind::Add) && !at(TokenKind::Sub) && !at(TokenKind::Number) &&
      !at(TokenKind::Duration)) {
    return unexpected("@", "timestamp, start() or end()");
  }
  const double seconds = TRY(parse_signed_number());
  // The limits of int64 in milliseconds, as far as a double can tell.
  constexpr double kSecondsMax = 9223372036854775.0;
  if (!(std::fabs(seconds) <= kSecondsMax)) {
    std::string message = "timestamp out of bounds for @ modifier: ";
    append_decimal(message, seconds);
    return bad_data(std::move(message), from(begin));
  }
  // The product may round to 2^63, one more than int64 holds; this is the double before that.
  constexpr double kMillisecondsMax = 9223372036854774784.0;
  return Timestamp{std::llround(std::clamp(seconds * 1000, -kMillisecondsMax, kMillisecondsMax))};
}

Result<void> Parser::parse_edges(Operand& operand) {
  const Token word = take();
  const RangeEdges edges = word.is(Keyword::Anchored) ? RangeEdges::Anchored : RangeEdges::Smoothed;
  if (!options_.extended_range_selectors) {
    return bad_data(fmt::format("{} modifier is experimental and not enabled", word.text),
                    word.span);
  }
  auto* selector = std::get_if<VectorSelector>(&operand.expr->node);
  if (selector == nullptr) {
    const bool is_subquery = operand.expr->as<Subquery>() != nullptr;
    return bad_data(is_subquery
                        ? fmt::format("{} modifier is not supported for subqueries", word.text)
                        : fmt::format("{} modifier must be preceded by an instant vector selector "
                                      "or range vector selector",
                                      word.text),
                    from(operand.span.begin));
  }
  if (selector->edges != RangeEdges::Default && selector->edges != edges) {
    return bad_data("anchored and smoothed modifiers cannot be used together", word.span);
  }
  selector->edges = edges;
  return {};
}

}  // namespace promenade::promql
