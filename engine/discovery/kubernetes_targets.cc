// One function for each role, after
// https://prometheus.io/docs/prometheus/latest/configuration/configuration/#kubernetes_sd_config.
#include "discovery/kubernetes_targets.h"

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "discovery/poll.h"

namespace promenade::discovery {
namespace {

using config::KubernetesRole;

constexpr std::string_view kNamespaceLabel = "__meta_kubernetes_namespace";

std::string label(std::string_view rest) {
  return "__meta_kubernetes_" + std::string(rest);
}

void merge(LabelSet& labels, const LabelSet& others) {
  for (const auto& [name, value] : others) labels[name] = value;
}

void add_pairs(LabelSet& labels, const std::string& prefix, const Json& pairs) {
  if (!pairs.is_object()) return;
  for (const auto& [name, value] : pairs.items()) {
    labels[prefix + "_" + sanitized(name)] = text_of(value);
    labels[prefix + "present_" + sanitized(name)] = "true";
  }
}

// Name, labels and annotations.
void add_metadata(LabelSet& labels, const Json& object, std::string_view kind) {
  labels[label(kind) + "_name"] = text_at(object, "metadata.name");
  add_pairs(labels, label(kind) + "_label", at(object, "metadata.labels"));
  add_pairs(labels, label(kind) + "_annotation", at(object, "metadata.annotations"));
}

const Json* find(const KubernetesStore& store, std::string_view resource,
                 const std::string& name_space, const std::string& name) {
  const auto objects = store.find(resource);
  if (objects == store.end()) return nullptr;
  const auto object = objects->second.find({name_space, name});
  return object == objects->second.end() ? nullptr : object->second;
}

// The group of an object, without targets.
TargetGroup group_of(const Json& object, std::string_view source) {
  const std::string name_space = text_at(object, "metadata.namespace");
  const std::string name = text_at(object, "metadata.name");
  TargetGroup group;
  group.source = std::string(source) + "/" + name_space + "/" + name;
  group.labels[std::string(kNamespaceLabel)] = name_space;
  return group;
}

// --- Nodes.

std::string node_address(const Json& addresses) {
  constexpr std::string_view kTypes[] = {"InternalIP",  "InternalDNS",  "ExternalIP",
                                         "ExternalDNS", "LegacyHostIP", "Hostname"};
  for (const std::string_view type : kTypes) {
    for (const Json& address : addresses) {
      if (text_at(address, "type") == type) return text_at(address, "address");
    }
  }
  return "";
}

TargetGroup node_group(const Json& node) {
  TargetGroup group;
  const std::string name = text_at(node, "metadata.name");
  group.source = "node/" + name;
  add_metadata(group.labels, node, "node");
  group.labels[label("node_provider_id")] = text_at(node, "spec.providerID");
  for (const Json& condition : items_at(node, "status.conditions")) {
    group.labels[label("node_condition_" + to_lower(text_at(condition, "type")))] =
        to_lower(text_at(condition, "status"));
  }
  const Json& addresses = items_at(node, "status.addresses");
  const std::string address = node_address(addresses);
  if (address.empty()) return group;
  LabelSet target;
  target[std::string(kAddressLabel)] =
      join_host_port(address, text_at(node, "status.daemonEndpoints.kubeletEndpoint.Port"));
  target["instance"] = name;
  for (const Json& one : addresses) {
    // The first of a type.
    target.emplace(label("node_address_" + sanitized(text_at(one, "type"))),
                   text_at(one, "address"));
  }
  group.targets.push_back(std::move(target));
  return group;
}

// --- Services.

std::string load_balancer_ip(const Json& service) {
  std::vector<std::string> addresses;
  for (const Json& ingress : items_at(service, "status.loadBalancer.ingress")) {
    const std::string ip = text_at(ingress, "ip");
    if (!ip.empty()) addresses.push_back(ip);
  }
  return addresses.empty() ? text_at(service, "spec.loadBalancerIP") : join(addresses, ",");
}

TargetGroup service_group(const Json& service) {
  TargetGroup group = group_of(service, "svc");
  add_metadata(group.labels, service, "service");
  const std::string type = text_at(service, "spec.type");
  const std::string host =
      text_at(service, "metadata.name") + "." + text_at(service, "metadata.namespace") + ".svc";
  for (const Json& port : items_at(service, "spec.ports")) {
    const std::string number = text_at(port, "port");
    LabelSet target;
    target[std::string(kAddressLabel)] = join_host_port(host, number);
    target[label("service_port_name")] = text_at(port, "name");
    target[label("service_port_number")] = number;
    target[label("service_port_protocol")] = text_at(port, "protocol");
    target[label("service_type")] = type;
    if (type == "ExternalName") {
      target[label("service_external_name")] = text_at(service, "spec.externalName");
    } else {
      target[label("service_cluster_ip")] = text_at(service, "spec.clusterIP");
    }
    if (type == "LoadBalancer")
      target[label("service_loadbalancer_ip")] = load_balancer_ip(service);
    group.targets.push_back(std::move(target));
  }
  return group;
}

// --- Pods.

std::string readiness(const Json& pod) {
  for (const Json& condition : items_at(pod, "status.conditions")) {
    if (text_at(condition, "type") == "Ready") return to_lower(text_at(condition, "status"));
  }
  return "unknown";
}

LabelSet pod_labels(const Json& pod) {
  LabelSet labels;
  add_metadata(labels, pod, "pod");
  labels[label("pod_ip")] = text_at(pod, "status.podIP");
  labels[label("pod_ready")] = readiness(pod);
  labels[label("pod_phase")] = text_at(pod, "status.phase");
  labels[label("pod_node_name")] = text_at(pod, "spec.nodeName");
  labels[label("pod_host_ip")] = text_at(pod, "status.hostIP");
  labels[label("pod_uid")] = text_at(pod, "metadata.uid");
  for (const Json& owner : items_at(pod, "metadata.ownerReferences")) {
    if (text_at(owner, "controller") != "true") continue;
    labels[label("pod_controller_kind")] = text_at(owner, "kind");
    labels[label("pod_controller_name")] = text_at(owner, "name");
  }
  return labels;
}

std::string container_id(const Json& statuses, const std::string& name) {
  for (const Json& status : statuses) {
    if (text_at(status, "name") == name) return text_at(status, "containerID");
  }
  return "";
}

// A container of a pod with one of its ports; null when it has none.
struct PodPort {
  const Json* container;
  const Json* port;
  bool is_init;
};

std::vector<PodPort> ports_of(const Json& pod) {
  std::vector<PodPort> all;
  for (const bool is_init : {false, true}) {
    const std::string_view path = is_init ? "spec.initContainers" : "spec.containers";
    for (const Json& container : items_at(pod, path)) {
      const Json& ports = items_at(container, "ports");
      if (ports.empty()) all.push_back({&container, nullptr, is_init});
      for (const Json& port : ports) all.push_back({&container, &port, is_init});
    }
  }
  return all;
}

LabelSet port_labels(const Json& pod, const PodPort& one) {
  LabelSet labels;
  const std::string name = text_at(*one.container, "name");
  labels[label("pod_container_name")] = name;
  labels[label("pod_container_id")] = container_id(
      items_at(pod, one.is_init ? "status.initContainerStatuses" : "status.containerStatuses"),
      name);
  labels[label("pod_container_image")] = text_at(*one.container, "image");
  labels[label("pod_container_init")] = one.is_init ? "true" : "false";
  if (one.port == nullptr) return labels;
  labels[label("pod_container_port_name")] = text_at(*one.port, "name");
  labels[label("pod_container_port_number")] = text_at(*one.port, "containerPort");
  const std::string protocol = text_at(*one.port, "protocol");
  labels[label("pod_container_port_protocol")] = protocol.empty() ? "TCP" : protocol;
  return labels;
}

std::string address_of(const Json& pod, const PodPort& one) {
  const std::string ip = text_at(pod, "status.podIP");
  return one.port == nullptr ? ip : join_host_port(ip, text_at(*one.port, "containerPort"));
}

// Name, labels and annotations of the node that it runs on.
void add_node_of(LabelSet& labels, const Json& pod, const KubernetesStore& store) {
  const Json* node = find(store, "nodes", "", text_at(pod, "spec.nodeName"));
  if (node != nullptr) add_metadata(labels, *node, "node");
}

TargetGroup pod_group(const Json& pod, const KubernetesStore& store, bool with_node_metadata) {
  TargetGroup group = group_of(pod, "pod");
  if (text_at(pod, "status.podIP").empty()) return group;
  merge(group.labels, pod_labels(pod));
  if (with_node_metadata) add_node_of(group.labels, pod, store);
  for (const PodPort& one : ports_of(pod)) {
    LabelSet target = port_labels(pod, one);
    target[std::string(kAddressLabel)] = address_of(pod, one);
    group.targets.push_back(std::move(target));
  }
  return group;
}

// --- Endpoints and endpoint slices.

// Collects the addresses behind a service, and then the ports of their pods that are not among
// them.
class Backends {
 public:
  Backends(TargetGroup& group, const KubernetesStore& store, bool with_node_metadata)
      : group_(group), store_(store), with_node_metadata_(with_node_metadata) {}

