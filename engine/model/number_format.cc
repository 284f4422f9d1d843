// engine/model/number_format.cc
// What differs between the forms is only where the point goes and when an exponent is written, so
// all of them are laid out from the same digits (shortest_decimal.h), which are written in place.
// Whole numbers, by far the most frequent samples, skip the search for digits.
#include "model/number_format.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/strings.h"
#include "model/sample.h"
#include "model/shortest_decimal.h"

namespace promenade {
namespace {

constexpr double kExactIntegerMax = 9007199254740992;  // 2^53
// strconv.FormatFloat(v, 'g', -1, 64) writes an exponent outside of [kGoExponentMin,
// kGoExponentEnd).
constexpr int kGoExponentMin = -4;
constexpr int kGoExponentEnd = 6;
// append_decimal() writes up to 309 digits before the point, or 324 zeros and 17 digits.
constexpr size_t kPositionalSizeMax = 352;

// "00", "01" ... "99"
constexpr std::array<char, 200> kPairs = [] {
  std::array<char, 200> pairs{};
  for (size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

constexpr std::array<uint64_t, 20> kPowersOfTen = [] {
  std::array<uint64_t, 20> powers{1};
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

int digit_count(uint64_t value) {
  value |= 1;  // 0 has a digit, too.
  // 1233 / 4096 is a little more than log10(2).
  const auto count = static_cast<size_t>(std::bit_width(value) * 1233 >> 12);
  return static_cast<int>(count) + (value >= kPowersOfTen[count] ? 1 : 0);
}

// Two digits that end at `end`, and where they begin.
char* write_pair(char* end, uint32_t value) {
  std::memcpy(end - 2, &kPairs[2 * value], 2);
  return end - 2;
}

// The `count` digits of a value. Divisions of 32 bits are done by multiplying, of 64 bits they are
// slow: one is done for each eight digits.
char* write_digits(char* out, uint64_t value, int count) {
  char* const end = out + count;
  char* at = end;
  while (value >= 100'000'000) {
    auto low = static_cast<uint32_t>(value % 100'000'000);
    value /= 100'000'000;
    for (int pair = 0; pair < 4; ++pair) {
      at = write_pair(at, low % 100);
      low /= 100;
    }
  }
  auto rest = static_cast<uint32_t>(value);
  for (; rest >= 100; rest /= 100) at = write_pair(at, rest % 100);
  if (rest >= 10) {
    write_pair(at, rest);
  } else {
    at[-1] = static_cast<char>('0' + rest);
  }
  return end;
}

char* write_whole(char* out, uint64_t value) {
  return write_digits(out, value, digit_count(value));
}

char* write_text(char* out, std::string_view text) {
  return std::copy(text.begin(), text.end(), out);
}

// 0.d1d2d3... times 10^point, d1d2d3... being the `count` digits.
struct Decimal {
  uint64_t digits;
  int count;
  int point;
};

Decimal decimal_of(double value) {
  const ShortestDecimal shortest = shortest_decimal(value);
  const int count = digit_count(shortest.digits);
  return {shortest.digits, count, count + shortest.exponent};
}

char* write_positional(char* out, const Decimal& decimal) {
  if (decimal.point <= 0) {
    out = write_text(out, "0.");
    out = std::fill_n(out, -decimal.point, '0');
    return write_digits(out, decimal.digits, decimal.count);
  }
  if (decimal.point >= decimal.count) {
    out = write_digits(out, decimal.digits, decimal.count);
    return std::fill_n(out, decimal.point - decimal.count, '0');
  }
  // Few digits stand before the point, mostly; these make room for it.
  char* const end = write_digits(out + 1, decimal.digits, decimal.count);
  for (int i = 0; i < decimal.point; ++i) out[i] = out[i + 1];
  out[decimal.point] = '.';
  return end;
}

char* write_exponential(char* out, const Decimal& decimal) {
  if (decimal.count == 1) {
    out = write_digits(out, decimal.digits, 1);
  } else {
    out = write_positional(out, {decimal.digits, decimal.count, 1});
  }
  const int exponent = decimal.point - 1;
  const auto magnitude = static_cast<uint64_t>(exponent < 0 ? -exponent : exponent);
  out = write_text(out, exponent < 0 ? "e-" : "e+");
  if (magnitude < 10) *out++ = '0';
  return write_whole(out, magnitude);
}

// NaN and the infinities.
char* write_special(char* out, double value) {
  return write_text(out, std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
}

// Writes the sign, if there is one, and takes it off.
char* write_sign(char* out, double& value) {
  if (!std::signbit(value)) return out;
  value = -value;
  *out = '-';
  return out + 1;
}

// Whether a value without a sign is a whole number below `limit`, which need no search.
bool is_whole(double value, double limit) {
  return value < limit && value == static_cast<double>(static_cast<int64_t>(value));
}

// An exponent is written for values outside of [1e-6, 1e21) when it `may` be.
enum class Exponent { Never, May };

char* write_value(char* out, double value, Exponent exponent) {
  if (!std::isfinite(value)) return write_special(out, value);
  out = write_sign(out, value);
  if (is_whole(value, kExactIntegerMax)) return write_whole(out, static_cast<uint64_t>(value));
  const Decimal decimal = decimal_of(value);
  const bool is_exponential = exponent == Exponent::May && (value < 1e-6 || value >= 1e21);
  return is_exponential ? write_exponential(out, decimal) : write_positional(out, decimal);
}

}  // namespace

char* write_json_value(char* out, double value) {
  return write_value(out, value, Exponent::May);
}

void append_json_value(std::string& out, double value) {
  std::array<char, kJsonValueSizeMax> text;
  out.append(text.data(), write_json_value(text.data(), value));
}

void append_decimal(std::string& out, double value) {
  std::array<char, kPositionalSizeMax> text;
  out.append(text.data(), write_value(text.data(), value, Exponent::Never));
}

namespace {

char* write_go_float(char* out, double value) {
  if (!std::isfinite(value)) return write_special(out, value);
  out = write_sign(out, value);
  if (is_whole(value, 1e6)) return write_whole(out, static_cast<uint64_t>(value));
  const Decimal decimal = decimal_of(value);
  const int exponent = decimal.point - 1;
  const bool is_exponential = exponent < kGoExponentMin || exponent >= kGoExponentEnd;
  return is_exponential ? write_exponential(out, decimal) : write_positional(out, decimal);
}

}  // namespace

void append_go_float(std::string& out, double value) {
  std::array<char, kJsonValueSizeMax> text;
  out.append(text.data(), write_go_float(text.data(), value));
}

void append_go_exponent(std::string& out, double value) {
  std::array<char, kJsonValueSizeMax> text;
  char* end = text.data();
  if (!std::isfinite(value)) {
    end = write_special(end, value);
  } else {
    end = write_sign(end, value);
    end = value == 0 ? write_text(end, "0e+00") : write_exponential(end, decimal_of(value));
  }
  out.append(text.data(), end);
}

void append_openmetrics_float(std::string& out, double value) {
  const size_t start = out.size();
  append_go_float(out, value);
  const std::string_view written = std::string_view(out).substr(start);
  if (std::isfinite(value) && written.find_first_of("e.") == std::string_view::npos) out += ".0";
}

char* write_json_timestamp(char* out, int64_t time_ms) {
  uint64_t magnitude = static_cast<uint64_t>(time_ms);
  if (time_ms < 0) {
    *out++ = '-';
    magnitude = 0 - magnitude;
  }
  out = write_whole(out, magnitude / 1000);
  const auto fraction = static_cast<uint32_t>(magnitude % 1000);
  if (fraction == 0) return out;
  *out++ = '.';
  *out++ = static_cast<char>('0' + fraction / 100);
  write_pair(out + 2, fraction % 100);
  return out + 2;
}

void append_json_timestamp(std::string& out, int64_t time_ms) {
  std::array<char, kJsonTimestampSizeMax> text;
  out.append(text.data(), write_json_timestamp(text.data(), time_ms));
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
