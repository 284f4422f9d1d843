// Rows on demand, and the sharding that all loops over rows share.
#include "promql/evaluator/row_source.h"

#include <algorithm>

namespace promenade::promql {
namespace {

class ComputedRows final : public RowSource {
 public:
  explicit ComputedRows(std::vector<Row> rows) : rows_(std::move(rows)) {}

  size_t row_count() const override { return rows_.size(); }
  const Labels& labels(size_t row) const override { return rows_[row].labels; }
  bool drop_name(size_t row) const override { return rows_[row].drop_name; }

  // Hands the columns out, so a row can be produced once only. That is all anybody does.
  Result<void> produce(size_t row, RowScratch&, Row& out, Annotations&) override {
    out.values = std::move(rows_[row].values);
    out.histograms = std::move(rows_[row].histograms);
    return {};
  }

 private:
  std::vector<Row> rows_;
};

}  // namespace

std::unique_ptr<RowSource> source_of(std::vector<Row> rows) {
  return std::make_unique<ComputedRows>(std::move(rows));
}

size_t shard_size(size_t row_count) {
  // Small enough to share work out, large enough that merging the shards' groups costs little.
  constexpr size_t kShardRowsMin = 256;
  constexpr size_t kShardsMax = 32;
  return std::max(kShardRowsMin, (row_count + kShardsMax - 1) / kShardsMax);
}

size_t shard_count(size_t row_count) {
  const size_t size = shard_size(row_count);
  return (row_count + size - 1) / size;
}

Result<void> for_each_shard(const EvaluationContext& context, size_t row_count,
                            Annotations& annotations, const ShardWork& work) {
  if (row_count == 0) return {};
  const size_t size = shard_size(row_count);
  const size_t count = shard_count(row_count);
  std::vector<Annotations> remarks(count);
  std::vector<Result<void>> results(count);
  context.executor.parallel_for(count, [&](size_t shard) {
    const size_t begin = shard * size;
    results[shard] = work(shard, begin, std::min(begin + size, row_count), remarks[shard]);
  });
  for (size_t shard = 0; shard < count; ++shard) {
    annotations.merge(remarks[shard]);
    if (!results[shard]) return results[shard];
  }
  return {};
}

Result<std::vector<Row>> materialise(const EvaluationContext& context, RowSource& source,
                                     Annotations& annotations) {
  std::vector<Row> rows(source.row_count());
  TRY(for_each_shard(context, rows.size(), annotations,
                     [&](size_t, size_t begin, size_t end, Annotations& remarks) -> Result<void> {
                       RowScratch scratch;
                       for (size_t i = begin; i < end; ++i) {
                         TRY(context.budget.check_time());
                         TRY(source.produce(i, scratch, rows[i], remarks));
                         if (!has_samples(rows[i])) {
                           rows[i] = Row{};
                           continue;
                         }
                         rows[i].labels = source.labels(i);
                         rows[i].drop_name = source.drop_name(i);
                         TRY(context.budget.hold(sample_count(rows[i])));
                       }
                       return {};
                     }));
  remove_empty_rows(rows);
  return rows;
}

void reset_row(Row& row, size_t step_count) {
  row.values.assign(step_count, absent());
  row.histograms.clear();
}

bool has_samples(const Row& row) {
  for (const double value : row.values) {
    if (!is_absent(value)) return true;
  }
  for (const HistogramPtr& histogram : row.histograms) {
    if (histogram) return true;
  }
  return false;
}

void remove_empty_rows(std::vector<Row>& rows) {
  rows.erase(
      std::remove_if(rows.begin(), rows.end(), [](const Row& row) { return !has_samples(row); }),
      rows.end());
}

}  // namespace promenade::promql
