// Arithmetic and comparisons of two vectors. One side is the "one" side: at every step at most one
// element with a signature. The other is the "many" side: with group_right the right one, else the
// left one.
//
// Rows are matched once; then each row of the many side meets each row of its group on the one
// side, column by column. Groups of one row on either side, the usual case, need no further checks.
#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/strings.h"
#include "promql/evaluator/binary.h"
#include "promql/evaluator/binary_element.h"
#include "promql/evaluator/row_source.h"
#include "promql/evaluator/vector_matching.h"

namespace promenade::promql {
namespace {

// One byte a step.
using Steps = std::vector<uint8_t>;

// A row, or a value that fills in for a missing one at the steps that are not yet `taken`.
struct Side {
  explicit Side(const Row& present_row) : row(&present_row) {}
  Side(double fill_value, Steps taken_steps) : fill(fill_value), taken(std::move(taken_steps)) {}

  const Row* row = nullptr;
  double fill = 0;
  Steps taken;  // Empty: none is.

  bool present(size_t step) const {
    if (row) return row->present(step);
    return taken.empty() || !taken[step];
  }
  ElementSample at(size_t step) const {
    if (!row) return {fill, nullptr};
    if (is_absent(row->values[step])) return {0, &row->histograms[step]};
    return {row->values[step], nullptr};
  }
};

// Two sides that match by labels, and what their results are called.
struct Pair {
  Side many;
  Side one;
  uint32_t group;
  Labels labels;
};

class VectorOperator {
 public:
  VectorOperator(const BinaryCall& call, const std::vector<Row>& left,
                 const std::vector<Row>& right)
      : call_(call),
        matching_(*call.binary.matching),
        by_(matching_),
        is_swapped_(matching_.card == Cardinality::OneToMany),
        is_trim_(call.binary.op == BinaryOp::TrimUpper || call.binary.op == BinaryOp::TrimLower),
        many_(is_swapped_ ? right : left),
        one_(is_swapped_ ? left : right),
        match_(match_rows(matching_, many_, one_)),
        matched_(match_.groups.size()) {}

  Result<std::vector<Row>> run() {
    TRY(check_one_side());
    TRY(combine_all(many_side_pairs()));
    if (matching_.fill_left) TRY(combine_all(filled_many_pairs()));
    remarks_.add_to(call_.annotations, call_.span);
    TRY(merge_equal_rows(results_));
    return std::move(results_);
  }

 private:
  bool has_fill() const { return matching_.fill_left || matching_.fill_right; }

  // Whether the operator looks at a step at all: both sides have something there, or are filled.
  bool is_evaluated(size_t step) const {
    if (has_fill()) return true;
    return std::any_of(many_.begin(), many_.end(),
                       [step](const Row& row) { return row.present(step); });
  }

  struct Duplicate {
    size_t step;
    uint32_t second;
    uint32_t first;
    bool is_before(const Duplicate& other) const {
      return step != other.step ? step < other.step : second < other.second;
    }
  };

  // Two elements of the one side with one signature at one step are an error. Finds the first, by
  // step and then by row, as evaluating step by step would.
  Result<void> check_one_side() const {
    std::optional<Duplicate> earliest;
    for (const MatchGroup& group : match_.groups) {
      if (group.right.size() < 2) continue;
      const std::optional<Duplicate> found = first_duplicate(group);
      if (found && (!earliest || found->is_before(*earliest))) earliest = found;
    }
    if (!earliest) return {};
    return duplicate_error(one_[earliest->first].labels, one_[earliest->second].labels);
  }

  std::optional<Duplicate> first_duplicate(const MatchGroup& group) const {
    for (size_t step = 0; step < call_.step_count; ++step) {
      std::optional<uint32_t> first;
      for (const uint32_t row : group.right) {
        if (!one_[row].present(step)) continue;
        if (first && is_evaluated(step)) return Duplicate{step, row, *first};
        first = row;
      }
    }
    return std::nullopt;
  }

