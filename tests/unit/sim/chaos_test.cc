// tests/unit/sim/chaos_test.cc
// Every chaos control does what its table says, to who scrapes; ends when it is over or taken back;
// and stands on the timeline. Worlds rewind to the same bits, and branch.
#include <gtest/gtest.h>

#include "base/strings.h"
#include "sim/world.h"

namespace promenade::sim {
namespace {

constexpr const char* kQuiet = R"yaml(
world: quiet
troubles: {dull: nothing shines}
services:
  app:
    use: [process]
    instances: 3
    requests:
      endpoints:
        - {id: root, labels: {handler: /}, rate: 60, median: 40ms, cpu: 1ms, failures: {"500": 0.1%}}
    metrics:
      - {gauge: shine, help: How it shines., value: 1 - dull}
  pod:
    use: [process]
    host: "pod-{id}"
prometheus: {scrape_interval: 5s, scrape_timeout: 4s}
)yaml";

std::unique_ptr<World> quiet_world(Duration history = Duration::minutes(2)) {
  WorldOptions options;
  options.workload = "quiet.yaml";
  options.definition = kQuiet;
  options.history = history;
  auto world = World::create(options);
  EXPECT_TRUE(world) << world.error().message;
  return std::move(*world);
}

HttpResponse ask(World& world, const std::string& url, std::string method = "GET") {
  HttpRequest request;
  request.method = std::move(method);
  request.url = url;
  return world.handle(request);
}

// The only value that the query finds, as text; "" when it finds nothing.
std::string value(World& world, std::string_view promql) {
  const std::string body =
      ask(world, "http://prometheus:9090/api/v1/query?query=" + url_encode(promql) +
                     "&time=" + std::to_string(world.now().ms / 1000))
          .body;
  const size_t at = body.find("\"value\":[");
  if (at == std::string::npos) return "";
  const size_t begin = body.find(",\"", at) + 2;
  return body.substr(begin, body.find('"', begin) - begin);
}

double number(World& world, std::string_view promql) {
  const std::string text = value(world, promql);
  return text.empty() ? -1 : std::stod(text);
}

uint64_t cause(World& world, const std::string& parameters) {
  const HttpResponse response = ask(world, "http://world/chaos?" + parameters, "POST");
  EXPECT_EQ(response.status, 200) << parameters << ": " << response.body;
  return response.status == 200 ? std::stoull(response.body.substr(6)) : 0;
}

void wait(World& world, int seconds) {
  world.run_until(world.now() + Duration::seconds(seconds));
}

std::string last_errors(World& world) {
  return ask(world, "http://prometheus:9090/api/v1/targets").body;
}

struct ScrapeRow {
  const char* parameters;
  const char* error;  // What the target page says while it lasts.
};

TEST(Chaos, ScrapesFailAsTheControlSaysAndRecover) {
  const ScrapeRow rows[] = {
      {"kind=kill", "connection refused"},
      {"kind=unreachable", "connection refused"},
      {"kind=pause", "context deadline exceeded"},
      {"kind=drop_link", "context deadline exceeded"},
      {"kind=partition", "context deadline exceeded"},
      {"kind=slow_scrape&seconds=20", "context deadline exceeded"},
      {"kind=http_status&status=401", "401"},
      {"kind=content_type&type=text/html", "text/html"},
  };
  for (const ScrapeRow& row : rows) {
    const auto world = quiet_world();
    cause(*world, std::string(row.parameters) + "&target=app-2&for=40s");
    wait(*world, 30);
    const bool is_lenient =
        std::string_view(row.parameters).find("content_type") != std::string::npos;
    if (!is_lenient) {
      EXPECT_EQ(value(*world, "up{instance=\"app-2:8080\"}"), "0") << row.parameters;
      EXPECT_NE(last_errors(*world).find(row.error), std::string::npos)
          << row.parameters << last_errors(*world);
    }
    EXPECT_EQ(value(*world, "up{instance=\"app-1:8080\"}"), "1") << row.parameters;
    wait(*world, 30);
    EXPECT_EQ(value(*world, "up{instance=\"app-2:8080\"}"), "1") << row.parameters << " recovers";
  }
}

TEST(Chaos, BrokenExpositionsFailTheWholeScrapeOrWhatTheySpoil) {
  const struct {
    const char* kind;
    const char* up;
  } rows[] = {{"line", "0"}, {"escape", "0"}, {"html", "0"},
              {"cut", "0"},  {"nan", "1"},    {"duplicate", "1"}};
  for (const auto& row : rows) {
    const auto world = quiet_world();
    cause(*world, std::string("kind=rubbish&target=app-1&form=") + row.kind);
    wait(*world, 30);
    EXPECT_EQ(value(*world, "up{instance=\"app-1:8080\"}"), row.up) << row.kind;
    if (std::string_view(row.kind) == "nan") {
      EXPECT_EQ(value(*world, "shine{instance=\"app-1:8080\"}"), "NaN");
    }
  }
}

TEST(Chaos, ARestartResetsCountersOnceAndMovesTheStartTime) {
  const auto world = quiet_world();
  const double before = number(*world, "process_start_time_seconds{instance=\"app-1:8080\"}");
  cause(*world, "kind=restart&target=app-1&for=10s");
  wait(*world, 60);
  EXPECT_EQ(value(*world, "sum(resets(process_cpu_seconds_total{instance=\"app-1:8080\"}[2m]))"),
            "1");
  EXPECT_EQ(value(*world, "sum(resets(process_cpu_seconds_total{instance=\"app-2:8080\"}[2m]))"),
            "0");
  EXPECT_GT(number(*world, "process_start_time_seconds{instance=\"app-1:8080\"}"), before);
}

TEST(Chaos, RequestsFailSlowDownAndMultiply) {
  const auto world = quiet_world(Duration::minutes(6));
  const char* failed =
      "sum(rate(http_requests_total{status=\"503\"}[1m])) / sum(rate(http_requests_total[1m]))";
  const char* slow =
      "histogram_quantile(0.5, sum by (le) (rate(http_request_duration_seconds_bucket[1m])))";
  const double traffic = number(*world, "sum(rate(http_requests_total[1m]))");
  const double median = number(*world, slow);
  EXPECT_EQ(value(*world, failed), "");
  cause(*world, "kind=errors&strength=0.25&status=503&for=90s");
  cause(*world, "kind=latency&strength=9&for=90s");
  cause(*world, "kind=traffic&strength=2&for=90s");
  wait(*world, 85);
  EXPECT_NEAR(number(*world, failed), 0.25, 0.02);
  EXPECT_GT(number(*world, slow) / median, 5);
  EXPECT_NEAR(number(*world, "sum(rate(http_requests_total[1m]))") / traffic, 3, 0.2);
  wait(*world, 100);
  EXPECT_EQ(number(*world, failed), 0);
  EXPECT_NEAR(number(*world, "sum(rate(http_requests_total[1m]))") / traffic, 1, 0.1);
}

TEST(Chaos, PagesChangeWhileTheProcessIsWell) {
  const auto world = quiet_world();
  const uint64_t bomb =
      cause(*world, "kind=cardinality&target=app-1&per_minute=600&label=who&for=1h");
  cause(*world, "kind=rename_label&target=app-2&from=handler&to=route&for=1h");
  cause(*world, "kind=duplicate_timestamps&target=app-3&for=1h");
  wait(*world, 60);
  EXPECT_GT(number(*world, "count(count by (who) (chaos_requests_total))"), 400);
  EXPECT_GT(number(*world, "count(http_requests_total{route=\"/\"})"), 0);
  EXPECT_EQ(value(*world, "count(http_requests_total{instance=\"app-2:8080\",handler=\"/\"})"), "");
  EXPECT_GT(number(*world, "prometheus_target_scrapes_sample_out_of_order_total"), 10);
  EXPECT_EQ(ask(*world, "http://world/chaos?revert=" + std::to_string(bomb), "POST").status, 200);
  wait(*world, 20);
  EXPECT_EQ(value(*world, "count(chaos_requests_total)"), "");
}

TEST(Chaos, ClockSkewIsSeenInTheTimestamps) {
  const auto world = quiet_world();
  cause(*world, "kind=clock_skew&target=app-1&seconds=-90&for=1h");
  wait(*world, 120);
  EXPECT_NEAR(number(*world, "time() - timestamp(shine{instance=\"app-1:8080\"})"), 92, 6);
}

TEST(Chaos, FlappingGoesUpAndDownAndUp) {
  const auto world = quiet_world();
  cause(*world, "kind=flapping&target=app-1&period=40&duty=0.5&for=4m");
  wait(*world, 240);
  EXPECT_GE(number(*world, "changes(up{instance=\"app-1:8080\"}[4m])"), 8);
  EXPECT_EQ(value(*world, "changes(up{instance=\"app-2:8080\"}[4m])"), "0");
}

TEST(Chaos, ARemovedInstanceIsNoTargetAndADeployedOneHasAnotherName) {
  const auto world = quiet_world();
  const std::string before = value(*world, "count(up{job=\"pod\"})");
  EXPECT_EQ(before, "1");
  cause(*world, "kind=remove&target=pod&for=60s");
  wait(*world, 30);
  EXPECT_EQ(value(*world, "count(up{job=\"pod\"})"), "");
  wait(*world, 60);
  EXPECT_EQ(value(*world, "count(up{job=\"pod\"})"), "1");
  cause(*world, "kind=deploy&target=pod&for=10s");
  wait(*world, 60);
  EXPECT_EQ(value(*world, "count(up{job=\"pod\"} == 1)"), "1");
  EXPECT_EQ(value(*world, "count(count by (instance) (count_over_time(up{job=\"pod\"}[3m])))"),
            "2");
}

TEST(Chaos, AFullDiskLosesSamplesAndNothingElse) {
  const auto world = quiet_world();
  const uint64_t id = cause(*world, "kind=disk_full&for=10m");
  wait(*world, 60);
  EXPECT_EQ(number(*world, "count_over_time(up{instance=\"app-1:8080\"}[1m])"), -1);
  EXPECT_EQ(number(*world, "count_over_time(up{instance=\"app-1:8080\"}[1m] offset 1m)"), 12);
  EXPECT_NE(last_errors(*world).find("\"health\":\"up\""), std::string::npos);
  EXPECT_EQ(last_errors(*world).find("\"health\":\"down\""), std::string::npos);
  EXPECT_EQ(ask(*world, "http://world/chaos?revert=" + std::to_string(id), "POST").status, 200);
  wait(*world, 60);
  EXPECT_EQ(number(*world, "count_over_time(up{instance=\"app-1:8080\"}[1m])"), 12);
}

TEST(Chaos, ABrokenConfigIsRefusedAndTheOldOneStays) {
  const auto world = quiet_world();
  cause(*world, "kind=broken_config&for=30s");
  wait(*world, 20);
  EXPECT_EQ(number(*world, "prometheus_config_last_reload_successful"), 0);
  EXPECT_EQ(number(*world, "count(up{job=\"app\"} == 1)"), 3);
  wait(*world, 20);
  EXPECT_EQ(number(*world, "prometheus_config_last_reload_successful"), 1);
}

TEST(Chaos, TheWayOfNotificationsCanBeBlocked) {
  for (const char* kind :
       {"alertmanager_down", "receiver_error&status=503", "receiver_slow&seconds=120"}) {
    WorldOptions options;
    options.workload = "quiet.yaml";
    options.definition = kQuiet;
    options.history = Duration::seconds(1);
    options.files["rules.yml"] =
        "groups: [{name: g, interval: 5s, rules: [{alert: Always, expr: vector(1)}]}]";
    options.files["alertmanager.yml"] =
        "route: {receiver: r, group_wait: 1s, group_interval: 10s}\n"
        "receivers: [{name: r, webhook_configs: [{url: 'http://somebody/'}]}]\n";
    auto world = World::create(options);
    ASSERT_TRUE(world) << world.error().message;
    cause(**world, std::string("kind=") + kind + "&for=2m");
    wait(**world, 100);
    const auto notifications = [&] { return ask(**world, "http://inbox/notifications").body; };
    EXPECT_EQ(notifications().find("Always"), std::string::npos) << kind;
    wait(**world, 300);
    EXPECT_NE(notifications().find("Always"), std::string::npos) << kind;
  }
}

TEST(Chaos, WhatConcernsServersHasNoTargets) {
  const auto world = quiet_world();
  const HttpResponse refused =
      ask(*world, "http://world/chaos?kind=disk_full&target=app-1", "POST");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, "disk_full is about the world's servers; leave the target out\n");
}

