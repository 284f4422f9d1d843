// tests/unit/promql/printer_test.cc
// The canonical forms; that they parse back to the same tree is tested in parser_test.cc and over
// the whole conformance corpus.
#include "promql/parser/printer.h"

#include <gtest/gtest.h>

#include <string>

#include "promql/parser/parser.h"

namespace promenade::promql {
namespace {

TEST(Printer, WritesTheCanonicalForm) {
  const std::pair<const char*, const char*> cases[] = {
      {"1e9", "1000000000"},
      {"-inf", "-Inf"},
      {"0x10", "16"},
      {"90m", "1h30m"},
      {"'a\"b'", R"("a\"b")"},
      {"a{z=\"1\",b!='2',}", R"(a{b!="2",z="1"})"},
      {"a{}", "a"},
      {"{__name__=\"a\"}", R"({__name__="a"})"},
      {"{\"a.b\"=\"c\"}", R"({"a.b"="c"})"},
      {"a offset 90m @ 1.5", "a @ 1.500 offset 1h30m"},
      {"a @ -0.001", "a @ -0.001"},
      {"a[300] offset -1w", "a[5m] offset -1w"},
      {"a[0.0001]", "a[0.0001]"},
      {"a[5m] @ 1 anchored", "a[5m] anchored @ 1.000"},
      {"a offset 5m smoothed", "a smoothed offset 5m"},
      {"a[2m*15+step():]", "a[2m * 15 + step():]"},
      {"a offset (min_of(1m,range())-1)", "a offset (min_of(1m, range()) - 1)"},
      {"rate(a[5m])[1h:1m] @ end()", "rate(a[5m])[1h:1m] @ end()"},
      {"sum(a)by(b,\"c d\")", "sum by (b, \"c d\") (a)"},
      {"sum by () (a)", "sum(a)"},
      {"sum without () (a)", "sum without () (a)"},
      {"topk by(b)(3,a)", "topk by (b) (3, a)"},
      {"a==bool on()b", "a == bool on () b"},
      {"a*ignoring()group_left b", "a * ignoring () group_left () b"},
      {"a+ignoring()b", "a + b"},
      {"a*on(x)group_right(y,z)b", "a * on (x) group_right (y, z) b"},
      {"a+fill(1)b", "a + fill (1) b"},
      {"a+fill_left(0)fill_right(-0)b", "a + fill_left (0) fill_right (-0) b"},
      {"a+fill_left(1)fill_right(2)b", "a + fill_left (1) fill_right (2) b"},
      {"-(+a)", "-(+a)"},
      {"label_join(a,'b',\"-\")", R"(label_join(a, "b", "-"))"},
  };
  for (const auto& [query, wanted] : cases) {
    const auto expr = parse(query);
    ASSERT_TRUE(expr) << query << ": " << expr.error().message;
    EXPECT_EQ(to_string(**expr), wanted) << query;
  }
}

std::string pretty_text(const std::string& query) {
  const auto expr = parse(query);
  return expr ? pretty(**expr) : expr.error().message;
}

TEST(Printer, KeepsShortExpressionsOnOneLine) {
  EXPECT_EQ(pretty_text("sum(rate(a[5m]))/2"), "sum(rate(a[5m])) / 2");
}

TEST(Printer, SplitsLongExpressions) {
  const std::string name(60, 'a');
  EXPECT_EQ(pretty_text("sum by (x) (" + name + " + " + name + ")"),
            "sum by (x) (\n    " + name + "\n  +\n    " + name + "\n)");
  EXPECT_EQ(pretty_text("quantile(0.9, abs(-(" + name + " / on(x) " + name + ")))"),
            "quantile(\n  0.9,\n  abs(\n    -(\n        " + name + "\n      / on (x)\n        " +
                name + "\n    )\n  )\n)");
  EXPECT_EQ(pretty_text("(" + name + " - " + name + ")[5m:]"),
            "(\n    " + name + "\n  -\n    " + name + "\n)[5m:]");
}

TEST(Printer, PrettyFormParsesToTheSameTree) {
  const std::string name(60, 'a');
  const auto expr = parse("label_replace(sum by (x) (" + name + " > bool 1) or " + name +
                          "[1h:5m] offset 5m @ end() == 1, \"a\", \"b\", \"c\", \"d\")");
  ASSERT_FALSE(expr);  // A subquery is no operand of `==`.
  const auto valid = parse("label_replace(sum by (x) (" + name + " > bool 1) or max_over_time(" +
                           name + "[1h:5m] offset 5m @ end()) == 1, \"a\", \"b\", \"c\", \"d\")");
  ASSERT_TRUE(valid);
  const auto again = parse(pretty(**valid));
  ASSERT_TRUE(again);
  EXPECT_EQ(dump(**again), dump(**valid));
}

}  // namespace
}  // namespace promenade::promql
