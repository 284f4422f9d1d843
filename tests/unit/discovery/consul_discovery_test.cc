// Answers of a Consul, and the targets that follow from them.
#include <gmock/gmock.h>

#include "network_fixture.h"

namespace promenade::discovery {
namespace {

using ::testing::HasSubstr;

constexpr const char* kWeb = R"([
  {"Node": {"Node": "n1", "Address": "10.0.0.1", "Meta": {"rack-name": "7"}},
   "Service": {"ID": "web-1", "Service": "web", "Tags": ["a", "prometheus_path=/m"],
     "Address": "10.0.0.9", "Port": 8080, "Meta": {"version": "2"},
     "TaggedAddresses": {"lan": {"Address": "10.1.0.9", "Port": 8081}}},
   "Checks": [{"CheckID": "x", "Status": "passing"}, {"CheckID": "y", "Status": "warning"}]},
  {"Node": {"Node": "n2", "Address": "2001:db8::7"},
   "Service": {"ID": "web-2", "Service": "web", "Tags": [], "Address": "", "Port": 80},
   "Checks": [{"CheckID": "_node_maintenance", "Status": "critical"}]}])";

constexpr const char* kWebGroup =
    "web consul_dc=dc7 consul_service=web\n"
    "  10.0.0.9:8080 consul_address=10.0.0.1 consul_health=warning consul_metadata_rack_name=7"
    " consul_node=n1 consul_service_address=10.0.0.9 consul_service_id=web-1"
    " consul_service_metadata_version=2 consul_service_port=8080"
    " consul_tagged_address_lan=10.1.0.9:8081 consul_tags=,a,prometheus_path=/m,\n"
    "  [2001:db8::7]:80 consul_address=2001:db8::7 consul_health=maintenance consul_node=n2"
    " consul_service_id=web-2 consul_service_port=80 consul_tags=,,\n";

struct ConsulTest : NetworkTest {
  void SetUp() override {
    put("/v1/agent/self", R"({"Config": {"Datacenter": "dc7"}})");
    put("/v1/catalog/services", R"({"web": ["a"], "db": []})", "5");
    put("/v1/health/service/web", kWeb, "6");
    put("/v1/health/service/db", "[]", "6");
  }
};

TEST_F(ConsulTest, FindsEveryInstanceOfEveryService) {
  discover("consul_sd_configs: [{server: server}]");
  EXPECT_EQ(print(), std::string("db consul_dc=dc7 consul_service=db\n") + kWebGroup);
}

TEST_F(ConsulTest, ServicesMayBeNamedOrChosenByTags) {
  discover("consul_sd_configs: [{server: server, services: [web], datacenter: dc7}]");
  EXPECT_EQ(print(), kWebGroup);
  EXPECT_EQ(requests.size(), 1u);  // Neither the agent nor the catalogue.
  discover("consul_sd_configs: [{server: server, tags: [a]}]");
  EXPECT_EQ(print(), kWebGroup);
}

TEST_F(ConsulTest, AsksAsItIsConfigured) {
  discover(
      "consul_sd_configs: [{server: server, path_prefix: p, token: t, services: [web], tags: [a b],"
      " datacenter: d, namespace: n, partition: q, node_meta: {k: v}, filter: f, allow_stale: "
      "false}]");
  EXPECT_EQ(requests.at(0).url,
            "/p/v1/catalog/services?dc=d&wait=120000ms&ns=n&partition=q&node-meta=k%3Av&filter=f");
  EXPECT_EQ(requests.at(0).headers.get("X-Consul-Token"), "t");
  EXPECT_EQ(requests.at(0).headers.get("User-Agent"), "Prometheus/test");
}

TEST_F(ConsulTest, NewsComeWithANewIndex) {
  discover("consul_sd_configs: [{server: server}]");
  const int before = changes;
  put("/v1/health/service/web", "[]", "6");  // The same index: nothing has changed.
  pass(Duration::seconds(30));
  EXPECT_EQ(changes, before);
  EXPECT_THAT(requests.back().url, HasSubstr("&index=6&"));
  put("/v1/health/service/web", "[]", "7");
  pass(Duration::seconds(30));
  EXPECT_EQ(print(), "db consul_dc=dc7 consul_service=db\nweb consul_dc=dc7 consul_service=web\n");
  put("/v1/catalog/services", R"({"web": []})", "8");
  pass(Duration::seconds(30));
  EXPECT_EQ(print(), "web consul_dc=dc7 consul_service=web\n");
}

TEST_F(ConsulTest, WhatIsKnownStaysWhileConsulIsAway) {
  discover("consul_sd_configs: [{server: server, services: [web], datacenter: dc7}]");
  for (const char* nonsense : {"", "{", "{}", "17"}) {
    put("/v1/health/service/web", nonsense, "9");
    pass(Duration::seconds(30));
    EXPECT_EQ(print(), kWebGroup) << nonsense;
  }
  net.remove_host("server");
  pass(Duration::minutes(5));
  EXPECT_EQ(print(), kWebGroup);
}

TEST_F(ConsulTest, AsksTheAgentUntilItAnswers) {
  answers.erase("/v1/agent/self");
  discover("consul_sd_configs: [{server: server}]");
  EXPECT_EQ(print(), "");
  put("/v1/agent/self", R"({"Config": {"Datacenter": "dc7"}})");
  pass(Duration::seconds(16));
  EXPECT_THAT(print(), HasSubstr("consul_service=web"));
}

}  // namespace
}  // namespace promenade::discovery
