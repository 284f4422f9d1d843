#pragma once  // engine/sim/catalogue/registration.h
// What the catalogues of a world (Consul, Kubernetes, EC2, DNS) know of its instances. An attribute
// `catalogue` of a service says which of them has it; without one all have. course/worlds/README.md
// lists the attributes that they read.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "base/transport.h"
#include "sim/model/data_centre.h"

namespace promenade::sim {

struct Registration {
  const Instance* instance = nullptr;
  const ServiceDefinition* service = nullptr;
  bool is_healthy = true;                     // Its process runs and answers.
  std::string ip;                             // Within the network of the world.
  std::map<std::string, std::string> labels;  // Those of its targets, filled in.
  std::map<std::string, std::string> edits;   // Chaos that replaces attributes.

  // The attribute or label of this name; `fallback` when there is none, "" when it is "none".
  std::string get(const std::string& name, const std::string& fallback = "") const;
};

// The instances that are present, in order of their indices. `catalogue` is the name of who asks:
// "consul", "kubernetes", "ec2", "dns".
std::vector<Registration> registrations(const DataCentre& centre, Timestamp now,
                                        std::string_view catalogue);

// host:port of the three that speak HTTP.
inline constexpr std::string_view kConsulAuthority = "consul:8500";
// Where `kubectl proxy` listens; the address within a cluster is another name of it.
inline constexpr std::string_view kKubernetesAuthority = "kubernetes:8001";
inline constexpr std::string_view kKubernetesClusterAuthority = "kubernetes.default.svc";
inline constexpr std::string_view kEc2Authority = "ec2";

// As much of their APIs as Prometheus's discovery asks for.
HttpResponse answer_consul(const DataCentre& centre, Timestamp now, const HttpRequest& request);
HttpResponse answer_kubernetes(const DataCentre& centre, Timestamp now, const HttpRequest& request);
HttpResponse answer_ec2(const DataCentre& centre, Timestamp now, const HttpRequest& request);

// The zone ".internal": SERVICE.internal has the addresses of a service's instances and the names
// of its mail and name servers, _SERVICE._tcp.internal has SRV records, HOST and HOST.internal one
// address. One record a line (see Transport).
std::string answer_dns(const DataCentre& centre, Timestamp now, std::string_view name,
                       std::string_view type);

}  // namespace promenade::sim
