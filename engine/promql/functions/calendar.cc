// Howard Hinnant's civil_from_days: years begin in March, so that the leap day is their last, and
// repeat every 400 years of 146,097 days (https://howardhinnant.github.io/date_algorithms.html).
#include "promql/functions/calendar.h"

#include <fmt/format.h>

namespace promenade::promql {

namespace {

constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kDaysPerEra = 146'097;
constexpr int64_t kDaysFromEraToEpoch = 719'468;  // From 0000-03-01 to 1970-01-01.
constexpr int64_t kEpochDayOfWeek = 4;            // A Thursday.
constexpr int kDaysBeforeMonth[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

int64_t floor_divide(int64_t a, int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}
int64_t floor_modulo(int64_t a, int64_t b) {
  return a - floor_divide(a, b) * b;
}

bool is_leap(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

}  // namespace

CalendarTime CalendarTime::of(int64_t unix_seconds) {
  const int64_t days = floor_divide(unix_seconds, kSecondsPerDay);
  const int64_t second_of_day = floor_modulo(unix_seconds, kSecondsPerDay);
  const int64_t era = floor_divide(days + kDaysFromEraToEpoch, kDaysPerEra);
  const int64_t day_of_era = days + kDaysFromEraToEpoch - era * kDaysPerEra;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t march_day = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t march_month = (5 * march_day + 2) / 153;

  CalendarTime time;
  time.day = static_cast<int>(march_day - (153 * march_month + 2) / 5 + 1);
  time.month = static_cast<int>(march_month < 10 ? march_month + 3 : march_month - 9);
  time.year = year_of_era + era * 400 + (time.month <= 2 ? 1 : 0);
  time.hour = static_cast<int>(second_of_day / 3600);
  time.minute = static_cast<int>(second_of_day / 60 % 60);
  time.second = static_cast<int>(second_of_day % 60);
  time.day_of_week = static_cast<int>(floor_modulo(days + kEpochDayOfWeek, 7));
  return time;
}

int CalendarTime::day_of_year() const {
  return kDaysBeforeMonth[month - 1] + day + (month > 2 && is_leap(year) ? 1 : 0);
}

int CalendarTime::days_in_month() const {
  const int days = kDaysBeforeMonth[month] - kDaysBeforeMonth[month - 1];
  return month == 2 && is_leap(year) ? days + 1 : days;
}

std::string CalendarTime::to_rfc3339() const {
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, day, hour, minute,
                     second);
}

}  // namespace promenade::promql
