#pragma once  // engine/promql/parser_impl.h
// The parser: recursive descent over tokens, with precedence climbing for binary operators. Types
// are checked as nodes are made, so a node that exists is well-typed. Internal to engine/promql;
// the methods are spread over parser_*.cc by the part of the grammar they read.
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "promql/ast.h"
#include "promql/functions/functions.h"
#include "promql/parser/lexer.h"
#include "promql/parser/parser.h"

namespace promenade::promql {

// Nodes that are still being put together; ExprPtr and DurationExprPtr when they are done.
using NewExpr = std::unique_ptr<Expr>;
using NewDuration = std::unique_ptr<DurationExpr>;

class Parser {
 public:
  Parser(std::string_view query, const ParserOptions& options)
      : query_(query), options_(options), lexer_(query) {}

  // The whole text as one expression.
  Result<ExprPtr> parse_query();
  // The whole text as one selector without modifiers.
  Result<NewExpr> parse_lone_selector();
  // A metric with '=' only, from the start of the text; what follows is left unread. `end` is set
  // to the byte after it.
  Result<Labels> parse_metric(size_t& end);
  Result<Labels> parse_lone_metric();

 private:
  // Counts nested calls, and fails beyond kQueryDepthMax.
  class Nesting {
   public:
    explicit Nesting(Parser& parser) : parser_(parser) { ++parser_.depth_; }
    ~Nesting() { --parser_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Parser& parser_;
  };
  Result<void> check_depth(int depth, SourceSpan span) const;

  // Tokens (parser.cc).
  const Token& peek(size_t ahead = 0);
  Token take();
  bool take_if(TokenKind kind);
  bool at(TokenKind kind) { return peek().is(kind); }
  bool at(Keyword keyword) { return peek().is(keyword); }
  SourceSpan from(uint32_t begin) const { return {begin, last_.span.end}; }
  // The error for the token at hand: unexpected X in CONTEXT, expected Y; HINT. Both may be "".
  tl::unexpected<Error> unexpected(std::string_view context, std::string_view expected);
  Result<Token> expect(TokenKind kind, std::string_view context, std::string_view expected);
  Result<void> expect_end();

  // Expressions (parser_expr.cc).
  Result<NewExpr> parse_expression(int precedence_min);
  Result<NewExpr> parse_unary();
  Result<NewExpr> parse_operand();
  Result<NewExpr> parse_primary();
  Result<NewExpr> parse_word();
  Result<NewExpr> parse_parentheses();
  Result<NewExpr> parse_scalar_literal();
  Result<NewExpr> parse_binary_rest(NewExpr left);
  Result<void> parse_matching(VectorMatching& matching, bool& is_given);
  Result<void> parse_fills(VectorMatching& matching);
  Result<double> parse_fill_value();
  Result<NewExpr> make_expr(decltype(Expr::node) node, ValueType type, SourceSpan span, int height);

  // Calls and aggregations (parser_call.cc).
  Result<NewExpr> parse_call();
  Result<NewExpr> parse_aggregate();
  Result<std::vector<ExprPtr>> parse_arguments(const FunctionSignature* function);
  Result<std::vector<std::string>> parse_label_list();
  Result<std::string> parse_listed_label();
  Result<void> parse_grouping(Aggregate& aggregate);

  // Selectors and their modifiers (parser_selector.cc, parser_modifier.cc).
  Result<NewExpr> parse_selector();
  Result<std::vector<Matcher>> parse_matchers();
  Result<Matcher> parse_matcher();
  struct Operand {
    NewExpr expr;
    DurationExprPtr range;  // Given as [range]; the matrix selector is made at the end.
    SourceSpan span;
  };
  Result<NewExpr> parse_modifiers(NewExpr operand);
  Result<void> parse_range(Operand& operand);
  Result<void> make_subquery(Operand& operand, DurationExprPtr range);
  Result<void> parse_offset(Operand& operand);
  Result<void> parse_at(Operand& operand);
  Result<void> parse_edges(Operand& operand);
  Result<Timestamp> parse_at_time();

  // Durations and numbers (parser_duration.cc).
  Result<double> parse_number_token();
  Result<double> parse_signed_number();
  Result<NewDuration> parse_bracket_duration();
  Result<NewDuration> parse_offset_duration();
  Result<NewDuration> parse_duration_expression(int precedence_min);
  Result<NewDuration> parse_duration_operand();
  Result<NewDuration> parse_duration_primary(std::string_view context);
  Result<NewDuration> parse_duration_call(DurationExpr::Kind kind);
  Result<NewDuration> make_duration(DurationExpr node);

  std::string_view query_;
  ParserOptions options_;
  Lexer lexer_;
  std::array<Token, 2> ahead_;  // The first `ahead_count_` are read but not taken.
  size_t ahead_count_ = 0;
  Token last_;  // The last taken token, without its text. End: none yet.
  int depth_ = 0;
  int duration_parts_ = 0;  // Of the duration at hand.
  // Set for the second argument of info(), which may match series with no label at all.
  bool is_empty_selector_allowed_ = false;
};

// Checks on finished nodes (parser_check.cc). All errors are BadData with the span at fault.
Result<void> check_binary(Binary& binary, bool is_matching_given, SourceSpan op_span,
                          SourceSpan span);
// `is_range_behind`: a '[' follows, as in rate(up)[5m].
Result<void> check_call(const Call& call, SourceSpan span, bool is_range_behind);
Result<void> check_aggregate(const Aggregate& aggregate);
Result<void> check_selector(const VectorSelector& selector, SourceSpan span,
                            bool is_empty_selector_allowed);

}  // namespace promenade::promql
