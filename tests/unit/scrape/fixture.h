#pragma once  // tests/unit/scrape/fixture.h
// A scrape manager over a virtual clock and a network in the process. Times are seconds after
// begin(), which scrapes of the 15 s grid start with.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "model/number_format.h"
#include "scrape/manager.h"
#include "sim/memory_file_system.h"
#include "sim/sim_net.h"
#include "sim/virtual_clock.h"

namespace promenade::scrape {

class TextLogger final : public Logger {
 public:
  void log(LogLevel, std::string_view message, std::initializer_list<LogField> fields) override {
    text += message;
    for (const auto& [key, value] : fields) text += ' ' + std::string(key) + '=' + value;
    text += '\n';
  }
  std::string text;
};

class ScrapeTest : public testing::Test {
 protected:
  // Applies a configuration with a scrape interval of 15 s.
  void configure(const std::string& scrape_configs) {
    const auto config = config::parse_config(
        "p.yml", "global: {scrape_interval: 15s}\nscrape_configs:\n" + scrape_configs);
    ASSERT_TRUE(config) << config.error().message;
    manager.apply(*config);
  }

  // What the host answers from now on.
  void serve(const std::string& authority, const std::string& body) {
    HttpResponse response;
    response.headers.set("Content-Type", "text/plain; version=0.0.4");
    response.body = body;
    serve_response(authority, response);
  }
  void serve_response(const std::string& authority, HttpResponse response) {
    const bool is_new = responses.count(authority) == 0;
    responses[authority] = std::move(response);
    if (!is_new) return;
    net.add_host(authority, [this, authority](const HttpRequest& request) {
      requests.push_back(request);
      return responses[authority];
    });
  }

  // Lets time run to just before the first scrape of the first target; that is second 0.
  void begin() {
    begun = clock.next_due(clock.now());
    clock.run_until(begun - Duration::milliseconds(1));
  }
  // Lets time run up to `seconds` after the beginning, and the responses due by then arrive.
  void run_to(double seconds) {
    clock.run_until(begun + Duration::milliseconds(static_cast<int64_t>(seconds * 1000) + 10));
  }

  // All series of a metric as lines `{labels} time=value ...`, in order of creation. job and
  // instance are left out when `brief`.
  std::string samples(const std::string& metric, bool brief = true) const {
    const Matcher matchers[] = {Matcher::equal("__name__", metric)};
    const auto series = head.select(matchers, kAllTime);
    std::string text;
    for (const SelectedSeries& one : *series) {
      SampleColumns columns;
      EXPECT_TRUE(head.read(one.ref, kAllTime, columns));
      if (columns.times_ms.empty()) continue;
      const Labels labels =
          brief ? one.labels->drop({"__name__", "job", "instance"}) : one.labels->without_name();
      text += labels.to_string();
      for (size_t i = 0; i < columns.times_ms.size(); ++i) {
        text += ' ' + print_sample(columns.times_ms[i], columns.values[i]);
      }
      text += '\n';
    }
    return text;
  }

  TargetStatus only_target() const {
    const std::vector<TargetStatus> targets = manager.targets();
    EXPECT_EQ(targets.size(), 1u);
    return targets.empty() ? TargetStatus{} : targets[0];
  }

  std::string print_sample(int64_t time_ms, double value) const {
    std::string text;
    append_decimal(text, static_cast<double>(time_ms - begun.ms) / 1000.0);
    text += '=';
    if (is_stale_nan(value)) return text + "stale";
    append_decimal(text, value);
    return text;
  }

  sim::VirtualClock clock{Timestamp::from_seconds(1'700'000'000)};
  sim::SimNet net{clock};
  sim::MemoryFileSystem files;
  TextLogger logger;
  tsdb::Head head;
  ScrapeManager manager{clock, net, files, head, logger, "Prometheus/test"};
  Timestamp begun;
  std::map<std::string, HttpResponse> responses;
  std::vector<HttpRequest> requests;
};

}  // namespace promenade::scrape
