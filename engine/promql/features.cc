// engine/promql/features.cc
// Names to members.
#include "promql/features.h"

namespace promenade::promql {
namespace {

struct NamedFeature {
  std::string_view name;
  bool Features::*member;
};

constexpr NamedFeature kFeatures[] = {
    {"promql-binop-fill-modifiers", &Features::fill_modifiers},
    {"promql-delayed-name-removal", &Features::delayed_name_removal},
    {"promql-experimental-functions", &Features::experimental_functions},
    {"promql-extended-range-selectors", &Features::extended_range_selectors},
    {"type-and-unit-labels", &Features::type_and_unit_labels},
    {"use-start-timestamps", &Features::use_start_timestamps},
};

}  // namespace

bool Features::enable(std::string_view name) {
  // Since 3.14 these work without being asked for.
  if (name == "promql-duration-expr" || name == "promql-at-modifier" ||
      name == "promql-negative-offset") {
    return true;
  }
  for (const NamedFeature& feature : kFeatures) {
    if (feature.name != name) continue;
    this->*feature.member = true;
    return true;
  }
  return false;
}

ParserOptions Features::parser_options() const {
  ParserOptions options;
  options.experimental_functions = experimental_functions;
  options.extended_range_selectors = extended_range_selectors;
  options.fill_modifiers = fill_modifiers;
  return options;
}

void Features::apply_to(EngineOptions& options) const {
  options.delayed_name_removal = delayed_name_removal;
  options.use_start_timestamps = use_start_timestamps;
  options.type_and_unit_labels = type_and_unit_labels;
}

}  // namespace promenade::promql
