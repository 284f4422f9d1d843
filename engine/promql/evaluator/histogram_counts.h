#pragma once  // engine/promql/evaluator/histogram_counts.h
// Histograms of which only count and sum are wanted, as inside of histogram_count(). Prometheus
// reads these without their buckets (HistogramStatsIterator in model/histogram), and so do we: it
// is much cheaper, and it shows: resets are known before they are asked for.
#include <vector>

#include "model/sample.h"

namespace promenade::promql {

// Takes the buckets out of `samples`, neighbours in time; whether they were exponential or custom
// can still be told. Whether there was a reset between two of them is noted in the hint of the
// later one, unless that says something already.
void keep_counts_only(std::vector<HistogramSample>& samples);

}  // namespace promenade::promql