  tl::unexpected<Error> duplicate_error(const Labels& first, const Labels& second) const {
    std::string a = braced(first);
    std::string b = braced(second);
    if (b < a) std::swap(a, b);
    return fail(ErrorCode::Execution,
                "found duplicate series for the match group " + braced(by_.signature(second)) +
                    " on the " + (is_swapped_ ? "left" : "right") +
                    " hand-side of the operation: [" + a + ", " + b +
                    "];many-to-many matching not allowed: matching labels must be unique on one "
                    "side");
  }

  // Here Prometheus shows the name inside the braces, and blanks after the commas.
  static std::string braced(const Labels& labels) {
    std::string text = "{";
    for (const Label& label : labels) {
      if (text.size() > 1) text += ", ";
      text += is_legacy_label_name(label.name) ? std::string(label.name) : quote(label.name);
      text += "=" + quote(label.value);
    }
    return text + "}";
  }

  std::vector<Pair> many_side_pairs() const {
    std::vector<Pair> pairs;
    for (uint32_t i = 0; i < many_.size(); ++i) {
      const uint32_t group = match_.left_group[i];
      const Row& row = many_[i];
      for (const uint32_t one : match_.groups[group].right) {
        pairs.push_back(
            {Side(row), Side(one_[one]), group, result_labels(row.labels, one_[one].labels)});
      }
      if (!matching_.fill_right) continue;
      pairs.push_back({Side(row), Side(*matching_.fill_right, presence_of_one(group)), group,
                       result_labels(row.labels, by_.signature(row.labels))});
    }
    return pairs;
  }

  // For the elements of the one side that nothing on the many side matched.
  std::vector<Pair> filled_many_pairs() const {
    std::vector<Pair> pairs;
    for (uint32_t i = 0; i < one_.size(); ++i) {
      const uint32_t group = match_.right_group[i];
      const Row& row = one_[i];
      pairs.push_back({Side(*matching_.fill_left, matched_[group]), Side(row), group,
                       result_labels(by_.signature(row.labels), row.labels)});
    }
    return pairs;
  }

  Steps presence_of_one(uint32_t group) const {
    Steps steps(call_.step_count, 0);
    for (const uint32_t member : match_.groups[group].right) {
      for (size_t step = 0; step < steps.size(); ++step) {
        if (one_[member].present(step)) steps[step] = 1;
      }
    }
    return steps;
  }

  // Results of a group may not collide: one-to-one, any two; else, two with the same labels. Only
  // pairs for which that could happen are watched.
  Result<void> combine_all(const std::vector<Pair>& pairs) {
    std::unordered_map<std::string, size_t> slots;
    std::vector<size_t> slot_of;
    std::vector<uint32_t> uses;
    for (const Pair& pair : pairs) {
      std::string key = std::to_string(pair.group);
      if (matching_.card != Cardinality::OneToOne) key.append(" ").append(pair.labels.bytes());
      slot_of.push_back(slots.emplace(std::move(key), slots.size()).first->second);
      uses.resize(slots.size(), 0);
      ++uses[slot_of.back()];
    }
    if (!has_fill() && slots.size() == pairs.size()) return combine_apart(pairs);
    std::vector<Steps> taken(slots.size());
    for (size_t i = 0; i < pairs.size(); ++i) {
      const bool is_watched = uses[slot_of[i]] > 1;
      Steps* const watched = is_watched ? &sized(taken[slot_of[i]]) : nullptr;
      keep(TRY(combine(pairs[i], watched, remarks_)));
    }
    return {};
  }

  // No pair has to know of another one.
  Result<void> combine_apart(const std::vector<Pair>& pairs) {
    std::vector<Row> rows(pairs.size());
    std::vector<StepRemarks> remarks(shard_count(pairs.size()));
    TRY(for_each_shard(call_.context, pairs.size(), call_.annotations,
                       [&](size_t shard, size_t begin, size_t end, Annotations&) -> Result<void> {
                         for (size_t i = begin; i < end; ++i) {
                           rows[i] = TRY(combine(pairs[i], nullptr, remarks[shard]));
                         }
                         return {};
                       }));
    for (StepRemarks& of_shard : remarks) remarks_.merge(std::move(of_shard));
    for (Row& row : rows) keep(std::move(row));
    return {};
  }

  Steps& sized(Steps& steps) const {
    if (steps.empty()) steps.assign(call_.step_count, 0);
    return steps;
  }