  // `target` is complete but for what the pod says, which `reference` may point to.
  void add(LabelSet target, const Json& reference, const std::string& port) {
    const Json* pod =
        text_at(reference, "kind") == "Pod"
            ? find(store_, "pods", text_at(reference, "namespace"), text_at(reference, "name"))
            : nullptr;
    if (pod != nullptr) {
      merge(target, labels_of(*pod));
      for (const PodPort& one : ports_of(*pod)) {
        if (one.port == nullptr || text_at(*one.port, "containerPort") != port) continue;
        merge(target, port_labels(*pod, one));
        covered_.insert({pod, one.port});
        break;
      }
      if (std::find(pods_.begin(), pods_.end(), pod) == pods_.end()) pods_.push_back(pod);
    }
    group_.targets.push_back(std::move(target));
  }

  void add_other_ports() {
    for (const Json* pod : pods_) {
      for (const PodPort& one : ports_of(*pod)) {
        if (one.port == nullptr || covered_.count({pod, one.port}) > 0) continue;
        LabelSet target = labels_of(*pod);
        merge(target, port_labels(*pod, one));
        target[std::string(kAddressLabel)] = address_of(*pod, one);
        group_.targets.push_back(std::move(target));
      }
    }
  }

 private:
  LabelSet labels_of(const Json& pod) const {
    LabelSet labels = pod_labels(pod);
    if (with_node_metadata_) add_node_of(labels, pod, store_);
    return labels;
  }

