// Quantiles of plain numbers (quantile() in promql/quantile.go).
#include "promql/functions/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/number_format.h"
#include "model/sample.h"

namespace promenade::promql {

bool nan_first_less(double a, double b) {
  return a < b || (std::isnan(a) && !std::isnan(b));
}

double quantile_of_sorted(double q, std::span<const double> sorted) {
  if (sorted.empty()) return normal_nan();
  if (is_invalid_quantile(q)) return value_of_invalid_quantile(q);
  const double rank = q * static_cast<double>(sorted.size() - 1);
  const double lower_rank = std::floor(rank);
  const auto lower = static_cast<size_t>(lower_rank);
  const size_t upper = std::min(sorted.size() - 1, lower + 1);
  // Both are weighted even when a weight is 0, so that an infinite neighbour makes the result NaN,
  // as in Prometheus.
  const double weight = rank - lower_rank;
  return sorted[lower] * (1 - weight) + sorted[upper] * weight;
}

double quantile(double q, std::span<double> values) {
  std::sort(values.begin(), values.end(), nan_first_less);
  return quantile_of_sorted(q, values);
}

bool is_invalid_quantile(double q) {
  return !(q >= 0 && q <= 1);
}

double value_of_invalid_quantile(double q) {
  if (std::isnan(q)) return normal_nan();
  return std::copysign(std::numeric_limits<double>::infinity(), q);
}

std::string invalid_quantile(double q) {
  std::string text = "quantile value should be between 0 and 1, got ";
  append_go_float(text, q);
  return text;
}

}  // namespace promenade::promql
