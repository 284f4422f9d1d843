#pragma once  // engine/sim/model/instance.h
// One process of a world: who it is, what it counts, and the lines that show it on /metrics.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "sim/chaos/timeline.h"
#include "sim/world_file/world_definition.h"

namespace promenade::sim {

// How a cell becomes digits.
enum class CellStyle : uint8_t {
  Number,  // As it is, to six decimals or so.
  Micro,   // The cell counts millionths.
};

struct Line {
  std::string series;  // As it stands in front of the value, with the blank.
  uint32_t cell = 0;
  uint32_t binding = UINT32_MAX;  // Shown only while this one is; UINT32_MAX: always.
  CellStyle style = CellStyle::Number;
  bool is_lazy = false;  // Not while it is 0.
};

struct Family {
  std::string name;
  std::string head;  // HELP and TYPE.
  std::vector<Line> lines;
};

// One combination of a metric's labels (or, where a count is dealt out, all of them).
struct Binding {
  const MetricDefinition* metric = nullptr;
  size_t target = 0;  // The instance in whose scope the formulas stand.
  std::vector<double> loops;
  uint32_t cell = 0;  // The first.
  uint32_t cell_count = 1;
  bool is_shown = true;
};

struct StatusRow {
  std::string status;
  uint32_t cell = 0;
  FormulaId share = kNoFormula;
  bool is_always_shown = true;
};

// What the truth keeps of an endpoint for each kTruthStep.
struct TruthCell {
  uint32_t requests = 0;
  uint32_t failures = 0;
  float median = 0;
};

struct EndpointState {
  // In the last tick.
  uint64_t requests = 0;
  uint64_t failures = 0;
  double latency_sum = 0;
  double median = 0;

  std::vector<StatusRow> rows;  // Success first.
  uint32_t bucket_cell = 0;     // One for each bound, then +Inf, then the sum in millionths.
  std::vector<TruthCell> truth;
};

struct Instance {
  size_t index = 0;
  size_t service = 0;
  const GroupDefinition* group = nullptr;
  uint64_t number = 1;  // Within the service, from 1.
  uint64_t seed = 0;
  Random random{0};

  // Who it is; a deploy changes some of it.
  std::string host;
  std::string authority;
  std::string version;
  uint64_t generation = 0;
  std::map<std::string, std::string> attributes;  // Includes host, instance, service, version ...

  bool is_running = true;
  bool is_paused = false;
  bool is_present = true;  // In service discovery.
  Timestamp started;
  double weight = 1;
  std::vector<double> locals;
  std::vector<double> troubles;
  std::vector<const Disturbance*> errors, latencies, traffic;  // That hit it now.

  std::vector<EndpointState> endpoints;
  double busy_seconds = 0;    // Of processor time in the last tick.
  double window_seconds = 1;  // How long that was: a tick, or at first all its life so far.

  std::vector<double> cells;
  std::map<std::string, uint32_t> cell_by_series;  // Keeps cells over changes of the page.
  std::vector<Binding> bindings;
  std::vector<Family> families;
  bool is_page_stale = true;

  double& builtin(Builtin which) { return locals[static_cast<size_t>(which)]; }
  double builtin(Builtin which) const { return locals[static_cast<size_t>(which)]; }
  const std::string& attribute(const std::string& name) const;
  // "{host}" and the like replaced by attributes; unknown names stay.
  std::string fill_in(std::string_view pattern) const;
};

}  // namespace promenade::sim
