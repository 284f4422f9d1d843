#pragma once  // engine/sim/world_file/formula_scope.h
// What names mean in a formula of one service, or of the world. Internal to this folder.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/model/formula.h"
#include "sim/world_file/world_definition.h"

namespace promenade::sim {

// Instead of the index of a service: the world's own formulas.
inline constexpr size_t kWorldScope = SIZE_MAX;

template <typename Named>
std::optional<size_t> index_of(const std::vector<Named>& list, std::string_view name) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].name == name) return i;
  }
  return std::nullopt;
}

std::optional<size_t> index_of_endpoint(const ServiceDefinition& service, std::string_view id);

// `loops` are the names of the metric's label loops. Both must outlive the scope.
std::unique_ptr<FormulaScope> make_formula_scope(const WorldDefinition& world, size_t service,
                                                 const std::vector<std::string>& loops);

}  // namespace promenade::sim
