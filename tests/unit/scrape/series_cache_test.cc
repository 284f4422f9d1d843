// What the cache remembers from one scrape to the next, and what it forgets.
#include "scrape/series_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promenade::scrape {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct SeriesCacheTest : testing::Test {
  SeriesCache cache;

  // One line of a body; the ref of a series is its number.
  void expose(std::string_view text, uint64_t ref) {
    CachedSeries* series = cache.find(text, MetricType::Unknown);
    if (series == nullptr) series = &cache.add(text, MetricType::Unknown);
    series->ref = SeriesRef{ref};
    cache.visit(*series);
    cache.track(*series);
  }
};

TEST_F(SeriesCacheTest, KnowsATextOnlyAfterItWasAdded) {
  cache.begin();
  EXPECT_EQ(cache.find("a", MetricType::Unknown), nullptr);
  expose("a", 1);
  cache.succeed();
  cache.begin();
  ASSERT_NE(cache.find("a", MetricType::Unknown), nullptr);
  EXPECT_EQ(cache.find("a", MetricType::Unknown)->ref, SeriesRef{1});
}

TEST_F(SeriesCacheTest, ExpectsTheOrderOfTheLastScrape) {
  cache.begin();
  EXPECT_EQ(cache.expected(), "");
  expose("a", 1);
  expose("b", 2);
  cache.succeed();
  cache.begin();
  EXPECT_EQ(cache.expected(), "a");
  expose("a", 1);
  EXPECT_EQ(cache.expected(), "b");
  expose("b", 2);
  EXPECT_EQ(cache.expected(), "");
}

TEST_F(SeriesCacheTest, AnotherTypeIsAnotherSeries) {
  cache.begin();
  cache.visit(cache.add("a{le=\"1\"}", MetricType::Histogram));
  cache.succeed();
  cache.begin();
  EXPECT_EQ(cache.find("a{le=\"1\"}", MetricType::Unknown), nullptr);
  EXPECT_NE(cache.find("a{le=\"1\"}", MetricType::Histogram), nullptr);
}

TEST_F(SeriesCacheTest, TellsWhichSeriesVanished) {
  cache.begin();
  for (uint64_t ref : {3, 1, 2}) expose(std::to_string(ref), ref);
  EXPECT_THAT(cache.succeed(), IsEmpty());
  cache.begin();
  expose("1", 1);
  EXPECT_THAT(cache.succeed(), ElementsAre(SeriesRef{3}, SeriesRef{2}));
  EXPECT_THAT(cache.tracked(), ElementsAre(SeriesRef{1}));
  cache.begin();
  EXPECT_EQ(cache.find("3", MetricType::Unknown), nullptr);  // Forgotten.
  expose("1", 1);
  EXPECT_THAT(cache.succeed(), IsEmpty());  // Told once.
}

TEST_F(SeriesCacheTest, AFailureEndsAllSeriesAndForgetsNone) {
  cache.begin();
  expose("a", 1);
  cache.succeed();
  cache.begin();
  expose("b", 2);                                        // As far as the body was good.
  EXPECT_THAT(cache.fail(), ElementsAre(SeriesRef{1}));  // b was never stored.
  cache.begin();
  EXPECT_EQ(cache.expected(), "a");
  EXPECT_NE(cache.find("b", MetricType::Unknown), nullptr);
  expose("a", 1);
  EXPECT_THAT(cache.succeed(), IsEmpty());
}

TEST_F(SeriesCacheTest, ARepeatedLineDoesNotHideAStaleEntry) {
  cache.begin();
  expose("a", 1);
  expose("b", 2);
  cache.succeed();
  cache.begin();
  expose("a", 1);
  expose("a", 1);  // As many lines as entries.
  cache.succeed();
  EXPECT_EQ(cache.find("b", MetricType::Unknown), nullptr);
}

