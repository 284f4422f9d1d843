#pragma once  // engine/grading/stopwatch.h
// The engine has no clock of its own; who wants to know how long its searches take brings one.
#include <cstdint>
#include <functional>

namespace promenade::grading {

// Nanoseconds since some moment. Null: nobody measures.
using Stopwatch = std::function<int64_t()>;

}  // namespace promenade::grading
