// The rate microscope's arithmetic gives the engine's results to the last bit, and says why.
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "promql/explain.h"
#include "query_fixture.h"

namespace promenade::promql {
namespace {

using testing::Store;

std::vector<RateSteps> steps_of(const Store& store, const std::string& query, int64_t seconds) {
  InlineExecutor executor;
  const ExprPtr expr = parse(query).value();
  const Timestamp at = Timestamp::from_seconds(seconds);
  const auto explanation = explain(*expr, {at, at}, store.queryable(), executor, {});
  return explanation.value().nodes[0].rates;
}

TEST(RateSteps, ShowEveryNumberOfTheExtrapolation) {
  Store store;
  store.load(15, "c_total", "_ 10 20 5 15");
  const auto all = steps_of(store, "rate(c_total[1m])", 65);
  ASSERT_EQ(all.size(), 1u);
  const RateSteps& steps = all[0];
  EXPECT_EQ(steps.window.start_ms, 5'000);
  EXPECT_EQ(steps.window.end_ms, 65'000);
  EXPECT_EQ(steps.sample_count, 4u);
  EXPECT_EQ(steps.first.time_ms, 15'000);
  EXPECT_EQ(steps.last.value, 15);
  ASSERT_EQ(steps.resets.size(), 1u);
  EXPECT_EQ(steps.resets[0].time_ms, 45'000);
  EXPECT_EQ(steps.resets[0].before, 20);
  EXPECT_EQ(steps.resets[0].after, 5);
  EXPECT_EQ(steps.correction, 20);
  EXPECT_EQ(steps.raw, 25);
  EXPECT_EQ(steps.sampled_seconds, 45);
  EXPECT_EQ(steps.interval_seconds, 15);
  EXPECT_EQ(steps.gap_start_seconds, 10);
  EXPECT_EQ(steps.gap_end_seconds, 5);
  EXPECT_EQ(steps.to_start_seconds, 10);
  EXPECT_EQ(steps.start_reach, RateSteps::Reach::Edge);
  EXPECT_DOUBLE_EQ(steps.factor, 60.0 / 45);
  EXPECT_EQ(steps.divisor, 60);
}

TEST(RateSteps, SayHowFarTheExtrapolationReaches) {
  Store store;
  store.load(15, "far_total", "_ _ _ _ _ _ 100 110 120 130")
      .load(15, "near_zero_total", "_ 1 11 21 31");
  const auto far = steps_of(store, "increase(far_total[10m])", 600);
  EXPECT_EQ(far[0].start_reach, RateSteps::Reach::HalfInterval);
  EXPECT_EQ(far[0].end_reach, RateSteps::Reach::HalfInterval);
  EXPECT_EQ(far[0].to_end_seconds, 7.5);
  const auto zero = steps_of(store, "increase(near_zero_total[1m])", 60);
  EXPECT_EQ(zero[0].start_reach, RateSteps::Reach::Zero);
  EXPECT_DOUBLE_EQ(zero[0].to_start_seconds, 1.5);
}

TEST(RateSteps, SayWhyThereIsNoResult) {
  Store store;
  store.load(15, "c_total", "1").load(15, "h_total", "h1 h2").load(15, "m_total", "1 h2");
  EXPECT_NE(steps_of(store, "rate(c_total[1m])", 15)[0].refusal.find("at least two"),
            std::string::npos);
  EXPECT_NE(steps_of(store, "rate(h_total[1m])", 15)[0].refusal.find("native histograms"),
            std::string::npos);
  EXPECT_NE(steps_of(store, "rate(m_total[1m])", 15)[0].refusal.find("do not go together"),
            std::string::npos);
}

TEST(RateSteps, AreNotShownWhereStartTimesDecide) {
  tsdb::Head head;
  tsdb::Appender appender = head.appender();
  const SeriesRef series = appender.series(parse_metric("c_total").value());
  for (int64_t i = 0; i < 4; ++i) {
    appender.append(series, Timestamp::from_seconds(15 * i), static_cast<double>(i), Timestamp{1});
  }
  appender.commit();
  const ExprPtr expr = parse("rate(c_total[1m])").value();
  const Timestamp at = Timestamp::from_seconds(45);
  InlineExecutor executor;
  for (const bool uses_start_times : {false, true}) {
    EngineOptions options;
    options.use_start_timestamps = uses_start_times;
    const auto explanation = explain(*expr, {at, at}, head, executor, options);
    EXPECT_EQ(explanation.value().nodes[0].rates[0].refusal.empty(), !uses_start_times);
  }
}

// A series of whole and broken numbers, with resets, gaps and infinities.
std::string random_values(Random& random) {
  std::string text;
  double value = static_cast<double>(random.below(50));
  for (int i = 0; i < 24; ++i) {
    const uint64_t kind = random.below(20);
    if (kind < 4) {
      text += "_ ";
      continue;
    }
    if (kind == 4) value = static_cast<double>(random.below(10)) / 3;
    if (kind == 5) value -= static_cast<double>(random.below(20)) / 7;
    value += static_cast<double>(random.below(1000)) / 13;
    text += kind == 6 && random.below(10) == 0 ? "+Inf " : testing::number(value) + " ";
  }
  return text;
}

TEST(RateSteps, GiveTheEnginesResultToTheLastBit) {
  const uint64_t seed = 20260801;
  Random random(seed);
  size_t compared = 0;
  for (int round = 0; round < 150; ++round) {
    Store store;
    store.load(10, "x_total", random_values(random));
    const int64_t at = 20 + static_cast<int64_t>(random.below(260));
    for (const std::string function : {"rate", "increase", "delta"}) {
      for (const std::string edges : {"", " anchored", " smoothed"}) {
        const std::string range = "[" + std::to_string(5 + random.below(240)) + "s]";
        const std::string query = function + "(x_total" + range + edges + ")";
        const auto result = testing::instant(store, query, at);
        const Vector& vector = std::get<Vector>(result.value().value);
        const auto steps = steps_of(store, query, at);
        const bool has_result = !steps.empty() && steps[0].refusal.empty();
        ASSERT_EQ(has_result, !vector.empty()) << "seed " << seed << ": " << query << " @ " << at;
        if (!has_result) continue;
        ++compared;
        const double shown = steps[0].result;
        const double real = vector[0].point.value;
        EXPECT_TRUE(shown == real || (std::isnan(shown) && std::isnan(real)))
            << "seed " << seed << ": " << query << " @ " << at << ": " << shown << " is not "
            << real;
        if (!edges.empty()) continue;
        const RateSteps& one = steps[0];
        const double factor =
            (one.sampled_seconds + one.to_start_seconds + one.to_end_seconds) / one.sampled_seconds;
        EXPECT_EQ(factor, one.factor) << "seed " << seed << ": " << query << " @ " << at;
      }
    }
  }
  EXPECT_GT(compared, 800u);
}

}  // namespace
}  // namespace promenade::promql
