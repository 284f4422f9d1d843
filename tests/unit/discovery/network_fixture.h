#pragma once  // tests/unit/discovery/network_fixture.h
// A job's discovery that asks a server in a test's hands.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "discovery/discovery.h"
#include "sim/memory_file_system.h"
#include "sim/sim_net.h"
#include "sim/virtual_clock.h"

namespace promenade::discovery {

struct NetworkTest : testing::Test {
  sim::VirtualClock clock{Timestamp::from_seconds(1'440'938'160)};  // 2015-08-30T12:36:00Z
  sim::SimNet net{clock};
  sim::MemoryFileSystem files;
  NullLogger logger;
  // By path, which is followed by the query where the path alone is not there.
  std::map<std::string, HttpResponse> answers;
  std::vector<HttpRequest> requests;
  int changes = 0;
  std::unique_ptr<JobDiscovery> discovery;

  NetworkTest() {
    net.add_host("server", [this](const HttpRequest& request) { return answer(request); });
  }

  HttpResponse answer(const HttpRequest& request) {
    requests.push_back(request);
    for (const std::string& key : {request.url.substr(0, request.url.find('?')), request.url}) {
      const auto found = answers.find(key);
      if (found != answers.end()) return found->second;
    }
    return {.status = 404};
  }

  void put(const std::string& path, std::string body, const std::string& index = "") {
    HttpResponse response;
    response.headers.set("Content-Type", "application/json");
    if (!index.empty()) response.headers.set("X-Consul-Index", index);
    response.body = std::move(body);
    answers[path] = std::move(response);
  }

  void discover(const std::string& section) {
    const auto config =
        config::parse_config("p.yml", "scrape_configs:\n- job_name: x\n  " + section);
    ASSERT_TRUE(config) << config.error().message;
    discovery = std::make_unique<JobDiscovery>(
        config->scrape_configs.at(0), ProviderContext{clock, net, files, logger, "Prometheus/test"},
        [this] { ++changes; });
    pass(Duration::milliseconds(100));
  }

  void pass(Duration time) { clock.run_until(clock.now() + time); }

  // One line a target: its address, and its labels without "__meta_"; empty ones are left out.
  std::string print() const {
    std::string text;
    for (const TargetGroup& group : discovery->groups()) {
      text += group.source + print(group.labels) + "\n";
      for (const LabelSet& target : group.targets) {
        text += "  " + target.at("__address__") + print(target) + "\n";
      }
    }
    return text;
  }

  static std::string print(const LabelSet& labels) {
    std::string text;
    for (const auto& [name, value] : labels) {
      if (name == "__address__" || value.empty()) continue;
      text += " " + (name.rfind("__meta_", 0) == 0 ? name.substr(7) : name) + "=" + value;
    }
    return text;
  }
};

}  // namespace promenade::discovery
