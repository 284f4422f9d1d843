// engine/sim/catalogue/kubernetes.cc
// A Kubernetes API server over the instances of a world: each is a pod, each service has a Service,
// Endpoints, an EndpointSlice and an Ingress, and the nodes are those that the pods say they run
// on. A list's version is its hash; who watches an older one is told that it has expired and lists
// again, as after a long break.
#include <algorithm>
#include <map>
#include <set>

#include "api/json_writer.h"
#include "api/parameters.h"
#include "base/hash.h"
#include "base/strings.h"
#include "sim/catalogue/registration.h"

namespace promenade::sim {
namespace {

using Texts = std::map<std::string, std::string>;
using Pods = std::vector<Registration>;

constexpr const char* kNamespace = "default";

std::string uid_of(std::string_view text) {
  const std::string hash = std::to_string(xxh64(text));
  return std::string(20 - std::min<size_t>(20, hash.size()), '0') + hash;
}

std::string namespace_of(const Registration& pod) {
  return pod.get("namespace", kNamespace);
}

std::string node_of(const Registration& pod) {
  const std::string node = pod.get("node", "1");
  return node.find_first_not_of("0123456789") == std::string::npos ? "node-" + node : node;
}

// 192.168.7.N for the node's name.
std::string node_ip(std::string_view node) {
  return "192.168.7." + std::to_string(xxh64(node) % 250 + 2);
}

bool is_ready(const Registration& pod) {
  return pod.is_healthy;
}

void write_texts(api::JsonWriter& out, std::string_view key, const Texts& texts) {
  out.key(key);
  out.begin_object();
  for (const auto& [name, value] : texts) {
    out.name(name);
    out.string(value);
  }
  out.end_object();
}

// "metadata", to which the caller may add before it closes it.
void begin_metadata(api::JsonWriter& out, const std::string& name, const std::string& name_space,
                    const Texts& labels) {
  out.key("metadata");
  out.begin_object();
  out.field("name", name);
  if (!name_space.empty()) out.field("namespace", name_space);
  out.field("uid", uid_of(name_space + "/" + name));
  write_texts(out, "labels", labels);
}

void write_condition(api::JsonWriter& out, bool is_true) {
  out.key("conditions");
  out.begin_array();
  out.begin_object();
  out.field("type", "Ready");
  out.field("status", is_true ? "True" : "False");
  out.end_object();
  out.end_array();
}

void write_port(api::JsonWriter& out, std::string_view key, uint64_t port) {
  out.begin_object();
  out.field("name", "http");
  out.key(key);
  out.unsigned_integer(port);
  out.field("protocol", "TCP");
  out.end_object();
}

// What an object's labels are for selectors, and its JSON.
struct Object {
  std::string name;
  std::string name_space;
  std::string node;
  Texts labels;
  std::string json;
};

Texts pod_labels(const Registration& pod) {
  Texts labels = pod.labels;
  labels["app"] = pod.service->name;
  labels["version"] = pod.instance->version;
  labels["pod-template-hash"] = uid_of(pod.service->name + pod.instance->version).substr(10, 10);
  return labels;
}

Texts annotations_of(const Registration& pod) {
  if (pod.get("annotations", "all").empty()) return {};
  return {{"prometheus.io/scrape", pod.service->is_scraped ? "true" : "false"},
          {"prometheus.io/port", std::to_string(pod.service->port)},
          {"prometheus.io/path", pod.service->path}};
}

void write_pod_spec(api::JsonWriter& out, const Registration& pod) {
  out.key("spec");
  out.begin_object();
  out.field("nodeName", node_of(pod));
  out.key("containers");
  out.begin_array();
  out.begin_object();
  out.field("name", pod.service->name);
  out.field("image", "registry.example/" + pod.service->name + ":" + pod.instance->version);
  out.key("ports");
  out.begin_array();
  if (!pod.get("ports", "all").empty()) write_port(out, "containerPort", pod.service->port);
  out.end_array();
  out.end_object();
  out.end_array();
  out.end_object();
}

void write_pod_status(api::JsonWriter& out, const Registration& pod) {
  out.key("status");
  out.begin_object();
  out.field("phase", "Running");
  out.field("podIP", pod.ip);
  out.field("hostIP", node_ip(node_of(pod)));
  write_condition(out, is_ready(pod));
  out.key("containerStatuses");
  out.begin_array();
  out.begin_object();
  out.field("name", pod.service->name);
  out.field("containerID", "containerd://" + uid_of(pod.instance->host));
  out.end_object();
  out.end_array();
  out.end_object();
}

Object pod_object(const Registration& pod) {
  Object object{pod.instance->host, namespace_of(pod), node_of(pod), pod_labels(pod), ""};
  api::JsonWriter out(object.json);
  out.begin_object();
  begin_metadata(out, object.name, object.name_space, object.labels);
  write_texts(out, "annotations", annotations_of(pod));
  out.key("ownerReferences");
  out.begin_array();
  out.begin_object();
  out.field("kind", "ReplicaSet");
  out.field("name", pod.service->name + "-" + object.labels["pod-template-hash"]);
  out.key("controller");
  out.boolean(true);
  out.end_object();
  out.end_array();
  out.end_object();
  write_pod_spec(out, pod);
  write_pod_status(out, pod);
  out.end_object();
  return object;
}

// The pods of one service in one namespace.
struct Backend {
  std::string name;
  std::string name_space;
  const ServiceDefinition* service = nullptr;
  std::vector<const Registration*> pods;
};

std::vector<Backend> backends(const Pods& pods) {
  std::map<std::pair<std::string, std::string>, Backend> found;
  for (const Registration& pod : pods) {
    Backend& backend = found[{namespace_of(pod), pod.service->name}];
    backend.name = pod.service->name;
    backend.name_space = namespace_of(pod);
    backend.service = pod.service;
    backend.pods.push_back(&pod);
  }
  std::vector<Backend> all;
  for (auto& [key, backend] : found) all.push_back(std::move(backend));
  return all;
}

Object begin_backend(const Backend& backend, const std::string& name, Texts labels) {
  labels["app"] = backend.name;
  return {name, backend.name_space, "", std::move(labels), ""};
}

Object service_object(const Backend& backend) {
  Object object = begin_backend(backend, backend.name, {});
  api::JsonWriter out(object.json);
  out.begin_object();
  begin_metadata(out, object.name, object.name_space, object.labels);
  write_texts(out, "annotations", annotations_of(*backend.pods[0]));
  out.end_object();
  out.key("spec");
  out.begin_object();
  out.field("type", "ClusterIP");
  out.field("clusterIP",
            "10.96.0." + std::to_string(xxh64(backend.name_space + backend.name) % 250 + 2));
  out.key("ports");
  out.begin_array();
  write_port(out, "port", backend.service->port);
  out.end_array();
  out.end_object();
  out.end_object();
  return object;
}

void write_reference(api::JsonWriter& out, const Registration& pod) {
  out.field("nodeName", node_of(pod));
  out.key("targetRef");
  out.begin_object();
  out.field("kind", "Pod");
  out.field("namespace", namespace_of(pod));
  out.field("name", pod.instance->host);
  out.end_object();
}

void write_addresses(api::JsonWriter& out, std::string_view key, const Backend& backend,
                     bool wants_ready) {
  out.key(key);
  out.begin_array();
  for (const Registration* pod : backend.pods) {
    if (is_ready(*pod) != wants_ready) continue;
    out.begin_object();
    out.field("ip", pod->ip);
    write_reference(out, *pod);
    out.end_object();
  }
  out.end_array();
}

Object endpoints_object(const Backend& backend) {
  Object object = begin_backend(backend, backend.name, {});
  api::JsonWriter out(object.json);
  out.begin_object();
  begin_metadata(out, object.name, object.name_space, object.labels);
  out.end_object();
  out.key("subsets");
  out.begin_array();
  out.begin_object();
  write_addresses(out, "addresses", backend, true);
  write_addresses(out, "notReadyAddresses", backend, false);
  out.key("ports");
  out.begin_array();
  write_port(out, "port", backend.service->port);
  out.end_array();
  out.end_object();
  out.end_array();
  out.end_object();
  return object;
}

Object slice_object(const Backend& backend) {
  Object object = begin_backend(
      backend, backend.name + "-" + uid_of(backend.name_space + backend.name).substr(15),
      {{"kubernetes.io/service-name", backend.name}});
  api::JsonWriter out(object.json);
  out.begin_object();
  begin_metadata(out, object.name, object.name_space, object.labels);
  out.end_object();
  out.field("addressType", "IPv4");
  out.key("endpoints");
  out.begin_array();
  for (const Registration* pod : backend.pods) {
    out.begin_object();
    out.key("addresses");
    out.begin_array();
    out.string(pod->ip);
    out.end_array();
    out.key("conditions");
    out.begin_object();
    for (const char* condition : {"ready", "serving"}) {
      out.key(condition);
      out.boolean(is_ready(*pod));
    }
    out.key("terminating");
    out.boolean(false);
    out.end_object();
    write_reference(out, *pod);
    out.end_object();
  }
  out.end_array();
  out.key("ports");
  out.begin_array();
  write_port(out, "port", backend.service->port);
  out.end_array();
  out.end_object();
  return object;
}

Object ingress_object(const Backend& backend) {
  Object object = begin_backend(backend, backend.name, {});
  api::JsonWriter out(object.json);
  out.begin_object();
  begin_metadata(out, object.name, object.name_space, object.labels);
  out.end_object();
  out.key("spec");
  out.begin_object();
  out.field("ingressClassName", "nginx");
  out.key("rules");
  out.begin_array();
  out.begin_object();
  out.field("host", backend.name + ".example");
  out.key("http");
  out.begin_object();
  out.key("paths");
  out.begin_array();
  out.begin_object();
  out.field("path", "/");
  out.end_object();
  out.end_array();
  out.end_object();
  out.end_object();
  out.end_array();
  out.end_object();
  out.end_object();
  return object;
}

Object node_object(const std::string& name) {
  Object object{
      name, "", "", {{"kubernetes.io/hostname", name}, {"kubernetes.io/os", "linux"}}, ""};
  api::JsonWriter out(object.json);
  out.begin_object();
  begin_metadata(out, name, "", object.labels);
  out.end_object();
  out.key("spec");
  out.begin_object();
  out.field("providerID", "promenade:///" + name);
  out.end_object();
  out.key("status");
  out.begin_object();
  write_condition(out, true);
  out.key("addresses");
  out.begin_array();
  for (const auto& [type, address] :
       {std::pair<const char*, std::string>{"InternalIP", node_ip(name)}, {"Hostname", name}}) {
    out.begin_object();
    out.field("type", type);
    out.field("address", address);
    out.end_object();
  }
  out.end_array();
  out.key("daemonEndpoints");
  out.begin_object();
  out.key("kubeletEndpoint");
  out.begin_object();
  out.key("Port");
  out.unsigned_integer(10250);
  out.end_object();
  out.end_object();
  out.end_object();
  out.end_object();
  return object;
}

std::vector<Object> nodes(const Pods& pods) {
  std::set<std::string> names;
  for (const Registration& pod : pods) names.insert(node_of(pod));
  std::vector<Object> all;
  for (const std::string& name : names) all.push_back(node_object(name));
  return all;
}

std::vector<Object> objects_of(const Pods& pods, std::string_view resource) {
  std::vector<Object> all;
  if (resource == "nodes") return nodes(pods);
  if (resource == "pods") {
    for (const Registration& pod : pods) all.push_back(pod_object(pod));
    return all;
  }
  const auto object_of = resource == "services"    ? service_object
                         : resource == "endpoints" ? endpoints_object
                         : resource == "ingresses" ? ingress_object
                                                   : slice_object;
  for (const Backend& backend : backends(pods)) all.push_back(object_of(backend));
  return all;
}

struct Kind {
  std::string_view resource;
  std::string_view api;
  std::string_view name;
};
constexpr Kind kKinds[] = {
    {"nodes", "/api/v1", "NodeList"},
    {"pods", "/api/v1", "PodList"},
    {"services", "/api/v1", "ServiceList"},
    {"endpoints", "/api/v1", "EndpointsList"},
    {"endpointslices", "/apis/discovery.k8s.io/v1", "EndpointSliceList"},
    {"ingresses", "/apis/networking.k8s.io/v1", "IngressList"},
};

// NAME=VALUE, several with commas.
bool fits(const Texts& texts, std::string_view selector) {
  for (const std::string_view part : split(selector, ',')) {
    if (part.empty()) continue;
    const size_t equals = part.find('=');
    const auto found = texts.find(std::string(part.substr(0, equals)));
    const size_t value_at = equals == std::string_view::npos    ? part.size()
                            : part.substr(equals + 1, 1) == "=" ? equals + 2
                                                                : equals + 1;
    if (found == texts.end() ||
        (equals != std::string_view::npos && found->second != part.substr(value_at))) {
      return false;
    }
  }
  return true;
}

std::string list_items(const std::vector<Object>& objects, std::string_view name_space,
                       const api::Parameters& parameters) {
  std::string items;
  for (const Object& object : objects) {
    const Texts fields = {{"metadata.name", object.name},
                          {"metadata.namespace", object.name_space},
                          {"spec.nodeName", object.node}};
    if (!name_space.empty() && object.name_space != name_space) continue;
    if (!fits(object.labels, parameters.get("labelSelector"))) continue;
    if (!fits(fields, parameters.get("fieldSelector"))) continue;
    items += (items.empty() ? "" : ",") + object.json;
  }
  return items;
}

HttpResponse not_found() {
  HttpResponse response{.status = 404};
  response.headers.set("Content-Type", "application/json");
  response.body =
      "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404,"
      "\"message\":\"this API server lists nodes, pods, services, endpoints, endpointslices and "
      "ingresses\"}";
  return response;
}

}  // namespace

HttpResponse answer_kubernetes(const DataCentre& centre, Timestamp now,
                               const HttpRequest& request) {
  const std::string_view path = split_url(request.url).path;
  const api::Parameters parameters(request);
  const size_t last = path.rfind('/');
  const std::string_view resource = path.substr(last == std::string_view::npos ? 0 : last + 1);
  const Kind* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const Kind& one) { return one.resource == resource; });
  if (kind == std::end(kKinds) || path.rfind(kind->api, 0) != 0) return not_found();
  // What stands between: "" or "/namespaces/NAME".
  const std::string_view place = path.substr(kind->api.size(), last - kind->api.size());
  constexpr std::string_view kPlace = "/namespaces/";
  if (!place.empty() && place.rfind(kPlace, 0) != 0) return not_found();
  const std::string name_space =
      place.empty() ? "" : url_decode(place.substr(kPlace.size()), false);

  const Pods pods = registrations(centre, now, "kubernetes");
  const std::string items = list_items(objects_of(pods, resource), name_space, parameters);
  const std::string version = std::to_string(xxh64(items) >> 12);
  HttpResponse response;
  response.headers.set("Content-Type", "application/json");
  if (parameters.get("watch").empty()) {
    response.body = "{\"kind\":\"" + std::string(kind->name) +
                    "\",\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":[" +
                    items + "]}\n";
  } else if (parameters.get("resourceVersion") != version) {
    response.body =
        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":"
        "\"Expired\",\"code\":410,\"message\":\"too old resource version\"}}\n";
  }
  return response;
}

}  // namespace promenade::sim
