// A world with rule files and an Alertmanager: from a rule that fires to what people read.
#include "sim/alertmanager_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "alertmanager/notification.h"
#include "sim/inbox.h"
#include "sim/virtual_clock.h"
#include "sim/world.h"

namespace promenade::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kRules = R"(
groups:
- name: g
  interval: 1m
  rules:
  - alert: Busy
    expr: sum by (job) (rate(http_requests_total{job="checkout"}[5m])) > 0
    for: 2m
    labels: {severity: page}
    annotations: {summary: "{{ $labels.job }} is <busy>"}
  - alert: Always
    expr: vector(1)
)";
const std::string kAlertmanager = R"(
global: {smtp_smarthost: 'mail:587', smtp_from: am@example.org}
route:
  receiver: everyone
  group_by: [alertname]
  group_wait: 30s
  routes:
  - {matchers: [severity=page], receiver: pager}
receivers:
- name: everyone
  email_configs: [{to: all@example.org, text: '{{ .Status }}: {{ len .Alerts }}'}]
- name: pager
  slack_configs: [{api_url: 'https://hooks.slack.com/services/x', channel: '#oncall', text: '{{ .CommonAnnotations.summary }}'}]
  pagerduty_configs: [{routing_key: k}]
  webhook_configs: [{url: 'http://robot/'}]
)";

std::unique_ptr<World> make_world(std::map<std::string, std::string> files, Duration history) {
  WorldOptions options;
  options.history = history;
  options.files = std::move(files);
  auto world = World::create(options);
  EXPECT_TRUE(world) << world.error().message;
  return std::move(*world);
}

HttpResponse ask(World& world, std::string method, std::string url, std::string body = "") {
  HttpRequest request{.method = std::move(method), .url = std::move(url), .body = std::move(body)};
  if (!request.body.empty()) request.headers.set("Content-Type", "application/json");
  return world.handle(request);
}

// "everyone email[0] firing [FIRING:1] ...", a line a notification.
std::vector<std::string> arrived(World& world, const std::string& parameters = "") {
  const auto inbox =
      nlohmann::json::parse(ask(world, "GET", "http://inbox/notifications" + parameters).body);
  std::vector<std::string> lines;
  for (const auto& one : inbox["notifications"]) {
    lines.push_back(one["receiver"].get<std::string>() + " " +
                    one["integration"].get<std::string>() + " " +
                    one["subject"].get<std::string>() + ": " + one["text"].get<std::string>());
  }
  return lines;
}

TEST(AlertmanagerHost, WhatARuleFindsReachesTheInbox) {
  const auto world = make_world({{"rules.yml", kRules}, {"alertmanager.yml", kAlertmanager}},
                                Duration::minutes(20));
  EXPECT_THAT(arrived(*world, "?receiver=everyone"),
              ElementsAre("everyone email[0] [FIRING:1] Always : firing: 1"));
  EXPECT_THAT(arrived(*world, "?receiver=pager"),
              ::testing::UnorderedElementsAre(
                  "pager slack[0] [FIRING:1] Busy (checkout page): checkout is <busy>",
                  "pager pagerduty[0] [FIRING:1] Busy (checkout page): ",
                  "pager webhook[0] [FIRING:1] Busy (checkout page): "));
  EXPECT_EQ(arrived(*world, "?receiver=pager&integration=slack").size(), 1u);
  const auto alerts =
      nlohmann::json::parse(ask(*world, "GET", "http://alertmanager:9093/api/v2/alerts").body);
  ASSERT_EQ(alerts.size(), 2u);
  EXPECT_EQ(alerts[0]["status"]["state"], "active");
}

TEST(AlertmanagerHost, ASilenceOfThePageKeepsAnAlertQuiet) {
  const auto world = make_world({{"rules.yml", kRules}, {"alertmanager.yml", kAlertmanager}},
                                Duration::seconds(1));
  const HttpResponse made = ask(
      *world, "POST", "http://alertmanager:9093/api/v2/silences",
      R"({"matchers":[{"name":"alertname","value":"Always","isRegex":false}],"createdBy":"me","comment":"known",)"
      R"("startsAt":"2026-01-01T00:00:00Z","endsAt":"2026-01-01T12:00:00Z"})");
  EXPECT_EQ(made.status, 200) << made.body;
  world->run_until(world->now() + Duration::minutes(20));
  EXPECT_THAT(arrived(*world, "?receiver=everyone"), ElementsAre());
  EXPECT_EQ(arrived(*world, "?receiver=pager").size(), 3u);
}

