#pragma once  // engine/promql/quantile.h
// Quantiles of plain numbers, as the quantile aggregation and quantile_over_time define them.
#include <span>
#include <string>

namespace promenade::promql {

// The order of numbers for quantiles: NaN is smaller than everything.
bool nan_first_less(double a, double b);

// The q-quantile of sorted values (by nan_first_less), interpolated linearly between neighbours.
// NaN for no values or q = NaN; -Inf for q < 0; +Inf for q > 1.
double quantile_of_sorted(double q, std::span<const double> sorted);
// The same of unsorted values, which it sorts.
double quantile(double q, std::span<double> values);

// A q outside of [0, 1], what it gives whatever the values are, and the text of the warning about
// it.
bool is_invalid_quantile(double q);
double value_of_invalid_quantile(double q);
std::string invalid_quantile(double q);

}  // namespace promenade::promql
