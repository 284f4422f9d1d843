// tests/unit/promql/prometheus2_rules_test.cc
// What EngineOptions can turn back to Prometheus 2.42: the differential test needs it.
#include <gtest/gtest.h>

#include "query_fixture.h"

namespace promenade::promql::testing {
namespace {

TEST(Prometheus2Rules, TheWayToZeroCountsEvenBeyondTheThreshold) {
  Store store;
  store.load(15, "x_total", "60 160 260 360");
  const std::string query = "increase(x_total[5m])";
  EXPECT_EQ(text_of(instant(store, query, 45)), "{} 350\n");
  EngineOptions old;
  old.zero_before_threshold = true;
  EXPECT_EQ(text_of(instant(store, query, 45, old)), "{} 360\n");
}

}  // namespace
}  // namespace promenade::promql::testing
