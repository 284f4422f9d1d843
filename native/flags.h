#pragma once  // native/flags.h
// Every flag of the server: Prometheus's, which are accepted whether or not they have an effect
// here, and ours. One table feeds the parser, --help, the log and /api/v1/status/flags.
#include <span>
#include <string_view>

namespace promenade::native {

enum class FlagKind {
  Switch,  // --name or --no-name.
  Value,   // --name=VALUE, at most once.
  List,    // --name=VALUE, any number of times.
};

enum class FlagEffect {
  Works,
  None,  // Accepted for the sake of Prometheus's command lines; the log says so when it is given.
};

struct FlagSpec {
  std::string_view name;  // Without "--".
  FlagKind kind;
  FlagEffect effect;
  std::string_view default_value;
  std::string_view help;
};

// Sorted by name.
std::span<const FlagSpec> flag_specs();

}  // namespace promenade::native
