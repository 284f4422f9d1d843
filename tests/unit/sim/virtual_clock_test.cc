// The order of timers, and timers that set and cancel others.
#include "sim/virtual_clock.h"

#include <gtest/gtest.h>

#include <string>

namespace promenade::sim {
namespace {

constexpr Timestamp kStart = Timestamp::from_seconds(1000);

Timestamp after(int64_t seconds) {
  return kStart + Duration::seconds(seconds);
}

struct VirtualClockTest : testing::Test {
  VirtualClock clock{kStart};
  std::string log;

  // Writes `name` and the seconds since the start when it runs.
  TimerId note_at(int64_t seconds, const std::string& name) {
    return clock.call_at(after(seconds), [this, name] {
      log += name + std::to_string((clock.now() - kStart).ms / 1000) + " ";
    });
  }
};

TEST_F(VirtualClockTest, RunsTimersInOrderEachAtItsOwnTime) {
  note_at(20, "b");
  note_at(10, "a");
  note_at(20, "c");
  clock.run_until(after(15));
  EXPECT_EQ(log, "a10 ");
  EXPECT_EQ(clock.now(), after(15));
  clock.run_until(after(20));
  EXPECT_EQ(log, "a10 b20 c20 ");
}

TEST_F(VirtualClockTest, RunsTimersThatTimersSetWithinTheSpan) {
  clock.call_at(after(1), [this] {
    note_at(2, "in");
    note_at(9, "out");
  });
  clock.run_until(after(5));
  EXPECT_EQ(log, "in2 ");
}

TEST_F(VirtualClockTest, ATimeInThePastMeansTheNextTurn) {
  clock.run_until(after(10));
  note_at(3, "late");
  EXPECT_EQ(log, "");
  clock.run_until(after(10));
  EXPECT_EQ(log, "late10 ");
}

TEST_F(VirtualClockTest, ACancelledTimerDoesNotRun) {
  const TimerId first = note_at(1, "a");
  const TimerId second = note_at(2, "b");
  clock.call_at(after(1), [&] { clock.cancel(second); });
  clock.cancel(first);
  clock.cancel(first);
  clock.run_until(after(5));
  EXPECT_EQ(log, "");
  clock.cancel(second);  // Gone: ignored.
}

TEST_F(VirtualClockTest, NeverGoesBack) {
  clock.run_until(after(10));
  clock.run_until(after(5));
  EXPECT_EQ(clock.now(), after(10));
  EXPECT_EQ(clock.monotonic_ns(), after(10).ms * 1'000'000);
}

TEST_F(VirtualClockTest, TellsWhenTheNextTimerIsDue) {
  EXPECT_EQ(clock.next_due(after(99)), after(99));
  note_at(7, "a");
  note_at(3, "b");
  EXPECT_EQ(clock.next_due(after(99)), after(3));
}

}  // namespace
}  // namespace promenade::sim
