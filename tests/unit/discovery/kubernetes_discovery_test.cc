// Lists and watches of a Kubernetes API server, and the targets that follow from them.
#include <gmock/gmock.h>

#include <algorithm>

#include "network_fixture.h"

namespace promenade::discovery {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPod = R"({
  "metadata": {"name": "web-1", "namespace": "shop", "uid": "u1", "resourceVersion": "4",
    "labels": {"app": "web"}, "annotations": {"prometheus.io/scrape": "true"},
    "ownerReferences": [{"kind": "ReplicaSet", "name": "web", "controller": true}]},
  "spec": {"nodeName": "n1",
    "containers": [
      {"name": "web", "image": "web:1", "ports": [
        {"name": "http", "containerPort": 8080, "protocol": "TCP"}, {"containerPort": 9090}]},
      {"name": "helper", "image": "h:1"}],
    "initContainers": [{"name": "init", "image": "i:1"}]},
  "status": {"phase": "Running", "podIP": "10.0.0.1", "hostIP": "192.168.0.1",
    "conditions": [{"type": "Ready", "status": "True"}],
    "containerStatuses": [{"name": "web", "containerID": "containerd://c1"}]}})";

constexpr const char* kPodLabels =
    " kubernetes_pod_annotation_prometheus_io_scrape=true"
    " kubernetes_pod_annotationpresent_prometheus_io_scrape=true";

std::string list(const std::string& items, const std::string& version = "4") {
  return R"({"metadata": {"resourceVersion": ")" + version + R"("}, "items": [)" + items + "]}";
}

struct KubernetesTest : NetworkTest {
  void discover_role(const std::string& role, const std::string& more = "") {
    discover("kubernetes_sd_configs: [{role: " + role + ", api_server: \"http://server/\"" + more +
             "}]");
  }
};

TEST_F(KubernetesTest, EachPortOfAPodIsATarget) {
  put("/api/v1/pods", list(kPod));
  discover_role("pod");
  EXPECT_EQ(
      print(),
      std::string("pod/shop/web-1 kubernetes_namespace=shop") + kPodLabels +
          " kubernetes_pod_controller_kind=ReplicaSet kubernetes_pod_controller_name=web"
          " kubernetes_pod_host_ip=192.168.0.1 kubernetes_pod_ip=10.0.0.1"
          " kubernetes_pod_label_app=web kubernetes_pod_labelpresent_app=true"
          " kubernetes_pod_name=web-1 kubernetes_pod_node_name=n1 kubernetes_pod_phase=Running"
          " kubernetes_pod_ready=true kubernetes_pod_uid=u1\n"
          "  10.0.0.1:8080 kubernetes_pod_container_id=containerd://c1"
          " kubernetes_pod_container_image=web:1 kubernetes_pod_container_init=false"
          " kubernetes_pod_container_name=web kubernetes_pod_container_port_name=http"
          " kubernetes_pod_container_port_number=8080 kubernetes_pod_container_port_protocol=TCP\n"
          "  10.0.0.1:9090 kubernetes_pod_container_id=containerd://c1"
          " kubernetes_pod_container_image=web:1 kubernetes_pod_container_init=false"
          " kubernetes_pod_container_name=web kubernetes_pod_container_port_number=9090"
          " kubernetes_pod_container_port_protocol=TCP\n"
          "  10.0.0.1 kubernetes_pod_container_image=h:1 kubernetes_pod_container_init=false"
          " kubernetes_pod_container_name=helper\n"
          "  10.0.0.1 kubernetes_pod_container_image=i:1 kubernetes_pod_container_init=true"
          " kubernetes_pod_container_name=init\n");
}

TEST_F(KubernetesTest, APodWithoutAnAddressHasNoTargets) {
  put("/api/v1/pods", list(R"({"metadata": {"name": "p", "namespace": "d"}})"));
  discover_role("pod");
  EXPECT_EQ(print(), "pod/d/p kubernetes_namespace=d\n");
}

