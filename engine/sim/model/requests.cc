// engine/sim/model/requests.cc
// Requests arrive at a service, are dealt out to its instances and end one way or another: by
// status, and by latency.
#include <algorithm>
#include <cmath>

#include "sim/model/data_centre.h"
#include "sim/model/latency.h"
#include "sim/portable_math.h"

namespace promenade::sim {
namespace {

constexpr double kFailureShareMax = 0.95;
constexpr double kAttemptsMax = 100;

// Chaos may be limited to the endpoints that have a label of this value.
bool concerns(const Disturbance& disturbance, const EndpointDefinition& endpoint) {
  const std::string_view handler = disturbance.parameter("handler");
  return handler.empty() || std::any_of(endpoint.labels.begin(), endpoint.labels.end(),
                                        [&](const auto& label) { return label.second == handler; });
}

}  // namespace

// Of a whole service; what is called gets its callers' rate.
double DataCentre::quiet_rate(size_t service, size_t index, Timestamp at) {
  const EndpointDefinition& endpoint = definition_.services[service].requests->endpoints[index];
  const std::vector<size_t>& instances = services_[service].instances;
  if (instances.empty()) return 0;
  const Instance& any = instances_[instances[0]];
  if (!endpoint.caller) return evaluate_or(endpoint.rate, any, at, 0);
  return quiet_rate(endpoint.caller->first, endpoint.caller->second, at) *
         evaluate_or(endpoint.attempts, any, at, 1);
}

double DataCentre::traffic_factor(const Instance& instance) const {
  double factor = 1;
  for (const Disturbance* disturbance : instance.traffic) {
    factor *= std::max(0.0, 1 + disturbance->strength);
  }
  return factor;
}

// The load balancer gives every running instance its weight; who is down leaves it to the others.
void DataCentre::let_requests_arrive(size_t service, Timestamp at) {
  ServiceState& state = services_[service];
  std::fill(state.endpoints.begin(), state.endpoints.end(), EndpointTotals{});
  double pool = 0;
  for (const size_t index : state.instances) {
    const Instance& instance = instances_[index];
    if (takes_requests(instance) && !instance.group->apart) pool += instance.weight;
  }
  for (size_t endpoint = 0; endpoint < state.endpoints.size(); ++endpoint) {
    const bool is_called =
        definition_.services[service].requests->endpoints[endpoint].caller.has_value();
    for (const size_t index : state.instances) {
      Instance& instance = instances_[index];
      instance.endpoints[endpoint].requests = 0;
      if (!takes_requests(instance) || is_called) continue;
      const double share = instance.group->apart ? *instance.group->apart : instance.weight / pool;
      arrive(instance, endpoint, share, at, definition_.tick);
      state.endpoints[endpoint].requests +=
          static_cast<double>(instance.endpoints[endpoint].requests);
    }
    if (is_called) deal_calls(service, endpoint, at);
    for (const size_t index : state.instances) {
      state.endpoints[endpoint].taken +=
          static_cast<double>(instances_[index].endpoints[endpoint].requests);
    }
  }
}

void DataCentre::arrive(Instance& instance, size_t index, double share, Timestamp at,
                        Duration length) {
  const EndpointDefinition& endpoint =
      definition_.services[instance.service].requests->endpoints[index];
  const double rate = evaluate_or(endpoint.rate, instance, at, 0) * traffic_factor(instance);
  instance.endpoints[index].requests =
      poisson(instance.random, std::min(rate * share * length.in_seconds(), kEventsMax));
}

// Exactly as many requests as the caller sent, dealt out by weight.
void DataCentre::deal_calls(size_t service, size_t index, Timestamp at) {
  ServiceState& state = services_[service];
  const EndpointDefinition& endpoint = definition_.services[service].requests->endpoints[index];
  const auto& [caller, called] = *endpoint.caller;
  double pool = 0;
  const Instance* first = nullptr;
  for (const size_t i : state.instances) {
    if (!takes_requests(instances_[i]) || instances_[i].group->apart) continue;
    if (first == nullptr) first = &instances_[i];
    pool += instances_[i].weight;
  }
  const Instance& any = first != nullptr ? *first : instances_[state.instances[0]];
  const double attempts = std::clamp(evaluate_or(endpoint.attempts, any, at, 1), 0.0, kAttemptsMax);
  const double wanted = services_[caller].endpoints[called].taken * attempts;
  const double whole = std::floor(wanted);
  const uint64_t calls = static_cast<uint64_t>(whole) +
                         (wanted > whole && state.random.chance(wanted - whole) ? 1 : 0);
  state.endpoints[index].requests = static_cast<double>(calls);
  if (first == nullptr) return;
  const double u = state.random.uniform();
  double share = 0;
  uint64_t dealt = 0;
  size_t last = first->index;
  for (const size_t i : state.instances) {
    if (!takes_requests(instances_[i]) || instances_[i].group->apart) continue;
    share += instances_[i].weight / pool;
    const uint64_t upto = std::max(dealt, dealt_below(calls, share, u));
    instances_[i].endpoints[index].requests = upto - dealt;
    dealt = upto;
    last = i;
  }
  instances_[last].endpoints[index].requests += calls - dealt;
}

// Nobody was there to take them: the caller sees them fail.
void DataCentre::fail_lost_requests(size_t service) {
  ServiceState& state = services_[service];
  for (size_t endpoint = 0; endpoint < state.endpoints.size(); ++endpoint) {
    EndpointTotals& totals = state.endpoints[endpoint];
    totals.failures = totals.requests - totals.taken;
    totals.latency_sum = 0;
  }
}

double DataCentre::slowness_of_load(Instance& instance, Duration length, Timestamp at) {
  const RequestsDefinition& requests = *definition_.services[instance.service].requests;
  double seconds = 0;
  for (size_t i = 0; i < requests.endpoints.size(); ++i) {
    const double cpu = evaluate_or(requests.endpoints[i].cpu, instance, at, 0);
    seconds += static_cast<double>(instance.endpoints[i].requests) * cpu;
  }
  instance.busy_seconds = seconds * (0.9 + 0.2 * instance.random.uniform());
  if (requests.slow_at_cores == kNoFormula) return 1;
  const double cores = evaluate_or(requests.slow_at_cores, instance, at, 1);
  const double load = cores > 0 ? seconds / length.in_seconds() / cores : 0;
  return 1 + std::min(load * load, 100.0);
}

void DataCentre::serve(Instance& instance, Timestamp at, Duration length) {
  const auto& requests = definition_.services[instance.service].requests;
  instance.busy_seconds = 0;
  instance.window_seconds = length.in_seconds();
  if (!requests) return;
  const double slowness = slowness_of_load(instance, length, at);
  double latency_sum = 0;
  for (size_t i = 0; i < instance.endpoints.size(); ++i) {
    latency_sum += serve_endpoint(instance, i, slowness, at);
  }
  instance.builtin(Builtin::Busy) = instance.busy_seconds / length.in_seconds();
  // Little's law: requests under way = arrival rate x time in the system.
  const double in_flight = static_cast<double>(
      poisson(instance.random, std::min(latency_sum / length.in_seconds(), 1e9)));
  instance.builtin(Builtin::InFlight) = in_flight;
  const auto cell = instance.cell_by_series.find(requests->in_flight);
  if (cell != instance.cell_by_series.end()) instance.cells[cell->second] = in_flight;
}

// Returns the latency that its requests add up to.
double DataCentre::serve_endpoint(Instance& instance, size_t index, double slowness, Timestamp at) {
  const RequestsDefinition& requests = *definition_.services[instance.service].requests;
  const EndpointDefinition& endpoint = requests.endpoints[index];
  EndpointState& state = instance.endpoints[index];
  state.failures = 0;
  state.latency_sum = 0;
  double median = evaluate_or(endpoint.median, instance, at, 0.01) * slowness;
  for (const Disturbance* disturbance : instance.latencies) {
    if (concerns(*disturbance, endpoint)) median *= std::max(0.01, 1 + disturbance->strength);
  }
  state.median = median;
  if (state.requests == 0) return 0;
  state.failures = deal_statuses(instance, index, state.requests, at);
  const std::span<double> cells(instance.cells.data() + state.bucket_cell,
                                requests.buckets.size() + 2);
  state.latency_sum = deal_latencies(state.requests, median, requests.shape, requests.buckets,
                                     instance.random, cells);
  EndpointTotals& totals = services_[instance.service].endpoints[index];
  const double ticks = instance.window_seconds / definition_.tick.in_seconds();
  totals.failures += static_cast<double>(state.failures) / ticks;
  totals.latency_sum += state.latency_sum / ticks;
  return state.latency_sum;
}

// Returns how many failed.
uint64_t DataCentre::deal_statuses(Instance& instance, size_t index, uint64_t requests,
                                   Timestamp at) {
  EndpointState& state = instance.endpoints[index];
  const EndpointDefinition& endpoint =
      definition_.services[instance.service].requests->endpoints[index];
  const double u = instance.random.uniform();
  double share = 0;
  uint64_t dealt = 0;
  const auto deal = [&](StatusRow& row, double more) {
    share += std::max(0.0, more);
    const uint64_t upto =
        std::max(dealt, dealt_below(requests, std::min(share, kFailureShareMax), u));
    instance.cells[row.cell] += static_cast<double>(upto - dealt);
    dealt = upto;
  };
  const auto caused = [&](const Disturbance& disturbance, std::string_view status) {
    const bool fits = disturbance.parameter("status") == status && concerns(disturbance, endpoint);
    return fits ? disturbance.strength : 0;
  };
  for (const Disturbance* disturbance : instance.errors) {
    const std::string status(disturbance->parameter("status"));
    const bool is_known = std::any_of(state.rows.begin(), state.rows.end(),
                                      [&](const StatusRow& row) { return row.status == status; });
    if (is_known) continue;
    state.rows.push_back({status, 0, kNoFormula, false});
    builder_.build(instance);
  }
  for (size_t i = 1; i < state.rows.size(); ++i) {
    double more = evaluate_or(state.rows[i].share, instance, at, 0);
    for (const Disturbance* disturbance : instance.errors) {
      more += caused(*disturbance, state.rows[i].status);
    }
    deal(state.rows[i], more);
  }
  instance.cells[state.rows[0].cell] += static_cast<double>(requests - dealt);
  return dealt;
}

}  // namespace promenade::sim
