// engine/template/go_time.cc
// A layout is read as a sequence of the pieces in kPieces and of anything else, which is copied.
// Days and dates are computed after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
#include "template/go_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/ascii.h"

namespace promenade::templates {
namespace {

constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kDaysPerEra = 146'097;  // 400 years.
constexpr int64_t kNsPerSecond = 1'000'000'000;

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};

int64_t floor_divide(int64_t dividend, int64_t divisor) {
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

struct Calendar {
  int64_t year, month, day;  // 1..12, 1..31
  int64_t year_day;          // 1..366
  int64_t weekday;           // Sunday is 0.
  int64_t hour, minute, second;
};

int64_t days_since_epoch(int64_t year, int64_t month, int64_t day) {
  // Months beyond 1..12 carry into the year, days into the months, as Time.AddDate wants it.
  year += floor_divide(month - 1, 12);
  month = month - 1 - floor_divide(month - 1, 12) * 12 + 1;
  if (month <= 2) --year;
  const int64_t era = floor_divide(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
  return era * kDaysPerEra + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

Calendar calendar_of(const ZonedTime& time) {
  const int64_t local = time.seconds + time.offset_seconds;
  const int64_t days = floor_divide(local, kSecondsPerDay);
  const int64_t shifted = days + 719'468;
  const int64_t era = floor_divide(shifted, kDaysPerEra);
  const int64_t day_of_era = shifted - era * kDaysPerEra;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int64_t second_of_day = local - days * kSecondsPerDay;
  Calendar calendar{};
  calendar.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  calendar.year = year_of_era + era * 400 + (calendar.month <= 2 ? 1 : 0);
  calendar.day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  calendar.year_day = days - days_since_epoch(calendar.year, 1, 1) + 1;
  calendar.weekday = (days + 4) - floor_divide(days + 4, 7) * 7;
  calendar.hour = second_of_day / 3600;
  calendar.minute = second_of_day / 60 % 60;
  calendar.second = second_of_day % 60;
  return calendar;
}

enum class Part : uint8_t {
  LongMonth,
  Month,
  NumMonth,
  ZeroMonth,
  LongWeekday,
  Weekday,
  Day,
  UnderDay,
  ZeroDay,
  UnderYearDay,
  ZeroYearDay,
  Hour,
  Hour12,
  ZeroHour12,
  Minute,
  ZeroMinute,
  Second,
  ZeroSecond,
  LongYear,
  Year,
  UpperPm,
  LowerPm,
  ZoneName,
  Zone,
  Fraction,
};

struct Piece {
  std::string_view text;
  Part part;
};

// Of two that begin alike the longer one stands first. Zone offsets are told apart by their own
// text: 'Z' prints "Z" for UTC, ':' and the number of digits say how fine.
constexpr std::array<Piece, 36> kPieces = {{
    {"January", Part::LongMonth},
    {"Jan", Part::Month},
    {"Monday", Part::LongWeekday},
    {"Mon", Part::Weekday},
    {"MST", Part::ZoneName},
    {"002", Part::ZeroYearDay},
    {"01", Part::ZeroMonth},
    {"02", Part::ZeroDay},
    {"03", Part::ZeroHour12},
    {"04", Part::ZeroMinute},
    {"05", Part::ZeroSecond},
    {"06", Part::Year},
    {"15", Part::Hour},
    {"1", Part::NumMonth},
    {"2006", Part::LongYear},
    {"2", Part::Day},
    {"__2", Part::UnderYearDay},
    {"_2006", Part::LongYear},
    {"_2", Part::UnderDay},
    {"3", Part::Hour12},
    {"4", Part::Minute},
    {"5", Part::Second},
    {"PM", Part::UpperPm},
    {"pm", Part::LowerPm},
    {"-07:00:00", Part::Zone},
    {"-070000", Part::Zone},
    {"-07:00", Part::Zone},
    {"-0700", Part::Zone},
    {"-07", Part::Zone},
    {"Z07:00:00", Part::Zone},
    {"Z070000", Part::Zone},
    {"Z07:00", Part::Zone},
    {"Z0700", Part::Zone},
    {"Z07", Part::Zone},
    {".0", Part::Fraction},
    {".9", Part::Fraction},
}};

// ".000", ",999": how many characters, or 0. A digit right after it makes it something else.
size_t fraction_size(std::string_view layout) {
  if (layout.size() < 2 || (layout[0] != '.' && layout[0] != ',')) return 0;
  if (layout[1] != '0' && layout[1] != '9') return 0;
  size_t size = 1;
  while (size < layout.size() && layout[size] == layout[1]) ++size;
  return size < layout.size() && is_digit(layout[size]) ? 0 : size;
}

// The piece that `layout` starts with, if any; its text is the layout's own.
const Piece* piece_at(std::string_view layout, size_t& size) {
  for (const Piece& piece : kPieces) {
    if (piece.part == Part::Fraction) {
      if (fraction_size(layout) == 0) continue;
      size = fraction_size(layout);
      return &piece;
    }
    if (layout.substr(0, piece.text.size()) != piece.text) continue;
    // "Janet" is no month, and "Month" no Monday.
    const bool has_more = layout.size() > 3 && layout[3] >= 'a' && layout[3] <= 'z';
    if (piece.part == Part::Month && has_more) continue;
    if (piece.part == Part::Weekday && has_more) continue;
    size = piece.text == "_2006" ? 1 : piece.text.size();
    return &piece;
  }
  return nullptr;
}

void append_padded(std::string& out, int64_t value, int width, char fill = '0') {
  if (value < 0) {
    out += '-';
    value = -value;
  }
  const std::string digits = std::to_string(value);
  if (digits.size() < static_cast<size_t>(width)) {
    out.append(static_cast<size_t>(width) - digits.size(), fill);
  }
  out += digits;
}

// `layout` is "-0700", "Z07:00" ...
void append_zone(std::string& out, int32_t offset_seconds, std::string_view layout) {
  if (layout.front() == 'Z' && offset_seconds == 0) {
    out += 'Z';
    return;
  }
  out += offset_seconds < 0 ? '-' : '+';
  const int32_t magnitude = std::abs(offset_seconds);
  const bool has_colon = layout.find(':') != std::string_view::npos;
  const auto digits = std::count_if(layout.begin(), layout.end(), is_digit);
  append_padded(out, magnitude / 3600, 2);
  if (digits >= 4) {
    if (has_colon) out += ':';
    append_padded(out, magnitude / 60 % 60, 2);
  }
  if (digits >= 6) {
    if (has_colon) out += ':';
    append_padded(out, magnitude % 60, 2);
  }
}

// `layout` is ".000", which prints all its digits, or ".999", which drops zeros at the end.
void append_fraction(std::string& out, int32_t nanoseconds, std::string_view layout) {
  std::string digits;
  append_padded(digits, nanoseconds, 9);
  digits.resize(std::min<size_t>(layout.size() - 1, 9));
  if (layout[1] == '9') {
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    if (digits.empty()) return;
  }
  out += layout.front();
  out += digits;
}

void append_zone_name(std::string& out, const ZonedTime& time) {
  if (!time.zone_name.empty()) {
    out += time.zone_name;
  } else {
    append_zone(out, time.offset_seconds, time.offset_seconds % 3600 == 0 ? "-07" : "-0700");
  }
}

int64_t twelve_hours(int64_t hour) {
  return hour % 12 == 0 ? 12 : hour % 12;
}

void append_part(std::string& out, Part part, std::string_view layout, const ZonedTime& time,
                 const Calendar& calendar) {
  const auto month = kMonths[static_cast<size_t>(calendar.month - 1)];
  const auto weekday = kWeekdays[static_cast<size_t>(calendar.weekday)];
  switch (part) {
    case Part::LongMonth:
      out += month;
      return;
    case Part::Month:
      out += month.substr(0, 3);
      return;
    case Part::NumMonth:
      return append_padded(out, calendar.month, 0);
    case Part::ZeroMonth:
      return append_padded(out, calendar.month, 2);
    case Part::LongWeekday:
      out += weekday;
      return;
    case Part::Weekday:
      out += weekday.substr(0, 3);
      return;
    case Part::Day:
      return append_padded(out, calendar.day, 0);
    case Part::UnderDay:
      return append_padded(out, calendar.day, 2, ' ');
    case Part::ZeroDay:
      return append_padded(out, calendar.day, 2);
    case Part::UnderYearDay:
      return append_padded(out, calendar.year_day, 3, ' ');
    case Part::ZeroYearDay:
      return append_padded(out, calendar.year_day, 3);
    case Part::Hour:
      return append_padded(out, calendar.hour, 2);
    case Part::Hour12:
      return append_padded(out, twelve_hours(calendar.hour), 0);
    case Part::ZeroHour12:
      return append_padded(out, twelve_hours(calendar.hour), 2);
    case Part::Minute:
      return append_padded(out, calendar.minute, 0);
    case Part::ZeroMinute:
      return append_padded(out, calendar.minute, 2);
    case Part::Second:
      return append_padded(out, calendar.second, 0);
    case Part::ZeroSecond:
      return append_padded(out, calendar.second, 2);
    case Part::LongYear:
      // "_2006" is a blank before the year, which the caller copies.
      if (layout == "_") {
        out += '_';
        return;
      }
      return append_padded(out, calendar.year, 4);
    case Part::Year:
      return append_padded(out, (calendar.year % 100 + 100) % 100, 2);
    case Part::UpperPm:
      out += calendar.hour >= 12 ? "PM" : "AM";
      return;
    case Part::LowerPm:
      out += calendar.hour >= 12 ? "pm" : "am";
      return;
    case Part::ZoneName:
      return append_zone_name(out, time);
    case Part::Zone:
      return append_zone(out, time.offset_seconds, layout);
    case Part::Fraction:
      return append_fraction(out, time.nanoseconds, layout);
  }
}

// A whole number of `unit_ns`, and up to nine decimals without zeros at the end.
void append_with_fraction(std::string& out, uint64_t ns, uint64_t unit_ns) {
  out += std::to_string(ns / unit_ns);
  uint64_t rest = ns % unit_ns;
  if (rest == 0) return;
  out += '.';
  for (uint64_t weight = unit_ns / 10; rest > 0; weight /= 10) {
    out += static_cast<char>('0' + rest / weight);
    rest %= weight;
  }
}

// --- Methods of time.Time and time.Duration.

using Arguments = std::span<const Value>;

const ZonedTime& receiver_time(Arguments arguments) {
  return arguments[0].as_time();
}

ZonedTime plus_ns(ZonedTime time, int64_t ns) {
  const int64_t sum = time.nanoseconds + ns % kNsPerSecond;
  time.seconds += ns / kNsPerSecond + floor_divide(sum, kNsPerSecond);
  time.nanoseconds = static_cast<int32_t>(sum - floor_divide(sum, kNsPerSecond) * kNsPerSecond);
  return time;
}

// Rounding towards zero to a multiple, Duration.Truncate.
int64_t truncated(int64_t ns, int64_t unit_ns) {
  return unit_ns <= 0 ? ns : ns - ns % unit_ns;
}

// To the nearest multiple, halves away from zero, Duration.Round.
int64_t rounded(int64_t ns, int64_t unit_ns) {
  if (unit_ns <= 0) return ns;
  const int64_t rest = ns % unit_ns;
  const int64_t away = rest < 0 ? ns - rest - unit_ns : ns - rest + unit_ns;
  return std::abs(rest) < unit_ns - std::abs(rest) ? ns - rest : away;
}

// a * b modulo m, by doubling: the product has more than 64 bits.
uint64_t multiply_modulo(uint64_t a, uint64_t b, uint64_t m) {
  uint64_t result = 0;
  for (a %= m; b > 0; b >>= 1, a = a * 2 % m) {
    if ((b & 1) != 0) result = (result + a) % m;
  }
  return result;
}

// How far the instant is beyond a multiple of the unit, counted from the year 1 (and not before
// it).
int64_t beyond_multiple(const ZonedTime& time, int64_t unit_ns) {
  const auto unit = static_cast<uint64_t>(unit_ns);
  const int64_t seconds = std::max<int64_t>(time.seconds - kZeroTime.ms / 1000, 0);
  const uint64_t whole = multiply_modulo(static_cast<uint64_t>(seconds), kNsPerSecond, unit);
  return static_cast<int64_t>((whole + static_cast<uint64_t>(time.nanoseconds)) % unit);
}

template <int64_t Calendar::*Member>
Result<Value> calendar_method(const Environment&, Arguments arguments) {
  return Value::integer(calendar_of(receiver_time(arguments)).*Member);
}

Result<Value> time_format(const Environment&, Arguments arguments) {
  return Value::text(format_time(receiver_time(arguments), arguments[1].as_text()));
}
Result<Value> time_string(const Environment&, Arguments arguments) {
  return Value::text(to_go_string(receiver_time(arguments)));
}
Result<Value> time_month(const Environment&, Arguments arguments) {
  return Value::integer(calendar_of(receiver_time(arguments)).month, kMonthType);
}
Result<Value> time_weekday(const Environment&, Arguments arguments) {
  return Value::integer(calendar_of(receiver_time(arguments)).weekday, kWeekdayType);
}
Result<Value> time_nanosecond(const Environment&, Arguments arguments) {
  return Value::integer(receiver_time(arguments).nanoseconds);
}
Result<Value> time_unix(const Environment&, Arguments arguments) {
  return Value::integer(receiver_time(arguments).seconds, kInt64Type);
}
Result<Value> time_unix_milli(const Environment&, Arguments arguments) {
  const ZonedTime& time = receiver_time(arguments);
  return Value::integer(time.seconds * 1000 + time.nanoseconds / 1'000'000, kInt64Type);
}
Result<Value> time_unix_nano(const Environment&, Arguments arguments) {
  const ZonedTime& time = receiver_time(arguments);
  // Wraps around outside of 1678 to 2262, as Go's does.
  return Value::integer(
      static_cast<int64_t>(static_cast<uint64_t>(time.seconds) * uint64_t{kNsPerSecond} +
                           static_cast<uint64_t>(time.nanoseconds)),
      kInt64Type);
}
Result<Value> time_utc(const Environment&, Arguments arguments) {
  const ZonedTime& time = receiver_time(arguments);
  return Value::time(ZonedTime{.seconds = time.seconds, .nanoseconds = time.nanoseconds});
}
Result<Value> time_is_zero(const Environment&, Arguments arguments) {
  const ZonedTime& time = receiver_time(arguments);
  return Value::boolean(time.seconds == kZeroTime.ms / 1000 && time.nanoseconds == 0);
}
Result<Value> time_add(const Environment&, Arguments arguments) {
  return Value::time(plus_ns(receiver_time(arguments), arguments[1].as_int()));
}
Result<Value> time_add_date(const Environment&, Arguments arguments) {
  ZonedTime time = receiver_time(arguments);
  const Calendar calendar = calendar_of(time);
  constexpr int64_t kCountMax = 1'000'000;
  const auto count = [&](size_t i) {
    return std::clamp(arguments[i].as_int(), -kCountMax, kCountMax);
  };
  const int64_t before = days_since_epoch(calendar.year, calendar.month, calendar.day);
  const int64_t after = days_since_epoch(calendar.year + count(1), calendar.month + count(2), 1) +
                        calendar.day - 1 + count(3);
  time.seconds += (after - before) * kSecondsPerDay;
  return Value::time(std::move(time));
}
Result<Value> time_sub(const Environment&, Arguments arguments) {
  return Value::duration_ns(difference_ns(receiver_time(arguments), arguments[1].as_time()));
}
Result<Value> time_truncate(const Environment&, Arguments arguments) {
  const ZonedTime& time = receiver_time(arguments);
  const int64_t unit_ns = arguments[1].as_int();
  return Value::time(unit_ns <= 0 ? time : plus_ns(time, -beyond_multiple(time, unit_ns)));
}
Result<Value> time_round(const Environment&, Arguments arguments) {
  const ZonedTime& time = receiver_time(arguments);
  const int64_t unit_ns = arguments[1].as_int();
  if (unit_ns <= 0) return Value::time(time);
  const int64_t rest = beyond_multiple(time, unit_ns);
  return Value::time(plus_ns(time, rest < unit_ns - rest ? -rest : unit_ns - rest));
}

template <int kWanted>  // The sign of (receiver - argument).
Result<Value> time_compare(const Environment&, Arguments arguments) {
  const int64_t ns = difference_ns(receiver_time(arguments), arguments[1].as_time());
  return Value::boolean((ns > 0) - (ns < 0) == kWanted);
}

template <int64_t kUnitNs>
Result<Value> duration_in_float(const Environment&, Arguments arguments) {
  const int64_t ns = arguments[0].as_int();
  return Value::number(static_cast<double>(ns / kUnitNs) +
                       static_cast<double>(ns % kUnitNs) / static_cast<double>(kUnitNs));
}
template <int64_t kUnitNs>
Result<Value> duration_in_int(const Environment&, Arguments arguments) {
  return Value::integer(arguments[0].as_int() / kUnitNs, kInt64Type);
}
Result<Value> duration_string(const Environment&, Arguments arguments) {
  return Value::text(format_go_duration(arguments[0].as_int()));
}
Result<Value> duration_abs(const Environment&, Arguments arguments) {
  const int64_t ns = arguments[0].as_int();
  return Value::duration_ns(ns == INT64_MIN ? INT64_MAX : std::abs(ns));
}
Result<Value> duration_truncate(const Environment&, Arguments arguments) {
  return Value::duration_ns(truncated(arguments[0].as_int(), arguments[1].as_int()));
}
Result<Value> duration_round(const Environment&, Arguments arguments) {
  return Value::duration_ns(rounded(arguments[0].as_int(), arguments[1].as_int()));
}
Result<Value> name_of(const Environment&, Arguments arguments) {
  return Value::text(std::string(calendar_name(*arguments[0].type(), arguments[0].as_int())));
}

constexpr Function kTimeMethods[] = {
    {"Add", "d", time_add},
    {"AddDate", "iii", time_add_date},
    {"After", "t", time_compare<1>},
    {"Before", "t", time_compare<-1>},
    {"Day", "", calendar_method<&Calendar::day>},
    {"Equal", "t", time_compare<0>},
    {"Format", "s", time_format},
    {"Hour", "", calendar_method<&Calendar::hour>},
    {"IsZero", "", time_is_zero},
    {"Local", "", time_utc},  // The engine has no place of its own.
    {"Minute", "", calendar_method<&Calendar::minute>},
    {"Month", "", time_month},
    {"Nanosecond", "", time_nanosecond},
    {"Round", "d", time_round},
    {"Second", "", calendar_method<&Calendar::second>},
    {"String", "", time_string},
    {"Sub", "t", time_sub},
    {"Truncate", "d", time_truncate},
    {"UTC", "", time_utc},
    {"Unix", "", time_unix},
    {"UnixMilli", "", time_unix_milli},
    {"UnixNano", "", time_unix_nano},
    {"Weekday", "", time_weekday},
    {"Year", "", calendar_method<&Calendar::year>},
    {"YearDay", "", calendar_method<&Calendar::year_day>},
};

constexpr Function kDurationMethods[] = {
    {"Abs", "", duration_abs},
    {"Hours", "", duration_in_float<3600 * kNsPerSecond>},
    {"Microseconds", "", duration_in_int<1000>},
    {"Milliseconds", "", duration_in_int<1'000'000>},
    {"Minutes", "", duration_in_float<60 * kNsPerSecond>},
    {"Nanoseconds", "", duration_in_int<1>},
    {"Round", "d", duration_round},
    {"Seconds", "", duration_in_float<kNsPerSecond>},
    {"String", "", duration_string},
    {"Truncate", "d", duration_truncate},
};

constexpr Function kNameMethods[] = {{"String", "", name_of}};

}  // namespace

const Type kTimeType{.name = "time.Time", .kind = Kind::Time, .methods = kTimeMethods};
const Type kDurationType{
    .name = "time.Duration", .kind = Kind::Duration, .methods = kDurationMethods};
const Type kMonthType{.name = "time.Month", .kind = Kind::Int, .methods = kNameMethods};
const Type kWeekdayType{.name = "time.Weekday", .kind = Kind::Int, .methods = kNameMethods};

std::string format_time(const ZonedTime& time, std::string_view layout) {
  const Calendar calendar = calendar_of(time);
  std::string out;
  while (!layout.empty()) {
    size_t size = 1;
    if (const Piece* piece = piece_at(layout, size)) {
      append_part(out, piece->part, layout.substr(0, size), time, calendar);
    } else {
      out += layout.front();
    }
    layout.remove_prefix(size);
  }
  return out;
}

std::string to_go_string(const ZonedTime& time) {
  return format_time(time, "2006-01-02 15:04:05.999999999 -0700 MST");
}

std::string format_rfc3339_nano(const ZonedTime& time) {
  return format_time(time, "2006-01-02T15:04:05.999999999Z07:00");
}

int64_t difference_ns(const ZonedTime& a, const ZonedTime& b) {
  const double seconds = static_cast<double>(a.seconds) - static_cast<double>(b.seconds);
  if (std::fabs(seconds) > 9.2e9) return seconds > 0 ? INT64_MAX : INT64_MIN;
  return (a.seconds - b.seconds) * kNsPerSecond + (a.nanoseconds - b.nanoseconds);
}

std::string format_go_duration(int64_t nanoseconds) {
  if (nanoseconds == 0) return "0s";
  std::string out = nanoseconds < 0 ? "-" : "";
  const uint64_t ns =
      nanoseconds < 0 ? 0 - static_cast<uint64_t>(nanoseconds) : static_cast<uint64_t>(nanoseconds);
  if (ns < 1000) return out + std::to_string(ns) + "ns";
  if (ns < uint64_t{kNsPerSecond}) {
    const bool is_micro = ns < 1'000'000;
    append_with_fraction(out, ns, is_micro ? 1000 : 1'000'000);
    return out + (is_micro ? "\u00b5s" : "ms");
  }
  const uint64_t minutes = ns / (60 * uint64_t{kNsPerSecond});
  if (minutes >= 60) out += std::to_string(minutes / 60) + 'h';
  if (minutes > 0) out += std::to_string(minutes % 60) + 'm';
  append_with_fraction(out, ns % (60 * uint64_t{kNsPerSecond}), kNsPerSecond);
  return out + 's';
}

std::string_view calendar_name(const Type& type, int64_t value) {
  if (&type == &kMonthType && value >= 1 && value <= 12) {
    return kMonths[static_cast<size_t>(value - 1)];
  }
  if (&type == &kWeekdayType && value >= 0 && value < 7) {
    return kWeekdays[static_cast<size_t>(value)];
  }
  return {};
}

}  // namespace promenade::templates
