// The aggregations that need all values of a group at once: quantile and count_values.
#include <algorithm>
#include <bit>
#include <cmath>

#include "base/bits.h"
#include "base/strings.h"
#include "model/histogram.h"
#include "model/number_format.h"
#include "promql/annotation_texts.h"
#include "promql/evaluator/aggregate.h"
#include "promql/evaluator/grouping.h"
#include "promql/functions/quantile.h"

namespace promenade::promql {
namespace {

void warn_of_quantiles(const Aggregate& aggregate, const std::vector<double>& parameter,
                       Annotations& annotations) {
  double least = 0;
  double greatest = 1;
  bool has_nan = false;
  for (const double value : parameter) {
    has_nan = has_nan || std::isnan(value);
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  const auto warn = [&](double value) {
    annotations.warn(invalid_quantile(value), aggregate.param->span);
  };
  if (has_nan) warn(normal_nan());
  if (greatest > 1) warn(greatest);
  if (least < 0) warn(least);
}

// Finds or makes the row of a group.
class GroupRows {
 public:
  explicit GroupRows(size_t step_count) : step_count_(step_count) {}

  size_t number_of(Labels labels) {
    const size_t number = index_.number_of(labels);
    if (number == rows.size()) {
      rows.emplace_back();
      reset_row(rows.back(), step_count_);
      rows.back().labels = std::move(labels);
    }
    return number;
  }

  std::vector<Row> rows;

 private:
  size_t step_count_;
  GroupIndex index_;
};

std::string printed(double value) {
  std::string text;
  append_decimal(text, value);
  return text;
}

}  // namespace

std::vector<Row> aggregate_quantile(const Aggregate& aggregate, const std::vector<Row>& rows,
                                    const std::vector<double>& parameter,
                                    Annotations& annotations) {
  warn_of_quantiles(aggregate, parameter, annotations);
  const Grouping grouping = Grouping::of(aggregate);
  GroupRows groups(parameter.size());
  std::vector<std::vector<const Row*>> members;
  for (const Row& row : rows) {
    const size_t number = groups.number_of(grouping.group_labels(row.labels));
    if (number == members.size()) members.emplace_back();
    members[number].push_back(&row);
    groups.rows[number].drop_name = groups.rows[number].drop_name || row.drop_name;
    if (row.has_histograms()) {
      annotations.info(histogram_ignored("quantile"), aggregate.expr->span);
    }
  }
  std::vector<double> values;
  for (size_t group = 0; group < members.size(); ++group) {
    for (size_t step = 0; step < parameter.size(); ++step) {
      values.clear();
      for (const Row* row : members[group]) {
        if (!is_absent(row->values[step])) values.push_back(row->values[step]);
      }
      if (values.empty()) continue;
      groups.rows[group].values[step] = quantile(parameter[step], values);
    }
  }
  remove_empty_rows(groups.rows);
  return std::move(groups.rows);
}

Result<std::vector<Row>> aggregate_count_values(const Aggregate& aggregate,
                                                const std::vector<Row>& rows) {
  const std::string& label = strip_parens(*aggregate.param).as<StringLiteral>()->value;
  if (label.empty() || !is_utf8(label)) {
    return fail(ErrorCode::Execution, "invalid label name " + quote(label));
  }
  Grouping grouping = Grouping::of(aggregate);
  if (!grouping.without) grouping.names.push_back(label);
  GroupRows groups(rows.empty() ? 0 : rows.front().values.size());
  for (const Row& row : rows) {
    LabelsBuilder builder(row.labels);
    // Values seldom change from step to step, so the last one's group is remembered.
    uint64_t last_bits = kStaleNaNBits;  // No value has these bits.
    size_t number = 0;
    for (size_t step = 0; step < row.values.size(); ++step) {
      if (!row.present(step)) continue;
      const double value = row.values[step];
      const uint64_t bits = promenade::bit_cast<uint64_t>(value);
      if (is_absent(value)) {
        builder.set(label, row.histograms[step]->to_string());
        number = groups.number_of(grouping.group_labels(builder.build()));
        last_bits = kStaleNaNBits;
      } else if (last_bits != bits) {
        builder.set(label, printed(value));
        number = groups.number_of(grouping.group_labels(builder.build()));
        last_bits = bits;
      }
      double& count = groups.rows[number].values[step];
      count = is_absent(count) ? 1 : count + 1;
    }
  }
  return std::move(groups.rows);
}

}  // namespace promenade::promql
