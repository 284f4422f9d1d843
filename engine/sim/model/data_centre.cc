// engine/sim/model/data_centre.cc
// A tick has phases. The world's values come first. Then, in the order of the file, each service's
// values and the requests that arrive: callers before those they call. Then, in the opposite order,
// how the requests end, so that a caller sees how those it called did. Then results and metrics.
#include "sim/model/data_centre.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "base/strings.h"
#include "sim/model/latency.h"
#include "sim/portable_math.h"

namespace promenade::sim {
namespace {

constexpr double kFailureShareMax = 0.95;
// The most requests or events that one instance counts in one tick.
constexpr double kEventsMax = 1e9;
constexpr double kAttemptsMax = 100;

uint64_t hash_of(uint64_t seed, std::string_view text) {
  return xxh64(std::to_string(seed) + "/" + std::string(text));
}

// Some letters that spell nothing, as orchestrators append to names.
std::string short_id(uint64_t seed, std::string_view text, size_t size) {
  constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz2456789";
  uint64_t bits = hash_of(seed, text);
  std::string id;
  for (size_t i = 0; i < size; ++i) {
    id += kLetters[bits % kLetters.size()];
    bits /= kLetters.size();
  }
  return id;
}

// "1.4.2" -> "1.4.3".
std::string next_version(const std::string& version) {
  size_t begin = version.size();
  while (begin > 0 && version[begin - 1] >= '0' && version[begin - 1] <= '9') --begin;
  if (begin == version.size() || version.size() - begin > 9) return version + ".1";
  return version.substr(0, begin) + std::to_string(std::stoul(version.substr(begin)) + 1);
}

}  // namespace

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

void DataCentre::add_instances(size_t index) {
  const ServiceDefinition& service = definition_.services[index];
  ServiceState& state = services_[index];
  state.random = random_.fork(service.name);
  state.endpoints.resize(service.requests ? service.requests->endpoints.size() : 0);
  Random topology = Random(seed_).fork("topology " + service.name);
  for (const GroupDefinition& group : service.groups) {
    uint64_t count = group.count;
    if (group.hidden_count_max > 0 && seed_ >= kLessonSeedsEnd) {
      // Together three seeds in a row and a bit add to every service.
      const bool is_chosen = seed_ % definition_.services.size() == index;
      if (is_chosen || topology.chance(0.3)) count += 1 + topology.below(group.hidden_count_max);
    }
    for (uint64_t i = 0; i < count; ++i) {
      add_instance(index, group, i < group.names.size() ? group.names[i] : "");
    }
  }
}

void DataCentre::add_instance(size_t service, const GroupDefinition& group,
                              const std::string& name) {
  ServiceState& state = services_[service];
  const ServiceDefinition& definition = definition_.services[service];
  Instance instance;
  instance.index = instances_.size();
  instance.service = service;
  instance.group = &group;
  instance.number = state.instances.size() + 1;
  const std::string key = definition.name + "/" + std::to_string(instance.number);
  instance.seed = hash_of(seed_, key);
  instance.random = random_.fork(key);
  instance.version = definition.version;
  instance.host = name;
  for (const auto& [attribute, text] : group.attributes) {
    // "a|b|c": one of them.
    const auto choices = split(text, '|');
    instance.attributes[attribute] = choices[hash_of(instance.seed, attribute) % choices.size()];
  }
  identify(instance);
  instance.weight = group.apart ? 1 : 0.7 + 0.6 * instance.random.uniform();
  instance.locals.assign(definition.slot_count(), 0);
  instance.troubles.assign(definition_.troubles.size(), 0);
  instance.endpoints.resize(state.endpoints.size());
  state.instances.push_back(instance.index);
  instances_.push_back(std::move(instance));
}

// The names that follow from service, number and generation.
void DataCentre::identify(Instance& instance) {
  const ServiceDefinition& service = definition_.services[instance.service];
  const bool is_named = std::find(instance.group->names.begin(), instance.group->names.end(),
                                  instance.host) != instance.group->names.end();
  const std::string key = service.name + "/" + std::to_string(instance.number);
  auto& attributes = instance.attributes;
  attributes["service"] = service.name;
  attributes["version"] = instance.version;
  attributes["number"] = service.is_renamed && seed_ >= kLessonSeedsEnd
                             ? short_id(seed_, key, 3)
                             : std::to_string(instance.number);
  attributes["id"] = short_id(seed_, key + "/" + std::to_string(instance.generation), 5);
  const uint64_t address = hash_of(seed_, key + std::to_string(instance.generation));
  attributes["ip"] =
      "10.20." + std::to_string(address % 250 + 2) + "." + std::to_string(address / 250 % 250 + 2);
  if (!is_named) instance.host = instance.fill_in(service.host);
  instance.authority = instance.host + ":" + std::to_string(service.port);
  attributes["host"] = instance.host;
  attributes["instance"] = instance.authority;
  // Attributes may be made of others: "pod-{host}".
  for (const auto& [name, text] : instance.group->attributes) {
    if (text.find('{') != std::string::npos) attributes[name] = instance.fill_in(text);
  }
}

std::vector<TargetInfo> DataCentre::target_infos() const {
  std::vector<TargetInfo> infos;
  for (const Instance& instance : instances_) {
    TargetInfo info{instance.service, service_of(instance).name, instance.host, instance.authority};
    info.labels = instance.group->target_labels;
    for (const auto& attribute : instance.attributes) info.labels.push_back(attribute);
    infos.push_back(std::move(info));
  }
  return infos;
}

void DataCentre::set_constants(Instance& instance) {
  const ServiceDefinition& service = service_of(instance);
  for (size_t i = 0; i < service.constants.size(); ++i) {
    FormulaId id = kNoFormula;
    for (const auto& [name, formula] : instance.group->constants) {
      if (name == service.constants[i]) id = formula;  // The last one wins.
    }
    instance.locals[service.constant_slot(i)] = evaluate_or(id, instance, start_, 0);
  }
  const auto set_durable = [&](const std::vector<ValueDefinition>& values, size_t first) {
    for (size_t i = 0; i < values.size(); ++i) {
      if (!values[i].is_durable) continue;
      instance.locals[first + i] = evaluate_or(values[i].initial, instance, start_, 0);
    }
  };
  set_durable(service.values, service.value_slot(0));
  set_durable(service.results, service.result_slot(0));
}

// What the counters show when the world begins: one long, quiet tick.
void DataCentre::begin_life(Instance& instance) {
  const ServiceDefinition& service = service_of(instance);
  ServiceState& state = services_[instance.service];
  const Duration age = Duration::milliseconds(std::max(
      definition_.tick.ms, instance.random.between(service.age_min.ms, service.age_max.ms)));
  start_process(instance, start_ - age);
  instance.builtin(Builtin::Restarts) = 0;
  instance.builtin(Builtin::Age) = age.in_seconds();
  run_values(instance, service.values, service.value_slot(0), start_);
  double peers = 0;
  for (const size_t index : state.instances) peers += instances_[index].group->apart ? 0 : 1;
  const double share = instance.group->apart.value_or(1 / std::max(peers, 1.0));
  for (size_t i = 0; i < instance.endpoints.size(); ++i) {
    const double mean = quiet_rate(instance.service, i, start_) * share * age.in_seconds();
    instance.endpoints[i].requests = poisson(instance.random, std::min(mean, kEventsMax));
    state.endpoints[i].requests += static_cast<double>(instance.endpoints[i].requests) *
                                   definition_.tick.in_seconds() / age.in_seconds();
  }
  serve(instance, start_, age);
  run_values(instance, service.results, service.result_slot(0), start_);
}

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

bool DataCentre::is_running(size_t index, Timestamp at) const {
  for (const Disturbance& disturbance : timeline_->all()) {
    if (ends_process(disturbance.control) && disturbance.is_under_way(at) &&
        disturbance.hits(index)) {
      return false;
    }
  }
  return true;
}

// Ends and begins processes at the end of a tick.
void DataCentre::update_presence(Instance& instance, Timestamp at) {
  const bool was_present = instance.is_present;
  bool runs = true;
  instance.is_present = true;
  for (const Disturbance* disturbance : timeline_->active_at(at)) {
    if (!ends_process(disturbance->control) || !disturbance->hits(instance.index)) continue;
    runs = false;
    if (disturbance->control == Control::Remove) instance.is_present = false;
  }
  const bool was_running = instance.is_running;
  instance.is_running = runs;
  if (runs && !was_running) {
    apply_deploy(instance, at);
    start_process(instance, at);
  }
  if (!runs && was_running) {
    instance.busy_seconds = 0;
    instance.builtin(Builtin::Busy) = 0;
    instance.builtin(Builtin::InFlight) = 0;
    for (EndpointState& endpoint : instance.endpoints) {
      endpoint.requests = endpoint.failures = 0;
      endpoint.latency_sum = 0;
    }
  }
  if (instance.is_present != was_present) {
    mark_stale(instance);
    if (listener_) listener_(instance, instance.authority);
  }
}

// A deploy that is over has left another version, and another name where names say so.
void DataCentre::apply_deploy(Instance& instance, Timestamp at) {
  for (const Disturbance& disturbance : timeline_->all()) {
    if (disturbance.control != Control::Deploy || disturbance.span.end != at ||
        !disturbance.hits(instance.index) || disturbance.span.start == at) {
      continue;
    }
    const std::string old_authority = instance.authority;
    const std::string_view version = disturbance.parameter("version");
    instance.version = version.empty() ? next_version(instance.version) : std::string(version);
    ++instance.generation;
    identify(instance);
    mark_stale(instance);
    timeline_->rename_target(instance.index, instance.host, instance.authority);
    if (listener_) listener_(instance, old_authority);
    return;
  }
}

// Its page, and the pages of exporters that tell of it, have another structure.
void DataCentre::mark_stale(const Instance& instance) {
  for (Instance& other : instances_) {
    const auto& metrics = definition_.services[other.service].metrics;
    const bool tells = std::any_of(metrics.begin(), metrics.end(), [&](const auto& metric) {
      return metric.about == instance.service;
    });
    if (tells || other.index == instance.index) other.is_page_stale = true;
  }
}

// A new process: everything at zero, or where the file says that it begins.
void DataCentre::start_process(Instance& instance, Timestamp at) {
  const ServiceDefinition& service = definition_.services[instance.service];
  instance.started = at;
  instance.builtin(Builtin::Started) = at.in_seconds();
  instance.builtin(Builtin::Age) = 0;
  instance.builtin(Builtin::Number) = static_cast<double>(instance.number);
  instance.builtin(Builtin::Weight) = instance.weight;
  instance.builtin(Builtin::Up) = 1;
  instance.builtin(Builtin::Busy) = 0;
  instance.builtin(Builtin::InFlight) = 0;
  instance.builtin(Builtin::Restarts) += 1;
  const auto reset = [&](const std::vector<ValueDefinition>& values, size_t first) {
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i].is_durable) continue;
      instance.locals[first + i] = evaluate_or(values[i].initial, instance, at, 0);
    }
  };
  reset(service.values, service.value_slot(0));
  reset(service.results, service.result_slot(0));
  if (instance.is_page_stale) builder_.build(instance);
  std::vector<double> kept = std::move(instance.cells);
  instance.cells.assign(kept.size(), 0);
  for (const Binding& binding : instance.bindings) {
    if (!binding.metric->is_durable && !binding.metric->about) continue;
    std::copy_n(kept.begin() + binding.cell, binding.cell_count,
                instance.cells.begin() + binding.cell);
  }
  forget_about(instance);
  set_initial_counters(instance, at);
}

