// Functions that map each float of a vector by itself.
#include <cmath>
#include <limits>
#include <numbers>

#include "model/sample.h"
#include "promql/functions/vector_functions.h"

namespace promenade::promql {

double go_max(double a, double b) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (a == kInfinity || b == kInfinity) return kInfinity;
  if (std::isnan(a) || std::isnan(b)) return normal_nan();
  if (a == 0 && b == 0) return std::signbit(a) ? b : a;
  return a > b ? a : b;
}

double go_min(double a, double b) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (a == -kInfinity || b == -kInfinity) return -kInfinity;
  if (std::isnan(a) || std::isnan(b)) return normal_nan();
  if (a == 0 && b == 0) return std::signbit(a) ? a : b;
  return a < b ? a : b;
}

namespace {

template <double (*function)(double)>
Result<Value> each_float(VectorCall& call) {
  std::vector<Row>& rows = rows_of(call, 0);
  map_floats(rows, [](double value, size_t) { return function(value); });
  return without_names(call, std::move(rows));
}

double absolute(double x) {
  return std::abs(x);
}
double arc_cosine(double x) {
  return std::acos(x);
}
double area_cosine(double x) {
  return std::acosh(x);
}
double arc_sine(double x) {
  return std::asin(x);
}
double area_sine(double x) {
  return std::asinh(x);
}
double arc_tangent(double x) {
  return std::atan(x);
}
double area_tangent(double x) {
  return std::atanh(x);
}
double ceiling(double x) {
  return std::ceil(x);
}
double cosine(double x) {
  return std::cos(x);
}
double hyperbolic_cosine(double x) {
  return std::cosh(x);
}
double degrees(double x) {
  return x * 180 / std::numbers::pi;
}
double exponential(double x) {
  return std::exp(x);
}
double floor_of(double x) {
  return std::floor(x);
}
double natural_logarithm(double x) {
  return std::log(x);
}
double decimal_logarithm(double x) {
  return std::log10(x);
}
double binary_logarithm(double x) {
  return std::log2(x);
}
double radians(double x) {
  return x * std::numbers::pi / 180;
}
double sign(double x) {
  return x < 0 ? -1 : x > 0 ? 1 : x;
}  // 0 and NaN stay what they are.
double sine(double x) {
  return std::sin(x);
}
double hyperbolic_sine(double x) {
  return std::sinh(x);
}
double square_root(double x) {
  return std::sqrt(x);
}
double tangent(double x) {
  return std::tan(x);
}
double hyperbolic_tangent(double x) {
  return std::tanh(x);
}

// To the nearest multiple; ties go up.
Result<Value> round(VectorCall& call) {
  const bool has_multiple = call.args.size() > 1;
  std::vector<Row>& rows = rows_of(call, 0);
  map_floats(rows, [&](double value, size_t step) {
    // Multiplying with the inverse loses less than dividing, as Prometheus found.
    const double inverse = 1.0 / (has_multiple ? scalars_of(call, 1)[step] : 1.0);
    return std::floor(value * inverse + 0.5) / inverse;
  });
  return without_names(call, std::move(rows));
}

// Between limits that may differ from step to step; nothing where the upper one is below the lower.
template <typename Low, typename High>
Result<Value> clamp_between(VectorCall& call, Low low, High high) {
  std::vector<Row>& rows = rows_of(call, 0);
  map_floats(rows, [&](double value, size_t step) {
    if (high(step) < low(step)) return absent();
    return go_max(low(step), go_min(high(step), value));
  });
  return without_names(call, std::move(rows));
}

auto scalar_argument(const VectorCall& call, size_t arg) {
  return [&values = scalars_of(call, arg)](size_t step) { return values[step]; };
}

auto constant(double value) {
  return [value](size_t) { return value; };
}

Result<Value> clamp(VectorCall& call) {
  return clamp_between(call, scalar_argument(call, 1), scalar_argument(call, 2));
}
Result<Value> clamp_max(VectorCall& call) {
  return clamp_between(call, constant(-std::numeric_limits<double>::infinity()),
                       scalar_argument(call, 1));
}
Result<Value> clamp_min(VectorCall& call) {
  return clamp_between(call, scalar_argument(call, 1),
                       constant(std::numeric_limits<double>::infinity()));
}

constexpr NamedFunction kFunctions[] = {
    {"abs", each_float<absolute>},
    {"acos", each_float<arc_cosine>},
    {"acosh", each_float<area_cosine>},
    {"asin", each_float<arc_sine>},
    {"asinh", each_float<area_sine>},
    {"atan", each_float<arc_tangent>},
    {"atanh", each_float<area_tangent>},
    {"ceil", each_float<ceiling>},
    {"clamp", clamp},
    {"clamp_max", clamp_max},
    {"clamp_min", clamp_min},
    {"cos", each_float<cosine>},
    {"cosh", each_float<hyperbolic_cosine>},
    {"deg", each_float<degrees>},
    {"exp", each_float<exponential>},
    {"floor", each_float<floor_of>},
    {"ln", each_float<natural_logarithm>},
    {"log10", each_float<decimal_logarithm>},
    {"log2", each_float<binary_logarithm>},
    {"rad", each_float<radians>},
    {"round", round},
    {"sgn", each_float<sign>},
    {"sin", each_float<sine>},
    {"sinh", each_float<hyperbolic_sine>},
    {"sqrt", each_float<square_root>},
    {"tan", each_float<tangent>},
    {"tanh", each_float<hyperbolic_tangent>},
};

}  // namespace

std::span<const NamedFunction> math_functions() {
  return kFunctions;
}

}  // namespace promenade::promql
