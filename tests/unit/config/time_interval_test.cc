// Instants inside and outside of intervals, in several time zones.
#include "config/alertmanager/time_interval.h"

#include <gtest/gtest.h>

#include "model/civil_date.h"

namespace promenade::config {
namespace {

Timestamp at(int64_t year, int month, int day, int hour, int minute) {
  return Timestamp::from_seconds(days_since_epoch({year, month, day}) * 86'400 + hour * 3600 +
                                 minute * 60);
}

struct Row {
  std::string_view interval;
  Timestamp time;  // UTC
  bool contains;
};

class TimeIntervalTest : public ::testing::TestWithParam<Row> {};

TEST_P(TimeIntervalTest, Contains) {
  const auto file = YamlFile::parse("t.yml", GetParam().interval);
  ASSERT_TRUE(file);
  const auto interval = read_time_interval(*file, file->root(), TimeZones());
  ASSERT_TRUE(interval) << interval.error().message;
  EXPECT_EQ(interval->contains(GetParam().time), GetParam().contains) << GetParam().interval;
}

// 2026-01-05 is a Monday, 2026-02-28 a Saturday and the last of its month.
INSTANTIATE_TEST_SUITE_P(
    All, TimeIntervalTest,
    ::testing::Values(
        Row{"{}", at(2026, 1, 5, 10, 0), true},
        Row{"times: [{start_time: '09:00', end_time: '17:00'}]", at(2026, 1, 5, 8, 59), false},
        Row{"times: [{start_time: '09:00', end_time: '17:00'}]", at(2026, 1, 5, 9, 0), true},
        Row{"times: [{start_time: '09:00', end_time: '17:00'}]", at(2026, 1, 5, 16, 59), true},
        Row{"times: [{start_time: '09:00', end_time: '17:00'}]", at(2026, 1, 5, 17, 0), false},
        Row{"times: [{start_time: '23:00', end_time: '24:00'}]", at(2026, 1, 5, 23, 59), true},
        Row{"weekdays: ['monday:friday']", at(2026, 1, 4, 12, 0), false},
        Row{"weekdays: ['monday:friday']", at(2026, 1, 5, 12, 0), true},
        Row{"weekdays: [Sunday]", at(2026, 1, 4, 12, 0), true},
        Row{"days_of_month: ['1:5']", at(2026, 1, 5, 12, 0), true},
        Row{"days_of_month: ['1:5']", at(2026, 1, 6, 12, 0), false},
        Row{"days_of_month: ['-3:-1']", at(2026, 2, 26, 12, 0), true},
        Row{"days_of_month: ['-3:-1']", at(2026, 2, 25, 12, 0), false},
        Row{"days_of_month: ['-3:-1']", at(2028, 2, 29, 12, 0), true},
        Row{"days_of_month: ['20:-1']", at(2026, 2, 28, 12, 0), true},
        Row{"days_of_month: ['31']", at(2026, 2, 28, 12, 0), false},
        Row{"days_of_month: ['28:31']", at(2026, 2, 28, 12, 0), true},
        Row{"months: ['1:3']", at(2026, 3, 31, 23, 59), true},
        Row{"months: ['may:august', december]", at(2026, 4, 30, 0, 0), false},
        Row{"months: ['may:august', december]", at(2026, 12, 1, 0, 0), true},
        Row{"years: ['2020:2022', '2026']", at(2026, 1, 1, 0, 0), true},
        Row{"years: ['2020:2022']", at(2023, 1, 1, 0, 0), false},
        // Paris is one hour ahead in winter and two in summer.
        Row{"{times: [{start_time: '09:00', end_time: '17:00'}], location: Europe/Paris}",
            at(2026, 1, 5, 8, 0), true},
        Row{"{times: [{start_time: '09:00', end_time: '17:00'}], location: Europe/Paris}",
            at(2026, 7, 6, 7, 0), true},
        Row{"{times: [{start_time: '09:00', end_time: '17:00'}], location: Europe/Paris}",
            at(2026, 7, 6, 15, 0), false},
        // Sydney's Monday begins on Sunday in London.
        Row{"{weekdays: [monday], location: Australia/Sydney}", at(2026, 1, 4, 13, 0), true},
        Row{"{weekdays: [monday], location: Australia/Sydney}", at(2026, 1, 4, 12, 59), false},
        Row{"{weekdays: [monday], location: Australia/Sydney}", at(2026, 7, 5, 13, 59), false},
        Row{"{weekdays: [monday], location: Australia/Sydney}", at(2026, 7, 5, 14, 0), true},
        // All fields together.
        Row{"{weekdays: [monday], months: [january], days_of_month: ['5'], years: ['2026']}",
            at(2026, 1, 5, 0, 0), true},
        Row{"{weekdays: [monday], months: [january], days_of_month: ['6'], years: ['2026']}",
            at(2026, 1, 5, 0, 0), false}));

}  // namespace
}  // namespace promenade::config
