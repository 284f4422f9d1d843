// tests/unit/api/result_json_test.cc
// Large results are written in parts; that must not show.
#include "api/result_json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/executor.h"

namespace promenade::api {
namespace {

// Claims to have several threads, and does the last part first.
class ReverseExecutor final : public Executor {
 public:
  size_t concurrency() const override { return 4; }
  void parallel_for(size_t count, const std::function<void(size_t)>& work) override {
    part_count = count;
    for (size_t i = count; i > 0; --i) work(i - 1);
  }
  size_t part_count = 0;
};

std::string written(const promql::QueryResult& result, uint64_t limit, Executor& executor) {
  std::string text;
  JsonWriter out(text);
  out.begin_object();
  write_result(out, result, limit, executor);
  out.end_object();
  return text;
}

promql::QueryResult matrix_of(size_t series_count, size_t point_count) {
  promql::Matrix matrix(series_count);
  for (size_t i = 0; i < series_count; ++i) {
    matrix[i].labels = Labels{{"i", std::to_string(i)}};
    for (size_t step = 0; step < point_count; ++step) {
      matrix[i].points.push_back({static_cast<int64_t>(step) * 1000, 0.5, nullptr});
    }
  }
  promql::QueryResult result;
  result.value = std::move(matrix);
  return result;
}

promql::QueryResult vector_of(size_t count) {
  promql::Vector vector(count);
  for (size_t i = 0; i < count; ++i) vector[i].labels = Labels{{"i", std::to_string(i)}};
  promql::QueryResult result;
  result.value = std::move(vector);
  return result;
}

TEST(WriteResult, InPartsIsTheSameAsInOne) {
  const promql::QueryResult results[] = {matrix_of(0, 0),      matrix_of(3, 2), matrix_of(100, 500),
                                         matrix_of(1, 40'000), vector_of(0),    vector_of(5'000)};
  size_t parts_max = 0;
  for (const promql::QueryResult& result : results) {
    for (const uint64_t limit : {0, 1, 99}) {
      InlineExecutor alone;
      ReverseExecutor several;
      EXPECT_EQ(written(result, limit, several), written(result, limit, alone));
      parts_max = std::max(parts_max, several.part_count);
    }
  }
  EXPECT_GT(parts_max, 2u);
}

}  // namespace
}  // namespace promenade::api
