#pragma once  // engine/discovery/kubernetes_targets.h
// From the objects of a Kubernetes API server to target groups with __meta_kubernetes_ labels.
// Internal to engine/discovery.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "discovery/discovery.h"
#include "discovery/json_access.h"

namespace promenade::discovery {

// By namespace ("" for nodes) and name; never null.
using KubernetesObjects = std::map<std::pair<std::string, std::string>, const Json*>;

// By their plural names: "pods", "endpointslices".
using KubernetesStore = std::map<std::string, KubernetesObjects, std::less<>>;

// The plural name of what a role is about.
std::string_view resource_of(config::KubernetesRole role);

// One group for each object of the role, in order of their names. Which other objects have to be in
// the store follows from the role: endpoints and endpointslice need services and pods; with
// `with_node_metadata`, pods need nodes.
std::vector<TargetGroup> kubernetes_groups(config::KubernetesRole role,
                                           const KubernetesStore& store, bool with_node_metadata);

}  // namespace promenade::discovery