TEST(Chaos, ATroubleOfTheWorldIsReadByItsFormulas) {
  const auto world = quiet_world();
  cause(*world, "kind=dull&strength=0.25&target=app-2&for=1h");
  wait(*world, 20);
  EXPECT_EQ(value(*world, "shine{instance=\"app-2:8080\"}"), "0.75");
  EXPECT_EQ(value(*world, "shine{instance=\"app-1:8080\"}"), "1");
}

TEST(Chaos, SaysWhatItDoesNotKnow) {
  const auto world = quiet_world();
  const auto refused = [&](const std::string& parameters) {
    const HttpResponse response = ask(*world, "http://world/chaos?" + parameters, "POST");
    EXPECT_EQ(response.status, 400) << parameters;
    return response.body;
  };
  EXPECT_EQ(refused("kind=restrt"),
            "there is no chaos control \"restrt\"; did you mean \"restart\"?\n");
  EXPECT_EQ(refused("kind=kill&target=app-9"),
            "there is no service or host \"app-9\"; did you mean \"app-1\"?\n");
  EXPECT_NE(refused("kind=kill&for=soon").find("expected a duration"), std::string::npos);
  EXPECT_EQ(ask(*world, "http://world/chaos?revert=99", "POST").status, 404);
  EXPECT_NE(ask(*world, "http://world/chaos").body.find("\"kind\":\"dull\""), std::string::npos);
}

