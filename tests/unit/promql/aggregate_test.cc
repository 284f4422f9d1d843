// The aggregations: grouping, each operator, histograms among floats, and what annotations say.
#include <gtest/gtest.h>

#include "query_fixture.h"

namespace promenade::promql::testing {
namespace {

struct Case {
  const char* query;
  const char* expected;
};

void expect_all(const Store& store, const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(text_of(instant(store, c.query, 0)), c.expected) << c.query;
}

Store requests() {
  Store store;
  store.load(10, R"(req{job="a",i="1"})", "1")
      .load(10, R"(req{job="b",i="1"})", "20")
      .load(10, R"(req{job="a",i="2"})", "3")
      .load(10, R"(req{job="b",i="2"})", "NaN");
  return store;
}

TEST(Aggregate, GroupsByAndWithoutLabelsInOrderOfAppearance) {
  const Store store = requests();
  expect_all(store, {{"sum(req)", "{} NaN\n"},
                     {"sum by (job) (req)", "{job=\"a\"} 4\n{job=\"b\"} NaN\n"},
                     {"count without (i) (req)", "{job=\"a\"} 2\n{job=\"b\"} 2\n"},
                     {"count by (none) (req)", "{} 4\n"},
                     {"count by (__name__) (req)", "req 4\n"},
                     {"sum(nothing)", ""},
                     {"count by (i) (req > 2)", "{i=\"1\"} 1\n{i=\"2\"} 1\n"}});
}

TEST(Aggregate, FoldsFloats) {
  const Store store = requests();
  expect_all(store, {{"min(req)", "{} 1\n"},
                     {"max(req)", "{} 20\n"},
                     {R"(max(req{job="b",i="2"}))", "{} NaN\n"},
                     {R"(avg(req{job="a"}))", "{} 2\n"},
                     {"group(req)", "{} 1\n"},
                     {R"(stddev(req{job="a"}))", "{} 1\n"},
                     {R"(stdvar(req{job="a"}))", "{} 1\n"},
                     {R"(stdvar(req{job="b"}))", "{} NaN\n"}});
}

TEST(Aggregate, SumsAreCompensatedAndAveragesDoNotOverflow) {
  Store store;
  store.load(10, R"(v{i="1"})", "2").load(10, R"(v{i="2"})", "8");
  store.load(10, R"(v{i="3"})", "1e100").load(10, R"(v{i="4"})", "-1e100");
  store.load(10, R"(w{i="1"})", "1.5e308").load(10, R"(w{i="2"})", "1.5e308");
  store.load(10, R"(x{i="1"})", "Inf").load(10, R"(x{i="2"})", "7");
  expect_all(store, {{"sum(v)", "{} 10\n"},
                     {"avg(v)", "{} 2.5\n"},
                     {"sum(x)", "{} +Inf\n"},
                     {"avg(x)", "{} +Inf\n"},
                     {"avg(w) == bool 1.5e308", "{} 1\n"}});
}

TEST(Aggregate, IsTheSameOverManyShardsAsOverOne) {
  Store store;
  double sum = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string value = std::to_string((i * 37) % 101);
    store.load(10, "m{i=\"" + std::to_string(i) + "\"}", value);
    sum += std::atof(value.c_str());
  }
  expect_all(store, {{"count(m)", "{} 1000\n"},
                     {"max(m)", "{} 100\n"},
                     {"min(m)", "{} 0\n"},
                     {"avg(m) * 1000 == bool scalar(sum(m))", "{} 1\n"},
                     {"abs(stdvar(m) - (avg(m * m) - avg(m) * avg(m))) < bool 1e-6", "{} 1\n"}});
  EXPECT_EQ(text_of(instant(store, "sum(m)", 0)), "{} " + number(sum) + "\n");
}

TEST(Aggregate, TopkAndBottomkOrderTheirChoice) {
  const Store store = requests();
  expect_all(
      store,
      {{"topk(2, req)", "req{i=\"1\", job=\"b\"} 20\nreq{i=\"2\", job=\"a\"} 3\n"},
       {"bottomk(1, req)", "req{i=\"1\", job=\"a\"} 1\n"},
       {"bottomk by (job) (1, req)", "req{i=\"1\", job=\"a\"} 1\nreq{i=\"1\", job=\"b\"} 20\n"},
       {R"(topk(5, req{i="2"}))", "req{i=\"2\", job=\"a\"} 3\nreq{i=\"2\", job=\"b\"} NaN\n"},
       {"topk(0, req)", ""},
       {"topk(NaN, req)", "error: Parameter value is NaN"},
       {"topk(1e30, req)", "error: Scalar value 1e+30 overflows int64"},
       {"count(limitk(3, req))", "{} 3\n"},
       {"count(limit_ratio(1, req))", "{} 4\n"},
       {"limit_ratio(0, req)", ""},
       {"limit_ratio(NaN, req)", "error: Ratio value is NaN"},
       {"count(limit_ratio(0.3, req) or limit_ratio(-0.7, req))", "{} 4\n"},
       {"limit_ratio(0.3, req) and limit_ratio(-0.7, req)", ""}});
}

TEST(Aggregate, TopkChoosesAnewAtEachStep) {
  Store store;
  store.load(10, R"(m{i="1"})", "1 5 1").load(10, R"(m{i="2"})", "2 2 2");
  store.load(10, "k", "1 1 2");
  EXPECT_EQ(text_of(range(store, "topk(1, m)", 0, 20, 10)),
            "m{i=\"1\"} 5@10\nm{i=\"2\"} 2@0 2@20\n");
  EXPECT_EQ(text_of(range(store, "count(topk(scalar(k), m))", 0, 20, 10)), "{} 1@0 1@10 2@20\n");
}

TEST(Aggregate, QuantilesInterpolate) {
  const Store store = requests();
  expect_all(store, {{R"(quantile(0.5, req{i="1"}))", "{} 10.5\n"},
                     {R"(quantile(0.25, req{job="a"}))", "{} 1.5\n"},
                     {"quantile(2, req)", "{} +Inf\n"},
                     {"quantile(-1, req)", "{} -Inf\n"},
                     {"quantile(0.5, nothing)", ""}});
  const std::string query = "quantile(1.5, req)";
  EXPECT_EQ(remarks_of(instant(store, query, 0), query),
            "PromQL warning: quantile value should be between 0 and 1, got 1.5 (1:10)\n");
}

TEST(Aggregate, CountValuesGroupsByPrintedValue) {
  Store store;
  store.load(10, R"(v{i="1"})", "6").load(10, R"(v{i="2"})", "6").load(10, R"(v{i="3"})", "7.5");
  expect_all(store, {{R"(count_values("value", v))", "{value=\"6\"} 2\n{value=\"7.5\"} 1\n"},
                     {R"(count_values without (i) ("i", v))", "{} 3\n"},
                     {R"(count_values by (i) ("i", v))", "{i=\"6\"} 2\n{i=\"7.5\"} 1\n"},
                     {"count_values(\"\\xff\", v)", "error: invalid label name \"\\xff\""}});
}

TEST(Aggregate, HistogramsAreSummedOrIgnored) {
  Store store;
  store.load(10, R"(m{i="1"})", "h2").load(10, R"(m{i="2"})", "h4").load(10, R"(f{i="3"})", "5");
  expect_all(store, {{"sum(m)", "{} h6\n"},
                     {"avg(m)", "{} h3\n"},
                     {"count(m)", "{} 2\n"},
                     {"group(m)", "{} 1\n"},
                     {"max(m)", ""},
                     {R"(max({i!=""}))", "{} 5\n"},
                     {R"(sum({i!=""}))", ""},
                     {"limitk(1, m)", "m{i=\"1\"} h2\n"},
                     {"topk(1, m)", ""}});
  const std::vector<Case> remarks = {
      {"max(m)", "PromQL info: ignored histogram in max aggregation (1:5)\n"},
      {"stddev(m)", "PromQL info: ignored histogram in stddev aggregation (1:8)\n"},
      {"topk(1, m)", "PromQL info: ignored histogram in topk aggregation (1:1)\n"},
      {"quantile(0.5, m)", "PromQL info: ignored histogram in quantile aggregation (1:15)\n"},
      {R"(sum({i!=""}))",
       "PromQL warning: encountered a mix of histograms and floats for aggregation (1:5)\n"},
      {"limit_ratio(1.1, m)",
       "PromQL warning: ratio value should be between -1 and 1, got 1.1, capping to 1 (1:13)\n"}};
  for (const Case& c : remarks) {
    EXPECT_EQ(remarks_of(instant(store, c.query, 0), c.query), c.expected) << c.query;
  }
}

TEST(Aggregate, SeriesThatBecomeEqualByLosingTheirNamesAreAnError) {
  Store store;
  store.load(10, "a_total", "1 2").load(10, "b_total", "3 4");
  EXPECT_EQ(text_of(instant(store, R"(sum(rate({__name__=~".+_total"}[1m])))", 10)),
            "error: vector cannot contain metrics with the same labelset");
  EngineOptions delayed;
  delayed.delayed_name_removal = true;
  EXPECT_EQ(text_of(instant(store, R"(count(rate({__name__=~".+_total"}[1m])))", 10, delayed)),
            "{} 2\n");
}

}  // namespace
}  // namespace promenade::promql::testing
