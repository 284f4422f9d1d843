// Howard Hinnant's civil_from_days and days_from_civil: years begin in March, so that the leap day
// is their last, and repeat every 400 years of 146,097 days
// (https://howardhinnant.github.io/date_algorithms.html).
#include "model/civil_date.h"

namespace promenade {
namespace {

constexpr int64_t kDaysPerEra = 146'097;
constexpr int64_t kDaysFromEraToEpoch = 719'468;  // From 0000-03-01 to 1970-01-01.
constexpr int64_t kEpochDayOfWeek = 4;            // A Thursday.

}  // namespace

CivilDate civil_date(int64_t days) {
  days += kDaysFromEraToEpoch;
  const int64_t era = floor_divide(days, kDaysPerEra);
  const int64_t day_of_era = days - era * kDaysPerEra;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t march_day = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t march_month = (5 * march_day + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(march_day - (153 * march_month + 2) / 5 + 1);
  date.month = static_cast<int>(march_month < 10 ? march_month + 3 : march_month - 9);
  date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

int64_t days_since_epoch(const CivilDate& date) {
  const int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const int64_t era = floor_divide(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t march_month = (date.month + 9) % 12;
  const int64_t march_day = (153 * march_month + 2) / 5 + date.day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + march_day;
  return era * kDaysPerEra + day_of_era - kDaysFromEraToEpoch;
}

int day_of_week(int64_t days) {
  return static_cast<int>(floor_modulo(days + kEpochDayOfWeek, 7));
}

int days_in_month(int64_t year, int month) {
  if (month == 2) return is_leap_year(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool is_leap_year(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int64_t floor_divide(int64_t dividend, int64_t divisor) {
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

int64_t floor_modulo(int64_t dividend, int64_t divisor) {
  return dividend - floor_divide(dividend, divisor) * divisor;
}

}  // namespace promenade