// What exporters count of a process begins anew with it.
void DataCentre::forget_about(const Instance& target) {
  for (Instance& exporter : instances_) {
    for (const Binding& binding : exporter.bindings) {
      if (!binding.metric->about || binding.target != target.index || binding.metric->is_durable) {
        continue;
      }
      std::fill_n(exporter.cells.begin() + binding.cell, binding.cell_count, 0.0);
    }
  }
}

void DataCentre::set_initial_counters(Instance& instance, Timestamp at) {
  for (const Binding& binding : instance.bindings) {
    if (binding.metric->initial == kNoFormula || binding.metric->about) continue;
    if (binding.metric->is_durable && instance.cells[binding.cell] != 0) continue;
    instance.cells[binding.cell] =
        evaluate_in(binding.metric->initial, instance, at, binding.loops, &instance.random);
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
    const std::string_view handler = disturbance->parameter("handler");
    const bool fits =
        handler.empty() || std::any_of(endpoint.labels.begin(), endpoint.labels.end(),
                                       [&](const auto& label) { return label.second == handler; });
    if (fits) median *= std::max(0.01, 1 + disturbance->strength);
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
    const std::string_view handler = disturbance.parameter("handler");
    const bool fits =
        handler.empty() || std::any_of(endpoint.labels.begin(), endpoint.labels.end(),
                                       [&](const auto& label) { return label.second == handler; });
    return fits && disturbance.parameter("status") == status ? disturbance.strength : 0;
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
    const double u = instance.random.uniform();
    double share = 0;
    uint64_t before = 0;
    for (size_t i = 0; i < dealt->shares.size(); ++i) {
      share += dealt->shares[i] / total;
      const bool is_last = i + 1 == dealt->shares.size();
      const uint64_t upto = is_last ? events : std::max(before, dealt_below(events, share, u));
      cells[i] += static_cast<double>(upto - before);
      before = upto;
    }
    return;
  }
  const double median = evaluate_in(metric.median, target, at, binding.loops, &instance.random);
  if (metric.kind == MetricKind::Histogram) {
    deal_latencies(events, median, metric.shape, metric.buckets, instance.random,
                   {cells, binding.cell_count});
    return;
  }
  const size_t quantiles = metric.quantiles.size();
  for (size_t i = 0; i < quantiles; ++i) {
    cells[i] = latency_quantile(metric.quantiles[i], median, metric.shape);
  }
  cells[quantiles] += static_cast<double>(events);
  // The mean of a log-logistic variable of shape 3 is 1.209 medians.
  cells[quantiles + 1] +=
      std::floor(std::clamp(static_cast<double>(events) * median * 1.209e6, 0.0, 1e18));
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
