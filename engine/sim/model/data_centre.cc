// engine/sim/model/data_centre.cc
// A tick has phases. The world's values come first. Then, in the order of the file, each service's
// values and the requests that arrive: callers before those they call. Then, in the opposite order,
// how the requests end, so that a caller sees how those it called did. Then results and metrics.
// processes.cc, requests.cc and measuring.cc have what happens in them.
#include "sim/model/data_centre.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"

namespace promenade::sim {

DataCentre::DataCentre(WorldDefinition definition, uint64_t seed, Timestamp start)
    : definition_(std::move(definition)),
      seed_(seed),
      start_(start),
      next_tick_(start),
      random_(Random(seed).fork(definition_.name)),
      globals_(std::size(kWorldBuiltinNames) + definition_.values.size(), 0),
      world_troubles_(definition_.troubles.size(), 0),
      evaluated_at_(start),
      builder_(definition_, instances_,
               [this](FormulaId id, const Instance& instance, std::span<const double> loops) {
                 return evaluate_in(id, instance, evaluated_at_, loops, nullptr);
               }) {
  services_.resize(definition_.services.size());
  for (size_t i = 0; i < services_.size(); ++i) add_instances(i);
  timeline_ = std::make_unique<Timeline>(definition_, seed_, start_, target_infos());
  timeline_->plan_until(start_);
  for (size_t i = 0; i < definition_.values.size(); ++i) {
    const FormulaId initial = definition_.values[i].initial;
    if (initial == kNoFormula) continue;
    FormulaInputs inputs;
    inputs.at = start_;
    inputs.seed = seed_;
    globals_[std::size(kWorldBuiltinNames) + i] = evaluate(definition_.formulas[initial], inputs);
  }
  update_world(start_);
  for (Instance& instance : instances_) set_constants(instance);
  for (Instance& instance : instances_) begin_life(instance);
  for (Instance& instance : instances_) {
    measure(instance, start_, Duration::milliseconds((start_ - instance.started).ms));
  }
}

void DataCentre::set_listener(
    std::function<void(const Instance&, const std::string& old_authority)> listener) {
  listener_ = std::move(listener);
}

void DataCentre::advance(Timestamp now) {
  if (is_advancing_) return;  // A listener asks in the middle of a tick.
  is_advancing_ = true;
  while (next_tick_ + definition_.tick <= now) {
    tick(next_tick_);
    next_tick_ = next_tick_ + definition_.tick;
  }
  is_advancing_ = false;
}

void DataCentre::tick(Timestamp at) {
  timeline_->plan_until(at + definition_.tick);
  const auto& active = timeline_->active_at(at);
  if (timeline_->active_version() != troubles_version_) {
    troubles_version_ = timeline_->active_version();
    std::fill(world_troubles_.begin(), world_troubles_.end(), 0);
    for (const Disturbance* disturbance : active) {
      if (disturbance->control != Control::Trouble) continue;
      double& strength = world_troubles_[disturbance->trouble];
      strength = std::max(strength, disturbance->strength);
    }
    for (Instance& instance : instances_) update_troubles(instance, active);
  }
  evaluated_at_ = at;
  update_world(at);
  for (size_t service = 0; service < services_.size(); ++service) {
    for (const size_t index : services_[service].instances) {
      Instance& instance = instances_[index];
      instance.builtin(Builtin::Up) = instance.is_running ? 1 : 0;
      if (!takes_requests(instance)) continue;
      instance.builtin(Builtin::Age) = (at + definition_.tick - instance.started).in_seconds();
      const ServiceDefinition& definition = definition_.services[service];
      run_values(instance, definition.values, definition.value_slot(0), at);
    }
    let_requests_arrive(service, at);
  }
  for (size_t i = services_.size(); i > 0; --i) {
    fail_lost_requests(i - 1);
    for (const size_t index : services_[i - 1].instances) {
      if (takes_requests(instances_[index])) serve(instances_[index], at, definition_.tick);
    }
  }
  for (Instance& instance : instances_) {
    const ServiceDefinition& definition = definition_.services[instance.service];
    if (takes_requests(instance)) {
      run_values(instance, definition.results, definition.result_slot(0), at);
      if (evaluate_or(definition.dies_when, instance, at, 0) != 0) {
        const Timestamp end = at + definition_.tick;
        timeline_->add_crash(instance.index, {end, end + definition.restart_pause});
      }
    }
    keep_truth(instance, at);
  }
  for (Instance& instance : instances_) {
    if (instance.is_page_stale) builder_.build(instance);
    if (takes_requests(instance)) measure(instance, at, definition_.tick);
  }
  for (Instance& instance : instances_) update_presence(instance, at + definition_.tick);
}

void DataCentre::update_world(Timestamp at) {
  const double seconds = at.in_seconds();
  const double days = std::floor(seconds / 86400);
  globals_[static_cast<size_t>(WorldBuiltin::Time)] = seconds;
  globals_[static_cast<size_t>(WorldBuiltin::Tick)] = definition_.tick.in_seconds();
  globals_[static_cast<size_t>(WorldBuiltin::Hour)] = (seconds - days * 86400) / 3600;
  // 1970-01-01 was a Thursday; 0 is Sunday, as in PromQL.
  const double weekday = days + 4 - std::floor((days + 4) / 7) * 7;
  globals_[static_cast<size_t>(WorldBuiltin::Weekday)] = weekday;
  FormulaInputs inputs;
  inputs.at = at;
  inputs.globals = globals_;
  inputs.troubles = world_troubles_;
  inputs.seed = seed_;
  inputs.random = &random_;
  inputs.observer = this;
  for (size_t i = 0; i < definition_.values.size(); ++i) {
    globals_[std::size(kWorldBuiltinNames) + i] =
        evaluate(definition_.formulas[definition_.values[i].formula], inputs);
  }
}

void DataCentre::update_troubles(Instance& instance,
                                 const std::vector<const Disturbance*>& active) {
  std::fill(instance.troubles.begin(), instance.troubles.end(), 0);
  instance.errors.clear();
  instance.latencies.clear();
  instance.traffic.clear();
  instance.is_paused = false;
  for (const Disturbance* disturbance : active) {
    if (!disturbance->hits(instance.index)) continue;
    switch (disturbance->control) {
      case Control::Trouble: {
        double& strength = instance.troubles[disturbance->trouble];
        strength = std::max(strength, disturbance->strength);
        break;
      }
      case Control::Errors:
        instance.errors.push_back(disturbance);
        break;
      case Control::Latency:
        instance.latencies.push_back(disturbance);
        break;
      case Control::Traffic:
        instance.traffic.push_back(disturbance);
        break;
      case Control::Pause:
        instance.is_paused = true;
        break;
      default:
        break;
    }
  }
}

void DataCentre::run_values(Instance& instance, const std::vector<ValueDefinition>& values,
                            size_t first_slot, Timestamp at) {
  for (size_t i = 0; i < values.size(); ++i) {
    instance.locals[first_slot + i] =
        evaluate_in(values[i].formula, instance, at, {}, &instance.random);
  }
}

double DataCentre::evaluate_in(FormulaId id, const Instance& instance, Timestamp at,
                               std::span<const double> loops, Random* random) const {
  FormulaInputs inputs;
  inputs.at = at;
  inputs.locals = instance.locals;
  inputs.globals = globals_;
  inputs.troubles = instance.troubles;
  inputs.loops = loops;
  inputs.seed = instance.seed;
  inputs.random = random;
  inputs.observer = this;
  inputs.self = instance.index;
  return evaluate(definition_.formulas[id], inputs);
}

double DataCentre::evaluate_or(FormulaId id, const Instance& instance, Timestamp at,
                               double fallback) {
  if (id == kNoFormula) return fallback;
  return evaluate_in(id, instance, at, {}, &instances_[instance.index].random);
}

void DataCentre::render(size_t index, std::string& out) {
  Instance& instance = instances_[index];
  if (instance.is_page_stale) builder_.build(instance);
  render_page(instance, out);
}

uint64_t DataCentre::hash() const {
  std::string bytes;
  const auto add = [&bytes](const std::vector<double>& numbers) {
    bytes.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(double));
  };
  add(globals_);
  for (const Instance& instance : instances_) {
    bytes += instance.authority;
    add(instance.locals);
    add(instance.cells);
  }
  return xxh64(bytes);
}

std::optional<double> DataCentre::value(std::string_view name) const {
  for (size_t i = 0; i < definition_.values.size(); ++i) {
    if (definition_.values[i].name == name) return globals_[std::size(kWorldBuiltinNames) + i];
  }
  for (size_t i = 0; i < definition_.troubles.size(); ++i) {
    if (definition_.troubles[i].first == name) return world_troubles_[i];
  }
  return std::nullopt;
}

std::optional<double> DataCentre::value(size_t index, std::string_view name) const {
  const Instance& instance = instances_[index];
  const ServiceDefinition& service = service_of(instance);
  for (size_t i = 0; i < service.values.size(); ++i) {
    if (service.values[i].name == name) return instance.locals[service.value_slot(i)];
  }
  for (size_t i = 0; i < service.results.size(); ++i) {
    if (service.results[i].name == name) return instance.locals[service.result_slot(i)];
  }
  for (size_t i = 0; i < std::size(kBuiltinNames); ++i) {
    if (kBuiltinNames[i] == name) return instance.locals[i];
  }
  return std::nullopt;
}

}  // namespace promenade::sim
