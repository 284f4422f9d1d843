// tests/unit/tsdb/series_table_test.cc
// The hash table keeps everything it was given, even when all hashes collide.
#include "tsdb/series_table.h"

#include <gtest/gtest.h>

namespace promenade::tsdb {
namespace {

template <typename HashOf>
void expect_finds_all(HashOf hash_of) {
  constexpr SeriesNumber kCount = 500;
  SeriesTable table;
  const auto find = [&](SeriesNumber wanted) {
    return table.find(hash_of(wanted), [&](SeriesNumber series) { return series == wanted; });
  };
  EXPECT_EQ(find(1), 0u);
  for (SeriesNumber series = 1; series <= kCount; ++series)
    table.insert(hash_of(series), series, hash_of);
  for (SeriesNumber series = 1; series <= kCount; ++series) ASSERT_EQ(find(series), series);
  EXPECT_EQ(find(kCount + 1), 0u);
  table.clear();
  EXPECT_EQ(find(1), 0u);
}

TEST(SeriesTable, FindsWhatWasInserted) {
  expect_finds_all([](SeriesNumber series) { return series * uint64_t{0x9e3779b97f4a7c15}; });
}

TEST(SeriesTable, SurvivesCollisions) {
  expect_finds_all([](SeriesNumber) { return uint64_t{12345}; });
  expect_finds_all([](SeriesNumber series) { return uint64_t{series} << 32; });
}

}  // namespace
}  // namespace promenade::tsdb
