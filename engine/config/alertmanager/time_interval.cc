// Four lists of ranges that differ in their words and bounds: a table says how.
#include "config/alertmanager/time_interval.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/strings.h"
#include "config/yaml_writer.h"
#include "model/civil_date.h"

namespace promenade::config {
namespace {

constexpr int kMinutesPerDay = 24 * 60;

constexpr std::array<std::string_view, 7> kWeekdays = {"sunday",   "monday", "tuesday", "wednesday",
                                                       "thursday", "friday", "saturday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

// What one kind of range consists of.
struct RangeKind {
  std::string_view key;
  std::vector<NumberRange> TimeInterval::*list;
  std::span<const std::string_view> words;
  int first_word;  // The number of words[0].
  bool takes_numbers;
  int low, high;
  std::string_view expected;
  std::string_view begin_name;  // For "start day cannot be before end day".
};

const std::array kRangeKinds = {
    RangeKind{"weekdays", &TimeInterval::weekdays, kWeekdays, 0, false, 0, 6,
              "a day of the week such as monday", "day"},
    RangeKind{"days_of_month",
              &TimeInterval::days_of_month,
              {},
              0,
              true,
              -31,
              31,
              "a day of the month, 1 to 31 or -31 to -1",
              "day"},
    RangeKind{"months", &TimeInterval::months, kMonths, 1, true, 1, 12, "a month such as may or 5",
              "month"},
    RangeKind{"years", &TimeInterval::years, {}, 0, true, 0, 9999, "a year such as 2026", "year"},
};

std::optional<int> parse_number(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 4) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return is_negative ? -value : value;
}

Result<int> read_end(const YamlFile& file, const YamlNode& node, const RangeKind& kind,
                     std::string_view text) {
  const std::string word = to_lower(trim(text));
  const auto found = std::find(kind.words.begin(), kind.words.end(), word);
  if (found != kind.words.end()) {
    return kind.first_word + static_cast<int>(found - kind.words.begin());
  }
  const auto number = kind.takes_numbers ? parse_number(word) : std::nullopt;
  const bool is_day_zero = kind.low < 0 && number == 0;
  if (number && *number >= kind.low && *number <= kind.high && !is_day_zero) return *number;
  std::string message =
      fmt::format("{}: found {}, expected {}", kind.key, quote(text), kind.expected);
  if (const auto near = nearest(word, kind.words); near && !word.empty()) {
    message += fmt::format("; did you mean {}?", *near);
  }
  return file.error_at(node, message);
}

// How far `end` is behind `begin`: a negative end counts from the end of a month of 31 days.
Result<void> check_order(const YamlFile& file, const YamlNode& node, const RangeKind& kind,
                         NumberRange range) {
  if (range.begin < 0 && range.end > 0) {
    return file.error_at(node,
                         "end day must be negative if start day is negative; write both from the "
                         "same end of the month");
  }
  // From the 5th to the last: only the month decides.
  if (range.begin > 0 && range.end < 0) {
    range.end += 32;
  }
  if (range.begin <= range.end) return {};
  return file.error_at(node, fmt::format("start {0} cannot be before end {0}: found {1}, expected "
                                         "the earlier one first",
                                         kind.begin_name, quote(node.text)));
}

Result<NumberRange> read_range(const YamlFile& file, const YamlNode& node, const RangeKind& kind) {
  const std::string text = TRY(file.text(node, kind.key));
  const size_t colon = text.find(':');
  NumberRange range;
  range.begin = TRY(read_end(file, node, kind, std::string_view(text).substr(0, colon)));
  range.end = colon == std::string::npos
                  ? range.begin
                  : TRY(read_end(file, node, kind, std::string_view(text).substr(colon + 1)));
  TRY(check_order(file, node, kind, range));
  return range;
}

// "09:30" as minutes of the day.
Result<int> read_time_of_day(const YamlFile& file, const YamlNode& node, std::string_view what) {
  const std::string text = TRY(file.text(node, what));
  if (text.size() == 5 && text[2] == ':') {
    const auto hours = parse_number(std::string_view(text).substr(0, 2));
    const auto minutes = parse_number(std::string_view(text).substr(3));
    const bool is_time =
        hours && minutes && *hours >= 0 && *minutes >= 0 && *hours <= 23 && *minutes <= 59;
    if (is_time) return *hours * 60 + *minutes;
    if (text == "24:00") return kMinutesPerDay;
  }
  return file.error_at(node, fmt::format("{}: found {}, expected a time of day such as 09:30 or "
                                         "24:00",
                                         what, describe(node)));
}

Result<NumberRange> read_times(const YamlFile& file, const YamlNode& node) {
  NumberRange range;
  YamlMapping mapping(file, node, "a time range");
  const auto read_into = [&](std::string_view key, int& out) {
    mapping.value(
        key,
        [&, key](const YamlNode& value) -> Result<void> {
          out = TRY(read_time_of_day(file, value, key));
          return {};
        },
        Presence::Required);
  };
  read_into("start_time", range.begin);
  read_into("end_time", range.end);
  TRY(mapping.finish());
  if (range.begin >= range.end) {
    return file.error_at(node,
                         "start time cannot be equal or greater than end time; split a range that "
                         "goes over midnight in two");
  }
  return range;
}

bool is_in(const std::vector<NumberRange>& ranges, int value) {
  return ranges.empty() || std::any_of(ranges.begin(), ranges.end(), [&](const NumberRange& range) {
           return range.begin <= value && value <= range.end;
         });
}

bool is_in_days(const std::vector<NumberRange>& ranges, int day, int month_days) {
  const auto contains = [&](NumberRange range) {
    const auto from_start = [&](int end) { return end < 0 ? month_days + end + 1 : end; };
    range = {from_start(range.begin), from_start(range.end)};
    if (range.begin > month_days) return false;
    range.end = std::min(range.end, month_days);
    return std::max(range.begin, 1) <= day && day <= range.end;
  };
  return ranges.empty() || std::any_of(ranges.begin(), ranges.end(), contains);
}

std::string end_text(const RangeKind& kind, int value) {
  // As Alertmanager prints them: weekdays by name, months by number.
  if (kind.key == "weekdays") return std::string(kind.words[static_cast<size_t>(value)]);
  return std::to_string(value);
}

}  // namespace

bool TimeInterval::contains(Timestamp time) const {
  const int64_t utc_seconds = floor_divide(time.ms, 1000);
  const int64_t seconds = utc_seconds + zone.at(utc_seconds).offset_seconds;
  const int64_t days = floor_divide(seconds, 86'400);
  const int minute = static_cast<int>((seconds - days * 86'400) / 60);
  const CivilDate date = civil_date(days);
  const auto is_now = [&](const NumberRange& range) {
    return range.begin <= minute && minute < range.end;
  };
  return (times.empty() || std::any_of(times.begin(), times.end(), is_now)) &&
         is_in(weekdays, day_of_week(days)) &&
         is_in_days(days_of_month, date.day, days_in_month(date.year, date.month)) &&
         is_in(months, date.month) && is_in(years, static_cast<int>(date.year));
}

bool NamedTimeIntervals::contains(Timestamp time) const {
  return std::any_of(intervals.begin(), intervals.end(),
                     [&](const TimeInterval& interval) { return interval.contains(time); });
}

Result<TimeInterval> read_time_interval(const YamlFile& file, const YamlNode& node,
                                        const TimeZones& zones) {
  TimeInterval interval;
  YamlMapping mapping(file, node, "a time interval");
  mapping.list("times", [&](const YamlNode& item) -> Result<void> {
    interval.times.push_back(TRY(read_times(file, item)));
    return {};
  });
  for (const RangeKind& kind : kRangeKinds) {
    mapping.list(kind.key, [&](const YamlNode& item) -> Result<void> {
      (interval.*kind.list).push_back(TRY(read_range(file, item, kind)));
      return {};
    });
  }
  mapping.text("location", interval.location);
  if (const auto zone = zones.find(interval.location)) {
    interval.zone = *zone;
  } else {
    mapping.require(mapping.error_at(
        "location", fmt::format("unknown time zone {}: expected a name such as Europe/Paris",
                                interval.location)));
  }
  TRY(mapping.finish());
  return interval;
}

YamlNode time_interval_node(const TimeInterval& interval) {
  YamlMapBuilder out;
  if (!interval.times.empty()) {
    YamlNode times;
    times.kind = YamlNode::Kind::Sequence;
    const auto clock = [](int minutes) {
      return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
    };
    for (const NumberRange& range : interval.times) {
      YamlMapBuilder one;
      one.add_text("start_time", clock(range.begin)).add_text("end_time", clock(range.end));
      times.items.push_back(std::move(one).build());
    }
    out.add("times", std::move(times));
  }
  for (const RangeKind& kind : kRangeKinds) {
    std::vector<std::string> texts;
    for (const NumberRange& range : interval.*kind.list) {
      std::string text = end_text(kind, range.begin);
      if (range.begin != range.end) text += ":" + end_text(kind, range.end);
      texts.push_back(std::move(text));
    }
    if (!texts.empty()) out.add(std::string(kind.key), yaml_list(texts));
  }
  if (!interval.location.empty()) out.add_text("location", interval.location);
  return std::move(out).build();
}

}  // namespace promenade::config
