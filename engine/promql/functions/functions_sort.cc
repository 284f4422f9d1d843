// sort() and sort_by_label() with their descending forms. They put an instant vector in order; the
// result of a range query is in the order of labels whatever they do, and so they only warn there.
#include <algorithm>
#include <cmath>

#include "promql/functions/natural_order.h"
#include "promql/functions/vector_functions.h"

namespace promenade::promql {

namespace {

// Whether there is an order to establish. A range query may have one step only.
bool is_effective(const VectorCall& call) {
  if (call.is_range_query) {
    call.annotations->warn(
        "sort is ineffective for range queries since results are always ordered by labels",
        call.span);
  }
  return call.grid.count == 1;
}

// NaN comes last in both directions.
bool less_with_nan_last(double a, double b) {
  return a < b || (!std::isnan(a) && std::isnan(b));
}
bool greater_with_nan_last(double a, double b) {
  return a > b || (!std::isnan(a) && std::isnan(b));
}

bool has_no_float(const Row& row) {
  return std::all_of(row.values.begin(), row.values.end(), is_absent);
}

template <bool (*comes_first)(double, double)>
Result<Value> sort_by_value(VectorCall& call) {
  std::vector<Row>& rows = rows_of(call, 0);
  for (Row& row : rows) row.histograms.clear();
  if (is_effective(call)) {
    rows.erase(std::remove_if(rows.begin(), rows.end(), has_no_float), rows.end());
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
      return comes_first(a.values[0], b.values[0]);
    });
  }
  return Value(VectorValue{std::move(rows)});
}

// By the labels named in the call, one after the other, and then by all labels.
int compare_labels(const VectorCall& call, const Labels& a, const Labels& b) {
  for (size_t arg = 1; arg < call.args.size(); ++arg) {
    const std::string& name = text_of(call, arg);
    const int order = compare_natural(a.get(name), b.get(name));
    if (order != 0) return order;
  }
  return a < b ? -1 : b < a ? 1 : 0;
}

enum class Direction { Ascending, Descending };

template <Direction direction>
Result<Value> sort_by_label(VectorCall& call) {
  std::vector<Row>& rows = rows_of(call, 0);
  if (is_effective(call)) {
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      const int order = compare_labels(call, a.labels, b.labels);
      return direction == Direction::Ascending ? order < 0 : order > 0;
    });
  }
  return Value(VectorValue{std::move(rows)});
}

constexpr NamedFunction kFunctions[] = {
    {"sort", sort_by_value<less_with_nan_last>},
    {"sort_by_label", sort_by_label<Direction::Ascending>},
    {"sort_by_label_desc", sort_by_label<Direction::Descending>},
    {"sort_desc", sort_by_value<greater_with_nan_last>},
};

}  // namespace

std::span<const NamedFunction> sort_functions() {
  return kFunctions;
}

}  // namespace promenade::promql
