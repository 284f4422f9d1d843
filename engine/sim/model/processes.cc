// engine/sim/model/processes.cc
// Who the instances are, and how their processes begin, end and are replaced by others.
#include <algorithm>

#include "base/hash.h"
#include "base/strings.h"
#include "sim/model/data_centre.h"
#include "sim/portable_math.h"

namespace promenade::sim {
namespace {

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
  attributes["ip"] = free_address(instance, key);
  if (!is_named) instance.host = instance.fill_in(service.host);
  instance.authority = instance.host + ":" + std::to_string(service.port);
  attributes["host"] = instance.host;
  attributes["instance"] = instance.authority;
  // Attributes may be made of others: "pod-{host}".
  for (const auto& [name, text] : instance.group->attributes) {
    if (text.find('{') != std::string::npos) attributes[name] = instance.fill_in(text);
  }
}

// An address that none of the others has.
std::string DataCentre::free_address(const Instance& instance, const std::string& key) const {
  uint64_t number = hash_of(seed_, key + std::to_string(instance.generation));
  while (true) {
    const std::string ip =
        "10.20." + std::to_string(number % 250 + 2) + "." + std::to_string(number / 250 % 250 + 2);
    const bool is_taken =
        std::any_of(instances_.begin(), instances_.end(), [&](const Instance& other) {
          return other.index != instance.index && other.attribute("ip") == ip;
        });
    if (!is_taken) return ip;
    ++number;
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

}  // namespace promenade::sim
