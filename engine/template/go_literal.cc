// engine/template/go_literal.cc
// Escapes and numbers by the rules of Go's strconv.
#include "template/go_literal.h"

#include <array>
#include <cmath>
#include <cstdlib>

#include "base/strings.h"
#include "model/number_format.h"

namespace promenade::templates {
namespace {

constexpr double kInt64End = 9223372036854775808.0;  // 2^63

struct NumericEscape {
  char letter;
  size_t digits;
  int base;
};
constexpr std::array<NumericEscape, 3> kHexEscapes = {{{'x', 2, 16}, {'u', 4, 16}, {'U', 8, 16}}};
constexpr std::string_view kSimpleEscapes = "abfnrtv\\";
constexpr std::string_view kSimpleValues = "\a\b\f\n\r\t\v\\";

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

std::optional<uint64_t> digits_value(std::string_view digits, uint64_t base) {
  if (digits.empty()) return std::nullopt;
  uint64_t value = 0;
  for (const char c : digits) {
    const auto digit = static_cast<uint64_t>(digit_value(c));
    if (digit >= base || value > (UINT64_MAX - digit) / base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

// One character or escape at the start of `rest`, which is shortened by it. \x and octal escapes
// are bytes, anything else is a code point.
struct Unit {
  uint32_t value = 0;
  bool is_byte = false;
};

std::optional<Unit> take_numeric(std::string_view& rest, size_t digits, int base, bool is_byte) {
  const auto value = digits_value(rest.substr(0, digits), static_cast<uint64_t>(base));
  if (rest.size() < digits || !value) return std::nullopt;
  rest.remove_prefix(digits);
  if (is_byte ? *value > 255 : *value > 0x10ffff || (*value >= 0xd800 && *value < 0xe000)) {
    return std::nullopt;
  }
  return Unit{static_cast<uint32_t>(*value), is_byte};
}

std::optional<Unit> take_escape(std::string_view& rest, char quote) {
  if (rest.empty()) return std::nullopt;
  const char c = rest.front();
  if (c >= '0' && c <= '7') return take_numeric(rest, 3, 8, true);
  rest.remove_prefix(1);
  for (const NumericEscape& escape : kHexEscapes) {
    if (c == escape.letter) return take_numeric(rest, escape.digits, escape.base, c == 'x');
  }
  if (c == quote) return Unit{static_cast<uint32_t>(c)};
  const size_t at = kSimpleEscapes.find(c);
  if (at == std::string_view::npos) return std::nullopt;
  return Unit{static_cast<uint32_t>(kSimpleValues[at])};
}

std::optional<Unit> take_unit(std::string_view& rest, char quote) {
  if (rest.empty() || rest.front() == quote || rest.front() == '\n') return std::nullopt;
  if (rest.front() == '\\') {
    rest.remove_prefix(1);
    return take_escape(rest, quote);
  }
  const std::optional<CodePoint> point = decode_utf8(rest, 0);
  const Unit unit = point ? Unit{static_cast<uint32_t>(point->value)}
                          : Unit{static_cast<uint8_t>(rest.front()), true};
  rest.remove_prefix(point ? point->size : 1);
  return unit;
}

// Underscores may stand between digits and after a base's prefix; without them, or nothing.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string digits;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      digits += text[i];
      continue;
    }
    const auto is_digit = [&](size_t at) { return at < text.size() && digit_value(text[at]) < 36; };
    if (i == 0 || !is_digit(i - 1) || !is_digit(i + 1)) return std::nullopt;
  }
  return digits;
}

std::optional<uint64_t> integer_magnitude(std::string_view digits) {
  if (digits.size() < 2 || digits.front() != '0') return digits_value(digits, 10);
  switch (digits[1]) {
    case 'x':
    case 'X':
      return digits_value(digits.substr(2), 16);
    case 'o':
    case 'O':
      return digits_value(digits.substr(2), 8);
    case 'b':
    case 'B':
      return digits_value(digits.substr(2), 2);
    default:
      return digits_value(digits.substr(1), 8);
  }
}

std::optional<double> float_value(const std::string& digits) {
  if (digits.find_first_of("xX") == std::string::npos) {
    const Result<double> value = parse_float(digits);
    return value ? std::optional<double>(*value) : std::nullopt;
  }
  // Hexadecimal floats need their exponent.
  if (digits.find_first_of("pP") == std::string::npos) return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(digits.c_str(), &end);
  return *end == '\0' ? std::optional<double>(value) : std::nullopt;
}

}  // namespace

std::optional<std::string> unquote_go(std::string_view literal) {
  if (literal.size() < 2) return std::nullopt;
  const char quote = literal.front();
  std::string_view rest = literal.substr(1, literal.size() - 2);
  std::string content;
  if (quote == '`') {
    for (const char c : rest) {
      if (c != '\r') content += c;
    }
    return content;
  }
  while (!rest.empty()) {
    const std::optional<Unit> unit = take_unit(rest, quote);
    if (!unit) return std::nullopt;
    if (unit->is_byte) {
      content += static_cast<char>(unit->value);
    } else {
      append_utf8(content, unit->value);
    }
  }
  return content;
}

Result<GoNumber> parse_go_character(std::string_view literal) {
  std::string_view rest = literal.substr(1);
  const std::optional<Unit> unit = take_unit(rest, '\'');
  if (!unit) return bad_data("invalid syntax");
  if (rest != "'") return bad_data("malformed character constant: " + std::string(literal));
  return GoNumber{.is_int = true,
                  .is_float = true,
                  .int_value = static_cast<int64_t>(unit->value),
                  .float_value = static_cast<double>(unit->value)};
}

Result<GoNumber> parse_go_number(std::string_view literal) {
  const std::optional<std::string> digits = without_underscores(literal);
  if (!digits) return bad_data("illegal number syntax: " + quote(literal));
  const bool is_negative = digits->front() == '-';
  const bool has_sign = is_negative || digits->front() == '+';
  GoNumber number;
  if (const auto magnitude = integer_magnitude(std::string_view(*digits).substr(has_sign))) {
    number.is_float = true;
    number.float_value = static_cast<double>(*magnitude) * (is_negative ? -1 : 1);
    if (*magnitude <= static_cast<uint64_t>(INT64_MAX) + (is_negative ? 1 : 0)) {
      number.is_int = true;
      number.int_value = static_cast<int64_t>(is_negative ? 0 - *magnitude : *magnitude);
    }
    return number;
  }
  const std::optional<double> value = float_value(*digits);
  if (!value) return bad_data("illegal number syntax: " + quote(literal));
  // What reads as a float and looks like an integer is an integer that is too large.
  if (literal.find_first_of(".eEpP") == std::string_view::npos) {
    return bad_data("integer overflow: " + quote(literal));
  }
  number.is_float = true;
  number.float_value = *value;
  if (std::fabs(*value) < kInt64End && std::trunc(*value) == *value) {
    number.is_int = true;
    number.int_value = static_cast<int64_t>(*value);
  }
  return number;
}

}  // namespace promenade::templates