  // One result row, of the steps where both operands are present.
  Result<Row> combine(const Pair& pair, Steps* taken, StepRemarks& remarks) {
    Row result;
    result.values.assign(call_.step_count, absent());
    result.labels = pair.labels;
    result.drop_name = call_.delayed_name_removal() && call_.binary.return_bool;
    const Side& left = is_swapped_ ? pair.one : pair.many;
    const Side& right = is_swapped_ ? pair.many : pair.one;
    if (!taken && !has_fill() && is_plain(left) && is_plain(right)) {
      combine_floats(left.row->values, right.row->values, result);
      return result;
    }
    for (size_t step = 0; step < call_.step_count; ++step) {
      if (!pair.many.present(step) || !pair.one.present(step)) continue;
      if (!combine_element(left.at(step), right.at(step), result, step, remarks)) continue;
      if (matching_.fill_left) sized(matched_[pair.group])[step] = 1;
      if (!taken) continue;
      if ((*taken)[step]) return multiple_matches();
      (*taken)[step] = 1;
    }
    return result;
  }

  // Series that came and went match a partner in passing; most such pairs share no step.
  void keep(Row result) {
    if (has_samples(result)) results_.push_back(std::move(result));
  }

  bool is_plain(const Side& side) const {
    return side.row && !side.row->has_histograms() && !is_trim_;
  }

  tl::unexpected<Error> multiple_matches() const {
    return fail(ErrorCode::Execution,
                matching_.card == Cardinality::OneToOne
                    ? "multiple matches for labels: many-to-one matching must be explicit "
                      "(group_left/group_right)"
                    : "multiple matches for labels: grouping labels must ensure unique matches");
  }

  // False when the types don't go together, which counts as no match.
  bool combine_element(const ElementSample& left, const ElementSample& right, Row& result,
                       size_t step, StepRemarks& remarks) const {
    ElementResult element = element_operation(call_.binary.op, left, right);
    remarks.add(step, std::move(element.remark));
    if (!element.is_valid) return false;
    if (call_.binary.return_bool) {
      result.values[step] = element.keep ? 1 : 0;
    } else if (element.keep && element.histogram) {
      result.set_histogram(step, std::move(element.histogram));
    } else if (element.keep) {
      result.values[step] = element.value;
    }
    return true;
  }

  // Floats on both sides and nothing to check: the usual case.
  void combine_floats(const std::vector<double>& left, const std::vector<double>& right,
                      Row& result) const {
    const BinaryOp op = call_.binary.op;
    const Operand a(left);
    const Operand b(right);
    if (!is_comparison(op)) {
      return compute_column(op, a, b, call_.step_count, result.values.data());
    }
    compare_column(op, a, b, call_.binary.return_bool ? Compared::Truth : Compared::Left,
                   call_.step_count, result.values.data());
  }

  Labels result_labels(const Labels& many, const Labels& one) const {
    Labels labels = many;
    const bool drops_name = changes_metric(call_.binary.op) ||
                            (call_.binary.return_bool && !call_.delayed_name_removal());
    if (drops_name) labels = without_metric_name(labels);
    if (matching_.card == Cardinality::OneToOne) {
      labels = matching_.on ? labels.keep(matching_.labels) : labels.drop(matching_.labels);
    }
    if (matching_.include.empty()) return labels;
    LabelsBuilder builder(labels);
    for (const std::string& name : matching_.include) builder.set(name, one.get(name));
    return builder.build();
  }

  const BinaryCall& call_;
  const VectorMatching& matching_;
  LabelMatching by_;
  bool is_swapped_;
  bool is_trim_;
  const std::vector<Row>& many_;
  const std::vector<Row>& one_;
  MatchGroups match_;           // Its left side is the many side.
  std::vector<Steps> matched_;  // With fill_left, by group: the steps that have a result.
  StepRemarks remarks_;
  std::vector<Row> results_;
};

}  // namespace

Result<std::vector<Row>> binary_vectors(const BinaryCall& call, const std::vector<Row>& left,
                                        const std::vector<Row>& right) {
  return VectorOperator(call, left, right).run();
}

}  // namespace promenade::promql
