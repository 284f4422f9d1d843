#pragma once  // engine/model/histogram_layout.h
// The buckets of one sign as a sorted list of (index, count), which is what arithmetic works on;
// spans are only how a histogram stores it. Internal to engine/model.
#include <cstdint>
#include <vector>

#include "model/histogram.h"

namespace promenade {

struct IndexedCount {
  int32_t index;
  double count;
};
using BucketList = std::vector<IndexedCount>;

// The upper bound of a positive exponential bucket: 2^(index * 2^-schema), but the greatest finite
// double for the last finite bucket.
double exponential_bound(int32_t index, int32_t schema);

BucketList to_list(const std::vector<BucketSpan>& spans, const std::vector<double>& buckets);
// Empty buckets are left out, but for up to `empty_run_max` between two others.
void from_list(const BucketList& list, int empty_run_max, std::vector<BucketSpan>& spans,
               std::vector<double>& buckets);

// Both lists at the coarser schema `target`.
BucketList at_schema(const BucketList& list, int32_t schema, int32_t target);
// Custom buckets re-sorted into those of `bounds`, which are a subset of `old_bounds`.
BucketList at_bounds(const BucketList& list, const std::vector<double>& old_bounds,
                     const std::vector<double>& bounds);
std::vector<double> common_bounds(const std::vector<double>& a, const std::vector<double>& b);

// The counts of `a` plus `factor` times those of `b`.
BucketList combine(const BucketList& a, const BucketList& b, double factor);
// Drops the buckets that lie within [-threshold, threshold].
void drop_within(BucketList& list, int32_t schema, double threshold);
// Whether some bucket of `previous` holds more than the same one of `current`.
bool has_decreased(const BucketList& previous, const BucketList& current);

}  // namespace promenade
