#pragma once  // engine/promql/vector_matching.h
// Which elements of two vectors belong together, by labels alone: worked out once for a pair of row
// sets, not once a step.
#include <cstdint>
#include <string>
#include <vector>

#include "model/labels.h"
#include "promql/ast.h"
#include "promql/values.h"

namespace promenade::promql {

class LabelMatching {
 public:
  explicit LabelMatching(const VectorMatching& matching);

  // The labels that must be equal for two elements to match.
  Labels signature(const Labels& labels) const;

 private:
  bool on_;
  std::vector<std::string> names_;
};

// The rows of both sides that share a signature.
struct MatchGroup {
  std::vector<uint32_t> left;
  std::vector<uint32_t> right;
};

struct MatchGroups {
  std::vector<MatchGroup> groups;     // In order of first appearance, left side first.
  std::vector<uint32_t> left_group;   // The group of each left row.
  std::vector<uint32_t> right_group;  // The group of each right row.
};

MatchGroups match_rows(const VectorMatching& matching, const std::vector<Row>& left,
                       const std::vector<Row>& right);

}  // namespace promenade::promql
