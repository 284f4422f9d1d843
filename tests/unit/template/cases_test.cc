// tests/unit/template/cases_test.cc
// The tables whose expected side the real promtool and amtool gave.
#include <gtest/gtest.h>

#include <functional>

#include "case_file.h"
#include "template/alertmanager_functions.h"
#include "template/prometheus_functions.h"

namespace promenade::templates {
namespace {

using Expand = std::function<Result<std::string>(const std::string& text)>;

// `error_prefix` is what the real program's error has before the part in the table.
void expect_cases(const std::string& file, size_t count_min,
                  const std::vector<std::string>& error_prefixes, const Expand& expand) {
  const std::vector<Case> cases = read_cases(file);
  EXPECT_GE(cases.size(), count_min);
  for (const Case& test : cases) {
    SCOPED_TRACE(file + ":" + std::to_string(test.line) + ": " + test.text);
    const Result<std::string> result = expand(test.text);
    if (test.error) {
      ASSERT_FALSE(result) << *result;
      std::string message = result.error().message;
      for (const std::string& prefix : error_prefixes) {
        if (message.compare(0, prefix.size(), prefix) == 0) message.erase(0, prefix.size());
      }
      EXPECT_EQ(message, *test.error);
      EXPECT_TRUE(result.error().span);
    } else {
      EXPECT_TRUE(result) << result.error().message;
      if (result) {
        EXPECT_EQ(*result, test.output.value_or(""));
      }
    }
  }
}

const Labels kWeb{{"__name__", "up"}, {"instance", "web-1.example.com:9100"}, {"job", "node"}};
const Labels kDb{{"__name__", "up"}, {"instance", "db-2:9100"}, {"job", "node"}};
const Labels kLocal{{"__name__", "up"}, {"instance", "[::1]:8080"}, {"job", "web"}};

// The few queries of the table, over the series that promtool has for it.
Result<std::vector<QueryElement>> answer(const std::string& expression) {
  const QueryElement web{kWeb, 1, nullptr}, db{kDb, 0, nullptr}, local{kLocal, 1, nullptr};
  const std::map<std::string, std::vector<QueryElement>> answers = {
      {"up", {web, db, local}},
      {"nope", {}},
      {"1", {{Labels(), 1, nullptr}}},
      {"sum(up)", {{Labels(), 2, nullptr}}},
      {"up{instance=\"db-2:9100\"}", {db}},
      {"up{instance=\"web-1.example.com:9100\"}", {web}},
      {"up{job='web'}", {local}},
  };
  if (expression == "(") {
    return bad_data("1:2: parse error: unclosed left parenthesis");
  }
  const auto found = answers.find(expression);
  if (found == answers.end()) return bad_data("rule result is not a vector or scalar");
  return found->second;
}

TEST(Cases, AlertsExpandAsInPromtool) {
  Environment environment;
  environment.now = Timestamp::from_seconds(60);
  environment.external_url = "http://prometheus.example.com:9090/prom";
  environment.query = answer;
  const AlertTemplateData data{
      .labels = {{"__name__", "disk_free_bytes"},
                 {"device", "/dev/sda1"},
                 {"instance", "web-1.example.com:9100"}},
      .external_labels = {{"cluster", "eu"}, {"replica", "a"}},
      .external_url = environment.external_url,
      .value = 1234567.891,
      .histogram = nullptr,
  };
  expect_cases("prometheus_cases.txt", 350,
               {"error parsing template __alert_Case: ", "error executing template __alert_Case: ",
                "template: "},
               [&](const std::string& text) {
                 return expand_alert_template("Case", text, data, environment);
               });
}

NotificationData notification() {
  NotificationData data;
  data.receiver = "team-x";
  data.status = "firing";
  data.alerts = {
      {.status = "firing",
       .labels = {{"alertname", "HighLatency"},
                  {"instance", "web-1:8080"},
                  {"job", "web"},
                  {"severity", "page"}},
       .annotations = {{"summary", "Latency is <high>"}, {"runbook", "https://wiki/x?a=1&b=2"}},
       .starts_at = {1772368496789},
       .ends_at = kZeroTime,
       .generator_url = "http://prom:9090/graph?g0.expr=up",
       .fingerprint = "0123456789abcdef"},
      {.status = "resolved",
       .labels = {{"alertname", "HighLatency"},
                  {"instance", "web-2:8080"},
                  {"job", "web"},
                  {"severity", "page"}},
       .annotations = {{"summary", "Fine again"}},
       .starts_at = {1772366400000},
       .ends_at = {1772368200000},
       .generator_url = "http://prom:9090/graph?g0.expr=down",
       .fingerprint = "fedcba9876543210"}};
  data.group_labels = {{"alertname", "HighLatency"}};
  data.common_labels = {{"alertname", "HighLatency"}, {"job", "web"}, {"severity", "page"}};
  data.external_url = "http://alertmanager:9093";
  return data;
}

void expect_notification_cases(const std::string& file, size_t count_min, Escaping escaping) {
  const TemplateSet set = alertmanager_templates(escaping);
  const Value data = notification_value(notification());
  expect_cases(file, count_min, {"template: "},
               [&](const std::string& text) { return set.expand("", text, data, Environment()); });
}

TEST(Cases, NotificationsExpandAsInAmtool) {
  expect_notification_cases("alertmanager_cases.txt", 120, Escaping::None);
}

TEST(Cases, HtmlIsEscapedAsInAmtool) {
  expect_notification_cases("alertmanager_html_cases.txt", 20, Escaping::Html);
}

}  // namespace
}  // namespace promenade::templates
