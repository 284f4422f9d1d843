#pragma once  // engine/sim/world_file/world_reader.h
// World files as text in, definitions out. Every error says FILE:LINE:COLUMN, what was found, what
// was expected and what to do; unknown keys and names suggest the nearest one.
#include <string>
#include <string_view>

#include "base/result.h"
#include "sim/world_file/world_definition.h"

namespace promenade::sim {

// The most instances that one file may describe, values of a {count: ...} label, and label
// combinations that one instance shows; what is beyond the last two is left out.
inline constexpr uint64_t kInstancesMax = 400;
inline constexpr uint64_t kSeriesPerMetricMax = 2000;
inline constexpr uint64_t kSeriesPerInstanceMax = 20'000;
// Prometheus servers beside the main one.
inline constexpr size_t kOtherServersMax = 6;

// `file` is the name in messages. `use:` finds components in library.h.
Result<WorldDefinition> read_world(std::string file, std::string_view text);

}  // namespace promenade::sim
