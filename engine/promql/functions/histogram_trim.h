#pragma once  // engine/promql/histogram_trim.h
// The operators </ and >/: a histogram without its observations above, or below, a value. Buckets
// that the value cuts are interpolated (Prometheus's model/histogram/float_histogram.go).
#include "model/histogram.h"

namespace promenade::promql {

// Keeps what is at or below `limit`.
FloatHistogram trim_upper(FloatHistogram histogram, double limit);
// Keeps what is above `limit`.
FloatHistogram trim_lower(FloatHistogram histogram, double limit);

}  // namespace promenade::promql
