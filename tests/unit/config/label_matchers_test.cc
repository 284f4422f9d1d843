// Both grammars, by tables: text -> matchers, or the error.
#include "config/alertmanager/label_matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promenade::config {
namespace {

std::string parsed(std::string_view text, MatcherGrammar grammar) {
  const auto matchers = parse_label_matchers(text, grammar);
  return matchers ? label_matchers_text(*matchers) : "error: " + matchers.error().message;
}

struct Row {
  std::string_view text;
  std::string_view utf8;
  std::string_view classic;
};

class LabelMatchersTest : public ::testing::TestWithParam<Row> {};

TEST_P(LabelMatchersTest, ReadsBothGrammars) {
  EXPECT_THAT(parsed(GetParam().text, MatcherGrammar::Utf8),
              ::testing::StartsWith(std::string(GetParam().utf8)));
  EXPECT_THAT(parsed(GetParam().text, MatcherGrammar::Classic),
              ::testing::StartsWith(std::string(GetParam().classic)));
}

INSTANTIATE_TEST_SUITE_P(
    All, LabelMatchersTest,
    ::testing::Values(
        Row{"", "{}", "{}"}, Row{"{}", "{}", "{}"}, Row{"a=b", R"({a="b"})", R"({a="b"})"},
        Row{R"({a="b"})", R"({a="b"})", R"({a="b"})"},
        Row{R"(a = "b", c!="d" , e=~"f|g",h!~i,)", R"({a="b",c!="d",e=~"f|g",h!~"i"})",
            R"({a="b",c!="d",e=~"f|g",h!~"i"})"},
        Row{R"(a="")", R"({a=""})", R"({a=""})"},
        Row{"a=", "error: 2:2: end of input: expected label value", R"({a=""})"},
        Row{"a", "error: 1:1: end of input: expected an operator", "error: bad matcher format: a"},
        Row{"=b", "error: 0:1: unexpected =: expected label name", "error: bad matcher format: =b"},
        Row{"zz~~", "error: 2:3: unexpected ~: expected an operator",
            "error: bad matcher format: zz~~"},
        Row{"a=b c=d", "error: 4:5: unexpected c: expected a comma", R"({a="b c=d"})"},
        Row{"{a=b", "error: 4:4: end of input: expected close brace", R"({a="b"})"},
        Row{"a=b}", "error: 3:4: unexpected }: expected opening brace", R"({a="b"})"},
        Row{R"("a.b"="c")", R"({a.b="c"})", "error: bad matcher format"},
        Row{R"("a b"=c)", R"({"a b"="c"})", "error: bad matcher format"},
        Row{"ä=ö", R"({ä="ö"})", "error: bad matcher format"},
        Row{R"(a="\n\\\"")", R"({a="\n\\\""})", R"({a="\n\\\""})"},
        Row{R"(a="\d")", "error: 2:4: \"\\: invalid input", R"({a="\\d"})"},
        Row{R"(a="\u00e9")", R"({a="é"})", R"({a="\\u00e9"})"},
        Row{R"(a="b)", "error: 2:4: \"b: missing end \"",
            "error: matcher value contains unescaped double quote"},
        Row{R"(a=b"c)", "error: 3:4: unexpected \": expected a comma",
            "error: matcher value contains unescaped double quote"},
        Row{R"(a="b,c",d=e)", R"({a="b,c",d="e"})", R"({a="b,c",d="e"})"},
        Row{R"(a=~"(")", "error: error parsing regexp", "error: error parsing regexp"},
        Row{"a:b=c", R"({a:b="c"})", R"({a:b="c"})"}));

TEST(LabelMatchers, FallBackToTheClassicGrammar) {
  EXPECT_EQ(parsed("a=", MatcherGrammar::Fallback), R"({a=""})");
  EXPECT_EQ(parsed("\"a.b\"=c", MatcherGrammar::Fallback), R"({a.b="c"})");
  EXPECT_EQ(parsed(R"(a="\u00e9")", MatcherGrammar::Fallback), R"({a="\\u00e9"})");
  EXPECT_EQ(parsed("zz~~", MatcherGrammar::Fallback), "error: bad matcher format: zz~~");
}

}  // namespace
}  // namespace promenade::config
