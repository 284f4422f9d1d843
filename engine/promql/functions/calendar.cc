// Times of day here; the dates are model/civil_date.h's.
#include "promql/functions/calendar.h"

#include <fmt/format.h>

#include "model/civil_date.h"

namespace promenade::promql {

namespace {

constexpr int64_t kSecondsPerDay = 86'400;
constexpr int kDaysBeforeMonth[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

}  // namespace

CalendarTime CalendarTime::of(int64_t unix_seconds) {
  const int64_t days = floor_divide(unix_seconds, kSecondsPerDay);
  const int64_t second_of_day = floor_modulo(unix_seconds, kSecondsPerDay);
  const CivilDate date = civil_date(days);

  CalendarTime time;
  time.year = date.year;
  time.month = date.month;
  time.day = date.day;
  time.hour = static_cast<int>(second_of_day / 3600);
  time.minute = static_cast<int>(second_of_day / 60 % 60);
  time.second = static_cast<int>(second_of_day % 60);
  time.day_of_week = promenade::day_of_week(days);
  return time;
}

int CalendarTime::day_of_year() const {
  return kDaysBeforeMonth[month - 1] + day + (month > 2 && is_leap_year(year) ? 1 : 0);
}

int CalendarTime::days_in_month() const {
  return promenade::days_in_month(year, month);
}

std::string CalendarTime::to_rfc3339() const {
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, day, hour, minute,
                     second);
}

}  // namespace promenade::promql
