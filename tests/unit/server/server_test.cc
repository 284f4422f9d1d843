// A whole server over a virtual clock: scraping, reloads, its own metrics, retention.
#include "server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "manual_executor.h"
#include "sim/memory_file_system.h"
#include "sim/sim_net.h"
#include "sim/virtual_clock.h"

namespace promenade::server {
namespace {

using ::testing::HasSubstr;

constexpr Timestamp kStart = Timestamp::from_seconds(1'700'000'000);
constexpr const char* kConfigFile = "etc/prometheus.yml";
constexpr const char* kScrapesA1 =
    "global: {scrape_interval: 15s}\n"
    "scrape_configs: [{job_name: j, static_configs: [{targets: [a:1]}]}]\n";

class TextLogger final : public Logger {
 public:
  void log(LogLevel, std::string_view message, std::initializer_list<LogField>) override {
    text += message;
    text += '\n';
  }
  std::string text;
};

struct ServerTest : testing::Test {
  sim::VirtualClock clock{kStart};
  sim::SimNet net{clock};
  sim::MemoryFileSystem files;
  InlineExecutor executor;
  TextLogger logger;
  ServerOptions options;
  std::unique_ptr<Server> server;

  ServerTest() {
    options.config_file = kConfigFile;
    options.version = "1.2.3";
    net.add_host("a:1", [](const HttpRequest&) {
      HttpResponse response;
      response.headers.set("Content-Type", "text/plain");
      response.body = "m 42\n";
      return response;
    });
  }

  void start(const std::string& config) {
    files.write(kConfigFile, config);
    auto created = create();
    ASSERT_TRUE(created) << created.error().message;
    server = std::move(*created);
  }
  Result<std::unique_ptr<Server>> create() {
    return Server::create(options, {clock, net, files, executor, logger});
  }
  void run(Duration duration) { clock.run_until(clock.now() + duration); }

  HttpResponse ask(const std::string& url, const std::string& method = "GET") {
    HttpRequest request;
    request.method = method;
    request.url = url;
    return server->handle(request);
  }
  std::string get(const std::string& url) { return ask(url).body; }
};

TEST_F(ServerTest, ScrapesWhatTheConfigurationNamesAndAnswersQueries) {
  start(kScrapesA1);
  run(Duration::seconds(20));
  EXPECT_THAT(get("/api/v1/query?query=m"), HasSubstr("\"42\""));
  EXPECT_THAT(get("/api/v1/query?query=up"), HasSubstr("\"1\""));
  EXPECT_THAT(get("/api/v1/targets"), HasSubstr("\"health\":\"up\""));
  EXPECT_GT(server->head().series_count(), 5u);
}

TEST_F(ServerTest, AMissingOrBrokenConfigurationNamesThePlace) {
  const auto missing = create();
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
  EXPECT_THAT(missing.error().message, HasSubstr(kConfigFile));
  EXPECT_THAT(missing.error().message, HasSubstr("check --config.file"));

  files.write(kConfigFile, "globl: {}\n");
  const auto broken = create();
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().message,
              HasSubstr("etc/prometheus.yml:1:1: found the unknown key \"globl\""));
}

TEST_F(ServerTest, TheLifecyclePathsNeedTheFlag) {
  start("");
  EXPECT_EQ(get("/-/healthy"), "Prometheus Server is Healthy.\n");
  EXPECT_EQ(get("/-/ready"), "Prometheus Server is Ready.\n");
  EXPECT_EQ(ask("/-/reload", "POST").status, 403);
}

TEST_F(ServerTest, AReloadTakesTheNewConfiguration) {
  options.enable_lifecycle = true;
  start("");
  files.write(kConfigFile, kScrapesA1);
  EXPECT_EQ(ask("/-/reload").status, 405);
  EXPECT_EQ(ask("/-/reload", "POST").status, 200);
  run(Duration::seconds(20));
  EXPECT_THAT(get("/api/v1/query?query=m"), HasSubstr("\"42\""));
  EXPECT_THAT(get("/api/v1/status/config"), HasSubstr("job_name: j"));
}

TEST_F(ServerTest, AFailedReloadKeepsTheOldConfiguration) {
  options.enable_lifecycle = true;
  start(kScrapesA1);
  run(Duration::minutes(1));
  files.write(kConfigFile, "scrape_configs: [{job_name: j, job_name: k}]\n");
  const HttpResponse reload = ask("/-/reload", "PUT");
  EXPECT_EQ(reload.status, 500);
  EXPECT_THAT(reload.body, HasSubstr("failed to reload config: etc/prometheus.yml:1:32: "));
  EXPECT_THAT(get("/metrics"), HasSubstr("\nprometheus_config_last_reload_successful 0\n"));
  run(Duration::minutes(1));
  EXPECT_THAT(get("/api/v1/query?query=count_over_time(m[30s])"), HasSubstr("\"2\""));

  files.write(kConfigFile, kScrapesA1);
  EXPECT_TRUE(server->reload());
  EXPECT_THAT(get("/metrics"), HasSubstr("\nprometheus_config_last_reload_successful 1\n"));
}

TEST_F(ServerTest, SettingsWithoutEffectAreSaidOnce) {
  start("tracing: {}\n");
  EXPECT_EQ(logger.text, "etc/prometheus.yml:1:10: tracing is accepted and has no effect yet\n");
  EXPECT_TRUE(server->reload());
  EXPECT_EQ(logger.text, "etc/prometheus.yml:1:10: tracing is accepted and has no effect yet\n");
}

TEST_F(ServerTest, ServesItsOwnMetricsAsExpositionText) {
  start(kScrapesA1);
  run(Duration::seconds(20));
  get("/api/v1/query?query=m");
  get("/api/v1/label/job/values");
  get("/nowhere");
  const HttpResponse response = ask("/metrics");
  EXPECT_EQ(response.headers.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  for (const char* line : {
           "promenade_build_info{version=\"1.2.3\"} 1\n",
           "process_start_time_seconds 1.7e+09\n",
           "prometheus_tsdb_head_series 6\n",
           "prometheus_tsdb_head_samples_appended_total{type=\"float\"} ",
           "prometheus_target_scrape_pool_targets{scrape_job=\"j\"} 1\n",
           "prometheus_engine_queries 0\n",
           "prometheus_engine_queries_concurrent_max 20\n",
           "prometheus_engine_query_duration_seconds_count{slice=\"inner_eval\"} 1\n",
           "prometheus_engine_query_duration_seconds_count{slice=\"queue_time\"} 1\n",
           "prometheus_http_requests_total{code=\"200\",handler=\"/api/v1/query\"} 1\n",
           "prometheus_http_requests_total{code=\"200\",handler=\"/api/v1/label/:name/values\"} "
           "1\n",
           "prometheus_http_requests_total{code=\"404\",handler=\"/*\"} 1\n",
       }) {
    EXPECT_THAT(response.body, HasSubstr(line));
  }
}

struct QueuedQueriesTest : ServerTest {
  ManualExecutor manual;
  std::vector<HttpResponse> responses;

  QueuedQueriesTest() { options.query_concurrency_max = 1; }
  ~QueuedQueriesTest() override {
    while (!manual.given.empty()) manual.run_next();
  }

  void start_queued(const std::string& config) {
    files.write(kConfigFile, config);
    server = std::move(*Server::create(options, {clock, net, files, manual, logger}));
  }
  void ask_long(const std::string& parameters = "") {
    const std::string url = "/api/v1/query?query=sum_over_time(m%5B1h:1s%5D)" + parameters;
    server->answer(
        {.method = "GET", .url = url},
        {[this](HttpResponse response) { responses.push_back(std::move(response)); }, nullptr});
  }
};

TEST_F(QueuedQueriesTest, WaitingIsNoPartOfEvaluating) {
  start_queued(kScrapesA1);
  run(Duration::seconds(20));
  ask_long();
  ask_long();
  EXPECT_THAT(get("/metrics"), HasSubstr("\nprometheus_engine_queries 2\n"));
  run(Duration::seconds(3));
  manual.run_next();
  manual.run_next();
  ASSERT_EQ(responses.size(), 2u);
  for (const char* line : {
           "\nprometheus_engine_queries 0\n",
           "\nprometheus_engine_query_duration_seconds_sum{slice=\"inner_eval\"} 0\n",
           // For a turn, and for a thread.
           "\nprometheus_engine_query_duration_seconds_sum{slice=\"queue_time\"} 6\n",
           "\nprometheus_engine_query_duration_seconds_count{slice=\"inner_eval\"} 2\n",
           "\nprometheus_engine_query_duration_seconds_count{slice=\"prepare_time\"} 2\n",
           "\nprometheus_engine_query_duration_seconds_count{slice=\"queue_time\"} 2\n",
           "\nprometheus_engine_query_duration_seconds_count{slice=\"result_sort\"} 0\n",
       }) {
    EXPECT_THAT(get("/metrics"), HasSubstr(line));
  }
}

TEST_F(QueuedQueriesTest, WhatWasNotEvaluatedCountsAsWaitingOnly) {
  start_queued(kScrapesA1);
  ask_long();
  ask_long("&timeout=2s");
  run(Duration::seconds(3));
  ASSERT_EQ(responses.size(), 1u);
  for (const char* line : {
           "\nprometheus_engine_query_duration_seconds_count{slice=\"inner_eval\"} 0\n",
           "\nprometheus_engine_query_duration_seconds_count{slice=\"prepare_time\"} 0\n",
           "\nprometheus_engine_query_duration_seconds_count{slice=\"queue_time\"} 1\n",
       }) {
    EXPECT_THAT(get("/metrics"), HasSubstr(line));
  }
}

TEST_F(QueuedQueriesTest, NoMoreWaitThanMay) {
  options.query_waiting_max = 1;
  start_queued(kScrapesA1);
  for (int i = 0; i < 3; ++i) ask_long();
  ASSERT_EQ(responses.size(), 1u);
  EXPECT_EQ(responses[0].status, 503);
  EXPECT_THAT(responses[0].body, HasSubstr("too many queries are waiting"));
}

TEST_F(QueuedQueriesTest, WhoseTimeIsUpIsAnsweredThough) {
  start_queued(kScrapesA1);
  ask_long();
  ask_long("&timeout=2s");
  run(Duration::seconds(3));
  ASSERT_EQ(responses.size(), 1u);
  EXPECT_EQ(responses[0].status, 503);
  EXPECT_THAT(responses[0].body, HasSubstr("query timed out in query queue"));
}

TEST_F(QueuedQueriesTest, NothingBeginsWhenQueriesAreRefused) {
  start_queued(kScrapesA1);
  ask_long();
  ask_long();
  server->refuse_queries();
  ask_long();
  ASSERT_EQ(responses.size(), 1u);
  EXPECT_EQ(responses[0].status, 503);
  EXPECT_THAT(responses[0].body, HasSubstr("the server is shutting down"));
  EXPECT_EQ(manual.given.size(), 1u);
}

TEST_F(ServerTest, CanScrapeItself) {
  start(
      "global: {scrape_interval: 15s}\n"
      "scrape_configs: [{job_name: prometheus, static_configs: [{targets: [self:9090]}]}]\n");
  net.add_host("self:9090", [this](const HttpRequest& request) { return server->handle(request); });
  run(Duration::seconds(40));
  EXPECT_THAT(get("/api/v1/query?query=prometheus_build_info"), HasSubstr("\"value\":["));
  EXPECT_THAT(get("/api/v1/targets"), HasSubstr("\"health\":\"up\""));
}

TEST_F(ServerTest, ForgetsWhatIsOlderThanTheRetention) {
  options.retention = Duration::hours(2);
  start(kScrapesA1);
  run(Duration::hours(1));
  const uint64_t series = server->head().series_count();
  files.write(kConfigFile, "");
  EXPECT_TRUE(server->reload());
  run(Duration::hours(1));
  EXPECT_EQ(server->head().series_count(), series);
  run(Duration::hours(6));
  EXPECT_EQ(server->head().series_count(), 0u);
  EXPECT_THAT(get("/metrics"), HasSubstr("\nprometheus_tsdb_retention_limit_seconds 7200\n"));
}

TEST_F(ServerTest, TheConfigurationsRetentionWins) {
  start("storage: {tsdb: {retention: {time: 1h}}}\n");
  EXPECT_THAT(get("/metrics"), HasSubstr("\nprometheus_tsdb_retention_limit_seconds 3600\n"));
}

constexpr const char* kWithRules =
    "global: {scrape_interval: 15s, evaluation_interval: 15s}\n"
    "rule_files: [rules/*.yml]\n"
    "scrape_configs: [{job_name: j, static_configs: [{targets: [a:1]}]}]\n";

TEST_F(ServerTest, EvaluatesTheRulesOfItsFiles) {
  files.write("etc/rules/a.yml",
              "groups: [{name: g, rules: [{record: double, expr: m * 2},"
              " {alert: High, expr: double > 80}]}]\n");
  start(kWithRules);
  run(Duration::minutes(1));
  EXPECT_THAT(get("/api/v1/query?query=double"), HasSubstr("\"84\""));
  EXPECT_THAT(get("/api/v1/query?query=ALERTS"), HasSubstr("\"alertstate\":\"firing\""));
  EXPECT_THAT(get("/api/v1/rules"), HasSubstr("\"file\":\"etc/rules/a.yml\""));
  EXPECT_THAT(get("/api/v1/alerts"), HasSubstr("\"alertname\":\"High\""));
  const std::string metrics = get("/metrics");
  EXPECT_THAT(metrics,
              HasSubstr("prometheus_rule_group_rules{rule_group=\"etc/rules/a.yml;g\"} 2\n"));
  EXPECT_THAT(metrics, HasSubstr("\nprometheus_rule_evaluation_duration_seconds_count 8\n"));
}

TEST_F(ServerTest, ABrokenRuleFileKeepsTheOldConfiguration) {
  files.write("etc/rules/a.yml", "groups: [{name: g, rules: [{record: one, expr: 1}]}]\n");
  start(kWithRules);
  files.write("etc/rules/a.yml", "groups: [{name: g, rules: [{record: one, expr: 1 +}]}]\n");
  files.write(kConfigFile, "rule_files: [rules/*.yml]\n");
  const auto reloaded = server->reload();
  ASSERT_FALSE(reloaded);
  EXPECT_THAT(reloaded.error().message,
              HasSubstr("etc/rules/a.yml:1:51: group \"g\", rule 1, \"one\": could not parse"));
  run(Duration::minutes(1));
  EXPECT_THAT(get("/api/v1/query?query=one"), HasSubstr("\"1\""));
  EXPECT_THAT(get("/api/v1/query?query=m"), HasSubstr("\"42\""));
}

TEST_F(ServerTest, OtherPathsAreNotFound) {
  start("");
  EXPECT_EQ(ask("/graph").status, 404);
  EXPECT_EQ(ask("/").status, 404);
  EXPECT_EQ(ask("/-/nothing").status, 404);
  EXPECT_EQ(ask("/version").status, 200);
  EXPECT_THAT(get("/version"), HasSubstr("\"version\""));
}

TEST_F(ServerTest, LeavesNoTimerBehind) {
  start(kScrapesA1);
  run(Duration::seconds(20));
  server.reset();
  EXPECT_EQ(clock.next_due({}), Timestamp{});
}

TEST_F(ServerTest, TheEngineFollowsOptionsAndConfiguration) {
  options.lookback = Duration::minutes(7);
  options.query_samples_max = 5;
  start("global: {evaluation_interval: 30s}\n");
  EXPECT_EQ(server->engine_options().lookback, Duration::minutes(7));
  EXPECT_EQ(server->engine_options().samples_max, 5u);
  EXPECT_EQ(server->engine_options().subquery_step_default, Duration::seconds(30));
}

}  // namespace
}  // namespace promenade::server
