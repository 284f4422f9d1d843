#pragma once  // engine/remote/histogram_message.h
// A native histogram as remote write sends it: with integer counts (buckets as deltas) or float
// ones, exponential or custom buckets.
#include <string_view>

#include "base/result.h"
#include "model/sample.h"

namespace promenade::remote {

// Reads a prometheus.Histogram and checks that it can be one: spans that fit the buckets, no
// negative counts, integer counts that add up, custom bounds in order. Finer schemas than
// kExponentialSchemaMax are reduced to it. Fails with BadData when the bytes are no such message,
// and with Execution, saying which rule is broken, when they make no histogram.
Result<HistogramSample> read_histogram(std::string_view message);

}  // namespace promenade::remote
