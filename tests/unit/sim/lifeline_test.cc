// The line of an alert in a world: from the expression past the threshold to the message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sim/world.h"

namespace promenade::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Two minutes after the start a metric passes 60, and ten minutes later it goes back.
const std::string kWorld = R"yaml(
world: line
values: {depth: "if(phase(1d) >= 120 and phase(1d) < 720, 80, 20)"}
services:
  queue:
    instances: 1
    metrics: [{gauge: queue_depth, value: depth}]
)yaml";
const std::string kRules = R"(
groups:
- name: g
  interval: 1m
  rules:
  - {alert: Deep, expr: '60 < max by (job) (queue_depth)', for: 2m, labels: {severity: page}}
  - {alert: Never, expr: absent(queue_depth) and absent(up), annotations: {a: b}}
)";
const std::string kAlertmanager = R"(
route: {receiver: hook, group_by: [alertname], group_wait: 30s, group_interval: 1m}
receivers: [{name: hook, webhook_configs: [{url: 'http://robot/'}]}]
)";

std::unique_ptr<World> make_world(std::map<std::string, std::string> files) {
  WorldOptions options;
  options.workload = "line.yaml";
  options.definition = kWorld;
  options.history = Duration::minutes(20);
  options.files = std::move(files);
  auto world = World::create(options);
  EXPECT_TRUE(world) << world.error().message;
  return std::move(*world);
}

class LifelineTest : public ::testing::Test {
 protected:
  HttpResponse get(const std::string& parameters) {
    const double now = world->now().in_seconds();
    return world->handle(
        {.method = "GET",
         .url = "http://prometheus:9090/api/v1/alert_lifeline?start=" + std::to_string(now - 1200) +
                "&end=" + std::to_string(now) + parameters});
  }
  nlohmann::json line(const std::string& parameters) {
    const HttpResponse response = get(parameters);
    EXPECT_EQ(response.status, 200) << response.body;
    return nlohmann::json::parse(response.body)["data"];
  }
  // Minutes since the world began, to tenths.
  double minutes(const nlohmann::json& seconds) {
    const double begin = world->now().in_seconds() - 1200;
    return std::round((seconds.get<double>() - begin) / 6) / 10;
  }

  std::unique_ptr<World> world =
      make_world({{"rules.yml", kRules}, {"alertmanager.yml", kAlertmanager}});
};

TEST_F(LifelineTest, LeadsFromTheExpressionToTheMessage) {
  const auto data = line("&alert=Deep");
  EXPECT_EQ(data["rule"]["query"], "60 < max by (job) (queue_depth)");
  EXPECT_EQ(data["rule"]["watched"], "max by (job) (queue_depth)");
  EXPECT_EQ(data["rule"]["operator"], ">");
  EXPECT_EQ(data["rule"]["threshold"], 60);
  EXPECT_EQ(data["rule"]["duration"], 120);

  ASSERT_EQ(data["series"].size(), 1u);
  const auto& series = data["series"][0];
  EXPECT_EQ(series["labels"].dump(), R"({"job":"queue"})");
  EXPECT_GE(series["values"].size(), 18u);
  ASSERT_EQ(series["holds"].size(), 1u);
  const double passed = minutes(series["holds"][0]["start"]);
  const double back = minutes(series["holds"][0]["end"]);
  EXPECT_GE(passed, 2);
  EXPECT_LE(passed, 4);
  EXPECT_NEAR(back - passed, 10, 0.01);

  ASSERT_EQ(data["alerts"].size(), 1u);
  const auto& alert = data["alerts"][0];
  EXPECT_EQ(alert["labels"].dump(), R"({"alertname":"Deep","job":"queue","severity":"page"})");
  EXPECT_EQ(alert["series"], 0);
  ASSERT_EQ(alert["states"].size(), 2u);
  EXPECT_EQ(alert["states"][0]["state"], "pending");
  EXPECT_NEAR(minutes(alert["states"][0]["start"]), passed, 0.01);
  EXPECT_NEAR(minutes(alert["states"][0]["end"]), passed + 2, 0.01);
  EXPECT_EQ(alert["states"][1]["state"], "firing");
  EXPECT_NEAR(minutes(alert["states"][1]["start"]), passed + 2, 0.01);
  EXPECT_NEAR(minutes(alert["states"][1]["end"]), back, 0.01);

  std::vector<std::string> told;
  for (const auto& one : alert["notifications"]) {
    told.push_back(one["status"].get<std::string>() + " " + one["receiver"].get<std::string>() +
                   " " + one["integration"].get<std::string>() + " " +
                   one["reason"].get<std::string>());
  }
  EXPECT_THAT(told, ElementsAre("firing hook webhook[0] first notification",
                                "resolved hook webhook[0] all alerts resolved"));
  const auto& first = alert["notifications"][0];
  EXPECT_EQ(first["groupWait"], 30);
  EXPECT_EQ(first["groupLabels"].dump(), R"({"alertname":"Deep"})");
  EXPECT_NEAR(minutes(first["groupSince"]), passed + 2, 0.11);
  EXPECT_NEAR(minutes(first["time"]), passed + 2.5, 0.11);
  EXPECT_GE(minutes(alert["notifications"][1]["time"]), back);
}

TEST_F(LifelineTest, WhatIsNoComparisonIsWatchedAsItIs) {
  const auto data = line("&alert=Never&group=g");
  EXPECT_EQ(data["rule"]["watched"], data["rule"]["query"]);
  EXPECT_FALSE(data["rule"].contains("threshold"));
  EXPECT_EQ(data["series"].size(), 0u);
  EXPECT_EQ(data["alerts"].size(), 0u);
}

TEST_F(LifelineTest, AnIntervalThatGoesOnHasNoEnd) {
  world = make_world({{"rules.yml", "groups: [{name: g, rules: [{alert: On, expr: up == 1}]}]"}});
  const auto data = line("&alert=On&step=30");
  ASSERT_EQ(data["alerts"].size(), 2u);
  const auto& alert = data["alerts"][0];
  ASSERT_EQ(alert["states"].size(), 1u);
  EXPECT_FALSE(alert["states"][0].contains("end"));
  EXPECT_EQ(alert["notifications"].size(), 0u);  // There is no Alertmanager.
  EXPECT_FALSE(data["series"][alert["series"].get<size_t>()]["holds"][0].contains("end"));
}

TEST_F(LifelineTest, WhatIsAskedWrongIsSaid) {
  EXPECT_EQ(get("").status, 400);
  EXPECT_EQ(get("&alert=Nobody").status, 404);
  EXPECT_THAT(get("&alert=Nobody").body, HasSubstr("there is no alerting rule \\\"Nobody\\\""));
  EXPECT_EQ(get("&alert=Deep&group=other").status, 404);
  EXPECT_EQ(get("&alert=Deep&step=0").status, 400);
  EXPECT_THAT(get("&alert=Deep&step=0.1").body, HasSubstr("more than 11,000 points"));
  EXPECT_EQ(world
                ->handle({.method = "GET",
                          .url = "http://prometheus:9090/api/v1/alert_lifeline?alert=Deep&start=5"})
                .status,
            400);
}

}  // namespace
}  // namespace promenade::sim
