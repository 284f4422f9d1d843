#pragma once  // engine/model/duration.h
// Prometheus durations as text: "5m", "1h30m", "54s321ms"; y = 365d, w = 7d, d = 24h.
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace promenade {

// Units strictly descending, each at most once; "0" is allowed. Fails with BadData and the text of
// Prometheus's message ('not a valid duration string: "5m1h"', 'unknown unit "hs" in duration
// "5y1hs"').
Result<Duration> parse_duration(std::string_view text);
// Canonical: years and weeks only when they divide exactly, then d, h, m, s, ms; "0s" for zero.
std::string format_duration(Duration duration);

}  // namespace promenade
