#pragma once  // engine/grading/text_distance.h
// How much alike two answers are written: of several misconceptions that an answer may be, the one
// written most like it is meant.
#include <cstddef>
#include <string_view>
#include <utility>

namespace promenade::grading {

// Levenshtein's distance in bytes, of the first kComparedBytesMax of each.
inline constexpr size_t kComparedBytesMax = 400;
size_t edit_distance(std::string_view a, std::string_view b);

// At most a third of the longer one would have to be changed.
bool is_similar_text(std::string_view a, std::string_view b);

// Keeps the item with the smallest distance; the first one of those that tie.
template <typename Item, typename Distance>
class Nearest {
 public:
  void offer(const Item& item, Distance distance) {
    if (best_ != nullptr && !(distance < distance_)) return;
    best_ = &item;
    distance_ = std::move(distance);
  }
  const Item* best() const { return best_; }

 private:
  const Item* best_ = nullptr;
  Distance distance_{};
};

}  // namespace promenade::grading
