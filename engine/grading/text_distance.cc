// engine/grading/text_distance.cc
// Levenshtein's table, a row at a time.
#include "grading/text_distance.h"

#include <algorithm>
#include <vector>

namespace promenade::grading {

size_t edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, kComparedBytesMax);
  b = b.substr(0, kComparedBytesMax);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

bool is_similar_text(std::string_view a, std::string_view b) {
  return edit_distance(a, b) * 3 <= std::max(a.size(), b.size());
}

}  // namespace promenade::grading
