// A zone is a list of past changes and a rule for what comes after them; a rule alone is enough for
// the table of cities.
#include "model/time_zone.h"

#include <algorithm>

#include "base/strings.h"
#include "model/civil_date.h"

namespace promenade {
namespace {

constexpr int64_t kSecondsPerDay = 86'400;
constexpr std::string_view kLocalTimeFile = "/etc/localtime";

struct City {
  std::string_view rule;
  std::string_view names;  // Separated by blanks.
};

constexpr std::array kCities = {
    City{"GMT0BST,M3.5.0/1,M10.5.0", "Europe/London"},
    City{"IST-1GMT0,M10.5.0,M3.5.0/1", "Europe/Dublin"},
    City{"WET0WEST,M3.5.0/1,M10.5.0", "Europe/Lisbon"},
    City{"CET-1CEST,M3.5.0,M10.5.0/3",
         "Europe/Amsterdam Europe/Berlin Europe/Brussels Europe/Budapest Europe/Copenhagen "
         "Europe/Madrid Europe/Oslo Europe/Paris Europe/Prague Europe/Rome Europe/Stockholm "
         "Europe/Vienna Europe/Warsaw Europe/Zurich CET"},
    City{"EET-2EEST,M3.5.0/3,M10.5.0/4",
         "Europe/Athens Europe/Bucharest Europe/Helsinki Europe/Kiev Europe/Kyiv Europe/Sofia EET"},
    City{"<+03>-3", "Europe/Istanbul Asia/Riyadh"},
    City{"MSK-3", "Europe/Moscow"},
    City{"EST5EDT,M3.2.0,M11.1.0", "America/New_York America/Toronto America/Detroit EST5EDT"},
    City{"CST6CDT,M3.2.0,M11.1.0", "America/Chicago CST6CDT"},
    City{"MST7MDT,M3.2.0,M11.1.0", "America/Denver MST7MDT"},
    City{"PST8PDT,M3.2.0,M11.1.0", "America/Los_Angeles America/Vancouver PST8PDT"},
    City{"AKST9AKDT,M3.2.0,M11.1.0", "America/Anchorage"},
    City{"AST4ADT,M3.2.0,M11.1.0", "America/Halifax"},
    City{"NST3:30NDT,M3.2.0,M11.1.0", "America/St_Johns"},
    City{"MST7", "America/Phoenix"},
    City{"CST6", "America/Mexico_City"},
    City{"<-05>5", "America/Bogota America/Lima"},
    City{"<-03>3", "America/Sao_Paulo America/Argentina/Buenos_Aires"},
    City{"<-04>4<-03>,M9.1.6/24,M4.1.6/24", "America/Santiago"},
    City{"JST-9", "Asia/Tokyo"},
    City{"KST-9", "Asia/Seoul"},
    City{"CST-8", "Asia/Shanghai Asia/Taipei"},
    City{"HKT-8", "Asia/Hong_Kong"},
    City{"PST-8", "Asia/Manila"},
    City{"<+08>-8", "Asia/Singapore"},
    City{"WIB-7", "Asia/Jakarta"},
    City{"<+07>-7", "Asia/Bangkok Asia/Ho_Chi_Minh"},
    City{"<+0545>-5:45", "Asia/Kathmandu"},
    City{"IST-5:30", "Asia/Kolkata Asia/Calcutta"},
    City{"PKT-5", "Asia/Karachi"},
    City{"<+04>-4", "Asia/Dubai"},
    City{"IST-2IDT,M3.4.4/26,M10.5.0", "Asia/Jerusalem"},
    City{"AEST-10AEDT,M10.1.0,M4.1.0/3", "Australia/Sydney Australia/Melbourne"},
    City{"AEST-10", "Australia/Brisbane"},
    City{"ACST-9:30ACDT,M10.1.0,M4.1.0/3", "Australia/Adelaide"},
    City{"AWST-8", "Australia/Perth"},
    City{"NZST-12NZDT,M9.5.0,M4.1.0/3", "Pacific/Auckland"},
    City{"HST10", "Pacific/Honolulu"},
    City{"SAST-2", "Africa/Johannesburg"},
    City{"WAT-1", "Africa/Lagos"},
    City{"EAT-3", "Africa/Nairobi"},
    City{"EET-2EEST,M4.5.5/0,M10.5.4/24", "Africa/Cairo"},
    City{"GMT0", "GMT Etc/GMT"},
    City{"UTC0", "Etc/UTC"},
};

std::optional<TimeZone> from_table(std::string_view name) {
  for (const City& city : kCities) {
    const auto names = split(city.names, ' ');
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return TimeZone::from_posix(city.rule);
    }
  }
  return std::nullopt;
}

// Big-endian integers of a TZif file.
class TzifReader {
 public:
  explicit TzifReader(std::string_view bytes) : rest_(bytes) {}

