// tests/unit/exposition/text_parser_test.cc
// The text format as reference tables: what is accepted and as what, what is refused and in which
// words.
#include "exposition/text_parser.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/bits.h"
#include "base/random.h"
#include "model/number_format.h"
#include "model/sample.h"

namespace promenade::exposition {
namespace {

// One line an entry: "series LABELS = VALUE [@ TIME]", "type FAMILY T", "help FAMILY [TEXT]",
// "comment"; "error: ..." ends it.
std::string dump(std::string_view text) {
  TextParser parser(text);
  std::string out;
  for (;;) {
    const Result<EntryKind> kind = parser.next();
    if (!kind) return out + "error: " + kind.error().message + "\n";
    switch (*kind) {
      case EntryKind::End:
        return out;
      case EntryKind::Comment:
        out += "comment\n";
        break;
      case EntryKind::Unit:
        return out + "a UNIT entry\n";
      case EntryKind::Type:
        out += "type " + std::string(parser.family()) + ' ';
        out += std::string(to_string(parser.type())) + '\n';
        break;
      case EntryKind::Help:
        out += "help " + std::string(parser.family()) + " [" + parser.help() + "]\n";
        break;
      case EntryKind::Series: {
        const Result<Labels> labels = parser.labels();
        if (!labels) return out + "error: " + labels.error().message + "\n";
        out += "series " + labels->to_string() + " = ";
        append_json_value(out, parser.value());
        if (parser.timestamp_ms()) out += " @ " + std::to_string(*parser.timestamp_ms());
        out += '\n';
      }
    }
  }
}

struct Case {
  std::string text;
  std::string expected;
};

TEST(TextParser, AcceptsWhatPrometheusAccepts) {
  const Case cases[] = {
      {"", ""},
      {"\n \n\t\n", ""},
      {"a 1", "series a = 1\n"},
      {"a   1\t\n", "series a = 1\n"},
      {"  a{ x = \"1\" , } 1 5  \n", "series a{x=\"1\"} = 1 @ 5\n"},
      {"a {x=\"1\"} 1", "series a{x=\"1\"} = 1\n"},
      {"a{} 1", "series a = 1\n"},
      {"a{x=\"l1\nl2\"} 1", "series a{x=\"l1\\nl2\"} = 1\n"},
      {"#c\n# foo\n#HELP a b\n# HELPX a\n#\n", "comment\ncomment\ncomment\ncomment\ncomment\n"},
      {"a{x=\"1\",y=\"2\",} +Inf", "series a{x=\"1\", y=\"2\"} = +Inf\n"},
      {"a{x=\"\\q\\n\\\\\\\"\"} nan", "series a{x=\"\\\\q\\n\\\\\\\"\"} = NaN\n"},
      {"a{x=\"1\" y=\"2\"} 1", "series a{x=\"1\", y=\"2\"} = 1\n"},
      {"a{y=\"2\",x=\"1\"} 1", "series a{x=\"1\", y=\"2\"} = 1\n"},
      {"{\"a.b\",x=\"1\"} 1", "series {\"a.b\", x=\"1\"} = 1\n"},
      {"{x=\"1\",\"a.b\"} 1", "series {\"a.b\", x=\"1\"} = 1\n"},
      {"{\"a.b\"} 1", "series {\"a.b\"} = 1\n"},
      {"{\"a\\\"b\",\"x y\"=\"1\"} 1", "series {\"a\\\"b\", \"x y\"=\"1\"} = 1\n"},
      {"a{x=\"\"} 1", "series a = 1\n"},
      {"a Infinity\na -inf\na INF", "series a = +Inf\nseries a = -Inf\nseries a = +Inf\n"},
      {"a 1e3\na -.5\na +2.\na -0",
       "series a = 1000\nseries a = -0.5\nseries a = 2\nseries a = -0\n"},
      {"a 1\na 2", "series a = 1\nseries a = 2\n"},
      {"a 1 99999999999999", "series a = 1 @ 99999999999999\n"},
      {"# HELP a\na 1", "help a []\nseries a = 1\n"},
      {"# HELP a  b\\\\c\\nd\\q\\\" \n", "help a [ b\\c\nd\\q\\\" ]\n"},
      {"#\t HELP \t\"a.b\" text", "help a.b [text]\n"},
      {"# TYPE a untyped\n# TYPE b counter\n# TYPE c gauge\n# TYPE d summary\n# TYPE e histogram",
       "type a unknown\ntype b counter\ntype c gauge\ntype d summary\ntype e histogram\n"},
      {std::string("a{x=\"\0\"} 1", 10), "series a{x=\"\\x00\"} = 1\n"},
      {"a:b_c:D9 1", "series a:b_c:D9 = 1\n"},
  };
  for (const Case& test : cases) EXPECT_EQ(dump(test.text), test.expected) << test.text;
}

TEST(TextParser, RefusesInPrometheusWordsWithLineAndColumn) {
  const Case cases[] = {
      {"a 1 -5",
       R"(1, column 5: expected timestamp or new record, got "-" ("INVALID") while parsing: "a 1 -")"},
      {"a 1 1.5",
       R"(1, column 6: expected next entry after timestamp, got "." ("INVALID") while parsing: "a 1 1.")"},
      {"a 0x10",
       R"(1, column 3: strconv.ParseFloat: parsing "0x10": invalid syntax while parsing: "a 0x10")"},
      {"a 1_0", R"(1, column 3: unsupported character in float while parsing: "a 1_0")"},
      {"a 0x1p3", R"(1, column 3: unsupported character in float while parsing: "a 0x1p3")"},
      {"a 1e999",
       R"(1, column 3: strconv.ParseFloat: parsing "1e999": value out of range while parsing: "a 1e999")"},
      {"a 1 9223372036854775808",
       R"(1, column 5: strconv.ParseInt: parsing "9223372036854775808": value out of range while parsing: "a 1 9223372036854775808")"},
      {"a{x=\"1\",x=\"2\"} 1", R"(1, column 1: label name "x" is not unique: invalid sample)"},
      {"a{x=\"\",x=\"2\"} 1", R"(1, column 1: label name "x" is not unique: invalid sample)"},
      {"a{__name__=\"b\"} 1",
       R"(1, column 1: label name "__name__" is not unique: invalid sample)"},
      {"# TYPE a foo", R"(1, column 9: invalid metric type "foo")"},
      {"# TYPE a counter extra", R"(1, column 9: invalid metric type "counter extra")"},
      {"# TYPE a", R"(1, column 9: invalid metric type "")"},
      {"1a 1",
       R"(1, column 1: expected a valid start token, got "1" ("INVALID") while parsing: "1")"},
      {"a{x='1'} 1",
       R"(1, column 5: expected label value, got "'" ("INVALID") while parsing: "a{x='")"},
      {"a{x=\"\xff\"} 1", R"(1, column 5: invalid UTF-8 label value: "\"\xff\"")"},
      {"a{\"\xff\"=\"1\"} 1", R"(1, column 3: invalid UTF-8 name: "\"\xff\"")"},
      {"# HELP a \xff", R"(1, column 9: help text "\xff" is not a valid utf8 string)"},
      {"a",
       R"(1, column 2: expected value after metric, got "\n" ("INVALID") while parsing: "a\n")"},
      {"a{x=\"1\"}\n",
       R"(1, column 9: expected value after metric, got "\n" ("INVALID") while parsing: "a{x=\"1\"}\n")"},
      {"a{x=\"1",
       R"(1, column 5: expected label value, got "\"1\n" ("INVALID") while parsing: "a{x=\"1\n")"},
      {"a{x} 1", R"(1, column 4: expected equal, got "} " ("BCLOSE") while parsing: "a{x} ")"},
      {"a{x\"1\"} 1",
       R"(1, column 4: expected equal, got "\"1\"}" ("QSTRING") while parsing: "a{x\"1\"}")"},
      {"a{=\"1\"} 1",
       R"(1, column 3: expected label name, got "=\"" ("EQUAL") while parsing: "a{=\"")"},
      {"a{,} 1", R"(1, column 3: expected label name, got ",}" ("COMMA") while parsing: "a{,}")"},
      {"a{x=\"1\",,} 1",
       R"(1, column 9: expected label name, got ",}" ("COMMA") while parsing: "a{x=\"1\",,}")"},
      {"{x=\"1\"} 1", R"(1, column 1: metric name not set while parsing: "{x=\"1\"} 1")"},
      {"{\"a\",\"b\"} 1", R"(1, column 9: metric name already set while parsing: "{\"a\",\"b\"}")"},
      {"a{\"b\"} 1", R"(1, column 6: metric name already set while parsing: "a{\"b\"}")"},
      {"a 1{",
       R"(1, column 4: expected timestamp or new record, got "{" ("INVALID") while parsing: "a 1{")"},
      {"a 1 2 3",
       R"(1, column 7: expected next entry after timestamp, got "3\n" ("TIMESTAMP") while parsing: "a 1 2 3\n")"},
      {"# HELP 1 x",
       R"(1, column 8: expected metric name after HELP, got "1" ("INVALID") while parsing: "# HELP 1")"},
      {"# TYPE ",
       R"(1, column 8: expected metric name after TYPE, got "\n" ("INVALID") while parsing: "# TYPE \n")"},
      {std::string("a 1\n\0", 5),
       R"(2, column 1: expected a valid start token, got "\x00" ("INVALID") while parsing: "\x00")"},
  };
  for (const Case& test : cases) {
    const std::string out = dump(test.text);
    EXPECT_NE(out.find("error: line " + test.expected), std::string::npos) << test.text << "\n"
                                                                           << out;
  }
}

TEST(TextParser, AnErrorSaysWhereInTheWholeText) {
  TextParser parser("# TYPE a counter\na{x=\"1\"} 1\n  b{y=3} 2\n");
  ASSERT_TRUE(parser.next());
  ASSERT_TRUE(parser.next());
  const Result<EntryKind> failed = parser.next();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::BadData);
  EXPECT_EQ(failed.error().message.substr(0, 37), "line 3, column 7: expected label valu");
  ASSERT_TRUE(failed.error().span);
  EXPECT_EQ(failed.error().span->begin, 34u);
}

TEST(TextParser, KeepsTheSampleBeforeABrokenLine) {
  EXPECT_EQ(dump("a 1\nb\n").substr(0, 36), "series a = 1\nerror: line 2, column 2");
}

TEST(TextParser, NormalisesBucketsAndQuantilesUnderTheirType) {
  const Case cases[] = {
      {"# TYPE a histogram\na_bucket{le=\"1\"} 1", "a_bucket{le=\"1.0\"}"},
      {"# TYPE a histogram\na_bucket{le=\"10\"} 1", "a_bucket{le=\"10.0\"}"},
      {"# TYPE a histogram\na_bucket{le=\"0.5\"} 1", "a_bucket{le=\"0.5\"}"},
      {"# TYPE a histogram\na_bucket{le=\"1000000\"} 1", "a_bucket{le=\"1e+06\"}"},
      {"# TYPE a histogram\na_bucket{le=\"inf\"} 1", "a_bucket{le=\"+Inf\"}"},
      {"# TYPE a histogram\na_bucket{le=\"x\"} 1", "a_bucket{le=\"x\"}"},
      {"# TYPE a histogram\na{quantile=\"1\"} 1", "a{quantile=\"1\"}"},
      {"# TYPE a summary\na{quantile=\"1\"} 1", "a{quantile=\"1.0\"}"},
      {"# TYPE a summary\na{le=\"1\"} 1", "a{le=\"1\"}"},
      {"# TYPE a gauge\na{le=\"1\"} 1", "a{le=\"1\"}"},
      {"# TYPE a histogram\nunrelated{le=\"1\"} 1", "unrelated{le=\"1.0\"}"},
  };
  for (const Case& test : cases) {
    EXPECT_NE(dump(test.text).find("series " + test.expected + " = 1"), std::string::npos)
        << test.text << "\n"
        << dump(test.text);
  }
}

TEST(TextParser, AnOrdinaryNaNIsCanonical) {
  TextParser parser("a NaN");
  ASSERT_TRUE(parser.next());
  EXPECT_EQ(promenade::bit_cast<uint64_t>(parser.value()), kNormalNaNBits);
}

TEST(TextParser, TheSeriesTextIsWhatWasWritten) {
  TextParser parser("  a{ y=\"1\", x=\"2\" } 1\nb 2\n");
  ASSERT_TRUE(parser.next());
  EXPECT_EQ(parser.series(), "a{ y=\"1\", x=\"2\" }");
  ASSERT_TRUE(parser.next());
  EXPECT_EQ(parser.series(), "b");
}

TEST(TextParser, AHintChangesNothingButTheEffort) {
  struct HintCase {
    std::string line, hint;
  };
  const HintCase cases[] = {
      {"a{x=\"1\"} 1", "a{x=\"1\"}"},
      {"a{x=\"1\"} 1", "a"},
      {"a{x=\"1\"} 1", "b"},
      {"a {x=\"1\"} 1", "a"},
      {"a 1 5", "a"},
      {"ab 1", "a"},
      {"a", "a"},
      {"a{x=\"2\"} 1", "a{x=\"1\"}"},
      {"a  1", "a"},
      {"# TYPE a gauge", "a"},
  };
  for (const HintCase& test : cases) {
    TextParser plain(test.line);
    TextParser hinted(test.line);
    const Result<EntryKind> expected = plain.next();
    const Result<EntryKind> actual = hinted.next(test.hint);
    ASSERT_EQ(expected.has_value(), actual.has_value()) << test.line;
    if (!expected) {
      EXPECT_EQ(expected.error().message, actual.error().message);
      continue;
    }
    EXPECT_EQ(*expected, *actual) << test.line;
    EXPECT_EQ(plain.series(), hinted.series()) << test.line;
    EXPECT_EQ(plain.value(), hinted.value()) << test.line;
    EXPECT_EQ(plain.timestamp_ms(), hinted.timestamp_ms()) << test.line;
  }
}

// A line after a known series, and the next one, as they are read with and without the hint.
void expect_equal_with_hint(const std::string& value) {
  const std::string text = "a" + value + "\nb 1";
  TextParser plain(text);
  TextParser hinted(text);
  for (const char* hint : {"a", "b"}) {
    const Result<EntryKind> expected = plain.next();
    const Result<EntryKind> actual = hinted.next(hint);
    ASSERT_EQ(expected.has_value(), actual.has_value()) << text;
    if (!expected) {
      EXPECT_EQ(expected.error().message, actual.error().message);
      return;
    }
    EXPECT_EQ(*expected, *actual) << text;
    EXPECT_TRUE(hinted.is_expected()) << text;
    EXPECT_EQ(plain.series(), hinted.series()) << text;
    EXPECT_EQ(bit_cast<uint64_t>(plain.value()), bit_cast<uint64_t>(hinted.value())) << text;
    EXPECT_EQ(plain.timestamp_ms(), hinted.timestamp_ms()) << text;
  }
}

TEST(TextParser, ANumberBehindAKnownSeriesReadsAsAnyOther) {
  for (const char* value : {"1",
                            "0",
                            "007",
                            "1.5",
                            "0.1",
                            "0.000000001",
                            "123.456789",
                            "999999999999999",
                            "1000000000000000",
                            "0.000000000000001",
                            "0.0000000000000001",
                            "18446744073709551617",
                            "5.",
                            ".5",
                            "1.2.3",
                            "1e5",
                            "-1",
                            "1 5",
                            "1\t",
                            "\t 1.25",
                            "1x",
                            "1_0",
                            "",
                            ".",
                            "+2",
                            "NaN"}) {
    expect_equal_with_hint(std::string(" ") + value);
  }
  Random random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string value = " ";
    const uint64_t size = 1 + random.below(17);
    for (uint64_t k = 0; k < size; ++k) value += static_cast<char>('0' + random.below(10));
    if (random.chance(0.7)) value.insert(1 + random.below(size + 1), ".");
    expect_equal_with_hint(value);
  }
}

TEST(TextParser, EveryPrefixOfAPageIsReadOrRefused) {
  const std::string page =
      "# HELP a Some \\\\ help.\n# TYPE a histogram\na_bucket{le=\"1\",x=\"\\\"\"} 1 123\n"
      "{\"b.c\",\"d e\"=\"\xc3\xa4\"} NaN\n\n#c\nup{} +Inf";
  for (size_t size = 0; size <= page.size(); ++size) {
    // Copied to its exact size, so that a sanitizer sees a read past the end.
    const std::unique_ptr<char[]> copy(new char[size]);
    page.copy(copy.get(), size);
    TextParser parser(std::string_view(copy.get(), size));
    size_t entries = 0;
    for (;;) {
      const Result<EntryKind> kind = parser.next();
      if (!kind || *kind == EntryKind::End) break;
      if (*kind == EntryKind::Series) {
        EXPECT_TRUE(parser.labels());
      }
      ASSERT_LE(++entries, 7u);
    }
  }
}

}  // namespace
}  // namespace promenade::exposition
