// The API as clients meet it; its error texts are compared with Alertmanager's own in
// tests/integration/alertmanager.test.mjs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.h"

namespace promenade::alertmanager {
namespace {

using ::testing::HasSubstr;

constexpr const char* kConfig = R"(
global: {resolve_timeout: 5m}
route: {receiver: hook, group_by: [team], routes: [{matchers: [team=b], receiver: other, mute_time_intervals: [always]}]}
inhibit_rules: [{source_matchers: [severity=critical], target_matchers: [severity=warning]}]
time_intervals: [{name: always, time_intervals: [{}]}]
receivers: [{name: hook}, {name: other, labels: {a: b}}]
)";

TEST(Api, ShowsAnAlertWithItsStatus) {
  Bench bench(kConfig);
  bench.push("alertname=A severity=warning team=a", std::nullopt);
  bench.push("alertname=C severity=critical team=a", std::nullopt);
  const std::string id = bench.silence("alertname=A", Duration::hours(1));
  const auto alerts = bench.get("/alerts?filter=alertname%3DA");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0]["status"]["state"], "suppressed");
  EXPECT_EQ(alerts[0]["status"]["silencedBy"], nlohmann::json::array({id}));
  EXPECT_EQ(alerts[0]["status"]["inhibitedBy"].size(), 1u);
  EXPECT_EQ(alerts[0]["startsAt"], "2026-01-05T10:00:00.000Z");
  EXPECT_EQ(alerts[0]["endsAt"], "2026-01-05T10:05:00.000Z");
  EXPECT_EQ(alerts[0]["receivers"][0]["name"], "hook");
  EXPECT_EQ(bench.get("/alerts?inhibited=false").size(), 1u);
  EXPECT_EQ(bench.get("/alerts?silenced=no").size(), 1u);
  EXPECT_EQ(bench.get("/alerts?active=false").size(), 1u);
  EXPECT_EQ(bench.get("/alerts?receiver=oth").size(), 0u);
  bench.run_to(Duration::minutes(6));
  EXPECT_EQ(bench.get("/alerts").size(), 0u);  // Timed out.
}

TEST(Api, ShowsWhatMutesAGroup) {
  Bench bench(kConfig);
  bench.push("alertname=A team=b", std::nullopt);
  bench.push("alertname=A team=a", std::nullopt);
  const auto groups = bench.get("/alerts/groups");
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0]["labels"]["team"], "a");
  EXPECT_EQ(groups[1]["alerts"][0]["status"]["mutedBy"], nlohmann::json::array({"always"}));
  EXPECT_EQ(groups[1]["alerts"][0]["status"]["state"], "suppressed");
  EXPECT_EQ(bench.get("/alerts/groups?muted=false").size(), 1u);
}

TEST(Api, SilencesChangeInPlaceOrAreReplaced) {
  Bench bench(kConfig);
  const std::string id = bench.silence("a=b", Duration::hours(1));
  bench.run_to(Duration::minutes(1));
  auto silence = bench.get("/silence/" + id);
  const auto post = [&] {
    const HttpResponse response = bench.ask("POST", "/api/v2/silences", silence.dump());
    EXPECT_EQ(response.status, 200) << response.body;
    return nlohmann::json::parse(response.body)["silenceID"].get<std::string>();
  };
  silence["endsAt"] = "2026-01-05T13:00:00Z";
  EXPECT_EQ(post(), id);
  EXPECT_EQ(bench.get("/silence/" + id)["endsAt"], "2026-01-05T13:00:00.000Z");
  silence["matchers"][0]["value"] = "c";
  const std::string replacement = post();
  EXPECT_NE(replacement, id);
  EXPECT_EQ(bench.get("/silence/" + id)["status"]["state"], "expired");
  EXPECT_EQ(bench.get("/silence/" + replacement)["status"]["state"], "active");
  EXPECT_EQ(bench.ask("DELETE", "/api/v2/silence/" + replacement).status, 200);
  EXPECT_EQ(bench.ask("DELETE", "/api/v2/silence/" + replacement).status, 200);
  EXPECT_EQ(bench.get("/silences?expired=false").size(), 0u);
  EXPECT_EQ(bench.get("/silences?filter=a%3D%22c%22").size(), 1u);
  EXPECT_EQ(bench.get("/silences?filter=a%3D~%22c%22").size(), 0u);
}

TEST(Api, SilencesAreForgottenAfterTheRetention) {
  Bench bench(kConfig);
  bench.silence("a=b", Duration::hours(1));
  bench.run_to(Duration::hours(120));
  EXPECT_EQ(bench.get("/silences").size(), 1u);
  bench.run_to(Duration::hours(122));
  EXPECT_EQ(bench.get("/silences").size(), 0u);
}