TEST(AlertmanagerHost, AServiceThatFailsGetsItLater) {
  const auto world = make_world({{"rules.yml", kRules}, {"alertmanager.yml", kAlertmanager}},
                                Duration::seconds(1));
  EXPECT_EQ(ask(*world, "POST", "http://inbox/answer?status=ok").status, 400);
  EXPECT_EQ(ask(*world, "POST", "http://inbox/answer?status=503").status, 200);
  world->run_until(world->now() + Duration::minutes(7));
  EXPECT_THAT(arrived(*world), ElementsAre());
  EXPECT_EQ(ask(*world, "POST", "http://inbox/answer?status=200").status, 200);
  world->run_until(world->now() + Duration::minutes(5));
  EXPECT_EQ(arrived(*world).size(), 4u);
}

alertmanager::Notification notification_of(size_t alerts) {
  alertmanager::Notification notification;
  for (size_t i = 0; i < alerts; ++i) {
    alertmanager::Alert alert;
    alert.labels = Labels{{"instance", std::to_string(i)}};
    notification.alerts.push_back({std::make_shared<const alertmanager::Alert>(alert), false});
  }
  return notification;
}

TEST(Inbox, IsBoundedByBytesAndByNotification) {
  VirtualClock clock{Timestamp{}};
  SimNet net(clock);
  Inbox inbox(clock, net);
  const auto shown = [&] {
    return nlohmann::json::parse(
        net.ask({.method = "GET", .url = "http://inbox/notifications"}).body);
  };
  const alertmanager::Notification few = notification_of(1);
  const std::string text(kInboxTextBytesMax - 1, 'x');
  const size_t fits = kInboxBytesMax / (text.size() + 250);
  for (size_t i = 0; i < fits; ++i) inbox.on_delivered({few, "slack", 0, "s", text});
  EXPECT_EQ(shown()["forgotten"], 0);
  for (size_t i = 0; i < 5; ++i) inbox.on_delivered({few, "slack", 0, "last", text});
  EXPECT_GE(shown()["forgotten"], 1);
  EXPECT_LE(shown()["notifications"].size(), fits + 4);
  EXPECT_EQ(shown()["notifications"].back()["subject"], "last");

  // The beginning of a text, up to a whole character, and of the alerts.
  inbox.on_delivered({notification_of(kInboxAlertsMax + 3), "slack", 0, "", text + "äöü"});
  const auto last = shown()["notifications"].back();
  EXPECT_EQ(last["text"], text);
  EXPECT_EQ(last["alerts"].size(), kInboxAlertsMax);
  EXPECT_EQ(last["alertsLeftOut"], 3);
}

TEST(AlertmanagerHost, WhatIsWrongWithAFileIsSaidWithItsPlace) {
  const auto refused = [](const std::string& name, const std::string& text) {
    WorldOptions options;
    options.files = {{"alertmanager.yml", kAlertmanager}, {"rules.yml", kRules}};
    options.files[name] = text;
    const auto world = World::create(options);
    EXPECT_FALSE(world);
    return world ? "" : world.error().message;
  };
  EXPECT_THAT(refused("alertmanager.yml", "route: {receiver: x}\nreceivers: [{name: y}]\n"),
              StartsWith("alertmanager.yml:1:"));
  EXPECT_THAT(refused("rules.yml", "groups:\n- name: g\n  rules: [{alert: A, expr: 'sum('}]\n"),
              HasSubstr("rules.yml:3:"));
  EXPECT_THAT(refused("prometheus.yml", "global: {scrape_intervall: 1s}\n"),
              HasSubstr("prometheus.yml:1:"));
}

TEST(WithAlerting, LeavesSectionsOfTheFilesOwn) {
  const std::map<std::string, std::string> files = {
      {"alertmanager.yml", ""}, {"b.yml", ""}, {"a.yaml", ""}, {"x.tmpl", ""}};
  EXPECT_EQ(with_alerting("global: {}", files),
            "global: {}\nalerting:\n  alertmanagers:\n    - static_configs:\n        - targets: "
            "[\"alertmanager:9093\"]\nrule_files:\n  - \"a.yaml\"\n  - \"b.yml\"\n");
  EXPECT_EQ(with_alerting("alerting: {}\nrule_files: []\n", files),
            "alerting: {}\nrule_files: []\n");
  EXPECT_EQ(with_alerting("global: {}\n", {}), "global: {}\n");
}

}  // namespace
}  // namespace promenade::sim
