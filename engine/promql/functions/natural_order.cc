// Runs of digits are compared as text, once leading zeros are gone: the longer number is the
// greater one. So numbers of any length work.
#include "promql/functions/natural_order.h"

#include <algorithm>

#include "base/ascii.h"

namespace promenade::promql {

namespace {

// Takes the run of digits, or of other bytes, that `text` begins with.
std::string_view take_run(std::string_view& text) {
  const bool digits = is_digit(text.front());
  const auto end =
      std::find_if(text.begin(), text.end(), [digits](char c) { return is_digit(c) != digits; });
  const auto size = static_cast<size_t>(end - text.begin());
  const std::string_view run = text.substr(0, size);
  text.remove_prefix(size);
  return run;
}

int compare_numbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

}  // namespace

int compare_natural(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view run_a = take_run(a);
    const std::string_view run_b = take_run(b);
    const bool numbers = is_digit(run_a.front()) && is_digit(run_b.front());
    const int order = numbers ? compare_numbers(run_a, run_b) : run_a.compare(run_b);
    if (order != 0) return order;
  }
  if (a.empty() == b.empty()) return 0;
  return a.empty() ? -1 : 1;
}

}  // namespace promenade::promql
