#pragma once  // engine/template/go_time.h
// Instants and durations as Go's time package writes them, and the methods that templates call on
// them: {{ .StartsAt.Format "15:04" }}. The Gregorian calendar, computed here. Internal to
// engine/template.
#include <string>
#include <string_view>

#include "template/value.h"

namespace promenade::templates {

// Go's layouts: the reference time "Mon Jan 2 15:04:05 MST 2006" says what goes where.
std::string format_time(const ZonedTime& time, std::string_view layout);
// Time.String(): "2015-03-30 07:14:23.123 +0000 UTC".
std::string to_go_string(const ZonedTime& time);
// As JSON has it: RFC 3339, as many decimals as needed.
std::string format_rfc3339_nano(const ZonedTime& time);
// Duration.String(): "1h2m3.5s".
std::string format_go_duration(int64_t nanoseconds);
// a - b in nanoseconds; ends at the edges of 64 bits, as Go's.
int64_t difference_ns(const ZonedTime& a, const ZonedTime& b);
// Month.String(), Weekday.String(), when `type` is one of the two; else "".
std::string_view calendar_name(const Type& type, int64_t value);

}  // namespace promenade::templates
