// engine/model/histogram_layout.cc
// Bucket lists: bounds, spans, coarser layouts.
#include "model/histogram_layout.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace promenade {
namespace {

constexpr double kFiniteMax = std::numeric_limits<double>::max();
constexpr int kExponentMax = 1024;

// Adds to the last bucket when it has the same index: lists are built in order.
void push(BucketList& list, int32_t index, double count) {
  if (!list.empty() && list.back().index == index) {
    list.back().count += count;
  } else {
    list.push_back({index, count});
  }
}

}  // namespace

double exponential_bound(int32_t index, int32_t schema) {
  if (schema <= 0) {
    const int64_t exponent = static_cast<int64_t>(index) * (int64_t{1} << -schema);
    if (exponent == kExponentMax) return kFiniteMax;
    return std::ldexp(1.0, static_cast<int>(std::clamp<int64_t>(exponent, -2000, 2000)));
  }
  const int32_t per_doubling = 1 << schema;
  const int32_t whole = index >> schema;
  const int32_t part = index & (per_doubling - 1);
  if (part == 0 && whole == kExponentMax) return kFiniteMax;
  return std::ldexp(std::exp2(static_cast<double>(part) / per_doubling), whole);
}

BucketList to_list(const std::vector<BucketSpan>& spans, const std::vector<double>& buckets) {
  BucketList list;
  list.reserve(buckets.size());
  int32_t index = 0;
  size_t next = 0;
  for (const BucketSpan& span : spans) {
    index += span.offset;
    for (uint32_t i = 0; i < span.length && next < buckets.size(); ++i) {
      list.push_back({index++, buckets[next++]});
    }
  }
  return list;
}

void from_list(const BucketList& list, int empty_run_max, std::vector<BucketSpan>& spans,
               std::vector<double>& buckets) {
  spans.clear();
  buckets.clear();
  int32_t next_index = 0;
  for (const IndexedCount& bucket : list) {
    if (bucket.count == 0) continue;
    const int32_t gap = bucket.index - next_index;
    if (!spans.empty() && gap <= empty_run_max) {
      spans.back().length += static_cast<uint32_t>(gap) + 1;
      buckets.insert(buckets.end(), static_cast<size_t>(gap), 0.0);
    } else {
      spans.push_back({gap, 1});
    }
    buckets.push_back(bucket.count);
    next_index = bucket.index + 1;
  }
}

BucketList at_schema(const BucketList& list, int32_t schema, int32_t target) {
  if (schema <= target) return list;
  // Past 31 there are only the buckets below and above 1 left, and the shift stays defined.
  const int32_t shift = std::min(schema - target, 31);
  BucketList result;
  for (const IndexedCount& bucket : list) {
    push(result, ((bucket.index - 1) >> shift) + 1, bucket.count);
  }
  return result;
}

BucketList at_bounds(const BucketList& list, const std::vector<double>& old_bounds,
                     const std::vector<double>& bounds) {
  BucketList result;
  for (const IndexedCount& bucket : list) {
    const bool is_last = bucket.index >= static_cast<int32_t>(old_bounds.size());
    const auto at = is_last ? bounds.end()
                            : std::lower_bound(bounds.begin(), bounds.end(),
                                               old_bounds[static_cast<size_t>(bucket.index)]);
    push(result, static_cast<int32_t>(at - bounds.begin()), bucket.count);
  }
  return result;
}

std::vector<double> common_bounds(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

BucketList combine(const BucketList& a, const BucketList& b, double factor) {
  BucketList result;
  result.reserve(std::max(a.size(), b.size()));
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (j == b.size() || (i < a.size() && a[i].index < b[j].index)) {
      result.push_back(a[i++]);
    } else if (i == a.size() || b[j].index < a[i].index) {
      result.push_back({b[j].index, factor * b[j].count});
      ++j;
    } else {
      result.push_back({a[i].index, a[i].count + factor * b[j].count});
      ++i;
      ++j;
    }
  }
  return result;
}

void drop_within(BucketList& list, int32_t schema, double threshold) {
  list.erase(std::remove_if(list.begin(), list.end(),
                            [&](const IndexedCount& bucket) {
                              return exponential_bound(bucket.index, schema) <= threshold;
                            }),
             list.end());
}

bool has_decreased(const BucketList& previous, const BucketList& current) {
  size_t j = 0;
  for (const IndexedCount& bucket : previous) {
    while (j < current.size() && current[j].index < bucket.index) ++j;
    const bool is_there = j < current.size() && current[j].index == bucket.index;
    if ((is_there ? current[j].count : 0) < bucket.count) return true;
  }
  return false;
}

}  // namespace promenade
