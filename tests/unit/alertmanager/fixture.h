#pragma once  // tests/unit/alertmanager/fixture.h
// An Alertmanager on a virtual clock, with receivers that write down what reaches them.
//
//   Bench bench(config);
//   bench.fire("alertname=Down job=web");
//   bench.run_to(Duration::seconds(30));
//   EXPECT_EQ(bench.take_notifications(), "30s hook ...\n");
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "alertmanager/alertmanager.h"
#include "api/rfc3339.h"
#include "base/strings.h"
#include "model/duration.h"
#include "sim/memory_file_system.h"
#include "sim/sim_net.h"
#include "sim/virtual_clock.h"

namespace promenade::alertmanager {

inline constexpr Timestamp kStart =
    Timestamp::from_seconds(1'767'607'200);  // 2026-01-05, a Monday, 10:00 UTC

class TestLogger final : public Logger {
 public:
  void log(LogLevel level, std::string_view message,
           std::initializer_list<LogField> fields) override {
    if (level == LogLevel::Info || level == LogLevel::Debug) return;
    std::string line(message);
    for (const auto& [key, value] : fields) line += " " + std::string(key) + "=" + value;
    lines.push_back(std::move(line));
  }
  std::vector<std::string> lines;
};

class Bench {
 public:
  // `more` are files beside the configuration.
  explicit Bench(const std::string& config, const std::map<std::string, std::string>& more = {}) {
    files.write("alertmanager.yml", config);
    for (const auto& [name, text] : more) files.write(name, text);
    // Any path of these hosts is a receiver, named by the path.
    for (const char* host : {"receiver:80", "events.pagerduty.com", "api.pushover.net"}) {
      net.add_host(host, [this](const HttpRequest& request) { return receive(request); },
                   {.latency = Duration{}});
    }
    start();
  }

  void start() {
    AlertmanagerOptions options;
    options.storage_path = "data";
    options.external_url = "http://am:9093/";
    auto created = Alertmanager::create(options, {clock, net, files, logger});
    ASSERT_TRUE(created) << created.error().message;
    server = std::move(*created);
  }

  void restart() {
    server.reset();
    start();
  }

  void run_to(Duration since_start) { clock.run_until(kStart + since_start); }

  HttpResponse ask(std::string method, std::string url, std::string body = "") {
    HttpRequest request{
        .method = std::move(method), .url = std::move(url), .body = std::move(body)};
    if (request.method == "POST") request.headers.set("Content-Type", "application/json");
    return server->handle(request);
  }
  nlohmann::json get(const std::string& path) {
    return nlohmann::json::parse(ask("GET", "/api/v2" + path).body);
  }

  // Pushes an alert of the labels "a=b c=d". The end is `lasts` from now; without it the client
  // gives none. It has fired since `since` ago.
  void push(std::string_view labels, std::optional<Duration> lasts, Duration since = {}) {
    nlohmann::json alert;
    for (const std::string_view pair : split(labels, ' ')) {
      const size_t equals = pair.find('=');
      alert["labels"][std::string(pair.substr(0, equals))] = std::string(pair.substr(equals + 1));
    }
    if (lasts) {
      alert["endsAt"] = time_text(clock.now() + *lasts);
      alert["startsAt"] = time_text(std::min(clock.now(), clock.now() + *lasts) - since);
    }
    const HttpResponse response =
        ask("POST", "/api/v2/alerts", nlohmann::json::array({alert}).dump());
    EXPECT_EQ(response.status, 200) << response.body;
  }

  // Silences alerts with the labels "a=b"; gives the id.
  std::string silence(std::string_view labels, Duration lasts) {
    nlohmann::json silence = {{"createdBy", "me"}, {"comment", "why"}};
    silence["startsAt"] = time_text(clock.now());
    silence["endsAt"] = time_text(clock.now() + lasts);
    for (const std::string_view pair : split(labels, ' ')) {
      const size_t equals = pair.find('=');
      silence["matchers"].push_back({{"name", std::string(pair.substr(0, equals))},
                                     {"value", std::string(pair.substr(equals + 1))},
                                     {"isRegex", false}});
    }
    const HttpResponse response = ask("POST", "/api/v2/silences", silence.dump());
    EXPECT_EQ(response.status, 200) << response.body;
    return nlohmann::json::parse(response.body)["silenceID"];
  }

  static std::string time_text(Timestamp time) { return api::format_rfc3339(time); }

  sim::VirtualClock clock{kStart};
  sim::SimNet net{clock};
  sim::MemoryFileSystem files;
  TestLogger logger;
  std::unique_ptr<Alertmanager> server;
  std::vector<HttpRequest> requests;  // All that receivers got, refused ones too.
  std::string notifications;          // A line for each that they took.
  int refusals = 0;                   // How many further requests are answered with 500.

 private:
  HttpResponse receive(const HttpRequest& request) {
    requests.push_back(request);
    if (refusals > 0) {
      --refusals;
      return HttpResponse{.status = 500};
    }
    const auto message = nlohmann::json::parse(request.body, nullptr, false);
    if (message.is_discarded() || !message.contains("groupKey")) return HttpResponse{.body = "ok"};
    std::string line = format_duration(clock.now() - kStart);
    line += " " + request.url.substr(1) + " " + message["groupKey"].get<std::string>() + " (" +
            message["notification_reason"].get<std::string>() + "):";
    for (const auto& alert : message["alerts"]) {
      line += " " + alert["labels"].value("alertname", "?");
      if (alert["labels"].contains("instance")) {
        line += "@" + alert["labels"]["instance"].get<std::string>();
      }
      line += "=" + alert["status"].get<std::string>();
    }
    notifications += line + "\n";
    return HttpResponse{};
  }
};

}  // namespace promenade::alertmanager
