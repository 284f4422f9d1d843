// Targets and their metadata, scraped over a simulated network.
#include "base/log.h"
#include "config/config.h"
#include "fixture.h"
#include "scrape/manager.h"
#include "sim/memory_file_system.h"
#include "sim/sim_net.h"

namespace promenade::api {
namespace {

constexpr const char* kConfig = R"(
global: {scrape_interval: 10s, scrape_timeout: 5s}
scrape_configs:
  - job_name: shop
    static_configs: [{targets: ["shop:8080"], labels: {env: prod}}]
  - job_name: gone
    static_configs: [{targets: ["localhost:1"]}]
  - job_name: filtered
    static_configs: [{targets: ["dropped:80"]}]
    relabel_configs: [{source_labels: [__address__], regex: "dropped:.*", action: drop}]
)";

constexpr const char* kPage =
    "# HELP orders_total Orders <all>.\n# TYPE orders_total counter\norders_total 3\n"
    "# TYPE temperature gauge\ntemperature 1\n";

class TargetsTest : public ApiTest {
 protected:
  TargetsTest() : manager_(clock_, net_, files_, head_, logger_, "test") {
    net_.add_host("shop:8080", [](const HttpRequest&) {
      HttpResponse response{.body = kPage};
      response.headers.set("Content-Type", "text/plain; version=0.0.4");
      return response;
    });
    net_.add_host("localhost:1", nullptr, {.is_reachable = false});
    const auto config = config::parse_config("prometheus.yml", kConfig);
    EXPECT_TRUE(config.has_value()) << config.error().message;
    manager_.apply(*config);
    context_.scrapes = &manager_;
  }

  void scrape() { clock_.run_until(kNow + Duration::seconds(30)); }

  void expect_part(const std::string& answer, const std::string& part) const {
    EXPECT_NE(answer.find(part), std::string::npos) << part << "\nis not in\n" << answer;
  }

