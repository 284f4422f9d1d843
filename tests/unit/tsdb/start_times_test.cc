// tests/unit/tsdb/start_times_test.cc
#include "tsdb/start_times.h"

#include <gtest/gtest.h>

namespace promenade::tsdb {
namespace {

using Times = std::vector<int64_t>;

Times read(const StartTimes& starts, const Times& times_ms) {
  Times out;
  starts.read(times_ms, out);
  return out;
}

StartTimes four_samples() {
  StartTimes starts;
  starts.append(10, 0);
  starts.append(20, 5);
  starts.append(30, 5);
  starts.append(40, 35);
  return starts;
}

TEST(StartTimes, TellTheStartOfEachSample) {
  EXPECT_EQ(read(four_samples(), {10, 20, 30, 40, 50}), (Times{0, 5, 5, 35, 35}));
  EXPECT_EQ(read(four_samples(), {30}), (Times{5}));
  EXPECT_EQ(read(StartTimes(), {1, 2}), (Times{0, 0}));
}

TEST(StartTimes, ASampleMayComeWithoutOneAgain) {
  StartTimes starts = four_samples();
  starts.append(50, 0);
  EXPECT_EQ(read(starts, {40, 50, 60}), (Times{35, 0, 0}));
}

TEST(StartTimes, AppendToWhatIsThere) {
  Times out = {7};
  four_samples().read(Times{20, 40}, out);
  EXPECT_EQ(out, (Times{7, 5, 35}));
}

TEST(StartTimes, TruncationKeepsWhatLaterSamplesNeed) {
  for (const int64_t before_ms : {0, 10, 20, 25, 30, 40, 50}) {
    StartTimes starts = four_samples();
    starts.truncate(before_ms);
    for (const int64_t time_ms : {10, 20, 30, 40, 50}) {
      if (time_ms < before_ms) continue;
      EXPECT_EQ(read(starts, {time_ms}), read(four_samples(), {time_ms})) << before_ms;
    }
  }
}

}  // namespace
}  // namespace promenade::tsdb
