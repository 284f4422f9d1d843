// Ten thousand alerts in one group: all of them are told, and when a template makes too much of
// them, the first, and how many there are. Nothing is lost in silence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alertmanager/notification.h"
#include "alertmanager/receivers/mailer.h"
#include "fixture.h"

namespace promenade::alertmanager {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr size_t kAlerts = 10'000;
constexpr size_t kBatch = 1000;

size_t count_of(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

// Without the soft line breaks of quoted-printable.
std::string unfolded(std::string text) {
  for (size_t at = text.find("=\r\n"); at != text.npos; at = text.find("=\r\n", at)) {
    text.erase(at, 3);
  }
  return text;
}

// Takes every mail at once.
class Letterbox final : public Mailer {
 public:
  explicit Letterbox(Clock& clock) : clock_(clock) {}
  MailId send(Mail mail, Duration, Callback callback) override {
    mails.push_back(std::move(mail));
    clock_.call_at(clock_.now(), [callback] { callback({}); });
    return MailId{1};
  }
  void cancel(MailId) override {}

  std::vector<Mail> mails;

 private:
  Clock& clock_;
};

struct Case {
  std::string name;
  std::string receiver;
  std::string in_each_alert;  // Occurs once for each alert that is told.
  size_t told = kAlerts;
  std::vector<std::string> says;  // Occurs in the message, too.
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

// Writes 40 MB for so many alerts, which is too much, and a hundredth of it for a hundred.
const std::string kCostly =
    "{{ range .Alerts }}instance={{ .Labels.instance }} {{ printf \"%4000s\" \"\" }}{{ end }}";

const std::vector<Case> kCases = {
    {"webhook",
     "webhook_configs: [{url: 'http://receiver:80/x'}]",
     "\"instance\":\"",
     kAlerts,
     {"\"truncatedAlerts\":0"}},
    {"webhook_with_max_alerts",
     "webhook_configs: [{url: 'http://receiver:80/x', max_alerts: 7}]",
     "\"instance\":\"",
     7,
     {"\"truncatedAlerts\":9993"}},
    {"slack",
     "slack_configs: [{api_url: 'http://receiver:80/x', text: '{{ template "
     "\"__text_alert_list\" .Alerts }}'}]",
     " - instance = ",
     kAlerts,
     {"[FIRING:10000]  (A web)"}},
    {"slack_with_a_costly_template",
     "slack_configs: [{api_url: 'http://receiver:80/x', text: '" + kCostly + "'}]",
     "instance=",
     100,
     {"The first 100 of 10000 alerts; more would be too much to send\\ninstance="}},
    {"pagerduty_with_a_costly_template",
     "pagerduty_configs: [{routing_key: k, url: 'http://receiver:80/x', description: d, details: "
     "{a: '" +
         kCostly + "'}}]",
     "instance=",
     100,
     {"\"summary\":\"The first 100 of 10000 alerts;"}},
    {"a_template_that_hardly_bears_one",
     "slack_configs: [{api_url: 'http://receiver:80/x', text: '{{ range .Alerts }}instance={{ "
     ".Labels.instance }} {{ printf \"%600000s\" \"\" }}{{ end }}'}]",
     "instance=",
     1,
     {"The first 1 of 10000 alerts;"}},
    {"email",
     "email_configs: [{to: b@example.org}]",
     "<td>instance</td>",
     kAlerts,
     {"[FIRING:10000]  (A web)", "10000 alerts for"}},
    {"email_with_a_costly_template",
     "email_configs: [{to: b@example.org, text: '" + kCostly +
         "', html: '<body x=y>hello {{ range "
         ".Alerts }}{{ printf \"%4000s\" \"\" }}{{ end }}</body>'}]",
     "instance=3D",
     100,
     {"\r\nThe first 100 of 10000 alerts; more would be too much to send\r\ninstance=3D",
      "<body x=3Dy><p>The first 100 of 10000 alerts; more would be too much to send</p>hello"}},
};

class LargeGroupTest : public ::testing::TestWithParam<Case> {};

TEST_P(LargeGroupTest, IsTold) {
  const Case& expected = GetParam();
  Bench bench(
      "global: {smtp_smarthost: 'mail:587', smtp_from: a@example.org}\n"
      "route: {receiver: x, group_wait: 10s}\nreceivers:\n- name: x\n  " +
      expected.receiver);
  Letterbox letterbox(bench.clock);
  bench.server.reset();
  AlertmanagerOptions options;
  auto created = Alertmanager::create(
      options, {bench.clock, bench.net, bench.files, bench.logger, &letterbox});
  ASSERT_TRUE(created) << created.error().message;
  bench.server = std::move(*created);
  nlohmann::json batch = nlohmann::json::array();
  for (size_t i = 0; i < kAlerts; ++i) {
    batch.push_back(
        {{"labels", {{"alertname", "A"}, {"job", "web"}, {"instance", "web-" + std::to_string(i)}}},
         {"annotations", {{"summary", "It is <slow>."}}}});
    if (batch.size() < kBatch) continue;
    ASSERT_EQ(bench.ask("POST", "/api/v2/alerts", batch.dump()).status, 200);
    batch.clear();
  }
  bench.run_to(Duration::seconds(10));
  ASSERT_EQ(bench.requests.size() + letterbox.mails.size(), 1u)
      << ::testing::PrintToString(bench.logger.lines);
  const std::string message =
      bench.requests.empty() ? unfolded(letterbox.mails[0].message) : bench.requests[0].body;
  EXPECT_EQ(count_of(message, expected.in_each_alert), expected.told);
  for (const std::string& part : expected.says) {
    EXPECT_NE(message.find(part), message.npos) << part << "\nin " << message.substr(0, 2000);
  }
  const bool is_shortened = expected.told < kAlerts && expected.name != "webhook_with_max_alerts";
  EXPECT_EQ(bench.logger.lines.empty(), !is_shortened);
  if (is_shortened) {
    EXPECT_THAT(bench.logger.lines.front(),
                StartsWith("Notification is too long, telling of its first alerts receiver=x"));
    EXPECT_THAT(bench.logger.lines.front(), HasSubstr("num_alerts=10000"));
  }
  // It is told once, and remembered with all its alerts.
  bench.run_to(Duration::minutes(4));
  EXPECT_EQ(bench.requests.size() + letterbox.mails.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(All, LargeGroupTest, ::testing::ValuesIn(kCases),
                         [](const auto& info) { return info.param.name; });

TEST(LargeGroup, ATemplateThatIsTooMuchForOneAlertFailsAloud) {
  Bench bench(
      "route: {receiver: x, group_wait: 10s}\nreceivers: [{name: x, slack_configs: [{api_url: "
      "'http://receiver:80/x', text: '{{ range 2000000 }}{{ end }}'}]}]");
  bench.push("alertname=A", std::nullopt);
  bench.run_to(Duration::seconds(10));
  EXPECT_THAT(bench.logger.lines, ElementsAre(HasSubstr("takes more than 1002000 steps")));
}

TEST(LargeGroup, WhatStillFiresIsNotToldAsResolved) {
  Notification notification;
  for (int i = 0; i < 10; ++i) {
    Alert alert;
    alert.labels = Labels{{"instance", std::to_string(i)}};
    notification.alerts.push_back(
        {std::make_shared<const Alert>(std::move(alert)), i != 7 && i != 9});
  }
  const Notification few = shortened(notification, 3);
  std::vector<std::string> told;
  for (const NotifiedAlert& alert : few.alerts) {
    told.push_back(std::string(alert.alert->labels.get("instance")) + " " +
                   std::string(alert.status()));
  }
  EXPECT_THAT(told, ElementsAre("0 resolved", "7 firing", "9 firing"));
  EXPECT_EQ(few.left_out, 7u);
}

}  // namespace
}  // namespace promenade::alertmanager
