// engine/template/humanize.cc
// After Prometheus's template/template.go: four significant digits and a prefix.
#include "template/humanize.h"

#include <fmt/format.h>

#include <cmath>

#include "model/number_format.h"
#include "template/go_format.h"
#include "template/go_time.h"

namespace promenade::templates {
namespace {

constexpr double kNsPerSecond = 1e9;
constexpr double kInt64End = 9223372036854775808.0;  // 2^63
constexpr std::string_view kLarge = "kMGTPEZY";
constexpr std::string_view kSmall = "munpfazy";

std::string four_digits(double value) {
  std::string text;
  append_go_float(text, value, 'g', 4);
  return text;
}

// Divides until the value is below `base`, and answers how often.
size_t scale_down(double& value, double base) {
  size_t count = 0;
  for (; count < kLarge.size() && std::fabs(value) >= base; ++count) value /= base;
  return count;
}

// 0.0123 is "12.3m": multiplies until the value is 1 or more.
std::string with_small_prefix(double value) {
  std::string_view prefix;
  for (size_t i = 0; i < kSmall.size() && std::fabs(value) < 1; ++i) {
    prefix = kSmall.substr(i, 1);
    value *= 1000;
  }
  return four_digits(value) + std::string(prefix);
}

}  // namespace

std::string humanize(double value) {
  if (value == 0 || !std::isfinite(value)) return four_digits(value);
  if (std::fabs(value) < 1) return with_small_prefix(value);
  const size_t scale = scale_down(value, 1000);
  return four_digits(value) + std::string(scale == 0 ? "" : kLarge.substr(scale - 1, 1));
}

std::string humanize_1024(double value) {
  if (std::fabs(value) <= 1 || !std::isfinite(value)) return four_digits(value);
  const size_t scale = scale_down(value, 1024);
  return four_digits(value) + (scale == 0 ? "" : std::string(kLarge.substr(scale - 1, 1)) + 'i');
}

std::string humanize_duration(double seconds) {
  if (!std::isfinite(seconds)) return four_digits(seconds);
  if (seconds == 0) return four_digits(seconds) + 's';
  if (std::fabs(seconds) < 1) return with_small_prefix(seconds) + 's';
  const char* const sign = seconds < 0 ? "-" : "";
  seconds = std::fabs(seconds);
  // What does not fit wraps around in Go; 292 billion years are nobody's uptime.
  const int64_t whole = seconds < kInt64End ? static_cast<int64_t>(seconds) : INT64_MIN;
  const int64_t s = whole % 60, m = whole / 60 % 60, h = whole / 3600 % 24, d = whole / 86'400;
  if (d != 0) return fmt::format("{}{}d {}h {}m {}s", sign, d, h, m, s);
  if (h != 0) return fmt::format("{}{}h {}m {}s", sign, h, m, s);
  if (m != 0) return fmt::format("{}{}m {}s", sign, m, s);
  return sign + four_digits(seconds) + 's';
}

std::string humanize_percentage(double ratio) {
  return four_digits(ratio * 100) + '%';
}

Result<std::string> humanize_timestamp(double seconds) {
  if (!std::isfinite(seconds)) return four_digits(seconds);
  const Timestamp time = TRY(timestamp_from_seconds(seconds));
  return to_go_string(Value::time(time).as_time());
}

Result<Timestamp> timestamp_from_seconds(double seconds) {
  if (!std::isfinite(seconds)) return fail(ErrorCode::Execution, "value is NaN or Inf");
  const double ns = seconds * kNsPerSecond;
  if (std::fabs(ns) >= kInt64End) {
    std::string shown;
    append_value(shown, Value::number(seconds));
    return fail(ErrorCode::Execution, shown +
                                          " cannot be represented as a nanoseconds timestamp "
                                          "since it overflows int64");
  }
  return Timestamp{static_cast<int64_t>(ns) / 1'000'000};
}

Result<double> number_of(const Value& value) {
  switch (value.kind()) {
    case Kind::Float:
      return value.as_number();
    case Kind::String:
      return parse_float(value.as_text());
    case Kind::Int:
      return static_cast<double>(value.as_int());
    case Kind::Duration:
      return static_cast<double>(value.as_int()) / kNsPerSecond;
    default:
      return fail(ErrorCode::Execution,
                  fmt::format("can't convert {} to float", value.type_name()));
  }
}

Result<Value> run_humanize_duration(const Environment&, std::span<const Value> arguments) {
  return Value::text(humanize_duration(TRY(number_of(arguments[0]))));
}

}  // namespace promenade::templates