TEST(Timeline, ShowsWhatHasBegunAndHidesWhatIsPlanned) {
  const auto world = quiet_world();
  EXPECT_EQ(ask(*world, "http://world/timeline").body, "{\"events\":[]}");
  cause(*world, "kind=kill&target=app-1&for=30s");
  wait(*world, 10);
  const std::string body = ask(*world, "http://world/timeline").body;
  EXPECT_EQ(body,
            "{\"events\":[{\"id\":1,\"kind\":\"kill\",\"origin\":\"chaos\",\"active\":true,"
            "\"start\":1767225720,\"end\":1767225750,\"strength\":1,\"targets\":[\"app-1:8080\"],"
            "\"parameters\":{}}]}");
}

TEST(WorldTime, RewindingGivesTheIdenticalState) {
  WorldOptions options;
  options.history = Duration::minutes(30);
  auto world = std::move(*World::create(options));
  cause(*world, "kind=restart&target=catalog-1&for=20s");
  wait(*world, 300);
  cause(*world, "kind=errors&strength=0.3&for=60s");
  const auto there = world->now();
  const uint64_t hash = world->state_hash();
  const std::string events = ask(*world, "http://world/timeline").body;
  wait(*world, 777);
  EXPECT_NE(world->state_hash(), hash);
  EXPECT_EQ(ask(*world, "http://world/clock?to=" + std::to_string(there.ms / 1000), "POST").status,
            200);
  EXPECT_EQ(world->now(), there);
  EXPECT_EQ(world->state_hash(), hash);
  EXPECT_EQ(ask(*world, "http://world/timeline").body, events);
  EXPECT_FALSE(world->rewind(there + Duration::seconds(1)));
  EXPECT_FALSE(world->rewind(options.start - Duration::seconds(1)));
}

