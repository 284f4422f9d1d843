// tests/unit/promql/lexer_test.cc
// Where words and signs change their meaning: in braces, in brackets, before a parenthesis.
#include "promql/parser/lexer.h"

#include <gtest/gtest.h>

#include <string>

namespace promenade::promql {
namespace {

// All tokens as messages name them, up to the end or the first error.
std::string tokens(std::string_view text) {
  Lexer lexer(text);
  std::string out;
  while (true) {
    const Token token = lexer.next();
    if (token.is(TokenKind::End)) return out;
    if (!out.empty()) out += ' ';
    if (token.is(TokenKind::Error)) return out + "ERROR " + token.text;
    out += describe(token);
  }
}

TEST(Lexer, DividesTextIntoTokens) {
  const std::pair<const char*, const char*> cases[] = {
      {"a:b c", R"x(metric identifier "a:b" identifier "c")x"},
      {"SUM by_x", R"x(<aggr:SUM> identifier "by_x")x"},
      {"a{sum=\"b\"}", R"x(identifier "a" "{" identifier "sum" "=" string "\"b\"" "}")x"},
      {"[5m:step()]", R"x("[" duration "5m" ":" <step> "(" ")" "]")x"},
      {"1 2h Inf 0x_fF", R"x(number "1" duration "2h" number "Inf" number "0x_fF")x"},
      {"a</b", R"x(identifier "a" <op:</> identifier "b")x"},
      {"a<= /b", R"x(identifier "a" <op:<=> <op:/> identifier "b")x"},
      {"fill (1) fill", R"x(<fill> "(" number "1" ")" identifier "fill")x"},
      {"a # b\nc", R"x(identifier "a" identifier "c")x"},
      {"'a much longer text'", R"x(string "\"a much lo"...)x"},
      {"{a!~'b'}", R"x("{" identifier "a" <op:!~> string "\"b\"" "}")x"},
      {"1.5.2", "ERROR bad number or duration syntax: \"1.5.2\""},
      {"1_", "ERROR bad number or duration syntax: \"1_\""},
      {"a]", "identifier \"a\" ERROR unexpected right bracket ']'; no [ is open here"},
      {"a[[", "identifier \"a\" \"[\" ERROR unexpected left bracket '['; one is open already"},
      {"^ \\",
       "<op:^> ERROR unexpected character: '\\'; a query may be broken into lines without a sign"},
      {"{a=\"b",
       "\"{\" identifier \"a\" \"=\" ERROR unterminated quoted string; it ends with another \""},
      {"'a\nb'", "ERROR unterminated quoted string; it ends with another '"},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(tokens(text), wanted) << text;
}

TEST(Lexer, StaysAtItsErrorOrEnd) {
  Lexer lexer("a $ b");
  lexer.next();
  EXPECT_TRUE(lexer.next().is(TokenKind::Error));
  EXPECT_TRUE(lexer.next().is(TokenKind::Error));
  Lexer empty("");
  EXPECT_TRUE(empty.next().is(TokenKind::End));
  EXPECT_TRUE(empty.next().is(TokenKind::End));
}

TEST(Lexer, DecodesEscapes) {
  const std::pair<const char*, std::string> cases[] = {
      {R"("\a\b\f\n\r\t\v\\\"")", "\a\b\f\n\r\t\v\\\""},
      {R"('\'"')", "'\""},
      {R"("\x00\377\u00e9\U0001F600")", std::string("\0\xff\u00e9\U0001F600", 8)},
      {"`\\n\n\r`", "\\n\n\r"},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(Lexer(text).next().text, wanted) << text;
}

TEST(Lexer, KnowsKeywordsInAnyCase) {
  EXPECT_EQ(find_keyword("oFFset"), Keyword::Offset);
  EXPECT_EQ(find_keyword("group_LEFT"), Keyword::GroupLeft);
  EXPECT_EQ(find_keyword("rate"), Keyword::None);
  EXPECT_EQ(find_keyword(""), Keyword::None);
}

}  // namespace
}  // namespace promenade::promql
