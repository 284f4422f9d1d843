// engine/promql/number_literal.cc
// Numbers after Go's strconv.ParseInt with base 0 and strconv.ParseFloat.
#include "promql/parser/number_literal.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "base/strings.h"
#include "model/number_format.h"

namespace promenade::promql {
namespace {

// Digits of `base` as int64, or nothing when one is foreign or the value too large.
std::optional<int64_t> parse_integer(std::string_view digits, int base) {
  int64_t value = 0;
  for (const char c : digits) {
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (digit < 0 || digit >= base) return std::nullopt;
    if (value > (INT64_MAX - digit) / base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

bool is_hexadecimal(std::string_view text) {
  return text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
}

std::optional<int64_t> parse_any_integer(std::string_view text) {
  if (is_hexadecimal(text)) return parse_integer(text.substr(2), 16);
  const bool is_octal = text.size() > 1 && text[0] == '0';
  return parse_integer(text, is_octal ? 8 : 10);
}

}  // namespace

std::optional<double> parse_number_literal(std::string_view text) {
  std::string digits(text);
  digits.erase(std::remove(digits.begin(), digits.end(), '_'), digits.end());
  if (digits.empty()) return std::nullopt;
  if (const auto integer = parse_any_integer(digits)) return static_cast<double>(*integer);
  if (is_hexadecimal(digits)) return std::nullopt;
  const auto value = parse_float(digits);
  if (!value || (std::isinf(*value) && !equal_ignoring_case(digits, "inf"))) return std::nullopt;
  return *value;
}

}  // namespace promenade::promql
