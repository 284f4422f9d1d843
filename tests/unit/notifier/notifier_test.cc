// Alerts on their way to Alertmanagers, over a network in the process.
#include "notifier/notifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/strings.h"
#include "sim/memory_file_system.h"
#include "sim/sim_net.h"
#include "sim/virtual_clock.h"

namespace promenade::notifier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Timestamp kStart = Timestamp::from_seconds(1'700'000'000);

class RecordingLogger final : public Logger {
 public:
  void log(LogLevel, std::string_view message, std::initializer_list<LogField> fields) override {
    std::string line(message);
    for (const auto& [name, value] : fields) line += " " + std::string(name) + "=" + value;
    lines.push_back(std::move(line));
  }
  std::vector<std::string> lines;
};

class NotifierTest : public testing::Test {
 protected:
  // An Alertmanager that keeps what it gets.
  void add_alertmanager(const std::string& authority, int status = 200) {
    statuses[authority] = status;
    net.add_host(authority, [this, authority](const HttpRequest& request) {
      requests[authority].push_back(request);
      return HttpResponse{.status = statuses[authority]};
    });
  }

  void configure(const std::string& text) {
    const auto config = config::parse_config("p.yml", text);
    ASSERT_TRUE(config) << config.error().message;
    notifier.apply(*config);
  }

  static rules::OutgoingAlert alert(const std::string& name, const Labels& more = {}) {
    rules::OutgoingAlert alert;
    alert.labels = LabelsBuilder(more).set("alertname", name).build();
    alert.starts_at = kStart;
    alert.ends_at = kStart + Duration::milliseconds(240'050);
    alert.generator_url = "http://p/graph?g0.expr=up&g0.tab=1";
    return alert;
  }

  void run() { clock.run_until(clock.now() + Duration::seconds(1)); }

  // How many alerts each request brought.
  std::vector<size_t> batches(const std::string& authority) {
    std::vector<size_t> counts;
    for (const HttpRequest& request : requests[authority]) {
      size_t count = 0;
      for (size_t at = 0; (at = request.body.find("\"startsAt\"", at)) != std::string::npos; ++at) {
        ++count;
      }
      counts.push_back(count);
    }
    return counts;
  }

  sim::VirtualClock clock{kStart};
  sim::SimNet net{clock};
  sim::MemoryFileSystem files;
  RecordingLogger logger;
  std::map<std::string, std::vector<HttpRequest>> requests;
  std::map<std::string, int> statuses;
  Notifier notifier{
      clock, net, files, logger, {.queue_capacity = 5, .batch_size = 2, .user_agent = "x/1"}};
};

TEST_F(NotifierTest, SendsWhatTheApiTakes) {
  add_alertmanager("am:9093");
  configure(
      "global: {external_labels: {replica: a, zone: z}}\n"
      "alerting: {alertmanagers: [{path_prefix: /am/, basic_auth: {username: u, password: p},"
      " static_configs: [{targets: ['am:9093']}]}]}\n");
  EXPECT_THAT(notifier.active(), ElementsAre("http://am:9093/am/api/v2/alerts"));
  rules::OutgoingAlert one = alert("Down", {{"zone", "own"}});
  one.annotations["summary"] = "it's \"down\"";
  notifier.send({one});
  EXPECT_FALSE(notifier.is_idle());
  run();
  EXPECT_TRUE(notifier.is_idle());
  ASSERT_EQ(requests["am:9093"].size(), 1u);
  const HttpRequest& request = requests["am:9093"][0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "/am/api/v2/alerts");
  EXPECT_EQ(request.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(request.headers.get("User-Agent"), "x/1");
  EXPECT_EQ(request.headers.get("Authorization"), "Basic dTpw");
  EXPECT_EQ(request.body,
            R"([{"annotations":{"summary":"it's \"down\""},)"
            R"("endsAt":"2023-11-14T22:17:20.050Z","startsAt":"2023-11-14T22:13:20.000Z",)"
            R"("generatorURL":"http://p/graph?g0.expr=up\u0026g0.tab=1",)"
            R"("labels":{"alertname":"Down","replica":"a","zone":"own"}}])");
}

TEST_F(NotifierTest, SendsBatchesOneAfterAnother) {
  add_alertmanager("am:9093");
  configure("alerting: {alertmanagers: [{static_configs: [{targets: ['am:9093']}]}]}\n");
  notifier.send({alert("A"), alert("B"), alert("C"), alert("D"), alert("E")});
  notifier.send({alert("F"), alert("G")});
  run();
  EXPECT_THAT(batches("am:9093"), ElementsAre(2, 2, 2, 1));
  EXPECT_THAT(requests["am:9093"][0].body, HasSubstr("\"alertname\":\"A\""));
  EXPECT_THAT(requests["am:9093"][3].body, HasSubstr("\"alertname\":\"G\""));
  EXPECT_EQ(notifier.statistics()[0].sent, 7u);
}

TEST_F(NotifierTest, AChangedSectionKeepsWhatWaits) {
  add_alertmanager("am:9093");
  configure("alerting: {alertmanagers: [{static_configs: [{targets: ['am:9093']}]}]}\n");
  notifier.send({alert("A"), alert("B"), alert("C")});
  configure(
      "alerting: {alertmanagers: [{timeout: 5s, static_configs: [{targets: ['am:9093']}]}]}\n");
  run();
  EXPECT_THAT(batches("am:9093"), ElementsAre(2, 1));
  EXPECT_THAT(requests["am:9093"][0].body, HasSubstr("\"alertname\":\"A\""));
  EXPECT_THAT(logger.lines, IsEmpty());
}

TEST_F(NotifierTest, WhatIsLostWithAnAlertmanagerIsInTheLog) {
  add_alertmanager("am:9093");
  configure("alerting: {alertmanagers: [{static_configs: [{targets: ['am:9093']}]}]}\n");
  notifier.send({alert("A"), alert("B"), alert("C")});
  configure("alerting: {alertmanagers: [{static_configs: [{targets: ['other:9093']}]}]}\n");
  run();
  EXPECT_THAT(batches("am:9093"), IsEmpty());
  EXPECT_THAT(logger.lines, ElementsAre("Dropping alerts of an Alertmanager that is no longer used "
                                        "alertmanager=http://am:9093/api/v2/alerts count=3"));
}

TEST_F(NotifierTest, AFullQueueLosesItsOldest) {
  add_alertmanager("am:9093");
  configure("alerting: {alertmanagers: [{static_configs: [{targets: ['am:9093']}]}]}\n");
  notifier.send({alert("A")});  // Under way at once.
  for (const char* name : {"B", "C", "D", "E", "F", "G"}) notifier.send({alert(name)});
  EXPECT_EQ(notifier.statistics()[0].queue_length, 5u);
  run();
  EXPECT_THAT(batches("am:9093"), ElementsAre(1, 2, 2, 1));
  EXPECT_THAT(requests["am:9093"][1].body, HasSubstr("\"alertname\":\"C\""));
  EXPECT_EQ(notifier.statistics()[0].dropped, 1u);
}

TEST_F(NotifierTest, OneThatFailsDoesNotHoldUpTheOthers) {
  add_alertmanager("good:9093");
  add_alertmanager("bad:9093", 500);
  configure(
      "alerting: {alertmanagers: [{static_configs: [{targets: ['bad:9093', 'gone:9093']}]},"
      " {static_configs: [{targets: ['good:9093']}]}]}\n");
  notifier.send({alert("A"), alert("B"), alert("C")});
  run();
  const auto statistics = notifier.statistics();
  ASSERT_EQ(statistics.size(), 3u);
  EXPECT_EQ(statistics[0].url, "http://bad:9093/api/v2/alerts");
  EXPECT_EQ(statistics[0].errors, 3u);
  EXPECT_EQ(statistics[0].dropped, 3u);
  EXPECT_EQ(statistics[1].errors, 3u);  // gone:9093, with no response at all.
  EXPECT_EQ(statistics[2].errors, 0u);
  EXPECT_EQ(statistics[2].sent, 3u);
  EXPECT_TRUE(notifier.is_idle());
}

TEST_F(NotifierTest, RelabelsAlertsForAllAndForEachSet) {
  add_alertmanager("one:9093");
  add_alertmanager("two:9093");
  configure(R"(
global: {external_labels: {replica: a}}
alerting:
  alert_relabel_configs:
    - {action: labeldrop, regex: replica}
    - {source_labels: [alertname], regex: Quiet, action: drop}
  alertmanagers:
    - static_configs: [{targets: ['one:9093']}]
    - static_configs: [{targets: ['two:9093']}]
      alert_relabel_configs: [{target_label: to, replacement: two}]
)");
  notifier.send({alert("Quiet"), alert("Loud")});
  run();
  EXPECT_THAT(batches("one:9093"), ElementsAre(1));
  EXPECT_THAT(requests["one:9093"][0].body, HasSubstr(R"("labels":{"alertname":"Loud"}})"));
  EXPECT_THAT(requests["two:9093"][0].body,
              HasSubstr(R"("labels":{"alertname":"Loud","to":"two"}})"));
}

TEST_F(NotifierTest, FindsAlertmanagersByFileAndRelabelsThem) {
  add_alertmanager("a:9093");
  files.write("am.json", R"([{"targets":["a:9093","b:9093","a:9093"],"labels":{"env":"prod"}}])");
  configure(R"(
alerting:
  alertmanagers:
    - file_sd_configs: [{files: [am.json]}]
      relabel_configs:
        - {source_labels: [__address__], regex: 'b:.*', action: drop}
        - {source_labels: [env], target_label: __scheme__, replacement: http}
)");
  EXPECT_THAT(notifier.active(), ElementsAre("http://a:9093/api/v2/alerts"));
  EXPECT_THAT(notifier.dropped(), ElementsAre("http://b:9093/api/v2/alerts"));
  files.write("am.json", R"([{"targets":["c:9093"]}])");
  clock.run_until(clock.now() + Duration::seconds(10));
  EXPECT_THAT(notifier.active(), ElementsAre("http://c:9093/api/v2/alerts"));
  EXPECT_THAT(notifier.dropped(), IsEmpty());
}

TEST_F(NotifierTest, AReloadKeepsTheQueuesOfEqualSets) {
  add_alertmanager("a:9093");
  const std::string set_a = "{static_configs: [{targets: ['a:9093']}]}";
  configure("alerting: {alertmanagers: [" + set_a + "]}\n");
  notifier.send({alert("A"), alert("B"), alert("C")});
  configure("alerting: {alertmanagers: [{static_configs: [{targets: ['b:9093']}]}, " + set_a +
            "]}\n");
  run();
  EXPECT_THAT(batches("a:9093"), ElementsAre(2, 1));
  notifier.send({alert("D")});
  configure("");
  run();
  EXPECT_THAT(batches("a:9093"), ElementsAre(2, 1));  // Cancelled.
  EXPECT_THAT(notifier.active(), IsEmpty());
}

TEST_F(NotifierTest, ASlowAlertmanagerTimesOut) {
  add_alertmanager("slow:9093");
  net.set_behaviour("slow:9093", {.latency = Duration::seconds(5)});
  configure(
      "alerting: {alertmanagers: [{timeout: 2s, static_configs: [{targets: ['slow:9093']}]}]}\n");
  notifier.send({alert("A")});
  clock.run_until(clock.now() + Duration::seconds(2));
  EXPECT_EQ(notifier.statistics()[0].errors, 1u);
  EXPECT_EQ(notifier.statistics()[0].request_seconds, 2);
}

}  // namespace
}  // namespace promenade::notifier