TEST_F(KubernetesTest, PodsMayShowTheLabelsOfTheirNodes) {
  put("/api/v1/pods", list(kPod));
  put("/api/v1/nodes", list(R"({"metadata": {"name": "n1", "labels": {"zone": "z"}}})"));
  discover_role("pod", ", attach_metadata: {node: true}");
  EXPECT_THAT(print(), HasSubstr(" kubernetes_node_label_zone=z"));
}

TEST_F(KubernetesTest, ServicesNodesAndIngresses) {
  put("/api/v1/services", list(R"({"metadata": {"name": "web", "namespace": "shop"},
    "spec": {"type": "LoadBalancer", "clusterIP": "10.96.0.1", "loadBalancerIP": "5.6.7.8",
      "ports": [{"name": "http", "port": 80, "protocol": "TCP"}]}},
    {"metadata": {"name": "ext", "namespace": "shop"},
    "spec": {"type": "ExternalName", "externalName": "x.org", "clusterIP": "", "ports":
      [{"port": 443, "protocol": "TCP"}]}})"));
  discover_role("service");
  EXPECT_EQ(print(),
            "svc/shop/ext kubernetes_namespace=shop kubernetes_service_name=ext\n"
            "  ext.shop.svc:443 kubernetes_service_external_name=x.org"
            " kubernetes_service_port_number=443 kubernetes_service_port_protocol=TCP"
            " kubernetes_service_type=ExternalName\n"
            "svc/shop/web kubernetes_namespace=shop kubernetes_service_name=web\n"
            "  web.shop.svc:80 kubernetes_service_cluster_ip=10.96.0.1"
            " kubernetes_service_loadbalancer_ip=5.6.7.8 kubernetes_service_port_name=http"
            " kubernetes_service_port_number=80 kubernetes_service_port_protocol=TCP"
            " kubernetes_service_type=LoadBalancer\n");
  put("/api/v1/nodes", list(R"({"metadata": {"name": "n1"}, "spec": {"providerID": "x:///1"},
    "status": {"conditions": [{"type": "Ready", "status": "Unknown"}],
      "addresses": [{"type": "Hostname", "address": "n1"}, {"type": "InternalIP", "address": "9.9.9.9"}],
      "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}}}})"));
  discover_role("node");
  EXPECT_EQ(print(),
            "node/n1 kubernetes_node_condition_ready=unknown kubernetes_node_name=n1"
            " kubernetes_node_provider_id=x:///1\n"
            "  9.9.9.9:10250 kubernetes_node_address_Hostname=n1"
            " kubernetes_node_address_InternalIP=9.9.9.9 instance=n1\n");
  put("/apis/networking.k8s.io/v1/ingresses",
      list(R"({"metadata": {"name": "i", "namespace": "shop"}, "spec": {"ingressClassName": "nginx",
      "tls": [{"hosts": ["*.example.com"]}],
      "rules": [{"host": "a.example.com", "http": {"paths": [{"path": "/x"}, {}]}}, {"host": "b.org"}]}})"));
  discover_role("ingress");
  EXPECT_EQ(print(),
            "ingress/shop/i kubernetes_ingress_class_name=nginx kubernetes_ingress_name=i"
            " kubernetes_namespace=shop\n"
            "  a.example.com kubernetes_ingress_host=a.example.com kubernetes_ingress_path=/x"
            " kubernetes_ingress_scheme=https\n"
            "  a.example.com kubernetes_ingress_host=a.example.com kubernetes_ingress_path=/"
            " kubernetes_ingress_scheme=https\n"
            "  b.org kubernetes_ingress_host=b.org kubernetes_ingress_path=/"
            " kubernetes_ingress_scheme=http\n");
}

