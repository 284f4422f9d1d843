// tests/unit/sim/catalogue_test.cc
// The catalogues of a world, asked by the very discovery that the server runs.
#include <gtest/gtest.h>

#include "base/strings.h"
#include "sim/world.h"

namespace promenade::sim {
namespace {

constexpr const char* kTown = R"yaml(
world: town
services:
  pod:
    use: [ok]
    host: "pod-{id}"
    attributes: { catalogue: kubernetes, namespace: shop, node: "1" }
    instances: 2
    labels: { env: prod }
  agent:
    use: [ok]
    attributes: { catalogue: consul, tags: "prometheus" }
    groups:
      - { instances: 2, labels: { dc: dc1 } }
      - { instances: 1, labels: { dc: dc2 } }
  machine:
    use: [ok]
    attributes: { catalogue: ec2 }
    groups:
      - { instances: 2, labels: { env: prod } }
      - { instances: 1, labels: { env: test } }
  old:
    use: [ok]
    attributes: { catalogue: dns }
    names: [ape, bee]
prometheus:
  config: |
    global: { scrape_interval: 5s, scrape_timeout: 4s }
    scrape_configs:
      - job_name: pods
        kubernetes_sd_configs: [{ role: pod }]
        relabel_configs:
          - { source_labels: [__meta_kubernetes_pod_name], target_label: pod }
          - { source_labels: [__meta_kubernetes_pod_label_version], target_label: version }
      - job_name: endpoints
        kubernetes_sd_configs: [{ role: endpointslice, api_server: "http://kubernetes:8001", namespaces: { names: [shop] } }]
        relabel_configs:
          - { source_labels: [__meta_kubernetes_service_name, __meta_kubernetes_pod_ready], target_label: service }
      - job_name: consul
        consul_sd_configs: [{ server: "consul:8500", refresh_interval: 5s, tags: [prometheus] }]
        relabel_configs:
          - { source_labels: [__meta_consul_health], target_label: health }
          - { source_labels: [__meta_consul_dc], target_label: dc }
      - job_name: ec2
        ec2_sd_configs:
          - { region: r, endpoint: "http://ec2/", access_key: a, secret_key: b, port: 8080, refresh_interval: 5s,
              filters: [{ name: "tag:Environment", values: [prod] }] }
        relabel_configs:
          - { source_labels: [__meta_ec2_tag_Name], target_label: name }
      - job_name: dns
        dns_sd_configs:
          - { names: [_old._tcp.internal], refresh_interval: 5s }
          - { names: [ape.internal], type: A, port: 8080, refresh_interval: 5s }
)yaml";

std::unique_ptr<World> make_town() {
  WorldOptions options;
  options.workload = "town.yaml";
  options.definition = kTown;
  options.history = Duration::minutes(1);
  auto world = World::create(options);
  EXPECT_TRUE(world) << world.error().message;
  return std::move(*world);
}

HttpResponse ask(World& world, const std::string& url, std::string method = "GET") {
  HttpRequest request;
  request.method = std::move(method);
  request.url = url;
  return world.handle(request);
}

// The number that a query finds; -1 without one.
double number(World& world, std::string_view promql) {
  const std::string body =
      ask(world, "http://prometheus:9090/api/v1/query?query=" + url_encode(promql) +
                     "&time=" + std::to_string(world.now().ms / 1000))
          .body;
  const size_t at = body.find("\"value\":[");
  return at == std::string::npos ? -1 : std::stod(body.substr(body.find(",\"", at) + 2));
}

void cause(World& world, const std::string& parameters) {
  EXPECT_EQ(ask(world, "http://world/chaos?" + parameters, "POST").status, 200) << parameters;
  world.run_until(world.now() + Duration::seconds(20));
}

TEST(Catalogues, EachMechanismFindsItsInstances) {
  const auto world = make_town();
  const struct {
    const char* query;
    double value;
  } rows[] = {
      {"sum(up{job=\"pods\", pod=~\"pod-.+\", version=\"1.0.0\"})", 2},
      {"sum(up{job=\"endpoints\", service=\"pod;true\"})", 2},
      {"sum(up{job=\"consul\", health=\"passing\", dc=\"dc1\"})", 2},
      {"sum(up{job=\"ec2\", name=~\"machine-.\"})", 2},
      {"sum(up{job=\"dns\"})", 3},
      {"count(up)", 11},
      {"count(up{instance=~\"(ape|bee).internal:8080\"})", 2},
      {"count(up{instance=~\"10[.]20[.].+:8080\"})", 9},
  };
  for (const auto& row : rows) EXPECT_EQ(number(*world, row.query), row.value) << row.query;
}

TEST(Catalogues, FollowBirthsDeathsAndMoves) {
  const auto world = make_town();
  cause(*world, "kind=remove&target=agent-1&for=1m");
  EXPECT_EQ(number(*world, "count(up{job=\"consul\"})"), 1);
  cause(*world, "kind=kill&target=agent-2&for=1m");
  EXPECT_EQ(number(*world, "sum(up{job=\"consul\", health=\"critical\"})"), 0);
  cause(*world, "kind=deploy&target=pod&for=10s");
  world->run_until(world->now() + Duration::seconds(30));
  EXPECT_EQ(number(*world, "count(up{job=\"pods\", version=\"1.0.1\"})"), 2);
  EXPECT_EQ(number(*world, "count(up{job=\"pods\"})"), 2);
  world->run_until(world->now() + Duration::minutes(2));
  EXPECT_EQ(number(*world, "sum(up{job=\"consul\", health=\"passing\"})"), 2);
}

TEST(Catalogues, ChaosEditsWhatTheySay) {
  const auto world = make_town();
  cause(*world, "kind=edit_registration&target=agent-1&name=tags&value=other&for=1m");
  EXPECT_EQ(number(*world, "count(up{job=\"consul\"})"), 1);
  cause(*world, "kind=edit_registration&target=agent-2&name=dc&value=dc2&for=10m");
  EXPECT_EQ(number(*world, "count(up{job=\"consul\"})"), -1);
  world->run_until(world->now() + Duration::minutes(1));
  EXPECT_EQ(number(*world, "count(up{job=\"consul\"})"), 1);
  EXPECT_NE(ask(*world, "http://world/timeline").body.find("\"kind\":\"edit_registration\""),
            std::string::npos);
}

TEST(Catalogues, AnswerAPageThatLooksAtThem) {
  const auto world = make_town();
  EXPECT_EQ(ask(*world, "http://consul:8500/v1/catalog/services?dc=dc2").body,
            "{\"agent\":[\"dc=dc2\",\"prometheus\"]}");
  EXPECT_EQ(ask(*world, "http://consul:8500/v1/nonsense").status, 404);
  EXPECT_NE(ask(*world, "http://kubernetes:8001/api/v1/nodes").body.find("\"name\":\"node-1\""),
            std::string::npos);
  EXPECT_EQ(ask(*world, "http://kubernetes:8001/api/v1/namespaces/none/pods").body.find("pod-"),
            std::string::npos);
  for (const char* path : {"/", "/api/v1/secrets", "/apis/apps/v1/pods", "/api/v1/x/y/pods"}) {
    EXPECT_EQ(ask(*world, std::string("http://kubernetes:8001") + path).status, 404) << path;
  }
  EXPECT_EQ(ask(*world, "http://ec2/", "POST").status, 401);
}

TEST(Catalogues, ForTheCourseFortyTargetsAreFound) {
  WorldOptions options;
  options.workload = "sdworld";
  options.history = Duration::seconds(110);  // Before its first incident.
  const auto world = World::create(options);
  ASSERT_TRUE(world) << world.error().message;
  // Ten pods that ask for it, three workers, and one whose container names no port.
  EXPECT_EQ(number(**world, "sum(up{job=\"pods\"})"), 14);
  EXPECT_EQ(number(**world, "sum(up{job=\"consul\"})"), 10);
  EXPECT_EQ(number(**world, "sum(up{job=\"ec2\"})"), 7);
  EXPECT_EQ(number(**world, "sum(up{job=~\"dns|by-hand\"})"), 5);
}

}  // namespace
}  // namespace promenade::sim
