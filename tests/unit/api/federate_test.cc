// tests/unit/api/federate_test.cc
// What one server shows to another that federates it.
#include "api/federate.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "model/sample.h"
#include "tsdb/head.h"

namespace promenade::api {
namespace {

struct FederateTest : testing::Test {
  const Timestamp now = Timestamp::from_seconds(1'000);
  tsdb::Head head;
  std::map<std::string, std::string> external;

  void add(const Labels& labels, int seconds_ago, double value) {
    tsdb::Appender appender = head.appender();
    const SeriesRef series = appender.series(labels);
    appender.append(series, now - Duration::seconds(seconds_ago), value);
    appender.commit();
  }

  HttpResponse get(const std::string& selectors) {
    HttpRequest request;
    request.url = "/federate";
    for (const std::string_view selector : split(selectors, ';')) {
      if (selector.empty()) continue;
      request.url += request.url == "/federate" ? "?match[]=" : "&match[]=";
      request.url += url_encode(selector);
    }
    return federate({head, now, Duration::minutes(5), external}, request);
  }
};

TEST_F(FederateTest, ShowsTheNewestSampleOfEachSeriesByNamesOfMetrics) {
  add(Labels{{"__name__", "b"}, {"instance", "x"}}, 60, 1);
  add(Labels{{"__name__", "b"}, {"instance", "x"}}, 30, 2.5);
  add(Labels{{"__name__", "a"}, {"job", "j\"k"}}, 300, 3);
  add(Labels{{"__name__", "a"}, {"job", "old"}}, 301, 4);
  add(Labels{{"__name__", "a"}, {"job", "ended"}}, 50, 5);
  add(Labels{{"__name__", "a"}, {"job", "ended"}}, 40, stale_nan());
  add(Labels{{"__name__", "c"}, {"job", "other"}}, 1, 6);
  const HttpResponse response = get("b;{__name__=~\"a|b\"}");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body,
            "# TYPE a untyped\na{job=\"j\\\"k\",instance=\"\"} 3 700000\n"
            "# TYPE b untyped\nb{instance=\"x\"} 2.5 970000\n");
}

TEST_F(FederateTest, AddsExternalLabelsWhereThereAreNone) {
  external = {{"cluster", "eu"}, {"instance", "me"}};
  add(Labels{{"__name__", "a"}, {"cluster", "own"}}, 1, 1);
  add(Labels{{"__name__", "a"}, {"x", "1"}}, 1, 2);
  EXPECT_EQ(get("a").body,
            "# TYPE a untyped\na{cluster=\"own\",instance=\"me\"} 1 999000\n"
            "a{x=\"1\",cluster=\"eu\",instance=\"me\"} 2 999000\n");
}

TEST_F(FederateTest, NothingIsSelectedByNothingAndNonsenseIsRefused) {
  add(Labels{{"__name__", "a"}}, 1, 1);
  EXPECT_EQ(get("").status, 200);
  EXPECT_EQ(get("").body, "");
  EXPECT_EQ(get("{").status, 400);
  EXPECT_EQ(get("{}").status, 400);
}

}  // namespace
}  // namespace promenade::api