  sim::SimNet net_{clock_};
  sim::MemoryFileSystem files_;
  NullLogger logger_;
  scrape::ScrapeManager manager_;
};

TEST_F(TargetsTest, BeforeTheFirstScrapeHealthIsUnknown) {
  const std::string answer = body("/api/v1/targets");
  expect_part(answer, R"("lastError":"","lastScrape":"0001-01-01T00:00:00Z",)"
                      R"("lastScrapeDuration":0,"health":"unknown",)"
                      R"("scrapeInterval":"10s","scrapeTimeout":"5s"})");
}

TEST_F(TargetsTest, ATargetIsShownWithWhatWasDiscoveredAndWhatBecameOfIt) {
  scrape();
  const std::string answer = body("/api/v1/targets");
  expect_part(answer,
              R"({"discoveredLabels":{"__address__":"shop:8080",)"
              R"("__metrics_path__":"/metrics","__scheme__":"http",)"
              R"("__scrape_interval__":"10s","__scrape_timeout__":"5s",)"
              R"("env":"prod","job":"shop"},)"
              R"("labels":{"env":"prod","instance":"shop:8080","job":"shop"},)"
              R"("scrapePool":"shop","scrapeUrl":"http://shop:8080/metrics",)"
              R"("globalUrl":"http://shop:8080/metrics","lastError":"","lastScrape":"2023-)");
  expect_part(answer, R"("health":"up")");
  expect_part(answer, R"("health":"down")");
  expect_part(answer, R"(connection refused)");
}

TEST_F(TargetsTest, DroppedTargetsAreCountedForEachPool) {
  expect_part(body("/api/v1/targets"),
              R"("droppedTargets":[{"discoveredLabels":{"__address__":"dropped:80",)");
  expect_part(
      body("/api/v1/targets"),
      R"("scrapePool":"filtered"}],"droppedTargetCounts":{"filtered":1,"gone":0,"shop":0}})");
}

TEST_F(TargetsTest, TheStateChoosesTheLists) {
  EXPECT_EQ(body("/api/v1/targets?state=dropped")
                .find(R"({"status":"success","data":)"
                      R"({"activeTargets":[],"droppedTargets":[{)"),
            0u);
  expect_part(body("/api/v1/targets?state=ACTIVE"),
              R"("droppedTargets":[],"droppedTargetCounts":null}})");
}

TEST_F(TargetsTest, APoolCanBeChosen) {
  const std::string answer = body("/api/v1/targets?scrapePool=gone");
  expect_part(answer, R"("scrapePool":"gone")");
  EXPECT_EQ(answer.find(R"("scrapePool":"shop")"), std::string::npos);
}

TEST_F(TargetsTest, PoolsAreListedByName) {
  EXPECT_EQ(body("/api/v1/scrape_pools"),
            R"({"status":"success","data":{"scrapePools":["filtered","gone","shop"]}})");
}

TEST_F(TargetsTest, LoopbackTargetsGetTheExternalHost) {
  context_.external_url = "https://watch.example:8443/";
  context_.listen_address = "127.0.0.1:9090";
  expect_part(body("/api/v1/targets"), R"("globalUrl":"http://watch.example:1/metrics")");
  context_.listen_address = "127.0.0.1:1";
  expect_part(body("/api/v1/targets"), R"("globalUrl":"https://watch.example:8443/metrics")");
}

TEST_F(TargetsTest, MetadataIsByFamily) {
  scrape();
  EXPECT_EQ(body("/api/v1/metadata"),
            R"({"status":"success","data":{)"
            R"("orders_total":[{"type":"counter","unit":"","help":"Orders \u003call\u003e."}],)"
            R"("temperature":[{"type":"gauge","unit":"","help":""}]}})");
  EXPECT_EQ(
      body("/api/v1/metadata?metric=temperature"),
      R"({"status":"success","data":{"temperature":[{"type":"gauge","unit":"","help":""}]}})");
  EXPECT_EQ(body("/api/v1/metadata?limit=0"), R"({"status":"success","data":{}})");
  EXPECT_EQ(body("/api/v1/metadata?limit=1&metric=temperature"),
            body("/api/v1/metadata?metric=temperature"));
  EXPECT_EQ(body("/api/v1/metadata?limit_per_metric=0"), body("/api/v1/metadata"));
}

TEST_F(TargetsTest, MetadataLimitsMustBeNumbers) {
  for (const char* path :
       {"metadata?limit=x", "metadata?limit_per_metric=x", "targets/metadata?limit=x"}) {
    EXPECT_EQ(body(std::string("/api/v1/") + path),
              R"({"status":"error","errorType":"bad_data","error":"limit must be a number"})");
  }
}

TEST_F(TargetsTest, TargetsMetadataNamesTheMetricUnlessAsked) {
  scrape();
  const std::string target = R"({"target":{"env":"prod","instance":"shop:8080","job":"shop"},)";
  EXPECT_EQ(
      body("/api/v1/targets/metadata?metric=temperature"),
      R"({"status":"success","data":[)" + target + R"("type":"gauge","help":"","unit":""}]})");
  EXPECT_EQ(body("/api/v1/targets/metadata?match_target={job=\"shop\"}&limit=1"),
            R"({"status":"success","data":[)" + target +
                R"("metric":"orders_total","type":"counter",)"
                R"("help":"Orders \u003call\u003e.","unit":""}]})");
  EXPECT_EQ(body("/api/v1/targets/metadata?match_target={job=\"gone\"}"),
            R"({"status":"success","data":[]})");
}

TEST_F(TargetsTest, ABadTargetSelectorIsNamed) {
  EXPECT_EQ(body("/api/v1/targets/metadata?match_target={")
                .find(R"({"status":"error","errorType":"bad_data","error":"invalid parameter )"
                      R"(\"match_target\": 1:)"),
            0u);
}

TEST_F(ApiTest, WithoutScrapesTheListsAreEmpty) {
  EXPECT_EQ(body("/api/v1/targets"),
            R"({"status":"success","data":{"activeTargets":[],"droppedTargets":[],)"
            R"("droppedTargetCounts":{}}})");
  EXPECT_EQ(body("/api/v1/scrape_pools"), R"({"status":"success","data":{"scrapePools":[]}})");
  EXPECT_EQ(body("/api/v1/metadata"), R"({"status":"success","data":{}})");
  EXPECT_EQ(body("/api/v1/targets/metadata"), R"({"status":"success","data":[]})");
}

}  // namespace
}  // namespace promenade::api