TEST(WorldTime, ABranchLivesTheSameIncidentsUnderOtherRules) {
  const auto world = quiet_world();
  cause(*world, "kind=kill&target=app-1&for=5m");
  wait(*world, 120);
  const std::string rule =
      "groups: [{name: g, interval: 5s, rules: [{alert: Down, expr: up == 0, for: 1m}]}]\n";
  const std::string config =
      "global: {scrape_interval: 5s, evaluation_interval: 5s}\nrule_files: [rules/*.yml]\n"
      "scrape_configs:\n  - job_name: app\n    static_configs: [{targets: ['app-1:8080', "
      "'app-2:8080']}]\n";
  auto branch = world->branch({{"rules/down.yml", rule}, {"prometheus.yml", config}});
  ASSERT_TRUE(branch) << branch.error().message;
  EXPECT_EQ((*branch)->now(), world->now());
  EXPECT_EQ(value(**branch, "count(ALERTS{alertname=\"Down\",alertstate=\"firing\"})"), "1");
  EXPECT_EQ(value(*world, "count(ALERTS)"), "");
  EXPECT_EQ(value(**branch, "http_requests_total{instance=\"app-2:8080\",status=\"200\"}"),
            value(*world, "http_requests_total{instance=\"app-2:8080\",status=\"200\"}"));
  EXPECT_FALSE(world->branch({{"prometheus.yml", "globl: {}\n"}}));
}

TEST(WorldTime, AStepEndsWithTheNextScrape) {
  const auto world = quiet_world();
  const auto before = world->now();
  EXPECT_EQ(ask(*world, "http://world/clock?step=scrape", "POST").status, 200);
  EXPECT_GT(world->now(), before);
  EXPECT_LE(world->now(), before + Duration::seconds(5));
}

TEST(Truth, IsWhatAMeasurementComesNearTo) {
  const auto world = quiet_world(Duration::minutes(10));
  const std::string truth =
      ask(*world, "http://world/truth?service=app&start=1767225900&end=1767226200&quantile=0.95")
          .body;
  const size_t at = truth.find("\"rate\":");
  ASSERT_NE(at, std::string::npos) << truth;
  EXPECT_NEAR(
      std::stod(truth.substr(at + 7)) / number(*world, "sum(rate(http_requests_total[5m]))"), 1,
      0.03);
  const size_t quantile = truth.find("\"0.95\":");
  ASSERT_NE(quantile, std::string::npos) << truth;
  EXPECT_NEAR(std::stod(truth.substr(quantile + 7)), 0.04 * 2.668, 0.003);
}

}  // namespace
}  // namespace promenade::sim
