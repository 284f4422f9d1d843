// The messages of every kind of integration, as the other side gets them: receivers.txt. Beside the
// real Alertmanager they are tried in tests/integration/receivers.test.mjs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "alertmanager/receivers/integration.h"
#include "base/sha256.h"
#include "fixture.h"

namespace promenade::alertmanager {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// SHA-256 of {}:{}, the key of the one group in these tests.
const std::string kGroupHash = sha256_hex("{}:{}");

struct Row {
  std::string name;
  std::string receiver;
  std::vector<std::string> requests;
};

// The paragraphs of receivers.txt, which says what they hold.
std::vector<Row> read_rows() {
  std::ifstream file("tests/unit/alertmanager/receivers.txt");
  std::vector<Row> rows;
  bool is_between = true;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    if (line.empty()) {
      is_between = true;
    } else if (is_between) {
      rows.push_back({line, "", {}});
      is_between = false;
    } else if (line.starts_with("> ")) {
      rows.back().requests.push_back(line.substr(2));
    } else {
      rows.back().receiver = line;
    }
  }
  return rows;
}

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

std::string print(const HttpRequest& request) {
  std::string line = request.method + " " + request.url;
  if (const auto authorization = request.headers.get("Authorization"); !authorization.empty()) {
    line += " [" + std::string(authorization) + "]";
  }
  if (request.body.empty()) return line;
  return line + " " + std::string(trim(request.body));
}

std::string with_hash(std::string text) {
  for (size_t at = text.find("{hash}"); at != text.npos; at = text.find("{hash}")) {
    text.replace(at, 6, kGroupHash);
  }
  return text;
}

class ReceiversTest : public ::testing::TestWithParam<Row> {};

TEST_P(ReceiversTest, SendThisMessage) {
  Bench bench(
      "route: {receiver: x, group_wait: 10s, group_interval: 1m}\nreceivers:\n- name: x\n  " +
      GetParam().receiver);
  bench.push("alertname=A", Duration::hours(1));
  bench.run_to(Duration::seconds(30));
  bench.push("alertname=A", Duration{});
  bench.run_to(Duration::minutes(2));
  EXPECT_THAT(bench.logger.lines, ElementsAre());
  std::vector<std::string> sent;
  for (const HttpRequest& request : bench.requests) sent.push_back(print(request));
  std::vector<std::string> expected;
  for (const std::string& request : GetParam().requests) expected.push_back(with_hash(request));
  EXPECT_EQ(sent, expected);
}

INSTANTIATE_TEST_SUITE_P(All, ReceiversTest, ::testing::ValuesIn(read_rows()),
                         [](const auto& info) { return info.param.name; });

TEST(PagerDuty, EachVersionSaysSlowDownInItsOwnWay) {
  const auto can_retry = [](const std::string& key, int status) {
    const auto config = config::parse_alertmanager_config(
        "a.yml",
        "route: {receiver: x}\nreceivers: [{name: x, pagerduty_configs: [{" + key + ": k}]}]");
    const config::IntegrationConfig& integration = config->receivers[0].integrations[0];
    return find_integration_kind("pagerduty")->judge(integration, {.status = status}).can_retry;
  };
  EXPECT_TRUE(can_retry("routing_key", 429));
  EXPECT_FALSE(can_retry("routing_key", 403));
  EXPECT_FALSE(can_retry("service_key", 429));
  EXPECT_TRUE(can_retry("service_key", 403));
}

TEST(Sha256, KnowsTheStandardsExamples) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Slack, A200WithoutOkIsARefusal) {
  const config::IntegrationConfig config;
  const auto judge = [&](const HttpResponse& response) {
    return find_integration_kind("slack")->judge(config, response);
  };
  EXPECT_TRUE(judge({.body = "ok"}).is_delivered);
  EXPECT_FALSE(judge({.body = "no_text"}).is_delivered);
  EXPECT_FALSE(judge({.body = ""}).is_delivered);
  HttpResponse json{.body = R"({"ok":false,"error":"channel_not_found"})"};
  json.headers.set("Content-Type", "application/json");
  EXPECT_EQ(judge(json).error, "error response from Slack: channel_not_found");
  json.body = "<html>";
  EXPECT_TRUE(judge(json).can_retry);
  EXPECT_TRUE(judge({.status = 503}).can_retry);
  EXPECT_FALSE(judge({.status = 404}).can_retry);
}

TEST(Receivers, ASecretInAnAddressStaysOutOfTheLog) {
  Bench bench(
      "route: {receiver: x, group_wait: 0s, group_interval: 10s}\nreceivers:\n- name: x\n"
      "  telegram_configs: [{api_url: 'http://nowhere:80', bot_token: secret, chat_id: 1}]");
  bench.push("alertname=A", std::nullopt);
  bench.run_to(Duration::seconds(30));
  ASSERT_FALSE(bench.logger.lines.empty());
  EXPECT_THAT(bench.logger.lines.front(), HasSubstr("POST \"<redacted>\": dial tcp"));
}

