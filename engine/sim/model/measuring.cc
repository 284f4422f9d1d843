// engine/sim/model/measuring.cc
// From what happens to numbers: the metrics that formulas define, the truth that nobody measures,
// and what formulas may ask about services.
#include <algorithm>
#include <cmath>

#include "sim/model/data_centre.h"
#include "sim/model/latency.h"
#include "sim/portable_math.h"

namespace promenade::sim {
namespace {

// Adds events to a counter; where a label has shares, deals them out.
void count_events(const MetricDefinition& metric, uint64_t events, Random& random, double* cells) {
  const LabelLoop* dealt = nullptr;
  for (const LabelLoop& loop : metric.loops) {
    if (!loop.shares.empty()) dealt = &loop;
  }
  if (dealt == nullptr || events == 0) {
    cells[0] += static_cast<double>(events);
    return;
  }
  double total = 0;
  for (const double share : dealt->shares) total += share;
  const double u = random.uniform();
  double share = 0;
  uint64_t before = 0;
  for (size_t i = 0; i < dealt->shares.size(); ++i) {
    share += dealt->shares[i] / total;
    const bool is_last = i + 1 == dealt->shares.size();
    const uint64_t upto = is_last ? events : std::max(before, dealt_below(events, share, u));
    cells[i] += static_cast<double>(upto - before);
    before = upto;
  }
}

// Its cells are the quantiles, the count, and the sum in millionths.
void add_to_summary(const MetricDefinition& metric, uint64_t events, double median, double* cells) {
  const size_t quantiles = metric.quantiles.size();
  for (size_t i = 0; i < quantiles; ++i) {
    cells[i] = latency_quantile(metric.quantiles[i], median, metric.shape);
  }
  cells[quantiles] += static_cast<double>(events);
  // The mean of a log-logistic variable of shape 3 is 1.209 medians.
  cells[quantiles + 1] +=
      std::floor(std::clamp(static_cast<double>(events) * median * 1.209e6, 0.0, 1e18));
}

}  // namespace

void DataCentre::measure(Instance& instance, Timestamp at, Duration length) {
  for (Binding& binding : instance.bindings) measure(instance, binding, at, length);
}

void DataCentre::measure(Instance& instance, Binding& binding, Timestamp at, Duration length) {
  const MetricDefinition& metric = *binding.metric;
  const Instance& target = instances_[binding.target];
  if (metric.when != kNoFormula) {
    binding.is_shown = evaluate_in(metric.when, target, at, binding.loops, &instance.random) != 0;
  }
  const double value = evaluate_in(metric.value, target, at, binding.loops, &instance.random);
  double* cells = instance.cells.data() + binding.cell;
  if (metric.kind == MetricKind::Gauge) {
    cells[0] = value;
    return;
  }
  // What a process that is down does not do cannot be counted.
  if (!takes_requests(target)) return;
  const double seconds = length.in_seconds();
  if (metric.increment == Increment::Exact && metric.kind == MetricKind::Counter) {
    cells[0] += std::max(0.0, value) * seconds;
    return;
  }
  const double mean = std::clamp(value * seconds, 0.0, kEventsMax);
  const uint64_t events = metric.increment == Increment::Rate ? poisson(instance.random, mean)
                                                              : static_cast<uint64_t>(mean + 0.5);
  if (metric.kind == MetricKind::Counter) {
    count_events(metric, events, instance.random, cells);
    return;
  }
  const double median = evaluate_in(metric.median, target, at, binding.loops, &instance.random);
  if (metric.kind == MetricKind::Histogram) {
    deal_latencies(events, median, metric.shape, metric.buckets, instance.random,
                   {cells, binding.cell_count});
    return;
  }
  add_to_summary(metric, events, median, cells);
}

void DataCentre::keep_truth(Instance& instance, Timestamp at) {
  const auto step = static_cast<size_t>((at - start_).ms / kTruthStep.ms);
  for (EndpointState& endpoint : instance.endpoints) {
    if (endpoint.truth.size() <= step) endpoint.truth.resize(step + 1);
    TruthCell& cell = endpoint.truth[step];
    if (!takes_requests(instance)) continue;
    cell.requests += static_cast<uint32_t>(endpoint.requests);
    cell.failures += static_cast<uint32_t>(endpoint.failures);
    cell.median = static_cast<float>(endpoint.median);
  }
}

double DataCentre::observe(const Instruction& instruction, size_t self) const {
  if (instruction.observation >= Observation::Running) return observe_instances(instruction);
  EndpointTotals totals;
  double seconds = definition_.tick.in_seconds();
  const auto is_asked_for = [&](size_t endpoint) {
    return instruction.b == kEverything || instruction.b == endpoint;
  };
  if (instruction.a == kOwn) {
    const Instance& own = instances_[self];
    seconds = own.window_seconds;
    for (size_t i = 0; i < own.endpoints.size(); ++i) {
      if (!is_asked_for(i)) continue;
      totals.requests += static_cast<double>(own.endpoints[i].requests);
      totals.failures += static_cast<double>(own.endpoints[i].failures);
      totals.latency_sum += own.endpoints[i].latency_sum;
    }
  } else {
    const ServiceState& state = services_[instruction.a];
    for (size_t i = 0; i < state.endpoints.size(); ++i) {
      if (!is_asked_for(i)) continue;
      totals.requests += state.endpoints[i].requests;
      totals.failures += state.endpoints[i].failures;
      totals.latency_sum += state.endpoints[i].latency_sum;
    }
  }
  switch (instruction.observation) {
    case Observation::Requests:
      return totals.requests / seconds;
    case Observation::Successes:
      return (totals.requests - totals.failures) / seconds;
    case Observation::Failures:
      return totals.failures / seconds;
    case Observation::FailedShare:
      return totals.requests == 0 ? 0 : totals.failures / totals.requests;
    default:
      return totals.requests == 0 ? 0 : totals.latency_sum / totals.requests;
  }
}

double DataCentre::observe_instances(const Instruction& instruction) const {
  double count = 0;
  double sum = 0;
  double most = 0;
  for (const size_t index : services_[instruction.a].instances) {
    const Instance& instance = instances_[index];
    if (!takes_requests(instance)) continue;
    const double value =
        instruction.b < instance.locals.size() ? instance.locals[instruction.b] : 0;
    most = count == 0 ? value : std::max(most, value);
    sum += value;
    ++count;
  }
  switch (instruction.observation) {
    case Observation::Running:
      return count;
    case Observation::Mean:
      return count == 0 ? 0 : sum / count;
    case Observation::Max:
      return most;
    default:
      return sum;
  }
}

}  // namespace promenade::sim
