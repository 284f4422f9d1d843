// engine/sim/shop_topology.cc
// The tables. A session looks at some ten pages, one in eight ends in an order.
#include "sim/shop_topology.h"

#include "base/random.h"

namespace promenade::sim {
namespace {

constexpr Failure kNotFound{"404", Cause::Visitor, 0.012};
constexpr Failure kRareNotFound{"404", Cause::Visitor, 0.003};
constexpr Failure kOwn{"500", Cause::Own, 0.0015};
constexpr Failure kUpstream{"502", Cause::Upstream, 0.0006};
constexpr Failure kOverload{"503", Cause::Overload, 0.0004};
constexpr Failure kNone{"", Cause::Own, 0};

constexpr Endpoint kFrontend[] = {
    {"GET", "/", 3.0, 42, 6, "200", {kOwn, kUpstream, kOverload}},
    {"GET", "/search", 1.6, 88, 11, "200", {kOwn, kUpstream, kOverload}},
    {"GET", "/cart", 0.9, 55, 7, "200", {kOwn, kUpstream, kNone}},
    {"POST", "/cart", 0.45, 71, 8, "302", {kOwn, kUpstream, kNone}},
};
constexpr Endpoint kCatalog[] = {
    {"GET", "/api/products", 3.6, 31, 5, "200", {kOwn, kOverload, kNone}},
    {"GET", "/api/products/:id", 4.4, 12, 2, "200", {kNotFound, kOwn, kOverload}},
};
constexpr Endpoint kCheckout[] = {
    {"GET", "/api/cart", 1.4, 14, 2, "200", {kOwn, kOverload, kNone}},
    {"POST", "/api/cart", 0.5, 22, 3, "201", {kOwn, kOverload, kNone}},
    {"POST", "/api/orders", 0.13, 180, 9, "201", {kOwn, kUpstream, kOverload}},
    {"GET", "/api/orders", 0.25, 26, 3, "200", {kRareNotFound, kOwn, kNone}},
    {"POST", "/api/cart/items", 0.6, 18, 3, "201", {kNotFound, kOwn, kNone}},
    {"DELETE", "/api/cart/items", 0.2, 16, 2, "204", {kNotFound, kOwn, kNone}},
};
constexpr Endpoint kPayments[] = {
    {"POST", "/api/charge", 0.14, 140, 12, "200", {kOwn, kUpstream, kOverload}},
    {"POST", "/api/refund", 0.02, 120, 11, "200", {kRareNotFound, kOwn, kUpstream}},
};

constexpr Service kServices[kServiceCount] = {
    {ServiceName::Frontend, "frontend", 3, 96, kFrontend},
    {ServiceName::Catalog, "catalog", 2, 180, kCatalog},
    {ServiceName::Checkout, "checkout", 3, 128, kCheckout},
    {ServiceName::Payments, "payments", 2, 74, kPayments},
};

// Staging sees a tester or two, not customers.
constexpr double kStagingWeight = 0.02;

int extra_instances(uint64_t seed, size_t service_index, Random& random) {
  if (seed < kLessonSeedsEnd) return 0;
  const bool is_chosen = seed % kServiceCount == service_index;
  return is_chosen || random.chance(0.3) ? 1 : 0;
}

Instance make_instance(const Service& service, std::string host) {
  std::string authority = host + ":8080";
  return Instance{&service, std::move(host), std::move(authority)};
}

}  // namespace

std::span<const Service> shop_services() {
  return kServices;
}

std::vector<Instance> shop_instances(uint64_t seed) {
  Random random = Random(seed).fork("topology");
  std::vector<Instance> instances;
  for (size_t index = 0; index < kServiceCount; ++index) {
    const Service& service = kServices[index];
    const int count = service.instance_count + extra_instances(seed, index, random);
    for (int number = 1; number <= count; ++number) {
      Instance instance =
          make_instance(service, std::string(service.job) + "-" + std::to_string(number));
      instance.weight = 0.7 + 0.6 * random.uniform();
      instances.push_back(std::move(instance));
    }
  }
  Instance staging = make_instance(shop_service(ServiceName::Checkout), "checkout-staging-1");
  staging.is_staging = true;
  staging.weight = kStagingWeight;
  instances.push_back(std::move(staging));
  return instances;
}

}  // namespace promenade::sim
