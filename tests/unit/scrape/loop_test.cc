// When a loop scrapes next if its clock leaps.
#include "scrape/loop.h"

#include <gtest/gtest.h>

#include "fixture.h"

namespace promenade::scrape {
namespace {

// One timer, and a present that a test sets.
class LeapingClock final : public Clock {
 public:
  Timestamp now() const override { return present; }
  int64_t monotonic_ns() const override { return 0; }
  TimerId call_at(Timestamp when, std::function<void()> callback) override {
    due = when;
    callback_ = std::move(callback);
    return TimerId{1};
  }
  void cancel(TimerId) override { callback_ = nullptr; }

  // Runs the timer at this instant.
  void run_at(Timestamp at) {
    present = at;
    const auto callback = std::move(callback_);
    callback();
  }

  Timestamp present = Timestamp::from_seconds(1'700'000'000);
  Timestamp due;

 private:
  std::function<void()> callback_;
};

struct LoopTest : testing::Test {
  LeapingClock clock;
  sim::SimNet net{clock};
  sim::MemoryFileSystem files;
  tsdb::Head head;
  TextLogger logger;
  LoopContext context{clock, net, files, head, logger, "test", {}};
  std::unique_ptr<ScrapeLoop> loop;
  Timestamp first;

  void SetUp() override {
    Target target;
    target.labels = Labels{{"job", "j"}};
    target.interval = Duration::seconds(15);
    loop =
        std::make_unique<ScrapeLoop>(context, std::make_shared<config::ScrapeConfig>(), target, 0);
    loop->force_error("no request");  // A scrape ends at once.
    first = clock.due;
  }
};

TEST_F(LoopTest, MissedTicksAreLeftOut) {
  clock.run_at(first);
  EXPECT_EQ(clock.due, first + Duration::seconds(15));
  // Asleep for ten thousand years, which are too many ticks to count.
  const Timestamp late = first + Duration::hours(24 * 365) * 10'000;
  clock.run_at(late + Duration::seconds(1));
  EXPECT_EQ(clock.due, late + Duration::seconds(15));
  clock.present = clock.due + Duration::hours(24 * 365) * 10'000 + Duration::seconds(1);
  EXPECT_EQ(loop->end_of_run().at, clock.present + Duration::seconds(14));
}

TEST_F(LoopTest, AClockThatIsSetBackMovesTheNextTickBack) {
  clock.run_at(first - Duration::hours(1) + Duration::seconds(4));
  EXPECT_EQ(clock.due, first - Duration::hours(1) + Duration::seconds(15));
}

TEST_F(LoopTest, ASmallStepBackRepeatsNoTick) {
  clock.run_at(first - Duration::milliseconds(1));
  EXPECT_EQ(clock.due, first + Duration::seconds(15));
}

}  // namespace
}  // namespace promenade::scrape
