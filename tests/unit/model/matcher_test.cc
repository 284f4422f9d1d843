// tests/unit/model/matcher_test.cc
// Which values match, which patterns need no regular expression, and what is said about bad ones.
#include "model/matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

namespace promenade {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Matcher, MatchesWholeValues) {
  struct {
    MatchType type;
    std::string pattern;
    std::string value;
    bool matches;
  } const cases[] = {
      {MatchType::Equal, "a", "a", true},
      {MatchType::Equal, "a", "b", false},
      {MatchType::Equal, "", "", true},
      {MatchType::NotEqual, "a", "b", true},
      {MatchType::NotEqual, "a", "a", false},
      {MatchType::NotEqual, "", "", false},
      {MatchType::Regex, "a.*", "abc", true},
      {MatchType::Regex, "b", "abc", false},
      {MatchType::Regex, "a|b", "ab", false},
      {MatchType::Regex, "a+|b", "aab", false},
      {MatchType::Regex, "a.b", "a\nb", true},
      {MatchType::Regex, ".+", "", false},
      {MatchType::Regex, ".*", "", true},
      {MatchType::Regex, "", "", true},
      {MatchType::Regex, "", "a", false},
      {MatchType::Regex, "(?i)get", "GET", true},
      {MatchType::Regex, "5..", "500", true},
      {MatchType::Regex, "5..", "5000", false},
      {MatchType::Regex, "a$", "a", true},
      {MatchType::Regex, "^a$|b", "b", true},
      {MatchType::Regex, "\xc3\xa4.", "\xc3\xa4\xc3\xb6", true},
      {MatchType::NotRegex, "a.*", "abc", false},
      {MatchType::NotRegex, "a.*", "b", true},
      {MatchType::NotRegex, "a|b", "b", false},
      {MatchType::NotRegex, "a|b", "", true},
  };
  for (const auto& test : cases) {
    const Result<Matcher> matcher = Matcher::create(test.type, "x", test.pattern);
    ASSERT_TRUE(matcher) << test.pattern;
    EXPECT_EQ(matcher->matches(test.value), test.matches)
        << matcher->to_string() << " on " << test.value;
  }
}

TEST(Matcher, ListsLiteralAlternatives) {
  struct {
    std::string pattern;
    std::vector<std::string> literals;
  } const cases[] = {
      {"a", {"a"}},
      {"b|a|b", {"a", "b"}},
      {"(a|b)", {"a", "b"}},
      {"(?:a|b)", {"a", "b"}},
      {"a\\.b|c\\|d", {"a.b", "c|d"}},
      {"a|", {"", "a"}},
      {"", {""}},
      {"frontend-1:8080|x y", {"frontend-1:8080", "x y"}},
      {"a.b", {}},
      {"a|b*", {}},
      {"(a)|(b)", {}},
      {"(?i:a|b)", {}},
      {"a\\d", {}},
      {"[ab]", {}},
      {"a{2}", {}},
      {"^a$", {}},
  };
  for (const auto& test : cases) {
    const Result<Matcher> matcher = Matcher::create(MatchType::Regex, "x", test.pattern);
    ASSERT_TRUE(matcher) << test.pattern;
    EXPECT_EQ(matcher->literals(), test.literals) << test.pattern;
  }
  EXPECT_THAT(Matcher::equal("x", "a").literals(), IsEmpty());
}

TEST(Matcher, LiteralsAgreeWithRe2) {
  for (const std::string pattern : {"a|b", "(ab|cd)", "a\\.b", "x|", "(?:)", "a\\+|\\\\"}) {
    const Matcher matcher = *Matcher::create(MatchType::Regex, "x", pattern);
    for (const std::string value :
         {"", "a", "b", "ab", "cd", "a.b", "axb", "x", "a+", "\\", "aa"}) {
      EXPECT_EQ(matcher.matches(value), re2::RE2::FullMatch(value, pattern))
          << pattern << " on " << value;
    }
  }
}

TEST(Matcher, NamesTheFaultOfABadPattern) {
  struct {
    std::string pattern, fault;
  } const cases[] = {
      {"a(b", "missing ): a(b"},
      {"*", "no argument for repetition operator: *"},
      {"[a", "missing ]: [a"},
      {"a)(b", "unexpected ): a)(b"},
      {"(?=a)", "invalid perl operator: (?="},
      {"\\8", "invalid escape sequence: \\8"},
      {"a**", "bad repetition operator: **"},
      {"\xff", "invalid UTF-8"},
  };
  for (const auto& test : cases) {
    const Result<Matcher> matcher = Matcher::create(MatchType::NotRegex, "x", test.pattern);
    ASSERT_FALSE(matcher) << test.pattern;
    EXPECT_EQ(matcher.error().code, ErrorCode::BadData);
    EXPECT_THAT(matcher.error().message, HasSubstr("error parsing regexp: " + test.fault));
  }
}

TEST(Matcher, KnowsWhetherAnAbsentLabelMatches) {
  EXPECT_TRUE(Matcher::equal("x", "").matches_empty());
  EXPECT_FALSE(Matcher::equal("x", "a").matches_empty());
  EXPECT_TRUE(Matcher::create(MatchType::NotEqual, "x", "a")->matches_empty());
  EXPECT_TRUE(Matcher::create(MatchType::Regex, "x", "a?")->matches_empty());
  EXPECT_FALSE(Matcher::create(MatchType::NotRegex, "x", "a?")->matches_empty());
}

TEST(Matcher, PrintsItself) {
  EXPECT_EQ(Matcher::equal("x", "a\"b").to_string(), "x=\"a\\\"b\"");
  EXPECT_EQ(Matcher::create(MatchType::NotEqual, "x", "a")->to_string(), "x!=\"a\"");
  EXPECT_EQ(Matcher::create(MatchType::Regex, "a.b", "c\\.d")->to_string(), "\"a.b\"=~\"c\\\\.d\"");
  EXPECT_EQ(Matcher::create(MatchType::NotRegex, "x", ".+")->to_string(), "x!~\".+\"");
}

TEST(Matcher, CopiesShareThePattern) {
  const Matcher original = *Matcher::create(MatchType::Regex, "x", "a+");
  const Matcher copy = original;
  EXPECT_TRUE(copy.matches("aaa"));
}

TEST(CompileAnchored, IsAnchoredHoweverItIsUsed) {
  const auto regex = *compile_anchored("(a)|b.");
  EXPECT_TRUE(re2::RE2::PartialMatch("b\n", *regex));
  EXPECT_FALSE(re2::RE2::PartialMatch("xa", *regex));
  EXPECT_FALSE(re2::RE2::PartialMatch("ax", *regex));
  EXPECT_EQ(regex->NumberOfCapturingGroups(), 1);
}

}  // namespace
}  // namespace promenade
