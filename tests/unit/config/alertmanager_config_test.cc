// alertmanager.yml: what is accepted and how it is inherited, what is refused with which words at
// which place, and the normalised dump.
#include "config/alertmanager/alertmanager_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promenade::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

AlertmanagerConfig parse(std::string_view text) {
  auto config = parse_alertmanager_config("etc/am.yml", text);
  EXPECT_TRUE(config) << config.error().message;
  return config ? std::move(*config) : AlertmanagerConfig{};
}

std::string parse_error(std::string_view text) {
  const auto config = parse_alertmanager_config("a.yml", text);
  return config ? "no error" : config.error().message;
}

constexpr std::string_view kReceiver = "\nreceivers: [{name: x}]\n";

TEST(AlertmanagerConfig, TheLeastThatIsEnough) {
  const AlertmanagerConfig config = parse("route: {receiver: x}\nreceivers: [{name: x}]");
  EXPECT_EQ(config.resolve_timeout, Duration::minutes(5));
  EXPECT_EQ(config.route.receiver, "x");
  EXPECT_FALSE(config.route.group_by.has_value());
  EXPECT_TRUE(config.global_http.follow_redirects);
  EXPECT_TRUE(config.notices.empty());
}

TEST(AlertmanagerConfig, ReceiversInheritFromTheGlobalSection) {
  const AlertmanagerConfig config = parse(R"(
global:
  slack_api_url: https://slack/x
  smtp_smarthost: mail:25
  smtp_from: am@example.org
  http_config: {basic_auth: {username: u, password: p}}
route: {receiver: x}
receivers:
  - name: x
    slack_configs:
      - channel: '#a'
      - {channel: '#b', api_url_file: token.txt, http_config: {}}
    email_configs: [{to: you@example.org, headers: {subject: Hello}}]
    pagerduty_configs: [{routing_key: k, details: {firing: mine, extra: 1}}]
)");
  const auto& integrations = config.receivers.at(0).integrations;
  ASSERT_EQ(integrations.size(), 4u);
  const IntegrationConfig& email = integrations[0];
  EXPECT_EQ(email.fields.text("smarthost"), "mail:25");
  EXPECT_TRUE(email.fields.flag("require_tls"));
  EXPECT_FALSE(email.sends_resolved);
  EXPECT_EQ(item_text(email.fields.value("headers"), "Subject"), "Hello");
  EXPECT_EQ(item_text(email.fields.value("headers"), "To"), "you@example.org");
  const IntegrationConfig& pagerduty = integrations[1];
  EXPECT_EQ(pagerduty.fields.text("url"), "https://events.pagerduty.com/v2/enqueue");
  EXPECT_EQ(item_text(pagerduty.fields.value("details"), "firing"), "mine");
  EXPECT_EQ(item_text(pagerduty.fields.value("details"), "num_firing"),
            "{{ .Alerts.Firing | len }}");
  EXPECT_TRUE(pagerduty.sends_resolved);
  const IntegrationConfig& slack = integrations[2];
  EXPECT_EQ(slack.fields.text("api_url"), "https://slack/x");
  EXPECT_EQ(slack.http.basic_auth->username, "u");
  const IntegrationConfig& other_slack = integrations[3];
  EXPECT_EQ(other_slack.index, 1u);
  EXPECT_EQ(other_slack.fields.text("api_url"), "");  // A file of its own takes its place.
  EXPECT_EQ(other_slack.fields.text("api_url_file"), "etc/token.txt");
  EXPECT_FALSE(other_slack.http.basic_auth.has_value());
}

