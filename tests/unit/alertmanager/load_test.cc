// Ten thousand alerts in two hundred groups, half of them inhibited: what a bad day of a large site
// looks like. Prints what it took.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <set>

#include "fixture.h"

namespace promenade::alertmanager {
namespace {

constexpr int kGroups = 200;
constexpr int kAlertsPerGroup = 50;
constexpr int kBatch = 64;  // As Prometheus pushes them.

// Megabytes of this process in memory; 0 where the system does not say.
double resident_megabytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    if (word == "VmRSS:" && status >> word) return std::stod(word) / 1024;
  }
  return 0;
}

nlohmann::json alert(int group, int index) {
  return {{"labels",
           {{"alertname", "HighLatency"},
            {"cluster", "cluster-" + std::to_string(group)},
            {"instance", "10.0." + std::to_string(group) + "." + std::to_string(index) + ":9100"},
            {"job", "node"},
            {"severity", index == 0       ? "critical"
                         : index % 2 == 0 ? "warning"
                                          : "info"},
            {"team", "storage"}}},
          {"annotations", {{"summary", "The 99th percentile is above one second."}}},
          {"generatorURL", "http://prometheus:9090/graph?g0.expr=up"}};
}

TEST(Load, TenThousandAlertsAreToldWithinOneGroupWait) {
  using Seconds = std::chrono::duration<double>;
  const double megabytes_before = resident_megabytes();
  Bench bench(R"(
route: {receiver: hook, group_by: [cluster], group_wait: 30s}
inhibit_rules:
  - {source_matchers: [severity=critical], target_matchers: [severity=warning], equal: [cluster]}
receivers: [{name: hook, webhook_configs: [{url: 'http://receiver:80/hook'}]}]
)");
  const auto started = std::chrono::steady_clock::now();
  nlohmann::json batch = nlohmann::json::array();
  for (int i = 0; i < kGroups * kAlertsPerGroup; ++i) {
    batch.push_back(alert(i % kGroups, i / kGroups));
    if (batch.size() < kBatch && i + 1 < kGroups * kAlertsPerGroup) continue;
    ASSERT_EQ(bench.ask("POST", "/api/v2/alerts", batch.dump()).status, 200);
    batch.clear();
  }
  const auto pushed = std::chrono::steady_clock::now();
  bench.run_to(Duration::seconds(30));
  const auto told = std::chrono::steady_clock::now();

  ASSERT_EQ(bench.requests.size(), size_t{kGroups});
  size_t alerts = 0;
  for (const HttpRequest& request : bench.requests) {
    alerts += nlohmann::json::parse(request.body)["alerts"].size();
  }
  // Of 50 alerts in a group, one is critical, 24 are inhibited warnings, and 25 are neither.
  EXPECT_EQ(alerts, size_t{kGroups} * 26);
  EXPECT_EQ(bench.get("/alerts?inhibited=false").size(), size_t{kGroups} * 26);
  const double megabytes = resident_megabytes() - megabytes_before;
#ifndef __SANITIZE_ADDRESS__  // It keeps freed memory for a while.
  EXPECT_LT(megabytes, 100);
#endif
  std::printf("10,000 alerts pushed in %.2f s, 200 groups told in %.2f s, %.0f MB\n",
              Seconds(pushed - started).count(), Seconds(told - pushed).count(), megabytes);
}

}  // namespace
}  // namespace promenade::alertmanager
