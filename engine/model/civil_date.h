#pragma once  // engine/model/civil_date.h
// Days as dates of the Gregorian calendar and back, for every year. The C library's functions read
// the locale and the time zone; these don't.
#include <cstdint>

namespace promenade {

struct CivilDate {
  int64_t year = 1970;
  int month = 1;  // 1 to 12.
  int day = 1;    // 1 to 31.
};

// Days are counted from 1970-01-01, which is day 0.
CivilDate civil_date(int64_t days);
int64_t days_since_epoch(const CivilDate& date);
int day_of_week(int64_t days);  // Sunday is 0.
int days_in_month(int64_t year, int month);
bool is_leap_year(int64_t year);

// Division and remainder that round towards minus infinity, as times before 1970 need them.
int64_t floor_divide(int64_t dividend, int64_t divisor);
int64_t floor_modulo(int64_t dividend, int64_t divisor);

}  // namespace promenade