TEST_F(KubernetesTest, EndpointsAddTheLabelsOfServiceAndPodAndThePodsOtherPorts) {
  put("/api/v1/pods", list(kPod));
  put("/api/v1/services",
      list(R"({"metadata": {"name": "web", "namespace": "shop", "labels": {"tier": "1"}}})"));
  put("/api/v1/endpoints", list(R"({"metadata": {"name": "web", "namespace": "shop"}, "subsets": [
    {"addresses": [{"ip": "10.0.0.1", "nodeName": "n1",
       "targetRef": {"kind": "Pod", "namespace": "shop", "name": "web-1"}}],
     "notReadyAddresses": [{"ip": "10.0.0.2", "hostname": "h"}],
     "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}]}]})"));
  discover_role("endpoints");
  const std::string text = print();
  EXPECT_THAT(text, HasSubstr("endpoints/shop/web kubernetes_endpoints_name=web"
                              " kubernetes_namespace=shop kubernetes_service_label_tier=1"
                              " kubernetes_service_labelpresent_tier=true"
                              " kubernetes_service_name=web\n"
                              "  10.0.0.1:8080 kubernetes_endpoint_address_target_kind=Pod"
                              " kubernetes_endpoint_address_target_name=web-1"
                              " kubernetes_endpoint_node_name=n1 kubernetes_endpoint_port_name=http"
                              " kubernetes_endpoint_port_protocol=TCP"
                              " kubernetes_endpoint_ready=true"));
  EXPECT_THAT(text, HasSubstr(" kubernetes_pod_container_port_name=http"));
  EXPECT_THAT(text, HasSubstr("  10.0.0.2:8080 kubernetes_endpoint_hostname=h"
                              " kubernetes_endpoint_port_name=http"
                              " kubernetes_endpoint_port_protocol=TCP"
                              " kubernetes_endpoint_ready=false\n"));
  EXPECT_THAT(text, HasSubstr("  10.0.0.1:9090 kubernetes_pod_annotation"));
}

TEST_F(KubernetesTest, EndpointSlicesFindTheirServiceByALabel) {
  put("/api/v1/pods", list(""));
  put("/api/v1/services", list(R"({"metadata": {"name": "web", "namespace": "shop"}})"));
  put("/apis/discovery.k8s.io/v1/endpointslices", list(R"({"metadata": {"name": "web-x",
    "namespace": "shop", "labels": {"kubernetes.io/service-name": "web"}},
    "addressType": "IPv6", "ports": [{"name": "m", "port": 9, "protocol": "TCP", "appProtocol": "http"}],
    "endpoints": [{"addresses": ["2001:db8::1"], "nodeName": "n1", "zone": "z", "hostname": "h",
      "conditions": {"ready": true, "serving": true, "terminating": false}}]})"));
  discover_role("endpointslice");
  EXPECT_THAT(print(), HasSubstr(" kubernetes_service_name=web\n"
                                 "  [2001:db8::1]:9 kubernetes_endpointslice_address_type=IPv6"
                                 " kubernetes_endpointslice_endpoint_conditions_ready=true"
                                 " kubernetes_endpointslice_endpoint_conditions_serving=true"
                                 " kubernetes_endpointslice_endpoint_conditions_terminating=false"
                                 " kubernetes_endpointslice_endpoint_hostname=h"
                                 " kubernetes_endpointslice_endpoint_node_name=n1"
                                 " kubernetes_endpointslice_endpoint_zone=z"
                                 " kubernetes_endpointslice_port=9"
                                 " kubernetes_endpointslice_port_app_protocol=http"
                                 " kubernetes_endpointslice_port_name=m"
                                 " kubernetes_endpointslice_port_protocol=TCP\n"));
}

