// tests/unit/promql/bad_input_test.cc
// Queries made to exhaust something: each ends in a clear error or a small result, soon and in
// bounded memory.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "promql/parser/parser.h"
#include "promql/parser/printer.h"
#include "query_fixture.h"

namespace promenade::promql {
namespace {

using testing::instant;
using testing::Store;
using testing::text_of;

std::string repeated(std::string_view text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

Store store_of_up() {
  Store store;
  store.load(15, R"(up{job="api",instance="a:9090"})", "1 1 1 0 1 1 1 1 0");
  return store;
}

EngineOptions tight() {
  EngineOptions options;
  options.samples_max = 100'000;
  return options;
}

const std::string kTooMany =
    "error: query processing would load too many samples into memory in query execution";

TEST(BadInput, AMegabyteOfBracketsIsRefused) {
  constexpr size_t kMegabyte = kQueryBytesMax - 16;
  for (const char* piece :
       {"(",  "[",   "{",        ")", "]", "}",  "a[", "a{", "a(",        "a[1m:", "a{b=\"",
        "-(", "a[(", "sum by (", "'", "`", "\\", "@",  "#",  "a offset ", "{{",    "(1)"}) {
    const std::string query = repeated(piece, kMegabyte / std::string_view(piece).size());
    const auto expr = parse(query);
    ASSERT_FALSE(expr) << piece;
    EXPECT_LE(expr.error().span->end, query.size()) << piece;
    EXPECT_LT(describe_parse_error(query, expr.error()).size(), 2 * kQueryBytesMax) << piece;
  }
}

TEST(BadInput, AMegabyteOfOneTokenIsReadOrRefused) {
  constexpr size_t kLength = kQueryBytesMax - 16;
  const std::string digits(kLength, '9');
  EXPECT_FALSE(parse(digits));
  EXPECT_FALSE(parse("1e" + digits));
  EXPECT_FALSE(parse("0x" + digits));
  EXPECT_FALSE(parse(digits + "h"));
  EXPECT_FALSE(parse(digits + "k"));
  EXPECT_FALSE(parse("a[" + digits + "]"));
  EXPECT_FALSE(parse("a offset " + digits + "d"));
  EXPECT_FALSE(parse("a @ " + digits));
  EXPECT_FALSE(parse(std::string(kLength, 'a') + "()"));
  EXPECT_FALSE(parse("a " + std::string(kLength - 2, 'b')));
  EXPECT_TRUE(parse("0." + digits));
  EXPECT_TRUE(parse(std::string(kLength, 'a')));
  EXPECT_TRUE(parse("sum by (" + repeated("a,", kLength / 32) + ") (a)"));
  EXPECT_TRUE(parse("a{" + repeated("b=\"\",", kLength / 128) + "}"));
}

TEST(BadInput, LongErrorsStayReadable) {
  const std::string word(100'000, 'b');
  for (const std::string& query :
       {"a " + word, word + "(a)", "a{" + word + "}", "a{b=" + word + "}", "sum by " + word,
        "$" + word, "1" + word, "a[" + word + "]", "a[1m]{\"" + word + "\"}", "a \"" + word + "\"",
        word + " b", "a{b=~\"(" + word + "\"}", "sum(a) without " + word, "a(5" + word + "m)",
        "a == " + word + "2 b", "5 " + word, "a offset 5" + word,
        "label_replace(a, \"b\", \"c\", d, \"" + word + "\")"}) {
    const auto expr = parse(query);
    ASSERT_FALSE(expr) << query.substr(0, 20);
    EXPECT_LT(expr.error().message.size(), 1000u) << query.substr(0, 20);
  }
}

TEST(BadInput, ExplosiveRegularExpressionsAreRefusedOrMatchInLinearTime) {
  for (const std::string& pattern :
       {std::string("((a{100}){100}){100}"), std::string("(x{1000}){1000}"), std::string("a{1001}"),
        std::string("[[:word:]]{500}{500}")}) {
    EXPECT_FALSE(parse("up{job=~\"" + pattern + "\"}")) << pattern.substr(0, 30);
  }
  const Store store = store_of_up();
  for (const std::string& pattern :
       {repeated("(a*)*", 100) + "b", "(" + repeated("a?", 500) + repeated("a", 500) + "|api)",
        repeated(".*", 1000), "api|" + repeated("x|", 100'000) + "y",
        std::string("(.*)(.*)(.*)(.*)(.*)[^i]?"), repeated("(", 900) + "a" + repeated(")", 900)}) {
    const std::string query = "count(up{job=~\"" + pattern + "\"}) or vector(0)";
    const std::string text = text_of(instant(store, query, 60));
    EXPECT_TRUE(text == "{} 1\n" || text == "{} 0\n") << text << pattern.substr(0, 30);
  }
  EXPECT_EQ(text_of(instant(
                store, R"q(label_replace(up, "a", "$1", "job", "((a{100}){100}){100}"))q", 60)),
            "error: invalid regular expression in label_replace(): ((a{100}){100}){100}");
}

TEST(BadInput, ABillionPointsAreRefusedBeforeTheyAreRead) {
  const Store store = store_of_up();
  for (const char* query :
       {"max_over_time(vector(1)[290y:1ms])", "sum_over_time(up[1y:1ms])", "up[290y:1ms]",
        "rate(up[30d:1ms])", "sum_over_time(sum_over_time(up[1h:1ms])[1h:1ms])",
        "absent_over_time(nothing[290y:1ms])", "(up + up)[100d:1ms]",
        "sum_over_time(up[1y:1ms] @ 1e9)", "quantile_over_time(0.5, (up or vector(1))[1y:1ms])",
        "timestamp(vector(1))[1y:1ms]", "sum_over_time(info(up)[1y:1ms])",
        "count_over_time(sort(up)[1y:1ms])", "count_over_time(topk(1, up)[1y:1ms])"}) {
    EXPECT_EQ(text_of(instant(store, query, 1'000'000, tight())), kTooMany) << query;
  }
}

TEST(BadInput, ARangeOfABillionStepsIsRefusedBeforeItIsBegun) {
  const Store store = store_of_up();
  for (const char* query : {"1", "up", "vector(1)", "time()", "sum(up)", "absent(nothing)"}) {
    const auto expr = parse(query);
    InlineExecutor executor;
    const QueryRange billion{Timestamp{0}, Timestamp{1'000'000'000}, Duration::milliseconds(1)};
    const auto result =
        evaluate_range(**expr, billion, store.queryable(), executor, EngineOptions{});
    EXPECT_EQ(text_of(result), kTooMany) << query;
  }
}

TEST(BadInput, LabelsThatDoubleInLengthEndInAnError) {
  const Store store = store_of_up();
  std::string join = "up";
  std::string replace = "up";
  for (int i = 0; i < 60; ++i) {
    join = "label_join(" + join + R"(, "job", "", "job", "job"))";
    replace = "label_replace(" + replace + R"q(, "job", "$1$1", "job", "(.*)"))q";
  }
  EXPECT_EQ(text_of(instant(store, join, 60)),
            "error: the label \"job\" would have a value of 24576 bytes, the limit is 16384");
  EXPECT_EQ(text_of(instant(store, replace, 60)),
            "error: the label \"job\" would have a value of 24576 bytes, the limit is 16384");
}

TEST(BadInput, TimesAndDurationsAtTheirLimitsSelectNothing) {
  const Store store = store_of_up();
  for (const char* query :
       {"up @ 9223372036854775", "up @ -9223372036854775", "up offset 292y", "up offset -292y",
        "up @ 9223372036854775 offset -292y", "up @ -9223372036854775 offset 292y",
        "rate(up[292y] @ 9223372036854775)", "rate(up[292y] @ -9223372036854775 offset 292y)",
        "rate(up[1m] offset 292y)", "sum_over_time(up[1m:1s] @ -9223372036854775 offset 292y)",
        "sum_over_time(up[1m:1s] @ 9223372036854775 offset -292y)",
        "sum_over_time(up[1m:292y] @ -9223372036854775)",
        "sum_over_time(sum_over_time(up[292y:292y])[292y:292y] offset 292y) > 99"}) {
    EXPECT_EQ(text_of(instant(store, query, 0)), "") << query;
  }
  for (const char* query : {"up offset 293y", "up[293y]", "up @ 9223372036854780", "up @ 1e300",
                            "up offset (292y + 1y)", "up[292y * 2]"}) {
    const std::string text = text_of(instant(store, query, 0));
    EXPECT_EQ(text.substr(0, 7), "error: ") << query << ": " << text;
    EXPECT_NE(text.find("out of "), std::string::npos) << query << ": " << text;
  }
}

TEST(BadInput, EvaluationAtTheEndsOfTimeIsSafe) {
  const Store store = store_of_up();
  InlineExecutor executor;
  for (const char* query :
       {"up", "rate(up[5m])", "sum_over_time(up[5m:1m])", "up offset 1h", "up offset -1h", "time()",
        "year()", "timestamp(up)", "predict_linear(up[5m], 1e300)", "absent(up)", "up[5m:1m]"}) {
    const auto expr = parse(query);
    ASSERT_TRUE(expr);
    for (const int64_t ms : {INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX}) {
      const auto result =
          evaluate_instant(**expr, Timestamp{ms}, store.queryable(), executor, tight());
      EXPECT_LT(text_of(result).size(), 10'000u) << query;
    }
  }
}

TEST(BadInput, ParametersBeyondEveryIntegerAreTakenOrRefused) {
  const Store store = store_of_up();
  for (const char* number :
       {"1e300", "-1e300", "Inf", "-Inf", "NaN", "9223372036854775808", "1e-300"}) {
    for (const char* call : {"topk(N, up)",
                             "bottomk(N, up)",
                             "limitk(N, up)",
                             "limit_ratio(N, up)",
                             "quantile(N, up)",
                             "quantile_over_time(N, up[5m])",
                             "round(up, N)",
                             "clamp(up, N, N)",
                             "predict_linear(up[5m], N)",
                             "histogram_quantile(N, up)",
                             "vector(N) % N",
                             "minute(vector(N))",
                             "year(vector(N))",
                             "days_in_month(vector(N))",
                             "hour(vector(N))",
                             "day_of_year(vector(N))",
                             "sgn(vector(N))",
                             "N ^ up",
                             "up atan2 N",
                             "double_exponential_smoothing(up[5m], N, N)",
                             "count_values(\"v\", vector(N))"}) {
      std::string query;
      for (const char* c = call; *c != '\0'; ++c) {
        if (*c == 'N')
          query += number;
        else
          query += *c;
      }
      EXPECT_LT(text_of(instant(store, query, 60)).size(), 1000u) << query;
    }
  }
}

TEST(BadInput, AFullDepthExpressionIsEvaluatedAndPrinted) {
  const Store store = store_of_up();
  const size_t depth = kQueryDepthMax - 1;
  for (const auto& [opening, closing] : {std::pair{"(", ")"}, std::pair{"abs(", ")"},
                                         std::pair{"sum(", ")"}, std::pair{"-(", ")"}}) {
    std::string query = repeated(opening, depth) + "up" + repeated(closing, depth);
    if (std::string_view(opening) == "-(") {
      query = repeated(opening, depth / 2) + "up" + repeated(closing, depth / 2);
    }
    const auto expr = parse(query);
    ASSERT_TRUE(expr) << expr.error().message;
    EXPECT_EQ(to_string(**expr), query);
    EXPECT_LT(pretty(**expr).size(), 100'000u);
    EXPECT_NE(text_of(instant(store, query, 60)), "");
  }
  EXPECT_NE(text_of(instant(store, "1" + repeated(" + up", kQueryDepthMax - 1), 60)), "");
}

}  // namespace
}  // namespace promenade::promql