TEST(Api, ValidAlertsAreTakenEvenWhenOthersAreNot) {
  Bench bench(kConfig);
  const HttpResponse response = bench.ask(
      "POST", "/api/v2/alerts",
      R"([{"labels":{"a":""}},{"labels":{"a":"b"}},{"labels":{"a":"c"},"startsAt":"2026-01-05T10:00:00Z","endsAt":"2026-01-05T09:00:00Z"}])");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body,
            "\"at least one label pair required\\nstart time must be before end time\"\n");
  EXPECT_EQ(bench.get("/alerts").size(), 1u);
  EXPECT_THAT(bench.ask("GET", "/metrics").body,
              HasSubstr("alertmanager_alerts_invalid_total{version=\"v2\"} 2\n"));
}

TEST(Api, ReloadKeepsTheOldConfigurationWhenTheNewOneIsWrong) {
  Bench bench(kConfig);
  bench.files.write("alertmanager.yml", "route: {receiver: nobody}");
  const HttpResponse response = bench.ask("POST", "/-/reload");
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body,
              HasSubstr("failed to reload config: alertmanager.yml:1:19: undefined receiver"));
  EXPECT_EQ(bench.get("/receivers").size(), 2u);
  EXPECT_EQ(bench.get("/receivers")[1]["labels"]["a"], "b");
  EXPECT_THAT(bench.ask("GET", "/metrics").body,
              HasSubstr("alertmanager_config_last_reload_successful 0\n"));
  EXPECT_EQ(bench.ask("GET", "/-/healthy").body, "OK");
  EXPECT_EQ(bench.ask("GET", "/api/v1/alerts").status, 410);
}

TEST(Api, ADamagedSilencesFileIsAnErrorThatNamesIt) {
  Bench bench(kConfig);
  bench.server.reset();
  bench.files.write("data/silences", "\x05garbage");
  const auto created = Alertmanager::create({.storage_path = "data"},
                                            {bench.clock, bench.net, bench.files, bench.logger});
  ASSERT_FALSE(created);
  EXPECT_THAT(created.error().message, HasSubstr("data/silences: "));
}

TEST(Delivery, AFailureIsLoggedAndCounted) {
  Bench bench(R"(
route: {receiver: hook, group_wait: 10s, group_interval: 1m}
receivers: [{name: hook, webhook_configs: [{url: 'http://nowhere:80/'}]}]
)");
  bench.push("alertname=A", std::nullopt);
  bench.run_to(Duration::minutes(2));
  ASSERT_FALSE(bench.logger.lines.empty());
  EXPECT_THAT(bench.logger.lines.front(),
              HasSubstr("hook/webhook[0]: notify retry canceled after"));
  EXPECT_THAT(bench.logger.lines.front(), HasSubstr("no such host"));
  const std::string metrics = bench.ask("GET", "/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("alertmanager_notifications_total{integration=\"webhook\"} 2\n"));
  EXPECT_THAT(metrics, HasSubstr("alertmanager_notifications_failed_total{integration=\"webhook\","
                                 "reason=\"other\"} 1\n"));
}

TEST(Delivery, TheWebhooksMessageIsVersionFour) {
  Bench bench(R"(
route: {receiver: hook, group_by: [team], group_wait: 10s}
receivers: [{name: hook, webhook_configs: [{url: 'http://receiver:80/hook', max_alerts: 1, http_config: {authorization: {credentials: t}}}]}]
)");
  bench.push("alertname=A team=x", std::nullopt);
  bench.push("alertname=B team=x", std::nullopt);
  bench.run_to(Duration::seconds(10));
  ASSERT_EQ(bench.requests.size(), 1u);
  EXPECT_EQ(bench.requests[0].headers.get("Authorization"), "Bearer t");
  EXPECT_EQ(bench.requests[0].headers.get("User-Agent"), "Alertmanager/0.34.0");
  EXPECT_EQ(
      bench.requests[0].body,
      R"({"receiver":"hook","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A","team":"x"},"annotations":{},"startsAt":"2026-01-05T10:00:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"","fingerprint":"a0de7763374450e2"}],"notification_reason":"first notification","groupLabels":{"team":"x"},"commonLabels":{"alertname":"A","team":"x"},"commonAnnotations":{},"routeLabels":{},"externalURL":"http://am:9093","version":"4","groupKey":"{}:{team=\"x\"}","truncatedAlerts":1})"
      "\n");
}

}  // namespace
}  // namespace promenade::alertmanager
