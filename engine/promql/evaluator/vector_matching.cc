// Signatures of rows, and the rows by signature.
#include "promql/evaluator/vector_matching.h"

#include "promql/evaluator/grouping.h"

namespace promenade::promql {

LabelMatching::LabelMatching(const VectorMatching& matching)
    : on_(matching.on), names_(matching.labels) {
  if (!on_) names_.emplace_back(kMetricName);
}

Labels LabelMatching::signature(const Labels& labels) const {
  return on_ ? labels.keep(names_) : labels.drop(names_);
}

MatchGroups match_rows(const VectorMatching& matching, const std::vector<Row>& left,
                       const std::vector<Row>& right) {
  const LabelMatching by(matching);
  GroupIndex index;
  MatchGroups result;
  const auto group_of = [&](const Row& row) {
    const size_t number = index.number_of(by.signature(row.labels));
    if (number == result.groups.size()) result.groups.emplace_back();
    return static_cast<uint32_t>(number);
  };
  for (uint32_t i = 0; i < left.size(); ++i) {
    result.left_group.push_back(group_of(left[i]));
    result.groups[result.left_group.back()].left.push_back(i);
  }
  for (uint32_t i = 0; i < right.size(); ++i) {
    result.right_group.push_back(group_of(right[i]));
    result.groups[result.right_group.back()].right.push_back(i);
  }
  return result;
}

}  // namespace promenade::promql
