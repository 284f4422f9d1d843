// engine/tsdb/postings.cc
// Set operations on postings.
#include "tsdb/postings.h"

#include <algorithm>
#include <bit>

namespace promenade::tsdb {
namespace {

// The first element >= `wanted` at or after `from`: doubling steps, then a binary search within the
// last one, so that near elements are found in few comparisons.
const SeriesNumber* gallop(const SeriesNumber* from, const SeriesNumber* end, SeriesNumber wanted) {
  std::ptrdiff_t step = 1;
  const SeriesNumber* low = from;
  while (end - low > step && low[step] < wanted) {
    low += step;
    step *= 2;
  }
  return std::lower_bound(low, std::min(low + step + 1, end), wanted);
}

}  // namespace

void intersect(Postings& candidates, std::span<const SeriesNumber> other) {
  const SeriesNumber* at = other.data();
  const SeriesNumber* const end = at + other.size();
  size_t kept = 0;
  if (candidates.size() <= other.size()) {
    for (const SeriesNumber series : candidates) {
      at = gallop(at, end, series);
      if (at == end) break;
      if (*at == series) candidates[kept++] = series;
    }
  } else {
    const SeriesNumber* own = candidates.data();
    const SeriesNumber* const own_end = own + candidates.size();
    for (; at != end; ++at) {
      own = gallop(own, own_end, *at);
      if (own == own_end) break;
      if (*own == *at) candidates[kept++] = *at;  // Never ahead of `own`.
    }
  }
  candidates.resize(kept);
}

SeriesSet::SeriesSet(SeriesNumber first, SeriesNumber last)
    : first_(first), words_(last < first ? 0 : (last - first) / 64 + 1) {}

void SeriesSet::insert(SeriesNumber series) {
  const SeriesNumber offset = series - first_;
  words_[offset / 64] |= uint64_t{1} << (offset % 64);
}

void SeriesSet::insert(std::span<const SeriesNumber> list) {
  for (const SeriesNumber series : list) insert(series);
}

bool SeriesSet::contains(SeriesNumber series) const {
  const SeriesNumber offset = series - first_;
  return (words_[offset / 64] >> (offset % 64) & 1) != 0;
}

Postings SeriesSet::to_postings() const {
  Postings list;
  for (size_t i = 0; i < words_.size(); ++i) {
    for (uint64_t word = words_[i]; word != 0; word &= word - 1) {
      const auto bit = static_cast<SeriesNumber>(std::countr_zero(word));
      list.push_back(first_ + static_cast<SeriesNumber>(i * 64) + bit);
    }
  }
  return list;
}

void filter(Postings& candidates, const SeriesSet& set, Keep keep) {
  const bool wanted = keep == Keep::Members;
  const auto unwanted = [&](SeriesNumber series) { return set.contains(series) != wanted; };
  candidates.erase(std::remove_if(candidates.begin(), candidates.end(), unwanted),
                   candidates.end());
}

}  // namespace promenade::tsdb
