// engine/model/number_format.cc
// fmt finds the shortest digits; what differs between the forms is only where the point goes and
// when an exponent is written, so all of them are laid out from the same digits here. Whole
// numbers, by far the most frequent samples, skip the search for digits.
#include "model/number_format.h"

#include <fast_float/fast_float.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/strings.h"
#include "model/sample.h"

namespace promenade {
namespace {

constexpr double kExactIntegerMax = 9007199254740992;  // 2^53
// strconv.FormatFloat(v, 'g', -1, 64) writes an exponent outside of [kGoExponentMin,
// kGoExponentEnd).
constexpr int kGoExponentMin = -4;
constexpr int kGoExponentEnd = 6;

// 0.d1d2d3... times 10^point.
struct Decimal {
  std::array<char, 20> digits;
  int count = 0;
  int point = 0;

  std::string_view text() const { return {digits.data(), static_cast<size_t>(count)}; }
};

// The shortest digits of a finite, positive value. fmt has no public function for these alone, and
// taking them out of its text again would cost as much as finding them.
Decimal shortest_decimal(double value) {
  const auto shortest = fmt::detail::dragonbox::to_decimal(value);
  const fmt::format_int text(shortest.significand);
  Decimal decimal;
  std::copy_n(text.data(), text.size(), decimal.digits.begin());
  decimal.count = static_cast<int>(text.size());
  decimal.point = decimal.count + shortest.exponent;
  while (decimal.count > 1 && decimal.digits[static_cast<size_t>(decimal.count - 1)] == '0') {
    --decimal.count;
  }
  return decimal;
}

void append_positional(std::string& out, const Decimal& decimal) {
  const std::string_view digits = decimal.text();
  if (decimal.point <= 0) {
    out += "0.";
    out.append(static_cast<size_t>(-decimal.point), '0');
    out += digits;
  } else if (decimal.point >= decimal.count) {
    out += digits;
    out.append(static_cast<size_t>(decimal.point - decimal.count), '0');
  } else {
    out += digits.substr(0, static_cast<size_t>(decimal.point));
    out += '.';
    out += digits.substr(static_cast<size_t>(decimal.point));
  }
}

void append_exponential(std::string& out, const Decimal& decimal) {
  const std::string_view digits = decimal.text();
  out += digits.front();
  if (digits.size() > 1) {
    out += '.';
    out += digits.substr(1);
  }
  const int exponent = decimal.point - 1;
  const int magnitude = exponent < 0 ? -exponent : exponent;
  out += exponent < 0 ? "e-" : "e+";
  if (magnitude < 10) out += '0';
  out += std::to_string(magnitude);
}

// NaN and the infinities; false for any other value.
bool append_special(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else {
    return false;
  }
  return true;
}

// Whole numbers below `limit` that need no exponent and no search; false for any other value.
bool append_whole(std::string& out, double value, double limit) {
  if (!(std::fabs(value) < limit) || value != std::trunc(value)) return false;
  if (value == 0 && std::signbit(value)) {
    out += "-0";
    return true;
  }
  const fmt::format_int text(static_cast<int64_t>(value));
  out.append(text.data(), text.size());
  return true;
}

// Writes the sign and returns the magnitude.
double append_sign(std::string& out, double value) {
  if (!std::signbit(value)) return value;
  out += '-';
  return -value;
}

}  // namespace

void append_json_value(std::string& out, double value) {
  if (append_whole(out, value, kExactIntegerMax) || append_special(out, value)) return;
  value = append_sign(out, value);
  const Decimal decimal = shortest_decimal(value);
  if (value < 1e-6 || value >= 1e21) {
    append_exponential(out, decimal);
  } else {
    append_positional(out, decimal);
  }
}

void append_decimal(std::string& out, double value) {
  if (append_whole(out, value, kExactIntegerMax) || append_special(out, value)) return;
  value = append_sign(out, value);
  append_positional(out, shortest_decimal(value));
}

void append_go_float(std::string& out, double value) {
  if (append_whole(out, value, 1e6) || append_special(out, value)) return;
  value = append_sign(out, value);
  const Decimal decimal = shortest_decimal(value);
  const int exponent = decimal.point - 1;
  if (exponent < kGoExponentMin || exponent >= kGoExponentEnd) {
    append_exponential(out, decimal);
  } else {
    append_positional(out, decimal);
  }
}

void append_go_exponent(std::string& out, double value) {
  if (append_special(out, value)) return;
  value = append_sign(out, value);
  if (value == 0) {
    out += "0e+00";
  } else {
    append_exponential(out, shortest_decimal(value));
  }
}

void append_openmetrics_float(std::string& out, double value) {
  const size_t start = out.size();
  append_go_float(out, value);
  const std::string_view written = std::string_view(out).substr(start);
  if (std::isfinite(value) && written.find_first_of("e.") == std::string_view::npos) out += ".0";
}

void append_json_timestamp(std::string& out, int64_t time_ms) {
  uint64_t magnitude = static_cast<uint64_t>(time_ms);
  if (time_ms < 0) {
    out += '-';
    magnitude = 0 - magnitude;
  }
  const fmt::format_int seconds(magnitude / 1000);
  out.append(seconds.data(), seconds.size());
  const uint64_t fraction = magnitude % 1000;
  if (fraction == 0) return;
  out += '.';
  out += static_cast<char>('0' + fraction / 100);
  out += static_cast<char>('0' + fraction / 10 % 10);
  out += static_cast<char>('0' + fraction % 10);
}

namespace {

// fast_float takes neither a plus nor Go's NaN without a sign, but also "-nan", "nan(x)" and "+-1".
// What is left here is an optional minus and a magnitude that starts with a digit, a point or
// "inf".
bool is_fast_float_number(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  if (text.empty()) return false;
  const char first = text.front();
  return (first >= '0' && first <= '9') || first == '.' || first == 'i' || first == 'I';
}

tl::unexpected<Error> parse_float_error(std::string_view text, std::string_view reason) {
  return bad_data("strconv.ParseFloat: parsing " + quote(text) + ": " + std::string(reason));
}

}  // namespace

Result<double> parse_float(std::string_view text) {
  if (equal_ignoring_case(text, "nan")) return normal_nan();
  std::string_view number = text;
  if (number.size() > 1 && number.front() == '+' && number[1] != '-') number.remove_prefix(1);
  if (!is_fast_float_number(number)) return parse_float_error(text, "invalid syntax");

  double value = 0;
  const char* end = number.data() + number.size();
  const auto [stopped, error] = fast_float::from_chars(number.data(), end, value);
  if (stopped != end || error == std::errc::invalid_argument) {
    return parse_float_error(text, "invalid syntax");
  }
  const bool is_written_infinity = equal_ignoring_case(number.substr(number.size() - 1), "f") ||
                                   equal_ignoring_case(number.substr(number.size() - 1), "y");
  if (std::isinf(value) && !is_written_infinity)
    return parse_float_error(text, "value out of range");
  return value;
}

}  // namespace promenade
