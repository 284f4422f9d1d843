// tests/unit/base/strings_test.cc
// The small text helpers, as tables.
#include "base/strings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace promenade {
namespace {

using ::testing::ElementsAre;

TEST(Strings, SplitKeepsEmptyParts) {
  EXPECT_THAT(split("a,b,,c,", ','), ElementsAre("a", "b", "", "c", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Strings, TrimTakesBlanksAndLineEnds) {
  EXPECT_EQ(trim(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Strings, CaseIsAsciiOnly) {
  EXPECT_EQ(to_lower("AbZ\xc3\x84[`{"), "abz\xc3\x84[`{");
  EXPECT_TRUE(equal_ignoring_case("Content-TYPE", "content-type"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));  // They differ in the bit that tells cases apart.
}

TEST(Strings, JoinPutsTheSeparatorBetween) {
  EXPECT_EQ(join(std::vector<std::string>{"a", "", "b"}, ", "), "a, , b");
  EXPECT_EQ(join(std::vector<std::string>{}, ", "), "");
}

TEST(Strings, LineAndColumnCountFromOne) {
  const std::string_view text = "ab\ncd\n";
  const auto at = [&](size_t offset) {
    const LineColumn position = line_column(text, offset);
    return std::to_string(position.line) + ":" + std::to_string(position.column);
  };
  EXPECT_EQ(at(0), "1:1");
  EXPECT_EQ(at(2), "1:3");
  EXPECT_EQ(at(3), "2:1");
  EXPECT_EQ(at(6), "3:1");
  EXPECT_EQ(at(99), "3:1");
}

TEST(Utf8, KnowsWellFormedText) {
  for (const std::string_view good :
       {"", "plain ascii of more than eight bytes", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
        "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
        "12345678\xe2\x82\xac"}) {
    EXPECT_TRUE(is_utf8(good)) << quote(good);
  }
  for (const std::string_view bad :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xed\xbf\xbf", "\xe2\x82", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xff", "12345678\xff", "1234567\xe2\x82"}) {
    EXPECT_FALSE(is_utf8(bad)) << quote(bad);
  }
}

TEST(Utf8, DecodingUndoesEncoding) {
  for (const char32_t value : {U'\0', U'\x7f', U'\x80', U'\x7ff', U'\x800', U'\xd7ff', U'\xe000',
                               U'\xffff', U'\x10000', U'\x10ffff'}) {
    std::string text = "x";
    append_utf8(text, value);
    const std::optional<CodePoint> point = decode_utf8(text, 1);
    ASSERT_TRUE(point) << static_cast<uint32_t>(value);
    EXPECT_EQ(point->value, value);
    EXPECT_EQ(point->size, text.size() - 1);
  }
  EXPECT_FALSE(decode_utf8("a", 1));
}

TEST(Quote, FollowsGo) {
  struct {
    std::string_view text, quoted;
  } const cases[] = {
      {"", R"("")"},
      {"a b", R"("a b")"},
      {"\"\\", R"("\"\\")"},
      {"\a\b\f\n\r\t\v", R"("\a\b\f\n\r\t\v")"},
      {std::string_view("\0\x1f\x7f", 3), R"("\x00\x1f\x7f")"},
      {"\xff\xe2\x82", R"("\xff\xe2\x82")"},
      {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\xa5", "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\xa5\""},
      {"\xc2\x80\xc2\xa0\xe2\x80\x8b\xef\xbb\xbf", R"("\u0080\u00a0\u200b\ufeff")"},
      {"\xf3\xa0\x80\x81", R"("\U000e0001")"},
  };
  for (const auto& test : cases) EXPECT_EQ(quote(test.text), test.quoted);
}

TEST(Nearest, FindsWhatWasMeant) {
  constexpr std::array<std::string_view, 5> kNames = {"rate", "irate", "increase", "sum",
                                                      "sum_over_time"};
  struct {
    std::string_view word;
    std::optional<std::string_view> meant;
  } const cases[] = {
      {"raet", "rate"},
      {"rat", "rate"},
      {"incraese", "increase"},
      {"som", "sum"},
      {"zzz", std::nullopt},
      {"sum_over_tiem", "sum_over_time"},
      {"histogram", std::nullopt},
      {"rate", "rate"},
      {"", std::nullopt},
  };
  for (const auto& test : cases) EXPECT_EQ(nearest(test.word, kNames), test.meant) << test.word;
  EXPECT_EQ(nearest("rate", {}), std::nullopt);
}

TEST(Url, DecodesPercentAndPlus) {
  EXPECT_EQ(url_decode("a%20b+c%2B%e2%82%AC", true), "a b c+\xe2\x82\xac");
  EXPECT_EQ(url_decode("a+b", false), "a+b");
  EXPECT_EQ(url_decode("%", true), "%");
  EXPECT_EQ(url_decode("%4", true), "%4");
  EXPECT_EQ(url_decode("%zz%41", true), "%zzA");
}

TEST(Url, EncodingIsUndoneByDecoding) {
  EXPECT_EQ(url_encode("aZ0-._~"), "aZ0-._~");
  EXPECT_EQ(url_encode("a b+/\xff"), "a%20b%2B%2F%FF");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(url_decode(url_encode(all), true), all);
}

TEST(Url, SplitsIntoParts) {
  struct {
    std::string_view url, scheme, authority, path, query;
  } const cases[] = {
      {"http://host:9100/metrics?x=1&y=2#z", "http", "host:9100", "/metrics", "x=1&y=2"},
      {"http://host", "http", "host", "", ""},
      {"http://host?x", "http", "host", "", "x"},
      {"/api/v1/query?query=up", "", "", "/api/v1/query", "query=up"},
      {"/redirect?to=http://other/", "", "", "/redirect", "to=http://other/"},
      {"", "", "", "", ""},
  };
  for (const auto& test : cases) {
    const UrlParts parts = split_url(test.url);
    EXPECT_EQ(parts.scheme, test.scheme) << test.url;
    EXPECT_EQ(parts.authority, test.authority) << test.url;
    EXPECT_EQ(parts.path, test.path) << test.url;
    EXPECT_EQ(parts.query, test.query) << test.url;
  }
}

}  // namespace
}  // namespace promenade
