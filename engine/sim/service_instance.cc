// engine/sim/service_instance.cc
// A tick draws how many requests an endpoint gets and deals them out to statuses and latency
// buckets by systematic sampling: with one uniform offset u, the first floor(n * F + u) requests
// fall below the quantile F. That keeps every total exact, costs one random number however many
// requests there are, and is right on average even when n * F is far below one.
#include "sim/service_instance.h"

#include <algorithm>

#include "sim/portable_math.h"

namespace promenade::sim {
namespace {

constexpr double kIdleCpuShare = 0.008;  // Of a core, for housekeeping.
// Caches and fragments that a process gathers while it runs, and how long half of it takes.
constexpr double kMemoryGrowthMb = 110;
constexpr double kMemoryGrowthHalfSeconds = 1500;
constexpr double kMemoryPerRequestMb = 0.4;
constexpr uint64_t kPageBytes = 4096;
constexpr double kFailureShareMax = 0.9;
// Latency doubles when requests keep this many cores busy.
constexpr double kCoresUntilSlow = 0.8;
constexpr double kCardShare = 0.71;
constexpr double kInvoiceShare = 0.21;

// How many of `requests` fall below the quantile `share`, for the offset `u` in [0, 1).
uint64_t dealt_below(uint64_t requests, double share, double u) {
  const auto dealt = static_cast<uint64_t>(static_cast<double>(requests) * share + u);
  return std::min(dealt, requests);
}

// The share of requests that take at most `bound`: a log-logistic distribution of shape 3, which
// has the long right tail of real services and needs no pow().
double share_below(double bound_us, double median_us) {
  const double ratio = bound_us / median_us;
  const double cube = ratio * ratio * ratio;
  return cube / (1 + cube);
}

double busy_cores(const Service& service, double sessions_per_second) {
  double cpu_ms = 0;
  for (const Endpoint& endpoint : service.endpoints) {
    cpu_ms += endpoint.requests_per_session * endpoint.cpu_ms;
  }
  return sessions_per_second * cpu_ms / 1000;
}

double slowness_of_load(double cores) {
  const double load = cores / kCoresUntilSlow;
  return 1 + load * load;
}

}  // namespace

ServiceInstance::ServiceInstance(const Instance& instance, Random random)
    : instance_(&instance), random_(random), endpoints_(instance.service->endpoints.size()) {}

void ServiceInstance::start(Timestamp at) {
  std::fill(endpoints_.begin(), endpoints_.end(), EndpointCounts{});
  started_ = at;
  cpu_us_ = 150'000 + random_.below(250'000);  // Starting up is work, too.
  in_flight_ = 0;
  idle_connections_ = 4 + random_.below(6);
  order_queue_length_ = 0;
  orders_ = {};
  update_gauges(at, Duration::seconds(1), 0);
}

void ServiceInstance::run(Timestamp from, Duration length, const Conditions& conditions) {
  const Service& service = *instance_->service;
  Conditions under_load = conditions;
  under_load.slowness *= slowness_of_load(busy_cores(service, conditions.sessions_per_second));
  uint64_t latency_us = 0;
  for (size_t i = 0; i < endpoints_.size(); ++i) latency_us += serve(i, length, under_load);
  cpu_us_ += static_cast<uint64_t>(static_cast<double>(length.ms) * 1000 * kIdleCpuShare *
                                   (0.8 + 0.4 * random_.uniform()));
  update_gauges(from + length, length, latency_us);
}