TEST(AlertmanagerConfig, RoutesKeepWhatIsWritten) {
  const AlertmanagerConfig config = parse(R"(
route:
  receiver: x
  group_by: [b, a]
  routes:
    - match: {team: a}
      match_re: {service: 'x|y'}
      matchers: ['owner="me", sev!~"low|none"', env=prod]
      group_by: ['...']
      group_wait: 0s
      continue: true
    - {group_by: []}
receivers: [{name: x}]
)");
  const RouteConfig& first = config.route.routes.at(0);
  EXPECT_EQ(label_matchers_text(first.conditions.all),
            R"({env="prod",owner="me",service=~"^(?:x|y)$",sev!~"low|none",team="a"})");
  EXPECT_TRUE(first.group_by_all);
  EXPECT_TRUE(first.continue_matching);
  EXPECT_EQ(first.group_wait, Duration{});
  EXPECT_FALSE(first.repeat_interval.has_value());
  EXPECT_TRUE(config.route.routes.at(1).group_by->empty());
}

struct Mistake {
  std::string_view text;
  std::string_view error;
};

class AlertmanagerMistakeTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(AlertmanagerMistakeTest, IsRefusedAtItsPlace) {
  EXPECT_THAT(parse_error(GetParam().text), HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    All, AlertmanagerMistakeTest,
    ::testing::Values(
        Mistake{"", "a.yml:1:1: no routes provided"},
        Mistake{"route: {}\nreceivers: [{name: x}]",
                "a.yml:1:8: root route must specify a default receiver"},
        Mistake{"route: {reciever: x}\nreceivers: [{name: x}]",
                "the unknown key \"reciever\" in the root route; did you mean \"receiver\"?"},
        Mistake{"route: {receiver: slak}\nreceivers: [{name: slack}]",
                "a.yml:1:19: undefined receiver \"slak\" used in route; did you mean \"slack\"?"},
        Mistake{"route: {receiver: x}",
                "undefined receiver \"x\" used in route; no receiver is defined"},
        Mistake{"route: {receiver: x, matchers: [a=b]}\nreceivers: [{name: x}]",
                "root route must not have any matchers"},
        Mistake{"route: {receiver: x, match: {a: b}}\nreceivers: [{name: x}]",
                "root route must not have any matchers"},
        Mistake{"route: {receiver: x, routes: [{receiver: y}]}\nreceivers: [{name: x}]",
                "a.yml:1:42: undefined receiver \"y\" used in route"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x}, {name: x}]",
                "a.yml:2:24: notification config name \"x\" is not unique"},
        Mistake{"route: {receiver: x}\nreceivers: [{}, {name: x}]", "missing name in receiver"},
        Mistake{"route: {receiver: x, group_by: [a, a]}\nreceivers: [{name: x}]",
                "a.yml:1:36: duplicated label \"a\" in group_by"},
        Mistake{"route: {receiver: x, group_by: [a, '...']}\nreceivers: [{name: x}]",
                "cannot have wildcard group_by (`...`) and other labels at the same time"},
        Mistake{"route: {receiver: x, group_interval: 0s}\nreceivers: [{name: x}]",
                "a.yml:1:38: group_interval cannot be zero"},
        Mistake{"route: {receiver: x, repeat_interval: 0s}\nreceivers: [{name: x}]",
                "repeat_interval cannot be zero"},
        Mistake{"route: {receiver: x, group_wait: 30}\nreceivers: [{name: x}]",
                "expected a duration such as 15s or 1m30s; did you mean 30s?"},
        Mistake{"route: {receiver: x, routes: [{matchers: ['a=~\"(\"']}]}\nreceivers: [{name: x}]",
                "a.yml:1:43: matchers: found \"a=~\\\"(\\\"\": error parsing regexp"},
        Mistake{"route: {receiver: x, routes: [{matchers: ['a']}]}\nreceivers: [{name: x}]",
                "bad matcher format: a"},
        Mistake{"route: {receiver: x, routes: [{match: {a-b: c}}]}\nreceivers: [{name: x}]",
                "invalid label name \"a-b\""},
        Mistake{"route: {receiver: x, routes: [{match_re: {a: '('}}]}\nreceivers: [{name: x}]",
                "a.yml:1:46: error parsing regexp: missing )"},
        Mistake{"route: {receiver: x, routes: [{mute_time_intervals: [nop]}]}\nreceivers: [{name: "
                "x}]\ntime_intervals: [{name: noon, time_intervals: []}]",
                "undefined time interval \"nop\" used in route"},
        Mistake{"route: {receiver: x, mute_time_intervals: [n]}\nreceivers: [{name: x}]\n"
                "time_intervals: [{name: n}]",
                "root route must not have any mute time intervals"},
        Mistake{
            "route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: n}, {name: n}]",
            "time interval \"n\" is not unique"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: n, "
                "time_intervals: [{weekdays: [mondy]}]}]",
                "a.yml:3:57: weekdays: found \"mondy\", expected a day of the week such as monday; "
                "did you mean monday?"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: n, "
                "time_intervals: [{weekdays: ['friday:monday']}]}]",
                "start day cannot be before end day"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: n, "
                "time_intervals: [{days_of_month: ['-3:3']}]}]",
                "end day must be negative if start day is negative"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: n, "
                "time_intervals: [{days_of_month: ['0']}]}]",
                "expected a day of the month, 1 to 31 or -31 to -1"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: n, "
                "time_intervals: [{months: [13]}]}]",
                "expected a month such as may or 5"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: n, "
                "time_intervals: [{times: [{start_time: '22:00', end_time: '06:00'}]}]}]",
                "split a range that goes over midnight in two"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: n, "
                "time_intervals: [{times: [{start_time: '9:00', end_time: '10:00'}]}]}]",
                "expected a time of day such as 09:30 or 24:00"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x}]\ntime_intervals: [{name: n, "
                "time_intervals: [{location: Europe/Atlantis}]}]",
                "unknown time zone Europe/Atlantis"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x, webhook_configs: [{}]}]",
                "a.yml:2:41: one of url or url_file must be configured"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x, webhook_configs: [{url: 'http://a/', "
                "url_file: b}]}]",
                "at most one of url & url_file must be configured"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x, webhook_configs: [{url: ftp://a/}]}]",
                "unsupported scheme \"ftp\" for URL"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x, webhook_configs: [{url: 'http://a/', "
                "max_alerts: many}]}]",
                "expected a whole number that is not negative"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x, slack_configs: [{channel: a}]}]",
                "no global Slack API URL set either inline or in a file"},
        Mistake{
            "route: {receiver: x}\nreceivers: [{name: x, slack_configs: [{api_url: 'http://a/', "
            "chanel: a}]}]",
            "did you mean \"channel\"?"},
        Mistake{
            "route: {receiver: x}\nreceivers: [{name: x, slack_configs: [{api_url: 'http://a/', "
            "fields: [{titel: a}]}]}]",
            "did you mean \"title\"?"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x, email_configs: [{to: a@b}]}]",
                "no global SMTP smarthost set"},
        Mistake{"global: {smtp_smarthost: mail}\nroute: {receiver: x}\nreceivers: [{name: x}]",
                "missing port in address"},
        Mistake{
            "route: {receiver: x}\nreceivers: [{name: x, email_configs: [{smarthost: 'a:1', from: "
            "a@b, to: a@b, headers: {X-a: 1, x-A: 2}}]}]",
            "duplicate header \"X-A\" in email config"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x, pagerduty_configs: [{}]}]",
                "missing service or routing key in PagerDuty config"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x, opsgenie_configs: [{}]}]",
                "no global OpsGenie API Key set either inline or in a file"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x, telegram_configs: [{bot_token: t}]}]",
                "missing chat_id or chat_id_file on telegram_config"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x, telegram_configs: [{bot_token: t, "
                "chat_id: 1, parse_mode: html}]}]",
                "unknown parse_mode on telegram_config"},
        Mistake{"global: {resolve_timeout: soon}\nroute: {receiver: x}\nreceivers: [{name: x}]",
                "a.yml:1:27: resolve_timeout: found \"soon\", expected a duration"},
        Mistake{"route: {receiver: x}\nreceivers: [{name: x}]\ninhibit_rules: [{source_matcher: "
                "[a=b]}]",
                "did you mean \"source_matchers\"?"}));

