// Folding: every shard of rows folds into groups of its own, and the shards are joined in order.
// The result is the same however many threads took part.
#include "promql/evaluator/aggregate.h"

#include <memory>

#include "promql/evaluator/group_fold.h"
#include "promql/evaluator/grouping.h"

namespace promenade::promql {
namespace {

struct Group {
  Labels labels;
  bool drop_name = false;
  std::unique_ptr<GroupFold> fold;
};

class Groups {
 public:
  Groups(const Aggregate& aggregate, size_t step_count)
      : aggregate_(aggregate), step_count_(step_count), grouping_(Grouping::of(aggregate)) {}

  void add(const Labels& labels, bool drop_name, const Row& row, Annotations& annotations) {
    Group& group = group_of(grouping_.group_labels(labels));
    group.drop_name = group.drop_name || drop_name;
    group.fold->add(row, annotations);
  }

  void merge(Groups& later, Annotations& annotations) {
    for (Group& from : later.groups_) {
      Group& into = group_of(std::move(from.labels));
      into.drop_name = into.drop_name || from.drop_name;
      into.fold->merge(*from.fold, annotations);
    }
  }

  std::vector<Row> finish(Annotations& annotations) {
    std::vector<Row> rows;
    for (Group& group : groups_) {
      Row row;
      reset_row(row, step_count_);
      row.labels = std::move(group.labels);
      row.drop_name = group.drop_name;
      group.fold->finish(row, annotations);
      if (has_samples(row)) rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  Group& group_of(Labels labels) {
    const size_t number = index_.number_of(labels);
    if (number == groups_.size()) {
      groups_.push_back(
          {std::move(labels), false, make_fold(aggregate_.op, step_count_, aggregate_.expr->span)});
    }
    return groups_[number];
  }

  const Aggregate& aggregate_;
  size_t step_count_;
  Grouping grouping_;
  GroupIndex index_;
  std::vector<Group> groups_;
};

}  // namespace

Result<std::vector<Row>> aggregate_folding(const EvaluationContext& context,
                                           const Aggregate& aggregate, RowSource& input,
                                           size_t step_count, Annotations& annotations) {
  const size_t row_count = input.row_count();
  if (row_count == 0) return std::vector<Row>{};
  std::vector<std::unique_ptr<Groups>> shards(shard_count(row_count));
  TRY(for_each_shard(
      context, row_count, annotations,
      [&](size_t shard, size_t begin, size_t end, Annotations& remarks) -> Result<void> {
        auto groups = std::make_unique<Groups>(aggregate, step_count);
        RowScratch scratch;
        Row& row = scratch.row;
        for (size_t i = begin; i < end; ++i) {
          TRY(context.budget.check_time());
          TRY(input.produce(i, scratch, row, remarks));
          if (!has_samples(row)) continue;
          TRY(context.budget.check_held_with(sample_count(row)));
          // Remarks on histograms name the metric; floats are folded without a look at the labels.
          if (row.has_histograms()) row.labels = input.labels(i);
          groups->add(input.labels(i), input.drop_name(i), row, remarks);
        }
        shards[shard] = std::move(groups);
        return {};
      }));
  for (size_t shard = 1; shard < shards.size(); ++shard) {
    shards[0]->merge(*shards[shard], annotations);
  }
  return shards[0]->finish(annotations);
}

}  // namespace promenade::promql
