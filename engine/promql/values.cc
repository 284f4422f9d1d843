// What all operators do to rows: dropping the metric name, and merging rows that became equal.
#include "promql/values.h"

#include <string_view>
#include <unordered_map>

namespace promenade::promql {

Labels without_metric_name(const Labels& labels) {
  // Type and unit describe the metric that the name stands for, so they go with it.
  static const std::vector<std::string> kNames = {"__name__", "__type__", "__unit__"};
  return labels.drop(kNames);
}

void drop_metric_name(Row& row, bool delayed) {
  if (delayed) {
    row.drop_name = true;
  } else {
    row.labels = without_metric_name(row.labels);
  }
}

namespace {

// Moves the present steps of `from` into `into`; false when both have a sample at one step.
bool merge_row(Row& into, Row& from) {
  for (size_t step = 0; step < from.values.size(); ++step) {
    if (!from.present(step)) continue;
    if (into.present(step)) return false;
    if (is_absent(from.values[step])) {
      into.set_histogram(step, std::move(from.histograms[step]));
    } else {
      into.values[step] = from.values[step];
    }
  }
  into.drop_name = into.drop_name || from.drop_name;
  return true;
}

}  // namespace

Result<void> merge_equal_rows(std::vector<Row>& rows) {
  // The keys are views into the rows' labels, so rows are moved only after the search for equals.
  std::unordered_map<std::string_view, size_t> first_of;
  first_of.reserve(rows.size());
  std::vector<bool> is_merged(rows.size(), false);
  bool any_merged = false;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto [first, is_new] = first_of.emplace(rows[i].labels.bytes(), i);
    if (is_new) continue;
    if (!merge_row(rows[first->second], rows[i])) {
      return fail(ErrorCode::Execution, "vector cannot contain metrics with the same labelset");
    }
    is_merged[i] = true;
    any_merged = true;
  }
  if (!any_merged) return {};

  size_t kept = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (is_merged[i]) continue;
    if (kept != i) rows[kept] = std::move(rows[i]);
    ++kept;
  }
  rows.resize(kept);
  return {};
}

}  // namespace promenade::promql
