#pragma once  // engine/sim/shop_topology.h
// What the web shop is made of: services, the endpoints they serve, and the instances that run
// them. Data only; who does what when is in incident_schedule.h and service_instance.h.
//
// Demand enters as shopping sessions a second. Every endpoint gets a fixed number of requests
// from each session, so the traffic of all services rises and falls together.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promenade::sim {

// Why a request fails. The same causes hit all endpoints of a service, each as far as it
// depends on them.
enum class Cause {
  Visitor,   // The client asked for something that is not there: 404.
  Own,       // A bug or a failing disk of this process: 500.
  Upstream,  // A service behind it failed: 502.
  Overload,  // More requests than the process can take: 503.
};
inline constexpr size_t kCauseCount = 4;

struct Failure {
  std::string_view status;
  Cause cause;
  double share_always;  // Of all requests, on a quiet day.
};

inline constexpr size_t kFailuresMax = 3;
inline constexpr size_t kStatusesMax = kFailuresMax + 1;

struct Endpoint {
  std::string_view method;
  std::string_view handler;
  double requests_per_session;
  double latency_median_ms;
  double cpu_ms;  // Of processor time, for each request.
  std::string_view success_status;
  std::array<Failure, kFailuresMax> failures;  // Unused ones have an empty status.
};

enum class ServiceName { Frontend, Catalog, Checkout, Payments };
inline constexpr size_t kServiceCount = 4;

struct Service {
  ServiceName name;
  std::string_view job;
  int instance_count;     // In production, as the lessons show it.
  double memory_base_mb;  // Right after a start.
  std::span<const Endpoint> endpoints;
};

std::span<const Service> shop_services();
inline const Service& shop_service(ServiceName name) {
  return shop_services()[static_cast<size_t>(name)];
}

struct Instance {
  const Service* service;
  std::string host;         // "checkout-1"
  std::string authority;    // "checkout-1:8080"
  bool is_staging = false;  // env="staging" instead of "prod".
  double weight = 1;        // Its part of the service's traffic, relative to the others'.
};

// The instances of the shop with this seed. Seeds below kLessonSeedsEnd run the instances that the
// lessons name; other seeds run a few more, so that an answer which lists instances is wrong there.
inline constexpr uint64_t kLessonSeedsEnd = 100;
std::vector<Instance> shop_instances(uint64_t seed);

}  // namespace promenade::sim
