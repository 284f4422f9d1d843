#pragma once  // engine/template/humanize.h
// Numbers for people, exactly as Prometheus's template functions of these names write them.
#include <string>

#include "base/result.h"
#include "template/value.h"

namespace promenade::templates {

std::string humanize(double value);                      // 1.235M, 12m
std::string humanize_1024(double value);                 // 1.18Mi
std::string humanize_duration(double seconds);           // 1d 2h 3m 4s, 12.3ms
std::string humanize_percentage(double ratio);           // 12.35%
Result<std::string> humanize_timestamp(double seconds);  // 2015-03-30 07:14:23.123 +0000 UTC

// The instant of a Unix time in seconds, to the millisecond. Fails for what is no number or too far
// away.
Result<Timestamp> timestamp_from_seconds(double seconds);
// What these functions accept as a number: numbers, durations in seconds, texts that are numbers.
Result<double> number_of(const Value& value);

// Entry of function tables; both sets have it.
Result<Value> run_humanize_duration(const Environment& environment,
                                    std::span<const Value> arguments);

}  // namespace promenade::templates
