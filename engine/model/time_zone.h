#pragma once  // engine/model/time_zone.h
// What a clock on the wall shows in some place. Natively the rules come from the system's time zone
// database (TZif files, RFC 9636), which the operating system keeps up to date; where there is no
// such folder - in the page, in tests - from a small table of POSIX rules for well-known cities,
// which knows today's rules and applies them to the past as well. The C++ library's own database
// (std::chrono::tzdb) is missing in both toolchains.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"

namespace promenade {

class TimeZone {
 public:
  // UTC.
  TimeZone() = default;
  // "CET-1CEST,M3.5.0,M10.5.0/3": the TZ variable of POSIX, as TZif files end with it. Nothing when
  // it is not valid.
  static std::optional<TimeZone> from_posix(std::string_view rule);
  // The bytes of a TZif file.
  static std::optional<TimeZone> from_tzif(std::string_view bytes);

  struct LocalType {
    int32_t offset_seconds = 0;  // East of Greenwich.
    std::string abbreviation = "UTC";
  };
  const LocalType& at(int64_t unix_seconds) const;

 private:
  // A day of the year in a POSIX rule, and the second of that day, local time.
  struct Change {
    enum class Kind { MonthWeekDay, JulianDay, ZeroBasedDay } kind = Kind::MonthWeekDay;
    int month = 0;
    int week = 0;
    int day = 0;
    int32_t second = 7200;
    // The instant in `year`, counted as if the place were in Greenwich.
    int64_t local_seconds(int64_t year) const;
  };
  class PosixParser;

  struct Transition {
    int64_t at;
    uint8_t type;
  };
  std::vector<Transition> transitions_;  // Ascending; before the rule takes over.
  std::vector<LocalType> types_;         // Of the transitions; the first holds before them.
  LocalType standard_;
  LocalType daylight_;
  bool has_daylight_ = false;
  std::array<Change, 2> changes_;  // To daylight saving time and back.
};

// Where IANA names are looked up.
class TimeZones {
 public:
  // `directory` holds TZif files ("/usr/share/zoneinfo"). Without files, the table alone.
  TimeZones() : TimeZones(nullptr) {}
  explicit TimeZones(const FileSystem* files, std::string directory = "/usr/share/zoneinfo")
      : files_(files), directory_(std::move(directory)) {}

  // "", "UTC", "Local" (the machine's zone, or UTC) or an IANA name.
  std::optional<TimeZone> find(const std::string& name) const;

 private:
  std::optional<TimeZone> read(const std::string& path) const;

  const FileSystem* files_;
  std::string directory_;
};

}  // namespace promenade
