#pragma once  // engine/promql/natural_order.h
// The order that people expect of numbered names: instance-2 before instance-10.
#include <string_view>

namespace promenade::promql {

// Compares run by run: two runs of digits by their number, others bytewise. Below 0 when `a` comes
// first, above when `b` does, 0 when they are equal up to leading zeros of numbers.
int compare_natural(std::string_view a, std::string_view b);

}  // namespace promenade::promql