uint64_t ServiceInstance::serve(size_t index, Duration length, const Conditions& conditions) {
  const Endpoint& endpoint = instance_->service->endpoints[index];
  EndpointCounts& counts = endpoints_[index];
  const uint64_t requests =
      poisson(random_,
              conditions.sessions_per_second * endpoint.requests_per_session * length.in_seconds());
  const bool places_orders =
      has_orders() && endpoint.handler == "/api/orders" && endpoint.method == "POST";
  if (requests == 0) {
    if (places_orders) take_orders(0, length, conditions);
    return 0;
  }
  const uint64_t successes = count_statuses(endpoint, conditions, requests, counts);
  if (places_orders) take_orders(successes, length, conditions);
  cpu_us_ += static_cast<uint64_t>(static_cast<double>(requests) * endpoint.cpu_ms * 1000 *
                                   (0.9 + 0.2 * random_.uniform()));
  const double median_us = endpoint.latency_median_ms * 1000 * conditions.slowness;
  return count_latencies(median_us, requests, counts);
}

uint64_t ServiceInstance::count_statuses(const Endpoint& endpoint, const Conditions& conditions,
                                         uint64_t requests, EndpointCounts& counts) {
  const double u = random_.uniform();
  double share = 0;
  uint64_t dealt = 0;
  for (size_t i = 0; i < endpoint.failures.size(); ++i) {
    const Failure& failure = endpoint.failures[i];
    if (failure.status.empty()) continue;
    share += failure.share_always + conditions.failure_shares[static_cast<size_t>(failure.cause)];
    const uint64_t upto = dealt_below(requests, std::min(share, kFailureShareMax), u);
    counts.requests_by_status[i + 1] += upto - dealt;
    dealt = upto;
  }
  counts.requests_by_status[0] += requests - dealt;
  return requests - dealt;
}

uint64_t ServiceInstance::count_latencies(double median_us, uint64_t requests,
                                          EndpointCounts& counts) {
  const double u = random_.uniform();
  // Where in its bucket the average request of this tick lies.
  const double position = 0.3 + 0.3 * random_.uniform();
  uint64_t dealt = 0;
  double sum_us = 0;
  double lower_us = 0;
  for (size_t i = 0; i < kBucketCount; ++i) {
    const bool is_last = i == kLatencyBoundsUs.size();
    const double upper_us = is_last ? lower_us * 1.5 : static_cast<double>(kLatencyBoundsUs[i]);
    const uint64_t upto =
        is_last ? requests : dealt_below(requests, share_below(upper_us, median_us), u);
    const uint64_t here = upto - dealt;
    counts.requests_by_latency[i] += here;
    sum_us += static_cast<double>(here) * (lower_us + (upper_us - lower_us) * position);
    dealt = upto;
    lower_us = upper_us;
  }
  const auto rounded_us = static_cast<uint64_t>(sum_us);
  counts.latency_sum_us += rounded_us;
  return rounded_us;
}

void ServiceInstance::take_orders(uint64_t placed, Duration length, const Conditions& conditions) {
  const double u = random_.uniform();
  const uint64_t by_card = dealt_below(placed, kCardShare, u);
  const uint64_t up_to_invoice = dealt_below(placed, kCardShare + kInvoiceShare, u);
  orders_[0] += by_card;
  orders_[1] += up_to_invoice - by_card;
  orders_[2] += placed - up_to_invoice;
  order_queue_length_ += placed;
  const uint64_t processed =
      poisson(random_, conditions.orders_processed_per_second * length.in_seconds());
  order_queue_length_ -= std::min(order_queue_length_, processed);
}

void ServiceInstance::update_gauges(Timestamp now, Duration length, uint64_t latency_us) {
  // Little's law: requests under way = arrival rate x time in the system.
  in_flight_ =
      poisson(random_, static_cast<double>(latency_us) / 1000 / static_cast<double>(length.ms));
  const double age = std::max(0.0, (now - started_).in_seconds());
  const double megabytes = instance_->service->memory_base_mb * (0.98 + 0.04 * random_.uniform()) +
                           kMemoryGrowthMb * age / (age + kMemoryGrowthHalfSeconds) +
                           kMemoryPerRequestMb * static_cast<double>(in_flight_);
  memory_bytes_ = static_cast<uint64_t>(megabytes * 1048576) / kPageBytes * kPageBytes;
}

}  // namespace promenade::sim
