#pragma once  // native/system_clock.h
// The machine's clock behind the engine's interface. Timers run on the given io_context, which is
// the event loop of the whole program; all methods are called on it.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/clock.h"

namespace promenade::native {

class SystemClock final : public Clock {
 public:
  explicit SystemClock(boost::asio::io_context& loop) : timer_(loop) {}

  Timestamp now() const override;
  int64_t monotonic_ns() const override;
  TimerId call_at(Timestamp when, std::function<void()> callback) override;
  void cancel(TimerId id) override;

 private:
  void arm();
  void run_due();

  boost::asio::steady_timer timer_;
  // Due time, then order of setting.
  std::map<std::pair<int64_t, uint64_t>, std::function<void()>> callbacks_;
  std::unordered_map<uint64_t, int64_t> due_by_id_;
  uint64_t last_id_ = 0;
  mutable int64_t last_now_ms_ = 0;
};

}  // namespace promenade::native
