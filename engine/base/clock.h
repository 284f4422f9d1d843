#pragma once  // engine/base/clock.h
// Time as the engine sees it. Natively the system clock drives it, in the page and in tests a
// virtual one that jumps. All callbacks run on the instance's event loop, one after another.
#include <cstdint>
#include <functional>

#include "base/time.h"

namespace promenade {

enum class TimerId : uint64_t {};

class Clock {
 public:
  virtual ~Clock() = default;

  // The present instant. Never goes backwards within one callback.
  virtual Timestamp now() const = 0;

  // Nanoseconds on a monotonic clock, for measuring how long our own work took and for nothing
  // else. A virtual clock answers virtual time, so that output stays a function of the seed.
  virtual int64_t monotonic_ns() const = 0;

  // Runs `callback` once, at `when` or as soon after as the loop is free. Timers due at the same
  // instant run in the order they were set. A time in the past means "next turn of the loop".
  virtual TimerId call_at(Timestamp when, std::function<void()> callback) = 0;

  // The callback won't run any more. An id that has run or was cancelled is ignored.
  virtual void cancel(TimerId id) = 0;
};

}  // namespace promenade
