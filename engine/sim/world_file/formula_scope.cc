// engine/sim/world_file/formula_scope.cc
// The nearest meaning wins: a label loop, then what the service has, then what the world has.
#include "sim/world_file/formula_scope.h"

namespace promenade::sim {
namespace {

std::optional<uint32_t> local_slot(const ServiceDefinition& service, std::string_view name) {
  for (size_t i = 0; i < service.results.size(); ++i) {
    if (service.results[i].name == name) return static_cast<uint32_t>(service.result_slot(i));
  }
  for (size_t i = 0; i < service.values.size(); ++i) {
    if (service.values[i].name == name) return static_cast<uint32_t>(service.value_slot(i));
  }
  for (size_t i = 0; i < service.constants.size(); ++i) {
    if (service.constants[i] == name) return static_cast<uint32_t>(service.constant_slot(i));
  }
  for (size_t i = 0; i < std::size(kBuiltinNames); ++i) {
    if (kBuiltinNames[i] == name) return static_cast<uint32_t>(i);
  }
  return std::nullopt;
}

Instruction make_instruction(Op op, uint32_t a) {
  Instruction instruction;
  instruction.op = op;
  instruction.a = a;
  return instruction;
}

// The names that a formula of one service, or of the world, may use.
class ServiceScope final : public FormulaScope {
 public:
  ServiceScope(const WorldDefinition& world, size_t service, const std::vector<std::string>& loops)
      : world_(world), service_(service), loops_(loops) {}

  std::optional<Instruction> name(std::string_view name) const override {
    for (size_t i = 0; i < loops_.size(); ++i) {
      if (loops_[i] == name) return make_instruction(Op::Loop, static_cast<uint32_t>(i));
    }
    if (service_ != kWorldScope) {
      const auto slot = local_slot(world_.services[service_], name);
      if (slot) return make_instruction(Op::Local, *slot);
    }
    for (size_t i = 0; i < std::size(kWorldBuiltinNames); ++i) {
      if (kWorldBuiltinNames[i] == name) {
        return make_instruction(Op::Global, static_cast<uint32_t>(i));
      }
    }
    if (const auto i = index_of(world_.values, name)) {
      return make_instruction(Op::Global,
                              static_cast<uint32_t>(std::size(kWorldBuiltinNames) + *i));
    }
    for (size_t i = 0; i < world_.troubles.size(); ++i) {
      if (world_.troubles[i].first == name) {
        return make_instruction(Op::Trouble, static_cast<uint32_t>(i));
      }
    }
    return std::nullopt;
  }

  std::optional<Instruction> reference(Observation observation,
                                       std::string_view reference) const override {
    Instruction instruction = make_instruction(Op::Observe, kOwn);
    instruction.observation = observation;
    instruction.b = kEverything;
    const bool is_of_value = observation == Observation::Sum || observation == Observation::Mean ||
                             observation == Observation::Max;
    const bool is_of_requests = !is_of_value && observation != Observation::Running;
    if (is_of_requests && service_ != kWorldScope) {
      if (reference.empty()) return instruction;
      if (const auto own = index_of_endpoint(world_.services[service_], reference)) {
        instruction.b = static_cast<uint32_t>(*own);
        return instruction;
      }
    }
    const size_t dot = reference.find('.');
    const auto service = index_of(world_.services, reference.substr(0, dot));
    if (!service) return std::nullopt;
    instruction.a = static_cast<uint32_t>(*service);
    if (dot == std::string_view::npos) {
      return is_of_value ? std::nullopt : std::optional(instruction);
    }
    const std::string_view part = reference.substr(dot + 1);
    if (is_of_value) {
      const auto slot = local_slot(world_.services[*service], part);
      if (!slot) return std::nullopt;
      instruction.b = *slot;
      return instruction;
    }
    const auto endpoint = index_of_endpoint(world_.services[*service], part);
    if (!endpoint || !is_of_requests) return std::nullopt;
    instruction.b = static_cast<uint32_t>(*endpoint);
    return instruction;
  }

  std::vector<std::string_view> names() const override {
    std::vector<std::string_view> names(loops_.begin(), loops_.end());
    if (service_ != kWorldScope) {
      const ServiceDefinition& service = world_.services[service_];
      for (const auto& value : service.values) names.push_back(value.name);
      for (const auto& value : service.results) names.push_back(value.name);
      for (const auto& constant : service.constants) names.push_back(constant);
      names.insert(names.end(), std::begin(kBuiltinNames), std::end(kBuiltinNames));
    }
    for (const auto& value : world_.values) names.push_back(value.name);
    for (const auto& trouble : world_.troubles) names.push_back(trouble.first);
    names.insert(names.end(), std::begin(kWorldBuiltinNames), std::end(kWorldBuiltinNames));
    return names;
  }

  std::vector<std::string> references(Observation observation) const override {
    std::vector<std::string> references;
    for (const ServiceDefinition& service : world_.services) {
      references.push_back(service.name);
      if (observation >= Observation::Sum) {
        for (const auto& value : service.values)
          references.push_back(service.name + "." + value.name);
        for (const auto& value : service.results) {
          references.push_back(service.name + "." + value.name);
        }
      } else if (service.requests) {
        for (const auto& endpoint : service.requests->endpoints) {
          references.push_back(service.name + "." + endpoint.id);
        }
      }
    }
    return references;
  }

 private:
  const WorldDefinition& world_;
  size_t service_;
  const std::vector<std::string>& loops_;
};

}  // namespace

std::optional<size_t> index_of_endpoint(const ServiceDefinition& service, std::string_view id) {
  if (!service.requests) return std::nullopt;
  const auto& endpoints = service.requests->endpoints;
  for (size_t i = 0; i < endpoints.size(); ++i) {
    if (endpoints[i].id == id) return i;
  }
  return std::nullopt;
}

std::unique_ptr<FormulaScope> make_formula_scope(const WorldDefinition& world, size_t service,
                                                 const std::vector<std::string>& loops) {
  return std::make_unique<ServiceScope>(world, service, loops);
}

}  // namespace promenade::sim
