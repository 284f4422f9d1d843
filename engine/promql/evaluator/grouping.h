#pragma once  // engine/promql/grouping.h
// by (...) and without (...): which group a series belongs to. Worked out once a series, not once a
// step.
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "model/labels.h"
#include "promql/ast.h"

namespace promenade::promql {

struct Grouping {
  std::vector<std::string> names;
  bool without = false;

  static Grouping of(const Aggregate& aggregate);
  // The labels of the group of a series.
  Labels group_labels(const Labels& series) const;
};

// Numbers groups in order of first appearance.
class GroupIndex {
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view bytes) const { return static_cast<size_t>(xxh64(bytes)); }
  };

 public:
  // The number of the group with these labels, a new one if there was none.
  size_t number_of(const Labels& group);
  size_t count() const { return numbers_.size(); }

 private:
  std::unordered_map<std::string, size_t, Hash, std::equal_to<>> numbers_;  // By labels' bytes.
};

}  // namespace promenade::promql
