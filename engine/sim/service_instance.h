#pragma once  // engine/sim/service_instance.h
// One process of the web shop: what it has counted since it started. A model, not a random walk:
// requests arrive because sessions need them, latency follows load and trouble, failures have
// causes, processor time follows requests, and the numbers add up (the requests of an endpoint, the
// sum of its statuses and the sum of its buckets are one number).
#include <array>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "sim/shop_topology.h"

namespace promenade::sim {

// Upper bounds of the latency histogram, in microseconds; one more bucket is above them all.
inline constexpr std::array<int64_t, 11> kLatencyBoundsUs = {
    5'000,   10'000,    25'000,    50'000,    100'000,   250'000,
    500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};
inline constexpr size_t kBucketCount = kLatencyBoundsUs.size() + 1;
inline constexpr std::array<std::string_view, 3> kPaymentMethods = {"card", "invoice", "voucher"};

// What an instance has to live with for a while.
struct Conditions {
  double sessions_per_second = 0;                    // Of those that this instance serves.
  double slowness = 1;                               // Factor on all latencies.
  std::array<double, kCauseCount> failure_shares{};  // Added to each endpoint's quiet-day shares.
  double orders_processed_per_second = 0;            // Checkout only.
};

struct EndpointCounts {
  std::array<uint64_t, kStatusesMax> requests_by_status{};   // Success, then Endpoint::failures.
  std::array<uint64_t, kBucketCount> requests_by_latency{};  // Each bucket alone.
  uint64_t latency_sum_us = 0;
};

class ServiceInstance {
 public:
  ServiceInstance(const Instance& instance, Random random);

  // A new process: everything at zero.
  void start(Timestamp at);
  // What happens in `length` of time under these conditions.
  void run(Timestamp from, Duration length, const Conditions& conditions);

  const Instance& instance() const { return *instance_; }
  const std::vector<EndpointCounts>& endpoints() const { return endpoints_; }  // As in Service.
  bool has_orders() const { return instance_->service->name == ServiceName::Checkout; }

  Timestamp started() const { return started_; }
  uint64_t cpu_us() const { return cpu_us_; }
  uint64_t in_flight() const { return in_flight_; }
  uint64_t memory_bytes() const { return memory_bytes_; }
  uint64_t open_fds() const { return 14 + 2 * in_flight_ + idle_connections_; }
  uint64_t order_queue_length() const { return order_queue_length_; }
  const std::array<uint64_t, kPaymentMethods.size()>& orders() const { return orders_; }

 private:
  // Returns the latency that the endpoint's requests add up to, in microseconds.
  uint64_t serve(size_t endpoint, Duration length, const Conditions& conditions);
  uint64_t count_statuses(const Endpoint& endpoint, const Conditions& conditions, uint64_t requests,
                          EndpointCounts& counts);
  uint64_t count_latencies(double median_us, uint64_t requests, EndpointCounts& counts);
  void take_orders(uint64_t placed, Duration length, const Conditions& conditions);
  void update_gauges(Timestamp now, Duration length, uint64_t latency_us);

  const Instance* instance_;
  Random random_;
  std::vector<EndpointCounts> endpoints_;
  Timestamp started_;
  uint64_t cpu_us_ = 0;
  uint64_t in_flight_ = 0;
  uint64_t memory_bytes_ = 0;
  uint64_t idle_connections_ = 0;
  uint64_t order_queue_length_ = 0;
  std::array<uint64_t, kPaymentMethods.size()> orders_{};
};

}  // namespace promenade::sim
