#pragma once  // engine/tsdb/postings.h
// Sorted lists of series numbers, and sets of them as bitmaps. An index answers most questions by
// intersecting a short list with long ones, which galloping does in O(short * log(long)).
#include <cstdint>
#include <span>
#include <vector>

namespace promenade::tsdb {

// The number of a series within a head, from 1, in the order of creation and never used again.
using SeriesNumber = uint32_t;
using Postings = std::vector<SeriesNumber>;  // Ascending, unique.

// Keeps in `candidates` only what `other` has, too.
void intersect(Postings& candidates, std::span<const SeriesNumber> other);

// A set of series numbers in [first, last].
class SeriesSet {
 public:
  SeriesSet(SeriesNumber first, SeriesNumber last);

  // The numbers must lie in the range.
  void insert(SeriesNumber series);
  void insert(std::span<const SeriesNumber> list);
  bool contains(SeriesNumber series) const;
  Postings to_postings() const;

 private:
  SeriesNumber first_;
  std::vector<uint64_t> words_;
};

enum class Keep { Members, Others };
// Keeps in `candidates` the members of `set`, or those that aren't.
void filter(Postings& candidates, const SeriesSet& set, Keep keep);

}  // namespace promenade::tsdb
