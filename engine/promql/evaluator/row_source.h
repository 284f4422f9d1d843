#pragma once  // engine/promql/row_source.h
// Rows that are computed one at a time, when somebody wants them. An aggregation folds each row
// into its group and forgets it, so `sum(rate(x[5m]))` never holds more rows than groups.
#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "model/sample.h"
#include "promql/evaluator/context.h"
#include "promql/values.h"

namespace promenade::promql {

// Memory that one worker re-uses from row to row.
struct RowScratch {
  SampleColumns samples;
  std::vector<uint32_t> begin;
  std::vector<uint32_t> end;
  std::vector<uint32_t> histogram_begin;
  std::vector<uint32_t> histogram_end;
  Row row;
};

class RowSource {
 public:
  virtual ~RowSource() = default;

  virtual size_t row_count() const = 0;
  // Known before the row is computed. The labels live as long as the source.
  virtual const Labels& labels(size_t row) const = 0;
  virtual bool drop_name(size_t row) const = 0;

  // Computes the columns of one row into `out`, whose columns have arbitrary content before; its
  // labels are left alone. Called from several threads with distinct `scratch`, `out` and
  // `annotations`.
  virtual Result<void> produce(size_t row, RowScratch& scratch, Row& out,
                               Annotations& annotations) = 0;
};

// The rows of a value that was computed already.
std::unique_ptr<RowSource> source_of(std::vector<Row> rows);

// The number of consecutive rows that one task handles. It depends on the number of rows only,
// never on the number of threads, so that results don't either.
size_t shard_size(size_t row_count);
size_t shard_count(size_t row_count);

// Calls work(shard, first row, last row + 1, its annotations) for every shard, possibly at the same
// time. Annotations are merged, and the first error in row order is returned.
using ShardWork = std::function<Result<void>(size_t shard, size_t begin, size_t end, Annotations&)>;
Result<void> for_each_shard(const EvaluationContext& context, size_t row_count,
                            Annotations& annotations, const ShardWork& work);

// Computes all rows and keeps those that have a sample, in order.
Result<std::vector<Row>> materialise(const EvaluationContext& context, RowSource& source,
                                     Annotations& annotations);

// Empties a row for `step_count` steps.
void reset_row(Row& row, size_t step_count);
bool has_samples(const Row& row);
void remove_empty_rows(std::vector<Row>& rows);

}  // namespace promenade::promql
