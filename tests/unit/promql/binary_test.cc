// Binary operators: scalars, filters, vector matching with its errors, fill, and set operators.
#include <gtest/gtest.h>

#include "query_fixture.h"

namespace promenade::promql::testing {
namespace {

struct Case {
  const char* query;
  const char* expected;
};

void expect_all(const Store& store, const std::vector<Case>& cases,
                const EngineOptions& options = {}) {
  for (const Case& c : cases) {
    EXPECT_EQ(text_of(instant(store, c.query, 0, options)), c.expected) << c.query;
  }
}

TEST(ScalarOperators, FollowIeeeAndPrecedence) {
  expect_all(Store(), {{"1 + 2 * 3", "7"},
                       {"2 ^ 3 ^ 2", "512"},
                       {"-2 ^ 2", "-4"},
                       {"-7 % 3", "-1"},
                       {"1 / 0", "+Inf"},
                       {"0 / 0", "NaN"},
                       {"1 < bool 2", "1"},
                       {"NaN == bool NaN", "0"},
                       {"NaN != bool NaN", "1"},
                       {"\"text\"", "text"}});
}

Store jobs() {
  Store store;
  store.load(10, R"(m{job="a"})", "10").load(10, R"(m{job="b"})", "20");
  store.load(10, R"(n{job="a"})", "1").load(10, R"(n{job="c"})", "3");
  return store;
}

TEST(VectorScalar, ArithmeticDropsTheNameAndFiltersKeepIt) {
  expect_all(jobs(), {{"m + 1", "{job=\"a\"} 11\n{job=\"b\"} 21\n"},
                      {"1 - m", "{job=\"a\"} -9\n{job=\"b\"} -19\n"},
                      {"m > 15", "m{job=\"b\"} 20\n"},
                      {"15 < m", "m{job=\"b\"} 20\n"},
                      {"m > bool 15", "{job=\"a\"} 0\n{job=\"b\"} 1\n"},
                      {"-m", "{job=\"a\"} -10\n{job=\"b\"} -20\n"},
                      {"+m", "m{job=\"a\"} 10\nm{job=\"b\"} 20\n"}});
}

TEST(VectorVector, MatchesOneToOne) {
  expect_all(jobs(),
             {{"m + n", "{job=\"a\"} 11\n"},
              {"m + ignoring(job) n",
               "error: found duplicate series for the match group {} on the right hand-side of the "
               "operation: [{__name__=\"n\", job=\"a\"}, {__name__=\"n\", job=\"c\"}];many-to-many "
               "matching not allowed: matching labels must be unique on one side"},
              {"m > n", "m{job=\"a\"} 10\n"},
              {"m < n", ""},
              {"m == bool on(job) n", "{job=\"a\"} 0\n"},
              {"m > on(job) n", "{job=\"a\"} 10\n"},
              {"m + nothing", ""}});
}

TEST(VectorVector, ManyToOneNeedsTheModifier) {
  Store store;
  store.load(10, R"(cpu{i="1",mode="x"})", "1").load(10, R"(cpu{i="1",mode="y"})", "2");
  store.load(10, R"(meta{i="1",role="db"})", "10");
  expect_all(
      store,
      {{"cpu * on(i) meta",
        "error: multiple matches for labels: many-to-one matching must be explicit "
        "(group_left/group_right)"},
       // Though the comparison would have kept one only.
       {"cpu > on(i) meta",
        "error: multiple matches for labels: many-to-one matching must be explicit "
        "(group_left/group_right)"},
       {"cpu * on(i) group_left(role) meta",
        "{i=\"1\", mode=\"x\", role=\"db\"} 10\n{i=\"1\", mode=\"y\", role=\"db\"} 20\n"},
       {"meta - on(i) group_right cpu", "{i=\"1\", mode=\"x\"} 9\n{i=\"1\", mode=\"y\"} 8\n"},
       {"cpu * on(i) group_left(mode) meta",
        "error: multiple matches for labels: grouping labels must ensure unique matches"},
       {"meta * on(i) group_left cpu",
        "error: found duplicate series for the match group {i=\"1\"} on the right hand-side of the "
        "operation: "
        "[{__name__=\"cpu\", i=\"1\", mode=\"x\"}, {__name__=\"cpu\", i=\"1\", "
        "mode=\"y\"}];many-to-many "
        "matching not allowed: matching labels must be unique on one side"},
       {"cpu > on(i) group_left() (meta - 9)", "cpu{i=\"1\", mode=\"y\"} 2\n"}});
}

TEST(VectorVector, ElementsThatTakeTurnsMatchTheSamePartner) {
  Store store;
  store.load(10, R"(m{v="1"})", "1 _ stale")
      .load(10, R"(m{v="2"})", "_ _ 2")
      .load(10, "one", "5 5 5");
  EXPECT_EQ(text_of(range(store, "m + ignoring(v) one", 0, 20, 10)), "{} 6@0 6@10 7@20\n");
  EXPECT_EQ(text_of(range(store, "one + ignoring(v) m", 0, 20, 10)), "{} 6@0 6@10 7@20\n");
}

TEST(Fill, SuppliesMissingPartners) {
  expect_all(jobs(), {{"m + fill(0) n", "{job=\"a\"} 11\n{job=\"b\"} 20\n{job=\"c\"} 3\n"},
                      {"m + fill_left(1) n", "{job=\"a\"} 11\n{job=\"c\"} 4\n"},
                      {"m + fill_right(1) n", "{job=\"a\"} 11\n{job=\"b\"} 21\n"},
                      {"nothing + fill_left(1) n", "{job=\"a\"} 2\n{job=\"c\"} 4\n"},
                      {"m + fill_left(1) nothing", ""}});
}

TEST(SetOperators, CompareSignaturesStepByStep) {
  expect_all(jobs(), {{"m and n", "m{job=\"a\"} 10\n"},
                      {"m unless n", "m{job=\"b\"} 20\n"},
                      {"m or n", "m{job=\"a\"} 10\nm{job=\"b\"} 20\nn{job=\"c\"} 3\n"},
                      {"m and on() vector(1)", "m{job=\"a\"} 10\nm{job=\"b\"} 20\n"},
                      {"m and nothing", ""},
                      {"m unless nothing", "m{job=\"a\"} 10\nm{job=\"b\"} 20\n"},
                      {"nothing or n", "n{job=\"a\"} 1\nn{job=\"c\"} 3\n"},
                      {"m or on() n", "m{job=\"a\"} 10\nm{job=\"b\"} 20\n"}});
  Store store;
  store.load(10, "a", "1 stale 3").load(10, "b", "7 7 7");
  EXPECT_EQ(text_of(range(store, "a or b", 0, 20, 10)), "a 1@0 3@20\nb 7@10\n");
  EXPECT_EQ(text_of(range(store, "b unless a", 0, 20, 10)), "b 7@10\n");
}

TEST(Histograms, CombineWithHistogramsAndScaleWithFloats) {
  Store store;
  store.load(10, "h", "h4").load(10, "g", "h2").load(10, "f", "2");
  expect_all(store, {{"h + g", "{} h6\n"},
                     {"h - g", "{} h2\n"},
                     {"h * f", "{} h8\n"},
                     {"f * h", "{} h8\n"},
                     {"h / f", "{} h2\n"},
                     {"h * 3", "{} h12\n"},
                     {"-h", "{} h-4\n"},
                     {"h == h", "h h4\n"},
                     {"h != g", "h h4\n"},
                     {"h + f", ""},
                     {"h > 1", ""},
                     {"h </ 1", "h h4\n"},
                     {"h >/ 1", "h h0\n"}});
  const std::vector<Case> remarks = {{"h + f",
                                      "PromQL info: incompatible sample types encountered for "
                                      "binary operator \"+\": histogram + float "
                                      "(1:1)\n"},
                                     {"1 > h",
                                      "PromQL info: incompatible sample types encountered for "
                                      "binary operator \">\": float > histogram "
                                      "(1:1)\n"},
                                     {"f </ 1",
                                      "PromQL info: incompatible sample types encountered for "
                                      "binary operator \"</\": float </ float (1:1)\n"},
                                     {"f * 1", ""}};
  for (const Case& c : remarks) {
    EXPECT_EQ(remarks_of(instant(store, c.query, 0), c.query), c.expected) << c.query;
  }
}

TEST(NameDropping, MakesEqualLabelsAnErrorOrMergesThem) {
  Store store;
  store.load(10, R"(a{x="1"})", "1 stale").load(10, R"(b{x="1"})", "_ 2");
  EXPECT_EQ(text_of(range(store, R"(-{x="1"})", 0, 10, 10)), "{x=\"1\"} -1@0 -2@10\n");
  store.load(10, R"(c{x="1"})", "1 1");
  EXPECT_EQ(text_of(range(store, R"({x="1"} * 2)", 0, 10, 10)),
            "error: vector cannot contain metrics with the same labelset");
}

TEST(NameDropping, CanWaitUntilTheEnd) {
  EngineOptions delayed;
  delayed.delayed_name_removal = true;
  expect_all(jobs(),
             {{"m * 2", "{job=\"a\"} 20\n{job=\"b\"} 40\n"},
              {"sum by (__name__) (m * 2)", "{} 60\n"},
              {"sum by (__name__) (m)", "m 30\n"},
              {R"q(label_replace(m * 2, "__name__", "${1}x", "__name__", "(.*)"))q",
               "mx{job=\"a\"} 20\nmx{job=\"b\"} 40\n"}},
             delayed);
}

}  // namespace
}  // namespace promenade::promql::testing
