#pragma once  // engine/promql/features.h
// The parts of PromQL that Prometheus keeps behind --enable-feature
// (https://prometheus.io/docs/prometheus/latest/feature_flags/).
#include <string_view>

#include "promql/engine.h"
#include "promql/parser/parser.h"

namespace promenade::promql {

struct Features {
  bool experimental_functions = false;    // promql-experimental-functions
  bool extended_range_selectors = false;  // promql-extended-range-selectors
  bool fill_modifiers = false;            // promql-binop-fill-modifiers
  bool delayed_name_removal = false;      // promql-delayed-name-removal
  bool use_start_timestamps = false;      // use-start-timestamps
  // type-and-unit-labels: what is a counter is told by __type__ instead of by its name. Adding the
  // label is a matter of scraping.
  bool type_and_unit_labels = false;

  // All that do not depend on how the data came in.
  static Features all() { return {true, true, true, true, true, false}; }

  // False when no feature of PromQL has this name.
  bool enable(std::string_view name);

  ParserOptions parser_options() const;
  void apply_to(EngineOptions& options) const;
};

}  // namespace promenade::promql
