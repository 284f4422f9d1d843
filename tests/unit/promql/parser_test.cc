// tests/unit/promql/parser_test.cc
// Which texts are queries, what tree they make, and what is said about those that are not.
#include "promql/parser/parser.h"

#include <gtest/gtest.h>

#include <string>

#include "promql/parser/printer.h"

namespace promenade::promql {
namespace {

struct Accepted {
  const char* query;
  const char* tree;
};

const Accepted kAccepted[] = {
    // Numbers.
    {"1", "1"},
    {"+1", "1"},
    {"-1", "-1"},
    {".5", "0.5"},
    {"2.", "2"},
    {"1.e3", "1000"},
    {"1e-3", "0.001"},
    {"010", "8"},
    {"0755", "493"},
    {"08", "8"},
    {"010.5", "10.5"},
    {"0x1F", "31"},
    {"0X_1f", "31"},
    {"1_000_000", "1000000"},
    {".123_456", "0.123456"},
    {"iNf", "+Inf"},
    {"-Inf", "-Inf"},
    {"nan", "NaN"},
    {"5m", "300s"},
    {"-5m", "-300s"},
    {"-0m", "-0s"},
    {"+1001ms", "1.001s"},
    {"1h30m", "5400s"},
    {"54s321ms", "54.321s"},
    // Strings.
    {R"("a\n\x41\101\u00e9\"")", R"("a\nAAé\"")"},
    {R"('"')", R"("\"")"},
    {"`raw\\n`", R"("raw\\n")"},
    // Precedence.
    {"1 + 2 * 3", "bin{+ 1 bin{* 2 3}}"},
    {"1 * 2 + 3", "bin{+ bin{* 1 2} 3}"},
    {"1 - 2 - 3", "bin{- bin{- 1 2} 3}"},
    {"-2^2", "unary{- bin{^ 2 2}}"},
    {"2^3^2", "bin{^ 2 bin{^ 3 2}}"},
    {"2^-1", "bin{^ 2 -1}"},
    {"2^-1*3", "bin{* bin{^ 2 -1} 3}"},
    {"-2 * 3", "bin{* -2 3}"},
    {"-a * b", "bin{* unary{- sel{a}} sel{b}}"},
    {"+a", "unary{+ sel{a}}"},
    {"a % b atan2 c", "bin{atan2 bin{% sel{a} sel{b}} sel{c}}"},
    {"a or b and c", "bin{or sel{a} bin{and sel{b} sel{c}}}"},
    {"a unless b and c", "bin{and bin{unless sel{a} sel{b}} sel{c}}"},
    {"a + b == c", "bin{== bin{+ sel{a} sel{b}} sel{c}}"},
    {"1 < bool 2 < bool 3", "bin{< bool bin{< bool 1 2} 3}"},
    {"a </ 1", "bin{</ sel{a} 1}"},
    {"a >/1", "bin{>/ sel{a} 1}"},
    {"(a + b) * c", "bin{* paren{bin{+ sel{a} sel{b}}} sel{c}}"},
    {"((1))", "paren{paren{1}}"},
    // Selectors.
    {"up", "sel{up}"},
    {":a:b", "sel{:a:b}"},
    {"sum:by", "sel{sum:by}"},
    {"{a=\"b\"}", "sel{a=\"b\"}"},
    {"up{}", "sel{up}"},
    {"up{a!=\"b\",c=~\"d|e\",f!~'g',}", "sel{up a!=\"b\" c=~\"d|e\" f!~\"g\"}"},
    {"up{ # remark\n by=\"x\", on='y'}", "sel{up by=\"x\" on=\"y\"}"},
    {"{__name__=\"a\",__name__=~\"b|a\"}", "sel{__name__=\"a\" __name__=~\"b|a\"}"},
    {"up # the end", "sel{up}"},
    // Words that are keywords elsewhere.
    {"sum", "sel{sum}"},
    {"by", "sel{by}"},
    {"offset offset 5m", "sel{offset offset 300s}"},
    {"and and or", "bin{and sel{and} sel{or}}"},
    {"start + end + step + range", "bin{+ bin{+ bin{+ sel{start} sel{end}} sel{step}} sel{range}}"},
    {"min_of{a=\"1\"}", "sel{min_of a=\"1\"}"},
    {"fill + fill_left", "bin{+ sel{fill} sel{fill_left}}"},
    {"anchored smoothed", "sel{anchored smoothed}"},
    // Ranges, subqueries, offset, @.
    {"a[5m]", "matrix{sel{a} 300s}"},
    {"a[300]", "matrix{sel{a} 300s}"},
    {"a[1.5]", "matrix{sel{a} 1.5s}"},
    {"a[5m] offset 1h", "matrix{sel{a offset 3600s} 300s}"},
    {"a offset -5m", "sel{a offset -300s}"},
    {"a offset +5m", "sel{a offset 300s}"},
    {"a offset 0s", "sel{a offset 0s}"},
    {"a offset -0m", "sel{a offset 0s}"},
    {"a[-0s + 5m]", "matrix{sel{a} +{0s 300s}}"},
    {"a offset 100 + 2", "bin{+ sel{a offset 100s} 2}"},
    {"a offset (100 + 2)", "sel{a offset +{100s 2s}}"},
    {"a offset -2^2", "bin{^ sel{a offset -2s} 2}"},
    {"a offset -step()", "sel{a offset neg{step{}}}"},
    {"a offset min_of(step(), 1s) + 8", "bin{+ sel{a offset min_of{step{} 1s}} 8}"},
    {"a @ 123.4567", "sel{a @123457ms}"},
    {"a @ -1 offset 1m", "sel{a offset 60s @-1000ms}"},
    {"a offset 1m @ 5m", "sel{a offset 60s @300000ms}"},
    {"a[5m] @ start()", "matrix{sel{a @start} 300s}"},
    {"a @ eNd()", "sel{a @end}"},
    {"a[5m] anchored offset 1m", "matrix{sel{a anchored offset 60s} 300s}"},
    {"a smoothed @ 1", "sel{a smoothed @1000ms}"},
    {"a[5m:]", "subquery{sel{a} 300s:}"},
    {"a[5m:1m] offset 1m @ end()", "subquery{sel{a} 300s:60s offset 60s @end}"},
    {"(a + b)[5m:10]", "subquery{paren{bin{+ sel{a} sel{b}}} 300s:10s}"},
    {"a offset 1m [5m:]", "subquery{sel{a offset 60s} 300s:}"},
    {"rate(a[5m])[1h:5m]", "subquery{call{rate matrix{sel{a} 300s}} 3600s:300s}"},
    {"a[step():range()]", "subquery{sel{a} step{}:range{}}"},
    {"a[-2^2+1h]", "matrix{sel{a} +{neg{^{2s 2s}} 3600s}}"},
    {"a[-5m+35m]", "matrix{sel{a} +{-300s 2100s}}"},
    {"a[2m*(10+5)]", "matrix{sel{a} *{120s +{10s 5s}}}"},
    {"a[MAX_OF(5m, 1h % 7m)]", "matrix{sel{a} max_of{300s %{3600s 420s}}}"},
    // Calls.
    {"rate(a[5m])", "call{rate matrix{sel{a} 300s}}"},
    {"time()", "call{time}"},
    {"start() + step()", "bin{+ call{start} call{step}}"},
    {"round(a)", "call{round sel{a}}"},
    {"round(a, 5)", "call{round sel{a} 5}"},
    {"label_join(a, \"b\", \"-\")", "call{label_join sel{a} \"b\" \"-\"}"},
    {"label_join(a, (\"b\"), \"-\", \"c\", \"d\")",
     "call{label_join sel{a} paren{\"b\"} \"-\" \"c\" \"d\"}"},
    {"info(a, {})", "call{info sel{a} sel{}}"},
    {"info(a, {b=~\".*\"})", "call{info sel{a} sel{b=~\".*\"}}"},
    {"max_of(1, 2)", "call{max_of 1 2}"},
    // Aggregations.
    {"sum(a)", "agg{sum sel{a}}"},
    {"SUM By (job) (a)", "agg{sum by(job) sel{a}}"},
    {"sum(a) by (job, instance,)", "agg{sum by(job,instance) sel{a}}"},
    {"avg without () (a)", "agg{avg without() sel{a}}"},
    {"topk by (sum, \"a.b\") (3, a)", "agg{topk by(sum,a.b) 3 sel{a}}"},
    {"count_values(\"v\", a)", "agg{count_values \"v\" sel{a}}"},
    {"limit_ratio(0.5, a)", "agg{limit_ratio 0.5 sel{a}}"},
    // Matching.
    {"a / on(x, y) b", "bin{/ on(x,y) sel{a} sel{b}}"},
    {"a / on() b", "bin{/ on() sel{a} sel{b}}"},
    {"a == bool ignoring(x) b", "bin{== bool ignoring(x) sel{a} sel{b}}"},
    {"a * on(x) group_left(y) b", "bin{* on(x) group_left(y) sel{a} sel{b}}"},
    {"a * ignoring(x) group_right b", "bin{* ignoring(x) group_right() sel{a} sel{b}}"},
    {"a + fill(0) b", "bin{+ fill_left(0) fill_right(0) sel{a} sel{b}}"},
    {"a + on(x) fill_right(-1) fill_left (2) b",
     "bin{+ on(x) fill_left(2) fill_right(-1) sel{a} sel{b}}"},
    {"1 + on() a", "bin{+ 1 sel{a}}"},
};

TEST(Parser, AcceptsAndBuildsTheTree) {
  for (const Accepted& entry : kAccepted) {
    const auto expr = parse(entry.query);
    ASSERT_TRUE(expr) << entry.query << ": " << expr.error().message;
    EXPECT_EQ(dump(**expr), entry.tree) << entry.query;
  }
}

TEST(Parser, ReadsBackWhatThePrinterWrites) {
  for (const Accepted& entry : kAccepted) {
    const std::string printed = to_string(**parse(entry.query));
    const auto again = parse(printed);
    ASSERT_TRUE(again) << printed << ": " << again.error().message;
    EXPECT_EQ(dump(**again), entry.tree) << printed;
    EXPECT_EQ(to_string(**again), printed);
  }
}

struct Rejected {
  const char* query;
  const char* message;
  uint32_t begin;
  uint32_t end;
};

const Rejected kRejected[] = {
    {"", "no expression found in input", 0, 0},
    {"  # only a remark", "no expression found in input", 17, 17},
    {"a\xff", "invalid UTF-8 rune", 1, 2},
};

// What a line of rejected.txt can't hold; all else is there.
TEST(Parser, RejectsAndSaysWhereAndWhy) {
  for (const Rejected& entry : kRejected) {
    const auto expr = parse(entry.query);
    ASSERT_FALSE(expr) << entry.query;
    const Error& error = expr.error();
    EXPECT_EQ(error.code, ErrorCode::BadData);
    EXPECT_EQ(error.message, entry.message) << entry.query;
    ASSERT_TRUE(error.span) << entry.query;
    EXPECT_EQ(error.span->begin, entry.begin) << entry.query;
    EXPECT_EQ(error.span->end, entry.end) << entry.query;
  }
}

TEST(Parser, SaysWhyARegularExpressionIsWrong) {
  const std::string query = "a{b=~\"(\"}";
  const auto expr = parse(query);
  ASSERT_FALSE(expr);
  EXPECT_NE(expr.error().message.find("missing )"), std::string::npos) << expr.error().message;
  EXPECT_EQ(query.substr(expr.error().span->begin, 3), "\"(\"");
}

TEST(Parser, DescribesAnErrorByLineAndColumn) {
  const std::string query = "sum(\n  rat(a[5m]))";
  const auto expr = parse(query);
  ASSERT_FALSE(expr);
  EXPECT_EQ(describe_parse_error(query, expr.error()),
            "2:3: parse error: unknown function with name \"rat\"; did you mean \"rate\"?");
}

TEST(Parser, KnowsTheBytesOfEveryNode) {
  const std::string query = " sum( rate(a{b=\"c\"}[5m] offset 1m) ) / 2";
  const auto expr = parse(query);
  ASSERT_TRUE(expr);
  const auto text = [&](const Expr& node) {
    return query.substr(node.span.begin, node.span.end - node.span.begin);
  };
  const auto& division = *(*expr)->as<Binary>();
  const auto& sum = *division.left->as<Aggregate>();
  const auto& rate = *sum.expr->as<Call>();
  EXPECT_EQ(text(**expr), query.substr(1));
  EXPECT_EQ(text(*division.left), "sum( rate(a{b=\"c\"}[5m] offset 1m) )");
  EXPECT_EQ(text(*division.right), "2");
  EXPECT_EQ(text(*sum.expr), "rate(a{b=\"c\"}[5m] offset 1m)");
  EXPECT_EQ(text(*rate.args[0]), "a{b=\"c\"}[5m] offset 1m");
  EXPECT_EQ(query.substr(division.op_span.begin, 1), "/");
}

TEST(Parser, KeepsExperimentalPartsBehindOptions) {
  ParserOptions options;
  options.experimental_functions = false;
  options.extended_range_selectors = false;
  options.fill_modifiers = false;
  const std::pair<const char*, const char*> cases[] = {
      {"mad_over_time(a[5m])", "function \"mad_over_time\" is not enabled"},
      {"limitk(1, a)",
       "limitk() is experimental and must be enabled with "
       "--enable-feature=promql-experimental-functions"},
      {"rate(a[5m] anchored)", "anchored modifier is experimental and not enabled"},
      {"a + fill(0) b", "binop fill modifiers are experimental and not enabled"},
  };
  for (const auto& [query, message] : cases) {
    const auto expr = parse(query, options);
    ASSERT_FALSE(expr) << query;
    EXPECT_EQ(expr.error().message, message);
    EXPECT_TRUE(parse(query)) << query;
  }
}

std::string repeated(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

TEST(Parser, RefusesWhatIsNestedTooDeeply) {
  const auto nested = [](int levels) {
    return repeated("(", levels) + "1" + repeated(")", levels);
  };
  EXPECT_TRUE(parse(nested(kQueryDepthMax - 1)));
  for (const std::string& query :
       {nested(kQueryDepthMax), nested(100'000), repeated("-", 100'000) + "a",
        "1" + repeated("+1", 100'000), "1" + repeated("^1", 100'000),
        "a[" + repeated("(", 100'000) + "1", "a[1s" + repeated("+1s", 100'000) + "]",
        repeated("abs(", 100'000)}) {
    const auto expr = parse(query);
    ASSERT_FALSE(expr) << query.substr(0, 20);
    EXPECT_EQ(expr.error().message, "expression is nested too deeply, the limit is 200 levels")
        << query.substr(0, 20);
  }
  EXPECT_TRUE(parse("1" + repeated("+1", kQueryDepthMax - 1)));
}

TEST(Parser, RefusesWhatIsTooLong) {
  const auto expr = parse("\"" + std::string(kQueryBytesMax, 'a') + "\"");
  ASSERT_FALSE(expr);
  EXPECT_EQ(expr.error().message, "query is too long: 1048578 bytes, the limit is 1048576");
}

TEST(Parser, NeverCrashesOnATruncatedQuery) {
  const std::string query =
      "sum by (a) (rate(b{c=~\"d|e\"}[5m] @ 1e3 offset -(1m + step()))) / on(f) group_left "
      "fill(0) max_over_time((g > bool 0x1F)[1h:5m]) unless 'h\\x41' # end";
  for (size_t length = 0; length <= query.size(); ++length) {
    const auto expr = parse(query.substr(0, length));
    if (!expr) {
      EXPECT_LE(expr.error().span->end, length);
    }
  }
}

TEST(ParseSelector, TakesASelectorWithoutModifiers) {
  const auto matchers = parse_selector("up{job=\"x\"}");
  ASSERT_TRUE(matchers);
  ASSERT_EQ(matchers->size(), 2u);
  EXPECT_EQ((*matchers)[0].to_string(), "job=\"x\"");
  EXPECT_EQ((*matchers)[1].to_string(), "__name__=\"up\"");
  for (const char* text : {"", "up[5m]", "sum(up)", "1", "{", "up offset 5m"}) {
    EXPECT_FALSE(parse_selector(text)) << text;
  }
  EXPECT_TRUE(parse_selector("{}"));
}

TEST(ParseMetric, TakesLabelsWithEqualityOnly) {
  const auto labels = parse_metric("up{job=\"x\", instance=\"y\",}");
  ASSERT_TRUE(labels);
  EXPECT_EQ(labels->to_string(), "up{instance=\"y\", job=\"x\"}");
  EXPECT_EQ(parse_metric("{}")->to_string(), "{}");
  EXPECT_EQ(parse_metric("by")->metric_name(), "by");
  EXPECT_EQ(parse_metric("{\"a b\"}")->metric_name(), "a b");
  EXPECT_FALSE(parse_metric("up{job=~\"x\"}"));
  EXPECT_FALSE(parse_metric("up 1"));
  EXPECT_FALSE(parse_metric("1"));
}

}  // namespace
}  // namespace promenade::promql