TEST_F(KubernetesTest, NamespacesAndSelectorsArePartOfTheQuestion) {
  discover_role("pod",
                ", namespaces: {names: [a, b]}, selectors: [{role: pod, label: \"app=x,!y\", "
                "field: spec.nodeName=n}]");
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(
      requests[0].url,
      "/api/v1/namespaces/a/pods?labelSelector=app%3Dx%2C%21y&fieldSelector=spec.nodeName%3Dn");
  EXPECT_EQ(requests[1].url.substr(0, 25), "/api/v1/namespaces/b/pods");
}

TEST_F(KubernetesTest, AfterTheListItWatches) {
  put("/api/v1/pods", list(kPod));
  discover_role("pod");
  const std::string first = print();
  std::string moved = kPod;
  moved.replace(moved.find("10.0.0.1"), 8, "10.0.0.5");
  moved.erase(std::remove(moved.begin(), moved.end(), '\n'), moved.end());
  put("/api/v1/pods",
      R"({"type": "MODIFIED", "object": )" + moved + "}\n" +
          R"({"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "9"}}})" + "\n");
  pass(Duration::seconds(5));
  EXPECT_EQ(requests.back().url,
            "/api/v1/pods?watch=1&allowWatchBookmarks=true&resourceVersion=4&timeoutSeconds=5");
  EXPECT_THAT(print(), HasSubstr("  10.0.0.5:8080"));
  EXPECT_THAT(print(), Not(HasSubstr("10.0.0.1")));
  put("/api/v1/pods", R"({"type": "DELETED", "object": )" + moved + "}\n");
  pass(Duration::seconds(5));
  EXPECT_THAT(requests.back().url, HasSubstr("resourceVersion=9"));
  EXPECT_EQ(print(), "");
}

TEST_F(KubernetesTest, ListsAgainWhenItsVersionHasExpired) {
  put("/api/v1/pods", list(kPod));
  discover_role("pod");
  const std::string first = print();
  put("/api/v1/pods", R"({"type": "ERROR", "object": {"code": 410}})");
  pass(Duration::seconds(5));
  EXPECT_EQ(print(), first);
  put("/api/v1/pods", list("", "20"));
  pass(Duration::seconds(5));
  EXPECT_EQ(requests.back().url, "/api/v1/pods");
  EXPECT_EQ(print(), "");
}

TEST_F(KubernetesTest, NonsenseAndSilenceLeaveTheTargets) {
  put("/api/v1/pods", list(kPod));
  discover_role("pod");
  const std::string first = print();
  for (const char* nonsense : {"{", "[]", "17", R"({"metadata": 3})"}) {
    put("/api/v1/pods", nonsense);
    pass(Duration::seconds(10));
    EXPECT_EQ(print(), first) << nonsense;
  }
  answers.clear();
  pass(Duration::minutes(2));
  EXPECT_EQ(print(), first);
}

TEST_F(KubernetesTest, WithinAClusterItUsesItsAccount) {
  net.add_host("kubernetes.default.svc",
               [this](const HttpRequest& request) { return answer(request); });
  files.write("/var/run/secrets/kubernetes.io/serviceaccount/token", "secret\n");
  files.write("/var/run/secrets/kubernetes.io/serviceaccount/namespace", "mine\n");
  put("/api/v1/namespaces/mine/pods", list(kPod));
  discover("kubernetes_sd_configs: [{role: pod, namespaces: {own_namespace: true}}]");
  EXPECT_EQ(requests.at(0).headers.get("Authorization"), "Bearer secret");
  EXPECT_THAT(print(), HasSubstr("kubernetes_pod_name=web-1"));
}

TEST_F(KubernetesTest, AnUnknownNamespaceOfItsOwnIsNotEveryNamespace) {
  net.add_host("kubernetes.default.svc",
               [this](const HttpRequest& request) { return answer(request); });
  put("/api/v1/pods", list(kPod));
  discover("kubernetes_sd_configs: [{role: pod, namespaces: {own_namespace: true}}]");
  EXPECT_TRUE(requests.empty());
  EXPECT_EQ(print(), "");
}

}  // namespace
}  // namespace promenade::discovery
