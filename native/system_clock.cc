// All timers share one of Asio's, set to the earliest: that keeps their order, which separate
// timers that are due together would lose.
#include "native/system_clock.h"

#include <algorithm>
#include <chrono>

namespace promenade::native {
namespace {

// Timers follow the wall clock, which may be set while we wait; so we look at it this often.
constexpr auto kWaitMax = std::chrono::milliseconds(1000);
// A backward step of less than this is the clock being slewed, and is hidden; a longer one is real.
constexpr int64_t kStepHiddenMaxMs = 1000;

}  // namespace

Timestamp SystemClock::now() const {
  using std::chrono::system_clock;
  const int64_t read_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch())
          .count();
  const bool is_slewed = read_ms < last_now_ms_ && last_now_ms_ - read_ms < kStepHiddenMaxMs;
  if (!is_slewed) last_now_ms_ = read_ms;
  return Timestamp{last_now_ms_};
}

int64_t SystemClock::monotonic_ns() const {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

TimerId SystemClock::call_at(Timestamp when, std::function<void()> callback) {
  const uint64_t id = ++last_id_;
  const auto entry = callbacks_.emplace(std::pair(when.ms, id), std::move(callback)).first;
  due_by_id_.emplace(id, when.ms);
  if (entry == callbacks_.begin()) arm();
  return TimerId{id};
}

void SystemClock::cancel(TimerId id) {
  const auto due = due_by_id_.find(static_cast<uint64_t>(id));
  if (due == due_by_id_.end()) return;
  callbacks_.erase({due->second, due->first});
  due_by_id_.erase(due);
}

void SystemClock::arm() {
  if (callbacks_.empty()) return;
  const auto until_due =
      std::chrono::milliseconds(std::max<int64_t>(0, callbacks_.begin()->first.first - now().ms));
  timer_.expires_after(std::min<std::chrono::milliseconds>(until_due, kWaitMax));
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) run_due();
  });
}

// Runs what is due at the start of the turn; what callbacks add for "now" waits for the next turn,
// so that a chain of such callbacks can't keep requests waiting.
void SystemClock::run_due() {
  const int64_t now_ms = now().ms;
  const uint64_t last_id = last_id_;
  for (auto next = callbacks_.begin(); next != callbacks_.end() && next->first.first <= now_ms;) {
    if (next->first.second > last_id) {
      ++next;
      continue;
    }
    const std::function<void()> callback = std::move(next->second);
    due_by_id_.erase(next->first.second);
    callbacks_.erase(next);
    callback();
    next = callbacks_.begin();
  }
  arm();
}

}  // namespace promenade::native