TEST_F(SeriesCacheTest, ATypeThatChangesWithinAScrapeDoesNotHideAStaleEntry) {
  cache.begin();
  expose("a", 1);
  expose("b", 2);
  cache.succeed();
  cache.begin();
  expose("a", 1);
  cache.visit(cache.add("a", MetricType::Counter));
  cache.succeed();
  EXPECT_EQ(cache.find("b", MetricType::Unknown), nullptr);
}

TEST_F(SeriesCacheTest, FailuresLeaveABoundedNumberOfEntries) {
  cache.begin();
  expose("a", 1);
  cache.succeed();
  // One success and 1001 failures make 2 * 1 + 1000 entries; the next is one too many.
  for (uint64_t ref = 2; ref <= 1002; ++ref) {
    cache.begin();
    expose(std::to_string(ref), ref);
    cache.fail();
  }
  EXPECT_NE(cache.find("2", MetricType::Unknown), nullptr);
  EXPECT_EQ(cache.expected(), "a");
  cache.begin();
  expose("last", 1003);
  cache.fail();
  EXPECT_EQ(cache.find("2", MetricType::Unknown), nullptr);
  EXPECT_EQ(cache.find("a", MetricType::Unknown), nullptr);
  EXPECT_NE(cache.find("last", MetricType::Unknown), nullptr);
  EXPECT_EQ(cache.expected(), "");
}

TEST_F(SeriesCacheTest, SeesRepetitionsWithinOneScrape) {
  cache.begin();
  CachedSeries& series = cache.add("a", MetricType::Unknown);
  EXPECT_FALSE(cache.is_repeated(series));
  cache.visit(series);
  EXPECT_TRUE(cache.is_repeated(series));
  cache.succeed();
  cache.begin();
  EXPECT_FALSE(cache.is_repeated(series));
}

TEST_F(SeriesCacheTest, MetadataOutlivesItsFamilyByTenScrapes) {
  cache.begin();
  cache.describe_type("m", MetricType::Counter);
  std::string* help = cache.describe_help("m", "Help.");
  ASSERT_NE(help, nullptr);
  *help = "Help.";
  cache.succeed();
  EXPECT_EQ(cache.metadata().at("m"), (MetricMetadata{MetricType::Counter, "Help.", ""}));
  for (int i = 0; i < 10; ++i) {
    cache.begin();
    cache.succeed();
  }
  EXPECT_EQ(cache.metadata().count("m"), 1u);
  cache.begin();
  cache.succeed();
  EXPECT_EQ(cache.metadata().count("m"), 0u);
}

TEST_F(SeriesCacheTest, DescribesFamiliesInAnyOrder) {
  const auto describe = [&](std::string_view family, MetricType type, std::string_view help) {
    cache.describe_type(family, type);
    std::string* const changed = cache.describe_help(family, help);
    if (changed != nullptr) *changed = help;
    return changed != nullptr;
  };
  cache.begin();
  EXPECT_TRUE(describe("a", MetricType::Gauge, "A"));
  EXPECT_TRUE(describe("b", MetricType::Gauge, "B"));
  cache.succeed();
  cache.begin();
  EXPECT_FALSE(describe("b", MetricType::Counter, "B"));
  EXPECT_TRUE(describe("c", MetricType::Gauge, "C"));
  EXPECT_TRUE(describe("a", MetricType::Gauge, "A2"));
  cache.fail();
  cache.begin();
  EXPECT_FALSE(describe("a", MetricType::Gauge, "A2"));
  EXPECT_TRUE(describe("b", MetricType::Counter, "B2"));
  cache.succeed();
  EXPECT_EQ(cache.metadata(),
            (std::map<std::string, MetricMetadata>{{"a", {MetricType::Gauge, "A2", ""}},
                                                   {"b", {MetricType::Counter, "B2", ""}},
                                                   {"c", {MetricType::Gauge, "C", ""}}}));
}

}  // namespace
}  // namespace promenade::scrape
