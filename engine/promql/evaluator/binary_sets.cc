// and, or, unless: rows of one side, with the steps taken out where the other side has, or lacks, a
// match.
#include "promql/evaluator/binary.h"
#include "promql/evaluator/row_source.h"
#include "promql/evaluator/vector_matching.h"

namespace promenade::promql {
namespace {

// One byte a step: whether any of some rows has a sample there.
using Presence = std::vector<uint8_t>;

Presence presence_of(const std::vector<Row>& rows, const std::vector<uint32_t>& members,
                     size_t step_count) {
  Presence presence(step_count, 0);
  for (const uint32_t member : members) {
    for (size_t step = 0; step < step_count; ++step) {
      presence[step] |= rows[member].present(step) ? 1 : 0;
    }
  }
  return presence;
}

// Leaves in each row the steps where `presence` of its group equals `wanted`.
void mask_rows(std::vector<Row>& rows, const std::vector<uint32_t>& group_of_row,
               const std::vector<Presence>& presence, uint8_t wanted) {
  for (size_t i = 0; i < rows.size(); ++i) {
    const Presence& of_group = presence[group_of_row[i]];
    Row& row = rows[i];
    for (size_t step = 0; step < row.values.size(); ++step) {
      if (of_group[step] == wanted) continue;
      row.values[step] = absent();
      if (row.has_histograms()) row.histograms[step] = nullptr;
    }
  }
}

}  // namespace

Result<std::vector<Row>> binary_sets(const BinaryCall& call, std::vector<Row> left,
                                     std::vector<Row> right) {
  const MatchGroups match = match_rows(*call.binary.matching, left, right);
  const bool is_or = call.binary.op == BinaryOp::Or;
  std::vector<Presence> presence;
  presence.reserve(match.groups.size());
  for (const MatchGroup& group : match.groups) {
    presence.push_back(is_or ? presence_of(left, group.left, call.step_count)
                             : presence_of(right, group.right, call.step_count));
  }
  if (is_or) {
    mask_rows(right, match.right_group, presence, 0);
    for (Row& row : right) left.push_back(std::move(row));
  } else {
    mask_rows(left, match.left_group, presence, call.binary.op == BinaryOp::And ? 1 : 0);
  }
  remove_empty_rows(left);
  TRY(merge_equal_rows(left));
  return left;
}

}  // namespace promenade::promql
