// From the name of a function to the code that computes it.
#include <algorithm>
#include <span>

#include "promql/functions/vector_functions.h"
#include "promql/kernels/kernels.h"

namespace promenade::promql {

namespace {

struct NamedKernel {
  std::string_view name;
  RangeKernel kernel;
};

constexpr NamedKernel kKernels[] = {
    {"avg_over_time", kernels::avg_over_time},
    {"changes", kernels::changes},
    {"count_over_time", kernels::count_over_time},
    {"delta", kernels::delta},
    {"deriv", kernels::deriv},
    {"double_exponential_smoothing", kernels::double_exponential_smoothing},
    {"first_over_time", kernels::first_over_time},
    {"idelta", kernels::idelta},
    {"increase", kernels::increase},
    {"irate", kernels::irate},
    {"last_over_time", kernels::last_over_time},
    {"mad_over_time", kernels::mad_over_time},
    {"max_over_time", kernels::max_over_time},
    {"min_over_time", kernels::min_over_time},
    {"predict_linear", kernels::predict_linear},
    {"present_over_time", kernels::present_over_time},
    {"quantile_over_time", kernels::quantile_over_time},
    {"rate", kernels::rate},
    {"resets", kernels::resets},
    {"stddev_over_time", kernels::stddev_over_time},
    {"stdvar_over_time", kernels::stdvar_over_time},
    {"sum_over_time", kernels::sum_over_time},
    {"ts_of_first_over_time", kernels::ts_of_first_over_time},
    {"ts_of_last_over_time", kernels::ts_of_last_over_time},
    {"ts_of_max_over_time", kernels::ts_of_max_over_time},
    {"ts_of_min_over_time", kernels::ts_of_min_over_time},
};

template <typename Entry>
const Entry* find_entry(std::span<const Entry> table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [name](const Entry& entry) { return entry.name == name; });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace

RangeKernel find_range_kernel(std::string_view name) {
  const NamedKernel* entry = find_entry(std::span<const NamedKernel>(kKernels), name);
  return entry ? entry->kernel : nullptr;
}

bool keeps_metric_name(std::string_view name) {
  return name == "last_over_time" || name == "first_over_time";
}

VectorFunction find_vector_function(std::string_view name) {
  for (const auto table : {math_functions(), scalar_functions(), time_functions(),
                           label_functions(), sort_functions(), histogram_functions()}) {
    if (const NamedFunction* entry = find_entry(table, name)) return entry->function;
  }
  return nullptr;
}

}  // namespace promenade::promql
