// Duration expressions are arithmetic in floating-point seconds.
#include "promql/parser/duration_expr.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace promenade::promql {
namespace {

// Prometheus keeps durations as int64 nanoseconds, which bounds them to about 292 years.
constexpr double kSecondsMax = 9223372036.854775807;

// Errors are told with the bytes of the expression, as Prometheus does: "12:18: division by zero".
tl::unexpected<Error> duration_error(const DurationExpr& expr, std::string_view what) {
  return bad_data(std::to_string(expr.span.begin) + ":" + std::to_string(expr.span.end) + ": " +
                      std::string(what),
                  expr.span);
}

Result<double> in_seconds(const DurationExpr& expr, const DurationContext& context) {
  double left = 0;
  double right = 0;
  if (expr.left) left = TRY(in_seconds(*expr.left, context));
  if (expr.right) right = TRY(in_seconds(*expr.right, context));
  switch (expr.kind) {
    case DurationExpr::Kind::Literal:
      return expr.seconds;
    case DurationExpr::Kind::Step:
      return context.step_seconds;
    case DurationExpr::Kind::Range:
      return context.range_seconds;
    case DurationExpr::Kind::Add:
      return left + right;
    case DurationExpr::Kind::Subtract:
      return left - right;
    case DurationExpr::Kind::Multiply:
      return left * right;
    case DurationExpr::Kind::Divide:
      if (right == 0) return duration_error(expr, "division by zero");
      return left / right;
    case DurationExpr::Kind::Modulo:
      if (right == 0) return duration_error(expr, "modulo by zero");
      return std::fmod(left, right);
    case DurationExpr::Kind::Power:
      return std::pow(left, right);
    case DurationExpr::Kind::Negate:
      return -left;
    case DurationExpr::Kind::MinOf:
      return std::min(left, right);
    case DurationExpr::Kind::MaxOf:
      return std::max(left, right);
  }
  return 0;
}

}  // namespace

Result<Duration> resolve_duration(const DurationExpr& expr, const DurationContext& context,
                                  DurationSign sign) {
  const double seconds = TRY(in_seconds(expr, context));
  if (!std::isfinite(seconds)) return duration_error(expr, "duration is NaN or infinite");
  if (sign == DurationSign::Positive && seconds <= 0) {
    return duration_error(expr, "duration must be greater than 0");
  }
  if (std::abs(seconds) > kSecondsMax) return duration_error(expr, "duration is out of range");
  if (expr.kind == DurationExpr::Kind::Literal) {
    // A literal is rounded to nanoseconds first: 0.001 s is 1 ms, though 0.001 * 1000 may fall
    // short.
    return Duration{static_cast<int64_t>(std::round(seconds * 1e9)) / 1'000'000};
  }
  return Duration{static_cast<int64_t>(seconds * 1000)};
}

}  // namespace promenade::promql