TEST(AlertmanagerConfig, ReceiversThatAreNotSpokenAreNoticed) {
  const AlertmanagerConfig config =
      parse("route: {receiver: x}\nreceivers: [{name: x, sns_configs: [{topic_arn: a}]}]");
  EXPECT_THAT(config.notices,
              ElementsAre("etc/am.yml:2:36: receivers[x].sns_configs is accepted and has no effect "
                          "yet"));
}

TEST(AlertmanagerConfig, SettingsOfReceiversThatAreNotObeyedAreNoticedAtTheirPlace) {
  const AlertmanagerConfig config = parse(R"(
route: {receiver: x}
receivers:
- name: x
  slack_configs:
  - {api_url: 'http://a/', update_message: true, http_config: {proxy_url: 'http://p/'}}
  - {api_url: 'http://a/', update_message: false, http_config: {tls_config: {ca_file: c}}}
  email_configs:
  - {smarthost: 'm:25', from: a@b.c, to: d@e.f, threading: {enabled: true}}
  - {smarthost: 'm:25', from: a@b.c, to: d@e.f, threading: {enabled: false}}
)");
  EXPECT_THAT(config.notices,
              ::testing::UnorderedElementsAre(
                  "etc/am.yml:6:44: slack_configs.update_message is accepted and has no effect yet",
                  "etc/am.yml:6:75: slack_configs.http_config.proxy_url is accepted and has no "
                  "effect yet",
                  "etc/am.yml:7:77: slack_configs.http_config.tls_config is accepted and has no "
                  "effect yet",
                  "etc/am.yml:9:60: email_configs.threading is accepted and has no effect yet"));
}

