// engine/model/duration.cc
// Durations after prometheus/common model/time.go, including its limit: what fits into 63 bits of
// nanoseconds, about 292 years.
#include "model/duration.h"

#include <array>
#include <cstdint>

#include "base/ascii.h"
#include "base/strings.h"

namespace promenade {
namespace {

struct Unit {
  std::string_view name;
  int64_t ms;
  bool only_exact;  // Printed only when nothing remains: 90d reads better than 12w6d.
};

constexpr std::array<Unit, 7> kUnits = {{{"y", int64_t{365} * 24 * 3'600'000, true},
                                         {"w", int64_t{7} * 24 * 3'600'000, true},
                                         {"d", int64_t{24} * 3'600'000, false},
                                         {"h", 3'600'000, false},
                                         {"m", 60'000, false},
                                         {"s", 1000, false},
                                         {"ms", 1, false}}};
constexpr int64_t kDurationMaxMs = INT64_MAX / 1'000'000;

// Removes the leading digits from `rest`; false when their value exceeds kDurationMaxMs.
bool take_number(std::string_view& rest, int64_t& number) {
  number = 0;
  for (; !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1)) {
    number = number * 10 + (rest.front() - '0');
    if (number > kDurationMaxMs) return false;
  }
  return true;
}

std::string_view take_unit(std::string_view& rest) {
  size_t size = 0;
  while (size < rest.size() && !is_digit(rest[size])) ++size;
  const std::string_view unit = rest.substr(0, size);
  rest.remove_prefix(size);
  return unit;
}

size_t unit_index(std::string_view name) {
  size_t index = 0;
  while (index < kUnits.size() && kUnits[index].name != name) ++index;
  return index;
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return bad_data("empty duration string");
  if (text == "0") return Duration{};
  const auto invalid = [&] { return bad_data("not a valid duration string: " + quote(text)); };

  int64_t total_ms = 0;
  size_t next_unit = 0;  // The largest unit that may still come.
  for (std::string_view rest = text; !rest.empty();) {
    if (!is_digit(rest.front())) return invalid();
    int64_t number = 0;
    if (!take_number(rest, number)) return bad_data("duration out of range");
    const std::string_view unit = take_unit(rest);
    if (unit.empty()) return invalid();
    const size_t index = unit_index(unit);
    if (index == kUnits.size()) {
      return bad_data("unknown unit " + quote(unit) + " in duration " + quote(text));
    }
    if (index < next_unit) return invalid();
    next_unit = index + 1;
    if (number > (kDurationMaxMs - total_ms) / kUnits[index].ms) {
      return bad_data("duration out of range");
    }
    total_ms += number * kUnits[index].ms;
  }
  return Duration{total_ms};
}

std::string format_duration(Duration duration) {
  if (duration.ms == 0) return "0s";
  std::string out = duration.ms < 0 ? "-" : "";
  int64_t rest_ms = duration.ms < 0 ? -duration.ms : duration.ms;
  for (const Unit& unit : kUnits) {
    if (unit.only_exact && rest_ms % unit.ms != 0) continue;
    if (rest_ms < unit.ms) continue;
    out += std::to_string(rest_ms / unit.ms);
    out += unit.name;
    rest_ms %= unit.ms;
  }
  return out;
}

}  // namespace promenade
