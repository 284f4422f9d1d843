#pragma once  // engine/promql/calendar.h
// Unix times as dates of the Gregorian calendar in UTC, for hour(), month() and their kin.
#include <cstdint>
#include <string>

namespace promenade::promql {

struct CalendarTime {
  int64_t year;
  int month;  // 1 to 12.
  int day;    // 1 to 31.
  int hour;
  int minute;
  int second;
  int day_of_week;  // Sunday is 0.

  static CalendarTime of(int64_t unix_seconds);
  int day_of_year() const;  // From 1.
  int days_in_month() const;
  // "2006-01-02T15:04:05Z".
  std::string to_rfc3339() const;
};

}  // namespace promenade::promql
