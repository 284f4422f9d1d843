#pragma once  // engine/tsdb/series_table.h
// From a label set to its series, eight bytes a slot: the table holds hashes and numbers only and
// asks the series themselves whether they are the one. Open addressing with linear probing; there
// is no removal, since a head that dropped series builds a new table.
#include <cstdint>
#include <utility>
#include <vector>

#include "tsdb/postings.h"

namespace promenade::tsdb {

class SeriesTable {
 public:
  // The number inserted under `hash` for which `is_same` holds, or 0.
  template <typename IsSame>
  SeriesNumber find(uint64_t hash, const IsSame& is_same) const {
    if (slots_.empty()) return 0;
    for (size_t at = hash & mask(); slots_[at].series != 0; at = (at + 1) & mask()) {
      if (slots_[at].hash == upper(hash) && is_same(slots_[at].series)) return slots_[at].series;
    }
    return 0;
  }

  // The number must not be 0. `hash_of(number)` gives back the hash of any number inserted before.
  template <typename HashOf>
  void insert(uint64_t hash, SeriesNumber series, const HashOf& hash_of) {
    if (count_ * 4 >= slots_.size() * 3) grow(hash_of);
    put(hash, series);
    ++count_;
  }

  void clear() { *this = {}; }

 private:
  struct Slot {
    uint32_t hash;
    SeriesNumber series;  // 0 when free.
  };

  size_t mask() const { return slots_.size() - 1; }
  // The slot's place comes from the lower half, so the upper one still tells hashes apart.
  static uint32_t upper(uint64_t hash) { return static_cast<uint32_t>(hash >> 32); }

  void put(uint64_t hash, SeriesNumber series) {
    size_t at = hash & mask();
    while (slots_[at].series != 0) at = (at + 1) & mask();
    slots_[at] = {upper(hash), series};
  }

  template <typename HashOf>
  void grow(const HashOf& hash_of) {
    const std::vector<Slot> old =
        std::exchange(slots_, std::vector<Slot>(slots_.empty() ? kSlotsMin : slots_.size() * 2));
    for (const Slot& slot : old) {
      if (slot.series != 0) put(hash_of(slot.series), slot.series);
    }
  }

  static constexpr size_t kSlotsMin = 16;  // A power of two, as all sizes are.

  std::vector<Slot> slots_;
  size_t count_ = 0;
};

}  // namespace promenade::tsdb
