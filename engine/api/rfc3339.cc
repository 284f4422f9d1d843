// Days and dates after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years start
// in March, so that the leap day comes last and months have a closed form.
#include "api/rfc3339.h"

#include <fmt/format.h>

namespace promenade::api {
namespace {

constexpr int64_t kMsPerDay = 86'400'000;
constexpr int64_t kDaysPerEra = 146'097;  // 400 years.

struct CivilDate {
  int64_t year;
  int64_t month;
  int64_t day;
};

int64_t floor_divide(int64_t dividend, int64_t divisor) {
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

int64_t days_since_epoch(CivilDate date) {
  const int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const int64_t era = floor_divide(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t month_from_march = (date.month + 9) % 12;
  const int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - 719'468;
}

CivilDate civil_date(int64_t days) {
  days += 719'468;
  const int64_t era = floor_divide(days, kDaysPerEra);
  const int64_t day_of_era = days - era * kDaysPerEra;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {.year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
          .month = month,
          .day = day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

// Reads the text from left to right; every method answers whether what it wanted was there.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool literal(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool digits(size_t count, int64_t low, int64_t high, int64_t& value) {
    if (rest_.size() < count) return false;
    value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return low <= value && value <= high;
  }

  // Decimals after the point, as milliseconds.
  bool fraction(int64_t& ms) {
    int64_t weight = 100;
    size_t count = 0;
    for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count) {
      ms += weight * (rest_[count] - '0');
      weight /= 10;
    }
    rest_.remove_prefix(count);
    return count > 0;
  }

  bool sign(int64_t& factor) {
    if (rest_.empty() || (rest_.front() != '+' && rest_.front() != '-')) return false;
    factor = rest_.front() == '-' ? -1 : 1;
    rest_.remove_prefix(1);
    return true;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool is_leap_year(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int64_t days_in_month(int64_t year, int64_t month) {
  if (month == 2) return is_leap_year(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool read_zone(Reader& reader, int64_t& offset_ms) {
  if (reader.literal("Zz")) return true;
  int64_t sign = 1, hours = 0, minutes = 0;
  if (!reader.sign(sign) || !reader.digits(2, 0, 23, hours) || !reader.literal(":") ||
      !reader.digits(2, 0, 59, minutes)) {
    return false;
  }
  offset_ms = sign * (hours * 60 + minutes) * 60'000;
  return true;
}

}  // namespace

std::string format_rfc3339(Timestamp time) {
  const int64_t days = floor_divide(time.ms, kMsPerDay);
  const int64_t ms_of_day = time.ms - days * kMsPerDay;
  const CivilDate date = civil_date(days);
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", date.year, date.month, date.day,
                  ms_of_day / 3'600'000, ms_of_day / 60'000 % 60, ms_of_day / 1000 % 60);
  if (ms_of_day % 1000 != 0) {
    text += fmt::format(".{:03}", ms_of_day % 1000);
    while (text.back() == '0') text.pop_back();
  }
  return text + 'Z';
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
  Reader reader(text);
  CivilDate date{};
  int64_t hours = 0, minutes = 0, seconds = 0, ms = 0, offset_ms = 0;
  const bool has_date_and_time = reader.digits(4, 0, 9999, date.year) && reader.literal("-") &&
                                 reader.digits(2, 1, 12, date.month) && reader.literal("-") &&
                                 reader.digits(2, 1, 31, date.day) && reader.literal("Tt") &&
                                 reader.digits(2, 0, 23, hours) && reader.literal(":") &&
                                 reader.digits(2, 0, 59, minutes) && reader.literal(":") &&
                                 reader.digits(2, 0, 59, seconds);
  if (!has_date_and_time || date.day > days_in_month(date.year, date.month)) return std::nullopt;
  if (reader.literal(".") && !reader.fraction(ms)) return std::nullopt;
  if (!read_zone(reader, offset_ms) || !reader.at_end()) return std::nullopt;
  const int64_t ms_of_day = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
  return Timestamp{days_since_epoch(date) * kMsPerDay + ms_of_day - offset_ms};
}

}  // namespace promenade::api
