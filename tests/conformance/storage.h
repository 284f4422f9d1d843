#pragma once  // tests/conformance/storage.h
// Puts the samples of a load command into a store.
#include "base/result.h"
#include "script.h"
#include "tsdb/head.h"

namespace promenade::conformance {

// Sample i of each series goes to time i * step. Fails on samples that are out of order.
Result<void> load_into(tsdb::Head& head, const Load& load);

// The classic histograms among `series` (X_bucket, X_count, X_sum) as native ones with custom
// buckets, named X; what load_with_nhcb adds.
Result<std::vector<LoadedSeries>> convert_classic_histograms(
    const std::vector<LoadedSeries>& series);

}  // namespace promenade::conformance
