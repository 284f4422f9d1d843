// tests/unit/sim/world_test.cc
// The whole house in one box: services, scrapes, store, API.
#include "sim/world.h"

#include <gtest/gtest.h>

#include "base/strings.h"

namespace promenade::sim {
namespace {

std::unique_ptr<World> make_world(uint64_t seed, Duration history) {
  WorldOptions options;
  options.seed = seed;
  options.history = history;
  auto world = World::create(options);
  EXPECT_TRUE(world) << world.error().message;
  return std::move(*world);
}

HttpResponse ask(World& world, std::string url, std::string method = "GET") {
  HttpRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  return world.handle(request);
}

std::string query(World& world, std::string_view promql) {
  return ask(world, "http://prometheus:9090/api/v1/query?query=" + url_encode(promql) +
                        "&time=" + std::to_string(world.now().ms / 1000))
      .body;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(World, ListsItsWorkloadsWhenAskedForAnotherOne) {
  WorldOptions options;
  options.workload = "web-shoe";
  const auto world = World::create(options);
  ASSERT_FALSE(world);
  EXPECT_EQ(world.error().code, ErrorCode::NotFound);
  EXPECT_EQ(world.error().message.rfind("there is no workload \"web-shoe\"; choose one of: ", 0),
            0u)
      << world.error().message;
  EXPECT_TRUE(contains(world.error().message, "web-shop"));
}

TEST(World, ItsPrometheusHasScrapedTheShop) {
  const auto world = make_world(1, Duration::minutes(10));
  EXPECT_TRUE(contains(query(*world, "count(up)"), "\"12\"]"));
  for (const char* promql :
       {"sum by (job) (rate(http_requests_total[5m])) > 0", "http_requests_in_flight",
        "histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))",
        "order_queue_length{env=\"prod\"}", "process_start_time_seconds{job=\"prometheus\"}",
        "sum by (payment_method) (shop_orders_total)", "http_requests_total{env=\"staging\"}"}) {
    EXPECT_TRUE(contains(query(*world, promql), "\"value\":[")) << promql;
  }
}

TEST(World, RequestsAreTheCountsOfTheirHistogram) {
  const auto world = make_world(3, Duration::minutes(20));
  const std::string unequal = query(
      *world, "sum without (status) (http_requests_total) != http_request_duration_seconds_count");
  const std::string equal = query(
      *world, "sum without (status) (http_requests_total) == http_request_duration_seconds_count");
  EXPECT_TRUE(contains(unequal, "\"result\":[]")) << unequal;
  EXPECT_TRUE(contains(equal, "\"value\":["));
}

TEST(World, TheSameSeedGivesTheSameApiBytes) {
  const auto one = make_world(6, Duration::minutes(40));
  const auto two = make_world(6, Duration::minutes(40));
  const auto other = make_world(7, Duration::minutes(40));
  for (const char* promql : {"{__name__=~\".+\"}", "rate(http_requests_total[5m])"}) {
    const std::string bytes = query(*one, promql);
    EXPECT_GT(bytes.size(), 10'000u);
    EXPECT_EQ(bytes, query(*two, promql));
    EXPECT_NE(bytes, query(*other, promql));
  }
}

TEST(World, OneRunAndManySmallOnesEndInTheSameState) {
  const auto at_once = make_world(6, Duration::minutes(30));
  const auto in_steps = make_world(6, Duration::minutes(5));
  while (in_steps->now() < at_once->now()) {
    in_steps->run_until(in_steps->now() + Duration::seconds(20));
  }
  EXPECT_EQ(query(*at_once, "{__name__=~\".+\"}"), query(*in_steps, "{__name__=~\".+\"}"));
}

TEST(World, TwoHoursHoldWhatTheLessonsNeed) {
  for (const uint64_t seed : {1, 101, 202, 303}) {
    const auto world = make_world(seed, Duration::hours(2));
    for (const char* promql :
         {"up == 0",                                          // A target is down now.
          "sum(resets(process_cpu_seconds_total[30m])) > 0",  // A restart in the last half hour,
          "sum(resets(process_cpu_seconds_total[2h])) > 1",   // and others before.
          "sum(increase(http_requests_total{status=\"500\"}[1h])) > 0",
          "sum(increase(http_requests_total{status=~\"502|503\"}[2h])) > 0",
          "http_requests_total{env=\"staging\"}", "min_over_time(up{env=\"staging\"}[30m]) == 0",
          "max(max_over_time(scrape_duration_seconds{env=\"staging\"}[2h])) > 9"}) {
      const std::string body = query(*world, promql);
      EXPECT_TRUE(contains(body, "\"value\":[")) << "seed " << seed << ": " << promql << "\n"
                                                 << body.substr(0, 300);
    }
  }
}

constexpr const char* kPair = R"yaml(
world: pair
services:
  app: { use: [ok], instances: 2 }
prometheus:
  scrape_interval: 5s
  scrape_timeout: 4s
  external_labels: { replica: a }
  others:
    replica-b: { external_labels: { replica: b } }
    shard-0:
      config: |
        global: { scrape_interval: 5s, scrape_timeout: 4s }
        scrape_configs:
          - job_name: app
            static_configs: [{ targets: ["app-1:8080", "app-2:8080"] }]
            relabel_configs:
              - { source_labels: [__address__], regex: "app-1.*", action: keep }
    global:
      config: |
        global: { scrape_interval: 5s, scrape_timeout: 4s }
        scrape_configs:
          - job_name: federate
            honor_labels: true
            metrics_path: /federate
            params: { "match[]": ['{job="app"}'] }
            static_configs: [{ targets: ["prometheus:9090", "replica-b:9090"] }]
)yaml";

TEST(World, MayHaveSeveralPrometheusServers) {
  WorldOptions options;
  options.workload = "pair.yaml";
  options.definition = kPair;
  options.history = Duration::minutes(1);
  auto world = World::create(options);
  ASSERT_TRUE(world) << world.error().message;
  const auto count = [&](const std::string& server, const std::string& promql) {
    const std::string body =
        ask(**world, "http://" + server + ":9090/api/v1/query?query=" + url_encode(promql) +
                         "&time=" + std::to_string((*world)->now().ms / 1000))
            .body;
    const size_t at = body.find("\"value\":[");
    if (at == std::string::npos) return std::string("none");
    const size_t begin = body.find(",\"", at) + 2;
    return body.substr(begin, body.find('"', begin) - begin);
  };
  EXPECT_EQ(count("prometheus", "sum(up{job=\"app\"})"), "2");
  EXPECT_EQ(count("replica-b", "sum(up{job=\"app\"})"), "2");
  EXPECT_EQ(count("shard-0", "sum(up)"), "1");
  // Both replicas' series, told apart by their external labels.
  EXPECT_EQ(count("global", "count(ok_total)"), "4");
  EXPECT_EQ(count("global", "count(ok_total{replica=\"b\", instance=\"app-1:8080\"})"), "1");
  const uint64_t hash = (*world)->state_hash();
  ASSERT_TRUE((*world)->rewind((*world)->now()));
  EXPECT_EQ((*world)->state_hash(), hash);
}

TEST(World, ShowsAndMovesItsClock) {
  const auto world = make_world(1, Duration::minutes(1));
  EXPECT_EQ(ask(*world, "http://world/clock").body, "{\"now\":1767225660,\"start\":1767225600}");
  EXPECT_EQ(ask(*world, "http://world/clock?advance=60", "POST").body,
            "{\"now\":1767225720,\"start\":1767225600}");
  EXPECT_EQ(ask(*world, "http://world/clock?advance=0.05", "POST").body,
            "{\"now\":1767225720.050,\"start\":1767225600}");
  EXPECT_EQ(world->now().ms, 1'767'225'720'050);
}

TEST(World, RefusesWhatIsNoTimeToAdvance) {
  const auto world = make_world(1, Duration::minutes(1));
  for (const char* url : {"http://world/clock", "http://world/clock?advance=0",
                          "http://world/clock?advance=-5", "http://world/clock?advance=soon",
                          "http://world/clock?advance=NaN", "http://world/clock?advance=86401"}) {
    const HttpResponse response = ask(*world, url, "POST");
    EXPECT_EQ(response.status, 400) << url;
    EXPECT_TRUE(contains(response.body, "POST http://world/clock?advance=60")) << response.body;
  }
  EXPECT_EQ(world->now(), Timestamp::from_seconds(1'767'225'660));
  EXPECT_EQ(ask(*world, "http://world/clock", "PUT").status, 405);
  EXPECT_EQ(ask(*world, "http://world/weather").status, 404);
}

TEST(World, AnswersForHostsThatItHasAndSaysSoForOthers) {
  const auto world = make_world(1, Duration::minutes(1));
  EXPECT_TRUE(contains(ask(*world, "http://checkout-1:8080/metrics").body, "order_queue_length"));
  EXPECT_EQ(ask(*world, "http://prometheus:9090/-/healthy").status, 200);
  const HttpResponse unknown = ask(*world, "http://checkout-9:8080/metrics");
  EXPECT_EQ(unknown.status, 502);
  EXPECT_TRUE(contains(unknown.body, "checkout-9:8080"));
  EXPECT_EQ(ask(*world, "/api/v1/query?query=up").status, 400);
}

}  // namespace
}  // namespace promenade::sim
