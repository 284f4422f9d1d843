#pragma once  // tests/conformance/expectation.h
// The lines under an eval: expected values, and `expect ...`.
#include <string_view>

#include "base/result.h"
#include "script.h"

namespace promenade::conformance {

// A duration with or without a sign.
Result<Duration> parse_signed_duration(std::string_view text);

// Three durations since the epoch. Fails when the end is before the start or the step not positive.
Result<TimeGrid> parse_grid(std::string_view start, std::string_view end, std::string_view step);

// Adds what one line expects. True when it is the last one of the block (a scalar).
Result<bool> parse_expectation(std::string_view line, Expectation& expected);

// Fails when a series is given more values than there are steps.
Result<void> check_value_counts(const Eval& eval);

}  // namespace promenade::conformance
