#pragma once  // engine/base/time.h
// Points and lengths of time, in whole milliseconds as Prometheus stores them. Two types, so
// that they can't be mixed up; hot loops unwrap `.ms` once and work on int64_t.
#include <compare>
#include <cstdint>

namespace promenade {

struct Duration {
  int64_t ms = 0;

  static constexpr Duration milliseconds(int64_t count) { return {count}; }
  static constexpr Duration seconds(int64_t count) { return {count * 1000}; }
  static constexpr Duration minutes(int64_t count) { return {count * 60'000}; }
  static constexpr Duration hours(int64_t count) { return {count * 3'600'000}; }
  constexpr double in_seconds() const { return static_cast<double>(ms) / 1000.0; }

  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.ms + b.ms}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.ms - b.ms}; }
  friend constexpr Duration operator*(Duration a, int64_t factor) { return {a.ms * factor}; }
  friend constexpr Duration operator/(Duration a, int64_t divisor) { return {a.ms / divisor}; }
};

// Milliseconds since the Unix epoch, UTC.
struct Timestamp {
  int64_t ms = 0;

  static constexpr Timestamp from_seconds(int64_t seconds) { return {seconds * 1000}; }
  constexpr double in_seconds() const { return static_cast<double>(ms) / 1000.0; }

  friend constexpr auto operator<=>(const Timestamp&, const Timestamp&) = default;
  friend constexpr Timestamp operator+(Timestamp t, Duration d) { return {t.ms + d.ms}; }
  friend constexpr Timestamp operator-(Timestamp t, Duration d) { return {t.ms - d.ms}; }
  friend constexpr Duration operator-(Timestamp a, Timestamp b) { return {a.ms - b.ms}; }
};

// Both ends belong to the range.
struct TimeRange {
  Timestamp start;
  Timestamp end;

  constexpr bool contains(Timestamp t) const { return start <= t && t <= end; }
  constexpr bool overlaps(TimeRange other) const {
    return start <= other.end && other.start <= end;
  }
};

// The widest range a store is ever asked for; far from the edges of int64_t, so that adding a
// look-back to either end can't overflow.
constexpr TimeRange kAllTime{{INT64_MIN / 4}, {INT64_MAX / 4}};

}  // namespace promenade