TEST(AlertmanagerConfig, ASlackWebhookOfItsOwnTakesNoGlobalToken) {
  const AlertmanagerConfig config = parse(R"(
global: {slack_app_token: xoxb-1}
route: {receiver: own}
receivers:
  - {name: own, slack_configs: [{api_url: 'http://hooks/own', channel: '#a'}]}
  - {name: shared, slack_configs: [{channel: '#a'}]}
)");
  EXPECT_FALSE(config.receivers[0].integrations[0].fields.is_set("app_token"));
  EXPECT_EQ(config.receivers[1].integrations[0].fields.text("app_token"), "xoxb-1");
}

TEST(AlertmanagerConfig, TheDumpHasDefaultsAndNoSecrets) {
  const std::string dump = to_yaml(parse(R"(
global: {slack_api_url: https://slack/secret, opsgenie_api_key: secret}
route: {receiver: x, group_by: [a], routes: [{matchers: [b=~"c"], repeat_interval: 1h}]}
receivers:
  - name: x
    slack_configs: [{channel: '#a', app_token: secret}]
    webhook_configs: [{url: 'http://u:secret@a/', http_config: {authorization: {credentials: secret}}}]
)"));
  EXPECT_THAT(dump, ::testing::Not(HasSubstr("secret\n")));
  EXPECT_THAT(dump, ::testing::Not(HasSubstr("secret@")));
  EXPECT_THAT(dump, HasSubstr("  slack_api_url: <secret>\n"));
  EXPECT_THAT(dump,
              HasSubstr("  resolve_timeout: 5m\n  http_config:\n    follow_redirects: true\n"));
  EXPECT_THAT(dump, HasSubstr("route:\n  receiver: x\n  group_by:\n  - a\n  continue: false\n  "
                              "routes:\n  - matchers:\n    - b=~\"c\"\n    continue: false\n    "
                              "repeat_interval: 1h\n"));
  EXPECT_THAT(dump, HasSubstr("    max_alerts: 0\n"));
  const auto again = parse_alertmanager_config("dump.yml", dump);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(to_yaml(*again), dump);
}

}  // namespace
}  // namespace promenade::config
