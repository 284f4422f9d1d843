#pragma once  // engine/api/rfc3339.h
// Instants as calendar text, the way the API takes and gives them. UTC and the Gregorian calendar,
// computed here: the C library's functions read the locale and the time zone.
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace promenade::api {

// "2026-01-01T00:00:00.5Z": Go's RFC3339Nano, which has no trailing zeros in the fraction.
std::string format_rfc3339(Timestamp time);

// Any zone and any number of decimals; what is finer than a millisecond is rounded down.
std::optional<Timestamp> parse_rfc3339(std::string_view text);

}  // namespace promenade::api
