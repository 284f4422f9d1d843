// tests/unit/grading/mutants_test.cc
// Mutants differ from their query, rewrites do not; both parse.
#include "grading/mutants.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "grading/rewrites.h"
#include "promql/parser/parser.h"
#include "promql/parser/printer.h"
#include "tsdb/head.h"

namespace promenade::grading {
namespace {

constexpr const char* kQueries[] = {
    "up",
    "sum by (job) (rate(http_requests_total{status=~\"5..\",env!=\"staging\"}[5m]))",
    "sum(rate(a_total{x=\"y\"}[5m])) / sum(rate(b_total[5m])) * 100",
    "histogram_quantile(0.95, sum by (job, le) (rate(t_bucket[5m])))",
    "max_over_time(sum(rate(a_total[5m]))[1h:1m])",
    "a > bool 2 or b unless on (job) c",
    "sum by (m) (a) / ignoring (m) group_left sum(a)",
    "topk(3, a offset 1h)",
    "time() - started",
};

bool has(const std::vector<Mutant>& mutants, const std::string& query) {
  return std::any_of(mutants.begin(), mutants.end(),
                     [&](const Mutant& mutant) { return mutant.query == query; });
}

TEST(Mutants, ParseAndAreEachWrittenDifferently) {
  for (const char* query : kQueries) {
    std::set<std::string> seen = {promql::to_string(**promql::parse(query))};
    for (const Mutant& mutant : make_mutants(query)) {
      const auto expr = promql::parse(mutant.query);
      ASSERT_TRUE(expr) << mutant.query;
      EXPECT_TRUE(seen.insert(mutant.query).second) << mutant.query;
      EXPECT_FALSE(mutant.advice.empty());
      EXPECT_FALSE(mutant.needs.empty());
    }
    EXPECT_GE(seen.size(), 2u) << query;
  }
}

TEST(Mutants, HoldTheMistakesThatPeopleMake) {
  const auto rates = make_mutants("sum by (job) (rate(http_requests_total{status=~\"5..\"}[5m]))");
  EXPECT_TRUE(has(rates, "rate(sum by (job) (http_requests_total{status=~\"5..\"})[5m:15s])"));
  EXPECT_TRUE(has(rates, "sum by (job) (increase(http_requests_total{status=~\"5..\"}[5m]))"));
  EXPECT_TRUE(has(rates, "sum by (job) (rate(http_requests_total{status=\"500\"}[5m]))"));
  EXPECT_TRUE(has(rates, "sum by (job) (rate(http_requests_total[5m]))"));
  EXPECT_TRUE(has(rates, "sum by (job) (rate(http_requests_total{status=~\"5..\"}[10m]))"));
  EXPECT_TRUE(has(rates, "sum without (job) (rate(http_requests_total{status=~\"5..\"}[5m]))"));
  EXPECT_GE(rates.size(), 20u);
  const auto ratios = make_mutants("sum(rate(a_total[5m])) / sum(rate(b_total[5m]))");
  EXPECT_TRUE(has(ratios,
                  "avg(sum by (instance) (rate(a_total[5m])) / "
                  "sum by (instance) (rate(b_total[5m])))"));
  const auto quantiles = make_mutants("histogram_quantile(0.9, sum by (le) (rate(t_bucket[5m])))");
  EXPECT_TRUE(has(quantiles, "histogram_quantile(0.9, sum(rate(t_bucket[5m])))"));
  EXPECT_TRUE(has(quantiles, "histogram_quantile(0.9, sum by (le) (t_bucket))"));
}

TEST(Mutants, OfWhatIsNoQueryThereAreNone) {
  EXPECT_TRUE(make_mutants("rate(up)").empty());
  EXPECT_TRUE(make_mutants("").empty());
}

TEST(Rewrites, Parse) {
  tsdb::Head head;
  for (const char* query : kQueries) {
    const auto rewrites = make_rewrites(query, head);
    EXPECT_GE(rewrites.size(), 3u) << query;
    for (const std::string& rewrite : rewrites) EXPECT_TRUE(promql::parse(rewrite)) << rewrite;
  }
}

}  // namespace
}  // namespace promenade::grading