TEST(Templates, FilesOfAGlobReplaceTheDefaults) {
  Bench bench(
      "templates: ['templates/*.tmpl']\nroute: {receiver: x, group_wait: 0s}\nreceivers:\n- name: "
      "x\n"
      "  webex_configs: [{api_url: 'http://receiver:80/w', room_id: r, http_config: "
      "{authorization: "
      "{credentials: c}}}]",
      {{"templates/ours.tmpl",
        "{{ define \"webex.default.message\" }}{{ template \"who\" . }}{{ end }}"},
       {"templates/who.tmpl", "{{ define \"who\" }}to {{ .Receiver }}{{ end }}"},
       {"templates/not_ours.txt", "{{ nonsense"}});
  bench.push("alertname=A", std::nullopt);
  bench.run_to(Duration::seconds(1));
  ASSERT_EQ(bench.requests.size(), 1u);
  EXPECT_THAT(bench.requests[0].body, HasSubstr("\"markdown\":\"to x\""));
}

TEST(Templates, AGlobOfManyStarsIsQuick) {
  std::string stars, name;
  for (int i = 0; i < 40; ++i) {
    stars += "*a";
    name += "aa";
  }
  Bench bench(
      "templates: ['" + stars +
          "b', '*x?.tmpl*']\n"
          "route: {receiver: x, group_wait: 0s}\nreceivers:\n- name: x\n"
          "  slack_configs: [{api_url: 'http://receiver:80/s', text: '{{ template \"t\" }}'}]",
      {{name, "{{ define \"t\" }}wrong{{ end }}"},
       {"xx1.tmpl", "{{ define \"t\" }}right{{ end }}"}});
  bench.push("alertname=A", std::nullopt);
  bench.run_to(Duration::seconds(1));
  ASSERT_EQ(bench.requests.size(), 1u);
  EXPECT_THAT(bench.requests[0].body, HasSubstr("\"text\":\"right\""));
}

TEST(Templates, OneThatIsBrokenIsRefusedWithItsPlace) {
  const auto config = config::parse_alertmanager_config(
      "am.yml", "templates: [a/*]\nroute: {receiver: x}\nreceivers: [{name: x}]");
  ASSERT_TRUE(config);
  sim::MemoryFileSystem files;
  files.write("a/b.tmpl", "fine\n{{ define \"x\" }}{{ .Status | nope }}{{ end }}");
  const auto expander = TextExpander::create(*config, files, "");
  ASSERT_FALSE(expander);
  EXPECT_EQ(expander.error().message,
            "a/b.tmpl:2:30: template: b.tmpl:2: function \"nope\" not defined");
}

TEST(Email, HasBothBodiesAndEncodedHeaders) {
  const auto config = config::parse_alertmanager_config("a.yml", R"(
global: {smtp_smarthost: 'mail:587', smtp_from: 'Alerts <am@example.org>', smtp_auth_username: u, smtp_auth_password: p}
route: {receiver: x}
receivers:
- name: x
  email_configs:
  - to: 'One <one@example.org>, two@example.org'
    headers: {Subject: "Später\r\nBcc: evil@example.org"}
    text: "a = b\né"
    html: <b>x</b>
)");
  ASSERT_TRUE(config) << config.error().message;
  const config::IntegrationConfig& email = config->receivers[0].integrations[0];
  const sim::MemoryFileSystem files;
  const auto expander = TextExpander::create(*config, files, "");
  ASSERT_TRUE(expander);
  const Notification notification{.now = kStart};
  MessageTexts texts(*expander, email, notification);
  const auto mail = draft_mail({email, notification, files, texts}, 7);
  ASSERT_TRUE(mail) << mail.error().message;
  EXPECT_EQ(mail->from, "am@example.org");
  EXPECT_THAT(mail->recipients, ElementsAre("one@example.org", "two@example.org"));
  EXPECT_EQ(mail->smarthost, "mail:587");
  EXPECT_EQ(mail->username, "u");
  EXPECT_TRUE(mail->tls.is_required);
  EXPECT_FALSE(mail->tls.is_from_start);
  EXPECT_THAT(mail->message,
              HasSubstr("Subject: =?utf-8?q?Sp=C3=A4ter__Bcc:_evil@example.org?=\r\n"));
  EXPECT_THAT(mail->message, HasSubstr("To: One <one@example.org>, two@example.org\r\n"));
  EXPECT_THAT(mail->message, HasSubstr("Date: Mon, 05 Jan 2026 10:00:00 +0000\r\n"));
  EXPECT_THAT(mail->message, HasSubstr("Message-Id: <1767607200000000000.7@example.org>\r\n"));
  EXPECT_THAT(mail->message, HasSubstr("Content-Type: multipart/alternative;  boundary="));
  EXPECT_THAT(mail->message, HasSubstr("text/plain; charset=UTF-8\r\n\r\na =3D b\r\n=C3=A9\r\n--"));
  EXPECT_THAT(mail->message, HasSubstr("text/html; charset=UTF-8\r\n\r\n<b>x</b>\r\n--"));
}

}  // namespace
}  // namespace promenade::alertmanager
