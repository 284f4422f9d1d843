#pragma once  // engine/promql/token.h
// What the lexer hands to the parser. Internal to engine/promql.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace promenade::promql {

enum class TokenKind {
  End,
  Error,     // Token::text is the message.
  Number,    // 300, 0x1F, 1_000.5e3
  Duration,  // 1h30m
  String,    // Token::text is the value, without quotes and escapes.
  Identifier,
  MetricIdentifier,  // An identifier with ':' in it.
  Keyword,           // Token::keyword says which.
  LeftParen,
  RightParen,
  LeftBrace,
  RightBrace,
  LeftBracket,
  RightBracket,
  Comma,
  Colon,
  At,
  Assign,
  RegexMatch,
  RegexNotMatch,
  Add,
  Sub,
  Mul,
  Div,
  Mod,
  Pow,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  TrimUpper,
  TrimLower,
};

enum class Keyword {
  None,
  And,
  Or,
  Unless,
  Atan2,
  Sum,
  Avg,
  Count,
  Min,
  Max,
  Group,
  Stddev,
  Stdvar,
  Topk,
  Bottomk,
  CountValues,
  Quantile,
  Limitk,
  LimitRatio,
  Offset,
  Smoothed,
  Anchored,
  By,
  Without,
  On,
  Ignoring,
  GroupLeft,
  GroupRight,
  Fill,
  FillLeft,
  FillRight,
  Bool,
  Start,
  End,
  Step,
  Range,
  MaxOf,
  MinOf,
};

struct Token {
  TokenKind kind = TokenKind::End;
  Keyword keyword = Keyword::None;
  SourceSpan span;
  // The source text; for String the value, for Error the message.
  std::string text;

  bool is(TokenKind wanted) const { return kind == wanted; }
  bool is(Keyword wanted) const { return keyword == wanted; }
  // A name, whatever else the word may mean.
  bool is_word() const {
    return kind == TokenKind::Identifier || kind == TokenKind::MetricIdentifier ||
           kind == TokenKind::Keyword;
  }
};

bool is_aggregator(Keyword keyword);
// The keyword that `word` is in any mix of cases, or None.
Keyword find_keyword(std::string_view word);
// In quotes, and without its end when it is very long: nobody reads a message of a megabyte.
std::string quote_shortened(std::string_view text);
// As Prometheus's messages name a token: identifier "foo", <by>, <op:+>, <aggr:sum>, "(".
std::string describe(const Token& token);

}  // namespace promenade::promql