  bool has(uint64_t count) const { return rest_.size() >= count; }
  std::string_view take(size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  int64_t integer(size_t size) {
    uint64_t value = 0;
    const std::string_view bytes = take(size);
    for (const char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
    const auto unused = static_cast<unsigned>(64 - 8 * size);
    return static_cast<int64_t>(value << unused) >> unused;
  }
  uint8_t byte() { return static_cast<uint8_t>(integer(1)); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

struct TzifHeader {
  bool is_valid = false;
  char version = 0;
  uint32_t utc_marks = 0, standard_marks = 0, leap_seconds = 0, times = 0, types = 0,
           characters = 0;

  uint64_t body_size(uint64_t time_size) const {
    return times * (time_size + 1) + types * uint64_t{6} + characters +
           leap_seconds * (time_size + 4) + standard_marks + utc_marks;
  }
};

TzifHeader read_header(TzifReader& reader) {
  TzifHeader header;
  if (!reader.has(44) || reader.take(4) != "TZif") return header;
  header.version = static_cast<char>(reader.byte());
  reader.take(15);
  for (uint32_t* count : {&header.utc_marks, &header.standard_marks, &header.leap_seconds,
                          &header.times, &header.types, &header.characters}) {
    *count = static_cast<uint32_t>(reader.integer(4));
  }
  header.is_valid = header.types > 0 && header.types <= 256;
  return header;
}

}  // namespace

// Reads the rule from left to right; every method answers whether what it wanted was there.
class TimeZone::PosixParser {
 public:
  explicit PosixParser(std::string_view rule) : rest_(rule) {}

  bool zone(TimeZone& zone) {
    if (!abbreviation(zone.standard_.abbreviation) || !offset(zone.standard_.offset_seconds)) {
      return false;
    }
    if (rest_.empty()) return true;
    zone.has_daylight_ = true;
    if (!abbreviation(zone.daylight_.abbreviation)) return false;
    zone.daylight_.offset_seconds = zone.standard_.offset_seconds + 3600;
    if (!rest_.empty() && rest_.front() != ',' && !offset(zone.daylight_.offset_seconds)) {
      return false;
    }
    return literal(',') && change(zone.changes_[0]) && literal(',') && change(zone.changes_[1]) &&
           rest_.empty();
  }

 private:
  bool literal(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool abbreviation(std::string& out) {
    const bool is_quoted = literal('<');
    size_t size = 0;
    while (size < rest_.size() && (is_quoted ? rest_[size] != '>' : is_letter(rest_[size]))) ++size;
    out = std::string(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return size >= 3 && (!is_quoted || literal('>'));
  }

  static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

  bool number(int low, int high, int& value) {
    size_t size = 0;
    value = 0;
    while (size < rest_.size() && size < 3 && rest_[size] >= '0' && rest_[size] <= '9') {
      value = value * 10 + (rest_[size++] - '0');
    }
    rest_.remove_prefix(size);
    return size > 0 && low <= value && value <= high;
  }

  // [+-]hh[:mm[:ss]], hours up to a week for the sake of RFC 9636.
  bool time(int32_t& seconds) {
    const int sign = literal('-') ? -1 : 1;
    if (sign == 1) literal('+');
    int hours = 0, minutes = 0, rest = 0;
    if (!number(0, 167, hours)) return false;
    if (literal(':') && !number(0, 59, minutes)) return false;
    if (literal(':') && !number(0, 59, rest)) return false;
    seconds = sign * ((hours * 60 + minutes) * 60 + rest);
    return true;
  }

  // POSIX counts westwards.
  bool offset(int32_t& east_seconds) {
    int32_t west_seconds = 0;
    if (!time(west_seconds)) return false;
    east_seconds = -west_seconds;
    return true;
  }

  bool change(Change& out) {
    if (literal('M')) {
      if (!number(1, 12, out.month) || !literal('.') || !number(1, 5, out.week) || !literal('.') ||
          !number(0, 6, out.day)) {
        return false;
      }
    } else {
      out.kind = literal('J') ? Change::Kind::JulianDay : Change::Kind::ZeroBasedDay;
      if (!number(0, 365, out.day)) return false;
    }
    return !literal('/') || time(out.second);
  }

  std::string_view rest_;
};

int64_t TimeZone::Change::local_seconds(int64_t year) const {
  const int64_t first_of_year = days_since_epoch({year, 1, 1});
  int64_t date = 0;
  if (kind == Kind::MonthWeekDay) {
    const int64_t first = days_since_epoch({year, month, 1});
    int day_of_month = (day - day_of_week(first) + 7) % 7 + 7 * (week - 1);
    if (day_of_month >= days_in_month(year, month)) day_of_month -= 7;  // Week 5 is the last one.
    date = first + day_of_month;
  } else if (kind == Kind::ZeroBasedDay) {
    date = first_of_year + day;
  } else {  // 1 to 365; the leap day is not counted.
    date = first_of_year + day - 1 + (is_leap_year(year) && day > 59 ? 1 : 0);
  }
  return date * kSecondsPerDay + second;
}

std::optional<TimeZone> TimeZone::from_posix(std::string_view rule) {
  TimeZone zone;
  if (!PosixParser(rule).zone(zone)) return std::nullopt;
  return zone;
}

std::optional<TimeZone> TimeZone::from_tzif(std::string_view bytes) {
  TzifReader reader(bytes);
  TzifHeader header = read_header(reader);
  size_t time_size = 4;
  if (header.is_valid && header.version >= '2') {  // The second body has 64-bit times.
    if (!reader.has(header.body_size(4))) return std::nullopt;
    reader.take(static_cast<size_t>(header.body_size(4)));
    header = read_header(reader);
    time_size = 8;
  }
  if (!header.is_valid || !reader.has(header.body_size(time_size))) return std::nullopt;

  TimeZone zone;
  for (uint32_t i = 0; i < header.times; ++i) {
    zone.transitions_.push_back({reader.integer(time_size), 0});
  }
  for (Transition& transition : zone.transitions_) {
    transition.type = reader.byte();
    if (transition.type >= header.types) return std::nullopt;
  }
  std::vector<uint8_t> name_starts;
  for (uint32_t i = 0; i < header.types; ++i) {
    LocalType type;
    type.offset_seconds = static_cast<int32_t>(reader.integer(4));
    reader.byte();  // Whether it is daylight saving time: nobody asks.
    name_starts.push_back(reader.byte());
    zone.types_.push_back(std::move(type));
  }
  const std::string_view names = reader.take(header.characters);
  for (uint32_t i = 0; i < header.types; ++i) {
    const std::string_view name = names.substr(std::min<size_t>(name_starts[i], names.size()));
    zone.types_[i].abbreviation = std::string(name.substr(0, name.find('\0')));
  }
  zone.standard_ = zone.types_[zone.transitions_.empty() ? 0 : zone.transitions_.back().type];
  reader.take(header.leap_seconds * (time_size + 4) + header.standard_marks + header.utc_marks);
  const std::string_view footer = trim(reader.rest());
  if (time_size == 8 && !footer.empty() && !PosixParser(footer).zone(zone)) return std::nullopt;
  return zone;
}

const TimeZone::LocalType& TimeZone::at(int64_t unix_seconds) const {
  if (!transitions_.empty() && unix_seconds < transitions_.back().at) {
    const auto after = std::upper_bound(
        transitions_.begin(), transitions_.end(), unix_seconds,
        [](int64_t seconds, const Transition& transition) { return seconds < transition.at; });
    return types_[after == transitions_.begin() ? 0 : std::prev(after)->type];
  }
  if (!has_daylight_) return standard_;
  const int64_t local = unix_seconds + standard_.offset_seconds;
  const int64_t year = civil_date(floor_divide(local, kSecondsPerDay)).year;
  const int64_t start = changes_[0].local_seconds(year) - standard_.offset_seconds;
  const int64_t end = changes_[1].local_seconds(year) - daylight_.offset_seconds;
  // South of the equator the year starts and ends in daylight saving time.
  const bool is_daylight = start < end ? start <= unix_seconds && unix_seconds < end
                                       : unix_seconds < end || start <= unix_seconds;
  return is_daylight ? daylight_ : standard_;
}

std::optional<TimeZone> TimeZones::read(const std::string& path) const {
  const Result<std::string> bytes = files_->read(path);
  return bytes ? TimeZone::from_tzif(*bytes) : std::nullopt;
}

std::optional<TimeZone> TimeZones::find(const std::string& name) const {
  if (name.empty() || name == "UTC") return TimeZone();
  if (name == "Local") {
    const auto local = files_ == nullptr ? std::nullopt : read(std::string(kLocalTimeFile));
    return local ? local : TimeZone();
  }
  const bool stays_inside = name.front() != '/' && name.find("..") == std::string::npos &&
                            name.find('\\') == std::string::npos;
  if (!stays_inside) return std::nullopt;
  if (files_ != nullptr) {
    if (auto zone = read(directory_ + "/" + name)) return zone;
  }
  return from_table(name);
}

}  // namespace promenade
