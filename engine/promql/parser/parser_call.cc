// engine/promql/parser_call.cc
// Function calls, aggregations, and the label lists of by, without, on, ignoring and group_x.
#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "promql/parser/hints.h"
#include "promql/parser/parser_impl.h"

namespace promenade::promql {
namespace {

constexpr std::array kAggregations = {
    AggregateOp::Sum,    AggregateOp::Avg,       AggregateOp::Count,       AggregateOp::Min,
    AggregateOp::Max,    AggregateOp::Group,     AggregateOp::Stddev,      AggregateOp::Stdvar,
    AggregateOp::Topk,   AggregateOp::Bottomk,   AggregateOp::CountValues, AggregateOp::Quantile,
    AggregateOp::Limitk, AggregateOp::LimitRatio};

AggregateOp aggregate_op(Keyword keyword) {
  return kAggregations[static_cast<size_t>(keyword) - static_cast<size_t>(Keyword::Sum)];
}

bool takes_parameter(AggregateOp op) {
  switch (op) {
    case AggregateOp::Topk:
    case AggregateOp::Bottomk:
    case AggregateOp::CountValues:
    case AggregateOp::Quantile:
    case AggregateOp::Limitk:
    case AggregateOp::LimitRatio:
      return true;
    default:
      return false;
  }
}

bool is_experimental(AggregateOp op) {
  return op == AggregateOp::Limitk || op == AggregateOp::LimitRatio;
}

int height_above(const std::vector<ExprPtr>& children) {
  int height = 0;
  for (const ExprPtr& child : children) height = std::max(height, child->height);
  return height + 1;
}

// `rest` is the query from the parenthesis on.
std::string unknown_function(const std::string& name, std::string_view rest) {
  std::string message = fmt::format("unknown function with name {}", quote_shortened(name));
  if (const std::string hint = function_hint(name, rest); !hint.empty()) {
    add_hint(message, hint);
    return message;
  }
  std::vector<std::string_view> names;
  for (const FunctionSignature& function : functions()) names.push_back(function.name);
  for (const AggregateOp op : kAggregations) names.push_back(to_string(op));
  // Of several names equally near, one that the word begins is meant most likely: rat, rate.
  const std::string lower = to_lower(name);
  std::stable_partition(names.begin(), names.end(), [&](std::string_view candidate) {
    return candidate.substr(0, lower.size()) == lower;
  });
  if (const auto near = nearest(lower, names)) {
    add_hint(message, fmt::format("did you mean {}?", quote(*near)));
  }
  return message;
}

}  // namespace

Result<NewExpr> Parser::parse_call() {
  const Token name = take();
  Call call;
  call.function = find_function(name.text);
  if (call.function == nullptr) {
    return bad_data(unknown_function(name.text, query_.substr(peek().span.begin)), name.span);
  }
  if (call.function->experimental && !options_.experimental_functions) {
    return bad_data(fmt::format("function {} is not enabled", quote(name.text)), name.span);
  }
  call.args = TRY(parse_arguments(call.function));
  const SourceSpan span = from(name.span.begin);
  TRY(check_call(call, span, at(TokenKind::LeftBracket)));
  const ValueType type = call.function->returns;
  const int height = height_above(call.args);
  return make_expr(std::move(call), type, span, height);
}

// '(' [expr {',' expr}] ')'. `function` is null for an aggregation.
Result<std::vector<ExprPtr>> Parser::parse_arguments(const FunctionSignature* function) {
  TRY(expect(TokenKind::LeftParen, kInAggregation, "\"(\""));
  std::vector<ExprPtr> arguments;
  if (take_if(TokenKind::RightParen)) return arguments;
  while (true) {
    is_empty_selector_allowed_ =
        function != nullptr && function->name == "info" && arguments.size() == 1;
    auto argument = parse_expression(0);
    is_empty_selector_allowed_ = false;
    arguments.push_back(TRY(std::move(argument)));
    if (take_if(TokenKind::RightParen)) return arguments;
    const Token comma = TRY(expect(TokenKind::Comma, "", "an operator, \",\" or \")\""));
    if (at(TokenKind::RightParen)) {
      return bad_data("trailing commas not allowed in function call args", comma.span);
    }
  }
}

// AGG [by|without labels] (args), or the grouping after the arguments.
Result<NewExpr> Parser::parse_aggregate() {
  const Token name = take();
  Aggregate aggregate;
  aggregate.op = aggregate_op(name.keyword);
  const bool grouping_first = at(Keyword::By) || at(Keyword::Without);
  if (grouping_first) TRY(parse_grouping(aggregate));
  std::vector<ExprPtr> arguments = TRY(parse_arguments(nullptr));
  if (!grouping_first && (at(Keyword::By) || at(Keyword::Without))) TRY(parse_grouping(aggregate));

  const SourceSpan span = from(name.span.begin);
  if (is_experimental(aggregate.op) && !options_.experimental_functions) {
    return bad_data(fmt::format("{}() is experimental and must be enabled with "
                                "--enable-feature=promql-experimental-functions",
                                to_string(aggregate.op)),
                    span);
  }
  const size_t wanted = takes_parameter(aggregate.op) ? 2 : 1;
  if (arguments.size() != wanted) {
    std::string message = arguments.empty()
                              ? "no arguments for aggregate expression provided"
                              : fmt::format(
                                    "wrong number of arguments for aggregate expression provided, "
                                    "expected {}, got {}",
                                    wanted, arguments.size());
    add_hint(message, fmt::format("write {}({}...)", to_string(aggregate.op),
                                  aggregate.op == AggregateOp::CountValues ? "\"label\", "
                                  : wanted == 2                            ? "NUMBER, "
                                                                           : ""));
    return bad_data(std::move(message), span);
  }
  const int height = height_above(arguments);
  aggregate.expr = std::move(arguments.back());
  if (wanted == 2) aggregate.param = std::move(arguments.front());
  TRY(check_aggregate(aggregate));
  return make_expr(std::move(aggregate), ValueType::Vector, span, height);
}

Result<void> Parser::parse_grouping(Aggregate& aggregate) {
  aggregate.without = take().is(Keyword::Without);
  aggregate.grouping = TRY(parse_label_list());
  return {};
}

// '(' [label {',' label} [',']] ')'
Result<std::vector<std::string>> Parser::parse_label_list() {
  TRY(expect(TokenKind::LeftParen, kInLabelList, "\"(\""));
  std::vector<std::string> labels;
  while (!take_if(TokenKind::RightParen)) {
    labels.push_back(TRY(parse_listed_label()));
    if (take_if(TokenKind::Comma)) continue;
    if (!at(TokenKind::RightParen)) return unexpected(kInLabelList, "\",\" or \")\"");
  }
  return labels;
}

// A word, whatever it means elsewhere, or a quoted name.
Result<std::string> Parser::parse_listed_label() {
  const Token& token = peek();
  const bool is_name = token.is_word() ||
                       (token.is(TokenKind::String) && !token.text.empty() && is_utf8(token.text));
  if (!is_name) return unexpected(kInLabelList, "label");
  return take().text;
}

}  // namespace promenade::promql
