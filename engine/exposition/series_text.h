#pragma once  // engine/exposition/series_text.h
// From the text of a series, as the parser found it, to its labels.
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/labels.h"
#include "model/metadata.h"

namespace promenade::exposition {

// `series` must have been accepted by TextParser. `type` is that of the TYPE line above it and
// decides whether `le` or `quantile` is normalised. Fails on repeated label names.
Result<Labels> decode_series(std::string_view series, MetricType type);

// Resolves the escapes \\ and \n, and \" if asked to. Other sequences stay as they are.
enum class QuoteEscapes { Resolve, Keep };
std::string unescape(std::string_view text, QuoteEscapes quotes);

}  // namespace promenade::exposition
