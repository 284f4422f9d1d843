// engine/promql/parser.cc
// The parser's entry points and its view of the tokens.
#include "promql/parser/parser.h"

#include <fmt/format.h>

#include "base/strings.h"
#include "promql/parser/hints.h"
#include "promql/parser/parser_impl.h"

namespace promenade::promql {
namespace {

Result<void> check_length(std::string_view query) {
  if (query.size() <= kQueryBytesMax) return {};
  return bad_data(
      fmt::format("query is too long: {} bytes, the limit is {}", query.size(), kQueryBytesMax),
      SourceSpan{0, 0});
}

}  // namespace

Result<ExprPtr> Parser::parse_query() {
  if (at(TokenKind::End)) return bad_data("no expression found in input", peek().span);
  NewExpr expr = TRY(parse_expression(0));
  TRY(expect_end());
  return ExprPtr(std::move(expr));
}

Result<NewExpr> Parser::parse_lone_selector() {
  if (!at(TokenKind::LeftBrace) && !peek().is_word()) {
    return unexpected("", "a metric name or \"{\"");
  }
  // As in Prometheus, whether a selector that matches everything makes sense is its user's
  // business.
  is_empty_selector_allowed_ = true;
  NewExpr selector = TRY(parse_selector());
  TRY(expect_end());
  return selector;
}

Result<Labels> Parser::parse_lone_metric() {
  size_t end = 0;
  Labels labels = TRY(parse_metric(end));
  TRY(expect_end());
  return labels;
}

Result<void> Parser::check_depth(int depth, SourceSpan span) const {
  if (depth <= kQueryDepthMax) return {};
  return bad_data(
      fmt::format("expression is nested too deeply, the limit is {} levels", kQueryDepthMax), span);
}

const Token& Parser::peek(size_t ahead) {
  while (ahead_count_ <= ahead) ahead_[ahead_count_++] = lexer_.next();
  return ahead_[ahead];
}

Token Parser::take() {
  peek();
  Token token = std::move(ahead_[0]);
  ahead_[0] = std::move(ahead_[1]);
  --ahead_count_;
  last_.kind = token.kind;
  last_.keyword = token.keyword;
  last_.span = token.span;
  return token;
}

bool Parser::take_if(TokenKind kind) {
  if (!at(kind)) return false;
  take();
  return true;
}

tl::unexpected<Error> Parser::unexpected(std::string_view context, std::string_view expected) {
  const Token& token = peek();
  if (token.is(TokenKind::Error)) return bad_data(token.text, token.span);
  std::string message = "unexpected " + describe(token);
  if (!context.empty()) message += fmt::format(" in {}", context);
  if (!expected.empty()) message += fmt::format(", expected {}", expected);
  add_hint(message, token_hint({query_, token, last_, context}));
  return bad_data(std::move(message), token.span);
}

Result<Token> Parser::expect(TokenKind kind, std::string_view context, std::string_view expected) {
  if (!at(kind)) return unexpected(context, expected);
  return take();
}

// An expression has been read: only the end may follow.
Result<void> Parser::expect_end() {
  if (at(TokenKind::End)) return {};
  return unexpected("", "an operator or the end of the query");
}

Result<ExprPtr> parse(std::string_view query, const ParserOptions& options) {
  TRY(check_length(query));
  return Parser(query, options).parse_query();
}

std::string describe_parse_error(std::string_view query, const Error& error) {
  const LineColumn position = line_column(query, error.span ? error.span->begin : 0);
  return fmt::format("{}:{}: parse error: {}", position.line, position.column, error.message);
}

Result<std::vector<Matcher>> parse_selector(std::string_view selector) {
  TRY(check_length(selector));
  NewExpr expr = TRY(Parser(selector, {}).parse_lone_selector());
  return std::move(std::get<VectorSelector>(expr->node).matchers);
}

Result<Labels> parse_metric(std::string_view text) {
  TRY(check_length(text));
  return Parser(text, {}).parse_lone_metric();
}

}  // namespace promenade::promql
