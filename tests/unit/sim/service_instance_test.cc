// tests/unit/sim/service_instance_test.cc
// What a process counts has to add up, whatever happens to it.
#include "sim/service_instance.h"

#include <gtest/gtest.h>

#include <numeric>

#include "sim/metrics_page.h"

namespace promenade::sim {
namespace {

constexpr Timestamp kStart = Timestamp::from_seconds(1'767'225'600);

Instance instance_of(ServiceName name) {
  return {&shop_service(name), "test-1", "test-1:8080"};
}

Conditions quiet_day() {
  Conditions conditions;
  conditions.sessions_per_second = 4;
  conditions.orders_processed_per_second = 1.2;
  return conditions;
}

Conditions disaster() {
  Conditions conditions = quiet_day();
  conditions.slowness = 30;
  conditions.failure_shares = {0.1, 0.3, 0.4, 0.5};
  conditions.orders_processed_per_second = 0;
  return conditions;
}

ServiceInstance run(const Instance& instance, const Conditions& conditions, int ticks) {
  ServiceInstance process(instance, Random(11));
  process.start(kStart);
  for (int i = 0; i < ticks; ++i) {
    process.run(kStart + Duration::seconds(5 * i), Duration::seconds(5), conditions);
  }
  return process;
}

template <typename Counts>
uint64_t total(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
}

TEST(ServiceInstance, StatusesAndLatencyBucketsCountTheSameRequests) {
  for (const Service& service : shop_services()) {
    const Instance instance = instance_of(service.name);
    for (const Conditions& conditions : {quiet_day(), disaster()}) {
      const ServiceInstance process = run(instance, conditions, 200);
      for (const EndpointCounts& counts : process.endpoints()) {
        EXPECT_EQ(total(counts.requests_by_status), total(counts.requests_by_latency));
        EXPECT_GT(total(counts.requests_by_status), 0u);
      }
    }
  }
}

TEST(ServiceInstance, TheLatencySumLiesWithinTheBuckets) {
  const Instance instance = instance_of(ServiceName::Checkout);
  const ServiceInstance process = run(instance, disaster(), 300);
  for (const EndpointCounts& counts : process.endpoints()) {
    uint64_t least = 0;
    uint64_t most = 0;
    for (size_t i = 0; i < kBucketCount; ++i) {
      const uint64_t lower = i == 0 ? 0 : static_cast<uint64_t>(kLatencyBoundsUs[i - 1]);
      const uint64_t upper =
          i < kLatencyBoundsUs.size() ? static_cast<uint64_t>(kLatencyBoundsUs[i]) : 2 * lower;
      least += counts.requests_by_latency[i] * lower;
      most += counts.requests_by_latency[i] * upper;
    }
    EXPECT_GT(counts.latency_sum_us + 300, least);  // Each tick rounds down.
    EXPECT_LT(counts.latency_sum_us, most);
  }
}

TEST(ServiceInstance, RequestsArriveAtTheRateOfTheSessions) {
  const Instance instance = instance_of(ServiceName::Frontend);
  const ServiceInstance process = run(instance, quiet_day(), 2000);
  const double expected = 2000 * 5 * 4 * instance.service->endpoints[0].requests_per_session;
  EXPECT_NEAR(static_cast<double>(total(process.endpoints()[0].requests_by_status)) / expected, 1,
              0.02);
}

TEST(ServiceInstance, SharesOfFailuresAreThoseOfTheConditions) {
  Conditions conditions = quiet_day();
  conditions.failure_shares[static_cast<size_t>(Cause::Upstream)] = 0.2;
  const Instance instance = instance_of(ServiceName::Frontend);
  const ServiceInstance process = run(instance, conditions, 2000);
  const EndpointCounts& counts = process.endpoints()[0];
  const auto all = static_cast<double>(total(counts.requests_by_status));
  EXPECT_EQ(instance.service->endpoints[0].failures[1].status, "502");
  EXPECT_NEAR(static_cast<double>(counts.requests_by_status[2]) / all, 0.2006, 0.01);
  EXPECT_NEAR(static_cast<double>(counts.requests_by_status[1]) / all, 0.0015, 0.001);
}

TEST(ServiceInstance, OrdersAreTheAcceptedPostsAndQueueUpWhenNobodyProcessesThem) {
  const Instance instance = instance_of(ServiceName::Checkout);
  const ServiceInstance process = run(instance, disaster(), 400);
  const uint64_t accepted = process.endpoints()[2].requests_by_status[0];
  EXPECT_EQ(instance.service->endpoints[2].handler, "/api/orders");
  EXPECT_GT(accepted, 0u);
  EXPECT_EQ(total(process.orders()), accepted);
  EXPECT_EQ(process.order_queue_length(), accepted);
  EXPECT_LT(run(instance, quiet_day(), 400).order_queue_length(), 10u);
}

TEST(ServiceInstance, ProcessorTimeFollowsTraffic) {
  const Instance instance = instance_of(ServiceName::Catalog);
  Conditions busy = quiet_day();
  busy.sessions_per_second *= 3;
  const auto calm_us = static_cast<double>(run(instance, quiet_day(), 500).cpu_us());
  const auto busy_us = static_cast<double>(run(instance, busy, 500).cpu_us());
  EXPECT_GT(busy_us / calm_us, 2.2);
  EXPECT_LT(busy_us / calm_us, 3.1);
}

TEST(ServiceInstance, StartingAgainSetsEveryCounterBack) {
  const Instance instance = instance_of(ServiceName::Checkout);
  ServiceInstance process = run(instance, quiet_day(), 300);
  const Timestamp later = kStart + Duration::minutes(30);
  process.start(later);
  EXPECT_EQ(process.started(), later);
  EXPECT_LT(process.cpu_us(), 500'000u);
  EXPECT_EQ(total(process.orders()), 0u);
  for (const EndpointCounts& counts : process.endpoints()) {
    EXPECT_EQ(total(counts.requests_by_status), 0u);
    EXPECT_EQ(counts.latency_sum_us, 0u);
  }
}

TEST(MetricsPage, ShowsAProcessThatHasJustStarted) {
  const Instance instance = instance_of(ServiceName::Payments);
  ServiceInstance process(instance, Random(1));
  process.start(kStart + Duration::milliseconds(250));
  MetricsPage page(instance);
  const std::string text(page.render(process));
  for (const char* line :
       {"# TYPE http_requests_total counter\n",
        "http_requests_total{method=\"POST\",handler=\"/api/charge\",status=\"200\"} 0\n",
        "http_requests_total{method=\"POST\",handler=\"/api/charge\",status=\"500\"} 0\n",
        "# TYPE http_request_duration_seconds histogram\n",
        "http_request_duration_seconds_bucket{method=\"POST\",handler=\"/api/refund\",le=\"+Inf\"} "
        "0\n",
        "http_request_duration_seconds_sum{method=\"POST\",handler=\"/api/refund\"} 0\n",
        "http_requests_in_flight 0\n", "process_start_time_seconds 1767225600.25\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\nin\n" << text;
  }
  // Nobody has initialised these labels.
  EXPECT_EQ(text.find("\"502\""), std::string::npos);
  EXPECT_EQ(text.find("shop_orders_total"), std::string::npos);
}

TEST(MetricsPage, WritesFractionsExactlyAndWithoutTrailingZeros) {
  const Instance instance = instance_of(ServiceName::Catalog);
  const ServiceInstance process = run(instance, quiet_day(), 100);
  MetricsPage page(instance);
  const std::string text(page.render(process));
  const std::string name =
      "http_request_duration_seconds_sum{method=\"GET\",handler=\"/api/products\"} ";
  const size_t begin = text.find(name) + name.size();
  const std::string value = text.substr(begin, text.find('\n', begin) - begin);
  const uint64_t sum_us = process.endpoints()[0].latency_sum_us;
  EXPECT_NEAR(std::stod(value), static_cast<double>(sum_us) / 1e6, 1e-9);
  EXPECT_NE(value.back(), '0');
}

TEST(MetricsPage, BucketsAreCumulativeAndEndInTheCount) {
  const Instance instance = instance_of(ServiceName::Frontend);
  const ServiceInstance process = run(instance, quiet_day(), 100);
  MetricsPage page(instance);
  const std::string text(page.render(process));
  const std::string series =
      "http_request_duration_seconds_bucket{method=\"GET\",handler=\"/search\",le=\"";
  uint64_t before = 0;
  size_t buckets = 0;
  for (size_t at = text.find(series); at != std::string::npos; at = text.find(series, at + 1)) {
    const uint64_t count = std::stoull(text.substr(text.find("} ", at) + 2));
    EXPECT_GE(count, before);
    before = count;
    ++buckets;
  }
  EXPECT_EQ(buckets, kBucketCount);
  EXPECT_NE(
      text.find("_count{method=\"GET\",handler=\"/search\"} " + std::to_string(before) + "\n"),
      std::string::npos);
}

}  // namespace
}  // namespace promenade::sim
