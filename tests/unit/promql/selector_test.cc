// Selectors: look-back, staleness, offset and @, range windows, and range vectors shown as they
// are.
#include <gtest/gtest.h>

#include "query_fixture.h"

namespace promenade::promql::testing {
namespace {

struct Case {
  const char* query;
  int64_t seconds;
  const char* expected;
};

void expect_all(const Store& store, const std::vector<Case>& cases,
                const EngineOptions& options = {}) {
  for (const Case& c : cases) {
    EXPECT_EQ(text_of(instant(store, c.query, c.seconds, options)), c.expected)
        << c.query << " at " << c.seconds;
  }
}

TEST(InstantSelector, FindsTheNewestSampleWithinTheLookback) {
  Store store;
  store.load(10, R"(up{job="a"})", "1 2 3");
  expect_all(store, {
                        {"up", 0, "up{job=\"a\"} 1\n"},
                        {"up", 19, "up{job=\"a\"} 2\n"},
                        {"up", 20, "up{job=\"a\"} 3\n"},
                        {"up", 319, "up{job=\"a\"} 3\n"},
                        {"up", 320, ""},  // The look-back is open on the left.
                        {"up", -1, ""},
                        {"other", 0, ""},
                    });
  EngineOptions closed;
  closed.windows_closed_left = true;
  expect_all(store, {{"up", 320, "up{job=\"a\"} 3\n"}, {"up", 321, ""}}, closed);
}

TEST(InstantSelector, StaleMarkersEndASeriesAndOrdinaryNaNsDoNot) {
  Store store;
  store.load(10, "a", "1 stale 3");
  store.load(10, "b", "NaN");
  store.load(10, "h", "h1 stale h3");
  expect_all(store, {{"a", 9, "a 1\n"},
                     {"a", 10, ""},
                     {"a", 20, "a 3\n"},
                     {"b", 5, "b NaN\n"},
                     {"h", 0, "h h1\n"},
                     {"h", 10, ""},
                     {"h", 20, "h h3\n"}});
}

// The ends of int64, where adding a range or a look-back would overflow, in every kind of selector.
TEST(Selectors, TheFarthestInstantsHoldNothing) {
  Store store;
  store.load(10, "m", "1 2 3");
  EngineOptions closed;
  closed.windows_closed_left = true;
  const std::vector<std::string> selections = {"m%",
                                               "m smoothed%",
                                               "rate(m[5m]%)",
                                               "rate(m[5m] anchored%)",
                                               "increase(m[5m] smoothed%)",
                                               "m[5m]%",
                                               "m[5m] smoothed%",
                                               "max_over_time(m[292y]%)",
                                               "sum_over_time(m[5m:1m]%)",
                                               "m[5m:1m]%",
                                               "sum_over_time(m[5m:292y]%)",
                                               "sum_over_time((m%)[5m:1m])",
                                               "sum_over_time(rate(m[5m])[5m:1m]%)",
                                               "sum_over_time(rate(m[5m]%)[5m:1m] offset 292y)",
                                               "timestamp(m%)"};
  for (const std::string& selection : selections) {
    for (const char* sign : {"", "-"}) {
      for (const char* offset : {"", " offset 292y", " offset -292y", " offset -1ms"}) {
        for (const char* seconds : {"9223372036854775", "9223372036854774", "2305843009213693"}) {
          std::string query = selection;
          query.replace(query.find('%'), 1, std::string(" @ ") + sign + seconds + offset);
          EXPECT_EQ(text_of(instant(store, query, 20)), "") << query;
          EXPECT_EQ(text_of(instant(store, query, 20, closed)), "") << query;
        }
      }
    }
  }
}

// The first and last instants that the HTTP API lets through.
TEST(Selectors, QueriesAtTheFarthestInstantsFindNothing) {
  Store store;
  store.load(10, "m", "1 2 3");
  for (const int64_t seconds : {kAllTime.start.ms / 1000, kAllTime.end.ms / 1000}) {
    for (const char* query :
         {"m", "m offset 292y", "m offset -292y", "rate(m[292y] @ start())",
          "rate(m[5m] @ end() offset -292y)", "sum_over_time(m[5m:1m] offset 292y)"}) {
      EXPECT_EQ(text_of(instant(store, query, seconds)), "") << query << " at " << seconds;
    }
  }
  // As many steps of the subquery as there are milliseconds between the two.
  const std::string everything =
      text_of(range(store, "sum_over_time(m[1h:1ms])", kAllTime.start.ms / 1000,
                    kAllTime.end.ms / 1000, kAllTime.end.ms / 1000));
  EXPECT_EQ(everything,
            "error: query processing would load too many samples into memory in query execution");
}

TEST(InstantSelector, OffsetAndAtMoveTheLookup) {
  Store store;
  store.load(10, "m", "0 1 2 3 4 5 6 7 8 9 10");
  expect_all(store, {{"m offset 30s", 60, "m 3\n"},
                     {"m offset -30s", 60, "m 9\n"},
                     {"m @ 20", 60, "m 2\n"},
                     {"m @ 80 offset 30s", 0, "m 5\n"},
                     {"m @ start()", 40, "m 4\n"},
                     {"m @ end()", 40, "m 4\n"}});
  EXPECT_EQ(text_of(range(store, "m @ end()", 10, 30, 10)), "m 3@10 3@20 3@30\n");
  EXPECT_EQ(text_of(range(store, "m @ start() + 0 * time()", 10, 30, 10)), "{} 1@10 1@20 1@30\n");
}

TEST(MatrixSelector, AtTheRootGivesTheSamplesThemselves) {
  Store store;
  store.load(10, "m", "0 1 stale 3 h4 5");
  EXPECT_EQ(text_of(instant(store, "m[40s]", 50)), "m 3@30 h4@40 5@50\n");
  EXPECT_EQ(text_of(instant(store, "m[20s] @ 10", 50)), "m 0@0 1@10\n");
  EXPECT_EQ(text_of(instant(store, "m[10s]", 25)), "");
  EngineOptions closed;
  closed.windows_closed_left = true;
  EXPECT_EQ(text_of(instant(store, "m[40s]", 50, closed)), "m 1@10 3@30 h4@40 5@50\n");
}

TEST(MatrixSelector, WithEdgesShowsAPointAtEachEnd) {
  Store store;
  store.load(10, "m", "0 10 20 30 40");
  store.load(10, "h", "h1 h2");
  EXPECT_EQ(text_of(instant(store, "m[20s] anchored", 35)), "m 10@15 20@20 30@30 30@35\n");
  EXPECT_EQ(text_of(instant(store, "m[20s] smoothed", 35)), "m 15@15 20@20 30@30 35@35\n");
  EXPECT_EQ(text_of(instant(store, "m[5s] anchored", 400)), "");
  EXPECT_EQ(text_of(instant(store, "h[20s] anchored", 10)),
            "error: anchored modifier is not supported with histograms");
}

TEST(SmoothedSelector, InterpolatesBetweenNeighbours) {
  Store store;
  store.load(10, "m", "0 10 30");
  store.load(10, "h", "h2 h4");
  expect_all(store, {{"m smoothed", 5, "m 5\n"},
                     {"m smoothed", 10, "m 10\n"},
                     {"m smoothed", 15, "m 20\n"},
                     {"m smoothed", 25, "m 30\n"},
                     {"m smoothed", -5, ""},
                     {"h smoothed", 5, "h h3\n"},
                     {"h smoothed", 15, "h h4\n"}});
}

TEST(RangeWindows, AreOpenOnTheLeftAndSkipStaleMarkers) {
  Store store;
  store.load(15, "m", "1 2 3 stale 5");
  expect_all(store, {{"count_over_time(m[1m])", 60, "{} 3\n"},
                     {"count_over_time(m[15s])", 45, ""},
                     {"sum_over_time(m[30s])", 30, "{} 5\n"},
                     {"last_over_time(m[1m])", 60, "m 5\n"}});
  EXPECT_EQ(text_of(range(store, "sum_over_time(m[30s])", 0, 60, 30)), "{} 1@0 5@30 5@60\n");
}

TEST(Subquery, EvaluatesOnMultiplesOfItsStep) {
  Store store;
  store.load(10, "m", "0 1 2 3 4 5 6 7 8 9 10");
  expect_all(store, {{"sum_over_time(m[30s:10s])", 50, "{} 12\n"},
                     {"sum_over_time(m[30s:10s])", 57, "{} 12\n"},
                     {"sum_over_time(m[30s:10s] offset 10s)", 57, "{} 9\n"},
                     {"count_over_time(m[2m:])", 100, "{} 2\n"},
                     {"count_over_time(m[1s:10s])", 55, ""},
                     {"last_over_time(m[50s:10s] @ 30)", 99, "m 3\n"}});
  EXPECT_EQ(text_of(instant(store, "m[30s:10s]", 50)), "m 3@30 4@40 5@50\n");
  EXPECT_EQ(text_of(instant(store, "max_over_time(m[30s:0])", 50)).substr(0, 6), "error:");
}

TEST(Timestamp, IsTheSamplesOwnOnlyForASelector) {
  Store store;
  store.load(10, "m", "1 2");
  expect_all(store, {{"timestamp(m)", 15, "{} 10\n"},
                     {"timestamp((m))", 15, "{} 10\n"},
                     {"timestamp(m * 1)", 15, "{} 15\n"},
                     {"timestamp(m @ 3)", 15, "{} 0\n"},
                     {"timestamp(timestamp(m))", 15, "{} 15\n"}});
  store.load(10, "n", "1 2");
  EXPECT_EQ(text_of(instant(store, R"(timestamp({__name__=~"m|n"}))", 15)),
            "error: vector cannot contain metrics with the same labelset");
}

TEST(Absent, TellsTheEqualityLabelsOfTheMissingSeries) {
  Store store;
  store.load(10, "m", "1");
  expect_all(store, {{"absent(m)", 0, ""},
                     {R"(absent(x{a="1",b=~"2",c!="3"}))", 0, "{a=\"1\"} 1\n"},
                     {R"(absent(x{a="1",a="1"}))", 0, "{} 1\n"},
                     {"absent(sum(x))", 0, "{} 1\n"},
                     {R"(absent_over_time(x{a="1"}[1m]))", 0, "{a=\"1\"} 1\n"},
                     {"absent_over_time(m[1m])", 0, ""}});
  EXPECT_EQ(text_of(range(store, "absent_over_time(m[20s])", 0, 30, 10)), "{} 1@20 1@30\n");
  EXPECT_EQ(text_of(range(store, "absent(m)", 290, 310, 10)), "{} 1@300 1@310\n");
}

}  // namespace
}  // namespace promenade::promql::testing
