// One pass over the text; model/civil_date.h knows the calendar.
#include "api/rfc3339.h"

#include <fmt/format.h>

#include "model/civil_date.h"

namespace promenade::api {
namespace {

constexpr int64_t kMsPerDay = 86'400'000;

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
  int64_t year = 0, month = 0, day = 0;
  int64_t hours = 0, minutes = 0, seconds = 0, ms = 0, offset_ms = 0;
  const bool has_date_and_time =
      reader.digits(4, 0, 9999, year) && reader.literal("-") && reader.digits(2, 1, 12, month) &&
      reader.literal("-") && reader.digits(2, 1, 31, day) && reader.literal("Tt") &&
      reader.digits(2, 0, 23, hours) && reader.literal(":") && reader.digits(2, 0, 59, minutes) &&
      reader.literal(":") && reader.digits(2, 0, 59, seconds);
  if (!has_date_and_time || day > days_in_month(year, static_cast<int>(month))) return std::nullopt;
  const CivilDate date{year, static_cast<int>(month), static_cast<int>(day)};
  if (reader.literal(".") && !reader.fraction(ms)) return std::nullopt;
  if (!read_zone(reader, offset_ms) || !reader.at_end()) return std::nullopt;
  const int64_t ms_of_day = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
  return Timestamp{days_since_epoch(date) * kMsPerDay + ms_of_day - offset_ms};
}

}  // namespace promenade::api