  TargetGroup& group_;
  const KubernetesStore& store_;
  bool with_node_metadata_;
  std::vector<const Json*> pods_;  // In order of their first address.
  std::set<std::pair<const Json*, const Json*>> covered_;
};

void add_service(TargetGroup& group, const KubernetesStore& store, const Json& object,
                 const std::string& name) {
  const Json* service = find(store, "services", text_at(object, "metadata.namespace"), name);
  if (service != nullptr) add_metadata(group.labels, *service, "service");
}

void add_reference(LabelSet& target, const std::string& prefix, const Json& reference) {
  if (!reference.is_object()) return;
  target[prefix + "_address_target_kind"] = text_at(reference, "kind");
  target[prefix + "_address_target_name"] = text_at(reference, "name");
}

TargetGroup endpoints_group(const Json& endpoints, const KubernetesStore& store,
                            bool with_node_metadata) {
  TargetGroup group = group_of(endpoints, "endpoints");
  add_metadata(group.labels, endpoints, "endpoints");
  add_service(group, store, endpoints, text_at(endpoints, "metadata.name"));
  Backends backends(group, store, with_node_metadata);
  for (const Json& subset : items_at(endpoints, "subsets")) {
    for (const Json& port : items_at(subset, "ports")) {
      for (const bool is_ready : {true, false}) {
        for (const Json& address : items_at(subset, is_ready ? "addresses" : "notReadyAddresses")) {
          const std::string number = text_at(port, "port");
          LabelSet target;
          target[std::string(kAddressLabel)] = join_host_port(text_at(address, "ip"), number);
          target[label("endpoint_port_name")] = text_at(port, "name");
          target[label("endpoint_port_protocol")] = text_at(port, "protocol");
          target[label("endpoint_ready")] = is_ready ? "true" : "false";
          target[label("endpoint_node_name")] = text_at(address, "nodeName");
          target[label("endpoint_hostname")] = text_at(address, "hostname");
          add_reference(target, label("endpoint"), at(address, "targetRef"));
          backends.add(std::move(target), at(address, "targetRef"), number);
        }
      }
    }
  }
  backends.add_other_ports();
  return group;
}

LabelSet slice_target(const Json& slice, const Json& endpoint, const Json& port) {
  const std::string prefix = label("endpointslice");
  LabelSet target;
  target[prefix + "_address_type"] = text_at(slice, "addressType");
  target[prefix + "_port"] = text_at(port, "port");
  target[prefix + "_port_name"] = text_at(port, "name");
  target[prefix + "_port_protocol"] = text_at(port, "protocol");
  target[prefix + "_port_app_protocol"] = text_at(port, "appProtocol");
  for (const char* condition : {"ready", "serving", "terminating"}) {
    target[prefix + "_endpoint_conditions_" + condition] =
        text_at(endpoint, std::string("conditions.") + condition);
  }
  target[prefix + "_endpoint_hostname"] = text_at(endpoint, "hostname");
  target[prefix + "_endpoint_node_name"] = text_at(endpoint, "nodeName");
  target[prefix + "_endpoint_zone"] = text_at(endpoint, "zone");
  add_reference(target, prefix, at(endpoint, "targetRef"));
  const Json& topology = at(endpoint, "deprecatedTopology");
  if (topology.is_object()) {
    for (const auto& [name, value] : topology.items()) {
      target[prefix + "_endpoint_topology_" + sanitized(name)] = text_of(value);
      target[prefix + "_endpoint_topology_present_" + sanitized(name)] = "true";
    }
  }
  return target;
}

TargetGroup slice_group(const Json& slice, const KubernetesStore& store, bool with_node_metadata) {
  TargetGroup group = group_of(slice, "endpointslice");
  add_metadata(group.labels, slice, "endpointslice");
  const Json& labels = at(slice, "metadata.labels");
  if (labels.is_object() && labels.contains("kubernetes.io/service-name")) {
    add_service(group, store, slice, text_of(labels["kubernetes.io/service-name"]));
  }
  Backends backends(group, store, with_node_metadata);
  for (const Json& port : items_at(slice, "ports")) {
    for (const Json& endpoint : items_at(slice, "endpoints")) {
      for (const Json& address : items_at(endpoint, "addresses")) {
        const std::string number = text_at(port, "port");
        LabelSet target = slice_target(slice, endpoint, port);
        target[std::string(kAddressLabel)] = join_host_port(text_of(address), number);
        backends.add(std::move(target), at(endpoint, "targetRef"), number);
      }
    }
  }
  backends.add_other_ports();
  return group;
}

// --- Ingresses.

// "*.example.com" stands for one more name in front.
bool host_fits(const std::string& pattern, const std::string& host) {
  if (pattern == host) return true;
  if (pattern.rfind("*.", 0) != 0) return false;
  const size_t dot = host.find('.');
  return dot != std::string::npos && dot > 0 && host.substr(dot) == pattern.substr(1);
}

bool has_tls(const Json& ingress, const std::string& host) {
  for (const Json& tls : items_at(ingress, "spec.tls")) {
    for (const Json& pattern : items_at(tls, "hosts")) {
      if (host_fits(text_of(pattern), host)) return true;
    }
  }
  return false;
}

TargetGroup ingress_group(const Json& ingress) {
  TargetGroup group = group_of(ingress, "ingress");
  add_metadata(group.labels, ingress, "ingress");
  group.labels[label("ingress_class_name")] = text_at(ingress, "spec.ingressClassName");
  for (const Json& rule : items_at(ingress, "spec.rules")) {
    const std::string host = text_at(rule, "host");
    std::vector<std::string> paths;
    for (const Json& path : items_at(rule, "http.paths")) paths.push_back(text_at(path, "path"));
    if (paths.empty()) paths.emplace_back();
    for (const std::string& path : paths) {
      LabelSet target;
      target[std::string(kAddressLabel)] = host;
      target[label("ingress_scheme")] = has_tls(ingress, host) ? "https" : "http";
      target[label("ingress_host")] = host;
      target[label("ingress_path")] = path.empty() ? "/" : path;
      group.targets.push_back(std::move(target));
    }
  }
  return group;
}

TargetGroup group_for(KubernetesRole role, const Json& object, const KubernetesStore& store,
                      bool with_node_metadata) {
  switch (role) {
    case KubernetesRole::Node:
      return node_group(object);
    case KubernetesRole::Service:
      return service_group(object);
    case KubernetesRole::Pod:
      return pod_group(object, store, with_node_metadata);
    case KubernetesRole::Endpoints:
      return endpoints_group(object, store, with_node_metadata);
    case KubernetesRole::EndpointSlice:
      return slice_group(object, store, with_node_metadata);
    case KubernetesRole::Ingress:
      return ingress_group(object);
  }
  return {};
}

}  // namespace

std::string_view resource_of(KubernetesRole role) {
  constexpr std::string_view kResources[] = {"nodes",     "services",       "pods",
                                             "endpoints", "endpointslices", "ingresses"};
  return kResources[static_cast<size_t>(role)];
}

std::vector<TargetGroup> kubernetes_groups(KubernetesRole role, const KubernetesStore& store,
                                           bool with_node_metadata) {
  std::vector<TargetGroup> groups;
  const auto objects = store.find(resource_of(role));
  if (objects == store.end()) return groups;
  for (const auto& [name, object] : objects->second) {
    groups.push_back(group_for(role, *object, store, with_node_metadata));
  }
  return groups;
}

}  // namespace promenade::discovery
