#pragma once  // engine/sim/chaos/controls.h
// What can be done to a world: the chaos controls that every world knows. A world file names
// further troubles of its own, which its formulas read.
#include <span>
#include <string_view>

#include "base/time.h"

namespace promenade::sim {

enum class Control {
  Trouble,  // A number that formulas read; not in the table.
  // Processes.
  Kill,
  Restart,
  Pause,
  Deploy,
  Remove,
  // The network.
  Unreachable,
  DropLink,
  Partition,
  SlowScrape,
  Flapping,
  // What stands on /metrics.
  HttpStatus,
  ContentType,
  BigBody,
  DuplicateTimestamps,
  ClockSkew,
  Rubbish,
  Cardinality,
  RenameLabel,
  // What the catalogues of service discovery say.
  EditRegistration,
  // The servers that watch: the whole world's, not an instance's.
  DiskFull,
  BrokenConfig,
  AlertmanagerDown,
  ReceiverError,
  ReceiverSlow,
  // What requests go through.
  Errors,
  Latency,
  Traffic,
};

struct ControlParameter {
  std::string_view name;
  std::string_view fallback;
  std::string_view meaning;
};

struct ControlEntry {
  std::string_view name;
  Control control;
  Duration length;  // When nobody says how long.
  std::string_view effect;
  ControlParameter parameters[3];  // Unused ones have no name.
};

std::span<const ControlEntry> controls();
const ControlEntry* find_control(std::string_view name);  // Null when there is none.

// Whether it ends processes: such changes begin and end on ticks of the model.
constexpr bool ends_process(Control control) {
  return control == Control::Kill || control == Control::Restart || control == Control::Remove ||
         control == Control::Deploy;
}

// Whether it is about the world's servers, and so has no targets.
constexpr bool concerns_servers(Control control) {
  return control >= Control::DiskFull && control <= Control::ReceiverSlow;
}

}  // namespace promenade::sim
