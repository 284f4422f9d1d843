#pragma once  // engine/config/alertmanager/time_interval.h
// Spans of the week, month and year, in some time zone: "weekdays, nine to five, in Paris"
// (https://prometheus.io/docs/alerting/latest/configuration/#time_interval-0).
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/yaml_reader.h"
#include "model/time_zone.h"

namespace promenade::config {

// Both ends belong to it, but for minutes of the day, where the end does not.
struct NumberRange {
  int begin = 0;
  int end = 0;
  friend bool operator==(const NumberRange&, const NumberRange&) = default;
};

// An empty list is no condition; all that are not empty must hold.
struct TimeInterval {
  std::vector<NumberRange> times;          // Minutes of the day.
  std::vector<NumberRange> weekdays;       // Sunday is 0.
  std::vector<NumberRange> days_of_month;  // 1 to 31, or -31 to -1 counted from the month's end.
  std::vector<NumberRange> months;         // 1 to 12.
  std::vector<NumberRange> years;
  std::string location;  // As written; "" is UTC.
  TimeZone zone;

  bool contains(Timestamp time) const;
};

struct NamedTimeIntervals {
  std::string name;
  std::vector<TimeInterval> intervals;

  bool contains(Timestamp time) const;
};

Result<TimeInterval> read_time_interval(const YamlFile& file, const YamlNode& node,
                                        const TimeZones& zones);

// Back to YAML, months and weekdays as the file may have them.
YamlNode time_interval_node(const TimeInterval& interval);

}  // namespace promenade::config
