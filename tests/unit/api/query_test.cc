// Whole responses of the query endpoints, byte for byte.
#include <cstdlib>

#include "fixture.h"
#include "model/histogram.h"

namespace promenade::api {
namespace {

struct QueryCase {
  std::string query;  // URL-encoded.
  std::string data;
};

TEST_F(ApiTest, ConstantsHaveTheFormsOfTheirTypes) {
  const QueryCase cases[] = {
      {"1", R"({"resultType":"scalar","result":[1700000000,"1"]})"},
      {"1e21", R"({"resultType":"scalar","result":[1700000000,"1000000000000000000000"]})"},
      {"1e-9", R"({"resultType":"scalar","result":[1700000000,"0.000000001"]})"},
      {"1/0", R"({"resultType":"scalar","result":[1700000000,"+Inf"]})"},
      {"NaN", R"({"resultType":"scalar","result":[1700000000,"NaN"]})"},
      {"%22a%3Cb%22", R"({"resultType":"string","result":[1700000000,"a\u003cb"]})"},
      {"vector(1e21)",
       R"({"resultType":"vector","result":[{"metric":{},"value":[1700000000,"1e+21"]}]})"},
      {"vector(1e-7)",
       R"({"resultType":"vector","result":[{"metric":{},"value":[1700000000,"1e-07"]}]})"},
      {"vector(-0)",
       R"({"resultType":"vector","result":[{"metric":{},"value":[1700000000,"-0"]}]})"},
      {"absent_metric", R"({"resultType":"vector","result":[]})"},
  };
  for (const QueryCase& test : cases) {
    EXPECT_EQ(body("/api/v1/query?query=" + test.query),
              R"({"status":"success","data":)" + test.data + "}");
  }
}

TEST_F(ApiTest, TimesHaveThreeDecimalsInVectorsAndAsFewAsPossibleInScalars) {
  EXPECT_EQ(body("/api/v1/query?query=vector(1)&time=0.5"),
            R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},)"
            R"("value":[0.500,"1"]}]}})");
  EXPECT_EQ(body("/api/v1/query?query=1&time=0.5"),
            R"({"status":"success","data":{"resultType":"scalar","result":[0.5,"1"]}})");
}

TEST_F(ApiTest, AVectorHasItsLabelsAndTheTimeOfTheQuery) {
  append({{"__name__", "up"}, {"job", "<a&b>"}}, 1, Timestamp{kNow.ms - 30'000});
  EXPECT_EQ(body("/api/v1/query?query=up"),
            R"({"status":"success","data":{"resultType":"vector","result":[{"metric":)"
            R"({"__name__":"up","job":"<a&b>"},"value":[1700000000,"1"]}]}})");
}

TEST_F(ApiTest, ARangeVectorKeepsTheTimesOfItsSamples) {
  append({{"__name__", "up"}}, 1, Timestamp{kNow.ms - 20'000});
  append({{"__name__", "up"}}, 0, Timestamp{kNow.ms - 9'950});
  EXPECT_EQ(body("/api/v1/query?query=up[1m]"),
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":)"
            R"({"__name__":"up"},"values":[[1699999980,"1"],[1699999990.050,"0"]]}]}})");
}

TEST_F(ApiTest, ARangeQueryHasOnePointAStep) {
  append({{"__name__", "up"}}, 1, Timestamp{kNow.ms - 20'000});
  EXPECT_EQ(body("/api/v1/query_range?query=up&start=1699999970&end=1700000000&step=15"),
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":)"
            R"({"__name__":"up"},"values":[[1699999985,"1"],[1700000000,"1"]]}]}})");
}

TEST_F(ApiTest, AScalarOverARangeIsASeriesWithoutLabels) {
  EXPECT_EQ(body("/api/v1/query_range?query=2&start=0&end=1&step=1"),
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},)"
            R"("values":[[0,"2"],[1,"2"]]}]}})");
}

TEST_F(ApiTest, APostedFormIsAsGoodAsAUrl) {
  EXPECT_EQ(post("/api/v1/query", "query=1%2B1&time=5").body, body("/api/v1/query?query=2&time=5"));
  EXPECT_EQ(post("/api/v1/query_range", "query=1&start=0&end=1&step=1s").body,
            body("/api/v1/query_range?query=1&start=0&end=1&step=1"));
}

TEST_F(ApiTest, AtMost11001PointsAreAllowed) {
  EXPECT_EQ(status("/api/v1/query_range?query=1&start=0&end=11000&step=1"), 200);
  EXPECT_EQ(body("/api/v1/query_range?query=1&start=0&end=11001&step=1"),
            R"({"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of )"
            R"x(11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"})x");
}

struct ErrorCase {
  std::string url;
  int status;
  std::string type;
  std::string error;
};

TEST_F(ApiTest, BadParametersAreNamed) {
  const ErrorCase cases[] = {
      {"query?query=1&time=x", 400, "bad_data",
       R"(invalid parameter \"time\": invalid time value for 'time': cannot parse \"x\" to a valid )"
       "timestamp"},
      {"query?query=1&timeout=x", 400, "bad_data",
       R"(invalid parameter \"timeout\": cannot parse \"x\" to a valid duration)"},
      {"query?query=1&limit=-1", 400, "bad_data",
       R"(invalid parameter \"limit\": limit must be non-negative)"},
      {"query?query=1&lookback_delta=x", 400, "bad_data",
       R"(error parsing lookback delta duration: cannot parse \"x\" to a valid duration)"},
      {"query_range?query=1&start=x&end=1&step=1", 400, "bad_data",
       R"(invalid parameter \"start\": cannot parse \"x\" to a valid timestamp)"},
      {"query_range?query=1&start=1&end=&step=1", 400, "bad_data",
       R"(invalid parameter \"end\": cannot parse \"\" to a valid timestamp)"},
      {"query_range?query=1&start=2&end=1&step=1", 400, "bad_data",
       R"(invalid parameter \"end\": end timestamp must not be before start time)"},
      {"query_range?query=1&start=1&end=2", 400, "bad_data",
       R"(invalid parameter \"step\": cannot parse \"\" to a valid duration)"},
      {"query_range?query=1&start=1&end=2&step=0", 400, "bad_data",
       R"(invalid parameter \"step\": zero or negative query resolution step widths are not )"
       "accepted. Try a positive integer"},
      {"query_range?query=1&start=1&end=2&step=-5", 400, "bad_data",
       R"(invalid parameter \"step\": zero or negative query resolution step widths are not )"
       "accepted. Try a positive integer"},
      {"query_exemplars?query=up&start=2&end=1", 400, "bad_data",
       "end timestamp must not be before start timestamp"},
  };
  for (const ErrorCase& test : cases) {
    const HttpResponse response = get("/api/v1/" + test.url);
    EXPECT_EQ(response.status, test.status) << test.url;
    EXPECT_EQ(response.body, R"({"status":"error","errorType":")" + test.type + R"(","error":")" +
                                 test.error + R"("})");
  }
}

TEST_F(ApiTest, ARangeQueryRefusesTypesWithoutValuesAtSteps) {
  const HttpResponse response = get("/api/v1/query_range?query=up[5m]&start=0&end=1&step=1");
  EXPECT_EQ(response.status, 400);
  EXPECT_NE(response.body.find(R"(invalid parameter \"query\": invalid expression type \"range )"
                               R"(vector\" for range query, must be Scalar or instant Vector)"),
            std::string::npos)
      << response.body;
}

TEST_F(ApiTest, FailingToEvaluateIsAnExecutionError) {
  append({{"__name__", "a"}, {"x", "1"}}, 1);
  append({{"__name__", "b"}, {"x", "1"}}, 1);
  const HttpResponse response = get("/api/v1/query?query=-%7B__name__%3D~%22a%7Cb%22%7D");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.body.find(R"({"status":"error","errorType":"execution","error":")"
                               "vector cannot contain metrics with the same labelset"),
            0u)
      << response.body;
}

TEST_F(ApiTest, TheRequestCanShortenTheLookback) {
  append({{"__name__", "up"}}, 1, Timestamp{kNow.ms - 60'000});
  EXPECT_NE(body("/api/v1/query?query=up"), body("/api/v1/query?query=none"));
  EXPECT_EQ(body("/api/v1/query?query=up&lookback_delta=30s"), body("/api/v1/query?query=none"));
}

TEST_F(ApiTest, ALimitCutsTheResultAndWarns) {
  append({{"__name__", "up"}, {"i", "1"}}, 1);
  append({{"__name__", "up"}, {"i", "2"}}, 2);
  EXPECT_EQ(body("/api/v1/query?query=up&limit=1"),
            R"({"status":"success","data":{"resultType":"vector","result":[{"metric":)"
            R"({"__name__":"up","i":"1"},"value":[1700000000,"1"]}]},)"
            R"("warnings":["results truncated due to limit"]})");
  EXPECT_EQ(body("/api/v1/query?query=up&limit=2"), body("/api/v1/query?query=up"));
}

TEST_F(ApiTest, RemarksOfTheEvaluatorGoIntoInfos) {
  append({{"__name__", "requests"}}, 1, Timestamp{kNow.ms - 60'000});
  append({{"__name__", "requests"}}, 3, Timestamp{kNow.ms - 30'000});
  const std::string answer = body("/api/v1/query?query=rate(requests[2m])");
  EXPECT_NE(answer.find(R"(]},"infos":["PromQL info: metric might not be a counter, name does not )"
                        R"x(end in _total/_sum/_count/_bucket: \"requests\" (1:6)"]})x"),
            std::string::npos)
      << answer;
}

TEST_F(ApiTest, StatisticsComeWhenAskedFor) {
  append({{"__name__", "up"}}, 1);
  const std::string answer = body("/api/v1/query?query=up&stats=all");
  EXPECT_NE(answer.find(R"(]}],"stats":{"timings":{"evalTotalTime":)"), std::string::npos)
      << answer;
  EXPECT_NE(answer.find(R"("samples":{"totalQueryableSamples":1,"samplesRead":1,"peakSamples":)"),
            std::string::npos)
      << answer;
  EXPECT_EQ(body("/api/v1/query?query=up").find("stats"), std::string::npos);
}

TEST_F(ApiTest, ExemplarsAreAnEmptyListForSelectorsAndNothingForConstants) {
  EXPECT_EQ(body("/api/v1/query_exemplars?query=sum(rate(up[5m]))"),
            R"({"status":"success","data":[]})");
  EXPECT_EQ(status("/api/v1/query_exemplars?query=1%2B2"), 204);
}

TEST_F(ApiTest, FormatQueryGivesTheCanonicalText) {
  EXPECT_EQ(body("/api/v1/format_query?query=sum+by(a)(up>1)"),
            R"x({"status":"success","data":"sum by (a) (up \u003e 1)"})x");
}

const std::string kLong = "/api/v1/query?query=sum_over_time(m%5B1m:1s%5D)";

// What begin() hands back, which it must.
std::unique_ptr<PendingQuery> pending(const ApiContext& context, const std::string& url,
                                      std::function<bool()> is_canceled = nullptr) {
  const HttpRequest request{.method = "GET", .url = url};
  Answer answer = Api(context).begin(request, std::move(is_canceled));
  auto* query = std::get_if<std::unique_ptr<PendingQuery>>(&answer);
  EXPECT_NE(query, nullptr) << url;
  return query ? std::move(*query) : nullptr;
}

void expect_same(const HttpResponse& response, const HttpResponse& expected) {
  EXPECT_EQ(response.status, expected.status);
  EXPECT_EQ(response.body, expected.body);
  EXPECT_EQ(response.headers.fields(), expected.headers.fields());
}

TEST_F(ApiTest, BeginAnswersWhatNeedsNoSamplesAtOnce) {
  for (const char* url : {"/api/v1/query?query=m%5B", "/api/v1/query_range?query=m",
                          "/api/v1/explain?query=", "/api/v1/lint?query=m&for=fun",
                          "/api/v1/labels", "/api/v1/nothing"}) {
    const HttpRequest request{.method = "GET", .url = url};
    const Answer answer = Api(context_).begin(request);
    const auto* response = std::get_if<HttpResponse>(&answer);
    ASSERT_NE(response, nullptr) << url;
    expect_same(*response, Api(context_).handle(request));
  }
}

TEST_F(ApiTest, WhatMayTakeLongIsKnownByItsPath) {
  for (const char* path :
       {"/api/v1/query", "/api/v1/query_range", "/api/v1/explain", "/api/v1/lint"}) {
    EXPECT_TRUE(may_take_long(path)) << path;
    EXPECT_NE(pending(context_, path + std::string("?query=m&start=0&end=1&step=1")), nullptr);
  }
  for (const char* path : {"/query", "/api/v1/series", "/api/v1/query/", "/api/v1", "/"}) {
    EXPECT_FALSE(may_take_long(path)) << path;
  }
}

TEST_F(ApiTest, ASmallQueryIsAnsweredWhenItStarts) {
  append({{"__name__", "m"}}, 1);
  const std::string url = "/api/v1/query?query=m";
  const auto response = pending(context_, url)->start();
  ASSERT_TRUE(response);
  expect_same(*response, Api(context_).handle({.method = "GET", .url = url}));
}

TEST_F(ApiTest, AnswersFromBesideAreTheSame) {
  append({{"__name__", "gone"}, {"job", "a"}}, 1, kNow - Duration::hours(3));
  append({{"__name__", "m"}, {"job", "a"}}, 1, kNow - Duration::seconds(2));
  append({{"__name__", "m"}, {"job", "a"}}, 2, kNow - Duration::seconds(1));
  for (const std::string& url :
       {kLong, std::string("/api/v1/explain?query=rate(m%5B1m%5D)%20*%20on(job)%20m"),
        std::string("/api/v1/explain?query=gone"),
        std::string("/api/v1/lint?query=sum%20by%20(jib)%20(m%7Bjob%3D%22a.*%22%7D)%20/%20mm")}) {
    const auto query = pending(context_, url);
    ASSERT_NE(query, nullptr);
    ASSERT_FALSE(query->start()) << url;
    expect_same(query->run(), Api(context_).handle({.method = "GET", .url = url}));
  }
}

TEST_F(ApiTest, AQuerySeesTheSamplesThatAreThereWhenItStarts) {
  append({{"__name__", "m"}}, 1, kNow - Duration::seconds(2));
  const auto query = pending(context_, kLong);
  append({{"__name__", "m"}}, 10, kNow - Duration::seconds(1));
  const HttpResponse expected = Api(context_).handle({.method = "GET", .url = kLong});
  ASSERT_FALSE(query->start());
  append({{"__name__", "m"}}, 100);
  expect_same(query->run(), expected);
  EXPECT_NE(body(kLong), expected.body);
}

TEST_F(ApiTest, AQueryCanBeCanceledWhileItRuns) {
  append({{"__name__", "m"}}, 1);
  bool is_canceled = false;
  const auto query = pending(context_, kLong, [&is_canceled] { return is_canceled; });
  ASSERT_FALSE(query->start());
  is_canceled = true;
  const HttpResponse response = query->run();
  EXPECT_EQ(response.status, 499);
  EXPECT_NE(response.body.find("query was canceled"), std::string::npos) << response.body;
}

TEST_F(ApiTest, AQueryIsOverWhenItIsCanceledOrHasWaitedTooLong) {
  append({{"__name__", "m"}}, 1);
  int64_t now_ns = 0;
  context_.engine_options = [&now_ns] {
    promql::EngineOptions options;
    options.monotonic_ns = [&now_ns] { return now_ns; };
    return options;
  };
  for (const std::string path : {"/api/v1/query", "/api/v1/explain", "/api/v1/lint"}) {
    const std::string url = path + "?query=sum_over_time(m%5B1m:1s%5D)&timeout=1s";
    bool is_canceled = false;
    now_ns = 0;
    const auto canceled = pending(context_, url, [&is_canceled] { return is_canceled; });
    const auto late = pending(context_, url);
    EXPECT_FALSE(canceled->is_over());
    EXPECT_FALSE(late->is_over());
    is_canceled = true;
    now_ns = 1'000'000'000;
    EXPECT_TRUE(canceled->is_over());
    EXPECT_TRUE(late->is_over());
    const auto canceled_response = canceled->start();
    ASSERT_TRUE(canceled_response);
    EXPECT_EQ(canceled_response->status, 499);
    EXPECT_NE(canceled_response->body.find("query was canceled in query queue"), std::string::npos);
    const auto late_response = late->start();
    ASSERT_TRUE(late_response);
    EXPECT_EQ(late_response->status, 503);
    EXPECT_NE(late_response->body.find("query timed out in query queue"), std::string::npos);
  }
}

TEST_F(ApiTest, TimingsTellWaitingFromPreparingAndEvaluating) {
  append({{"__name__", "m"}}, 1);
  int64_t now_s = 0;
  context_.engine_options = [&now_s] {
    promql::EngineOptions options;
    options.monotonic_ns = [&now_s] { return now_s * 1'000'000'000; };
    return options;
  };
  const auto timing = [](const std::string& body, const std::string& name) {
    const size_t at = body.find("\"" + name + "\":");
    return at == std::string::npos ? -1 : std::atof(body.c_str() + at + name.size() + 3);
  };
  const auto query = pending(context_, kLong + "&stats=all");
  now_s += 3;
  ASSERT_FALSE(query->start());
  now_s += 4;  // Until there is a thread.
  const std::string answer = query->run().body;
  EXPECT_EQ(timing(answer, "execQueueTime"), 7) << answer;
  EXPECT_EQ(timing(answer, "execTotalTime"), 7) << answer;
  EXPECT_EQ(timing(answer, "evalTotalTime"), 0) << answer;
  EXPECT_EQ(query->times().queue_ns, 7'000'000'000);
  EXPECT_EQ(query->times().evaluation_ns, 0);
  EXPECT_FALSE(query->times().sort_ns.has_value());

  // Every look at the clock takes a second: all parts of the work take some, and they are disjoint.
  context_.engine_options = [&now_s] {
    promql::EngineOptions options;
    options.monotonic_ns = [&now_s] { return now_s++ * 1'000'000'000; };
    return options;
  };
  const std::string url =
      "/api/v1/query_range?query=m&start=1700000000&end=1700000000&step=1&stats=all";
  const std::string range = body(url);
  const double parts = timing(range, "queryPreparationTime") + timing(range, "innerEvalTime") +
                       timing(range, "resultSortTime");
  EXPECT_GT(timing(range, "queryPreparationTime"), 0) << range;
  EXPECT_GT(timing(range, "innerEvalTime"), 0) << range;
  EXPECT_GT(timing(range, "resultSortTime"), 0) << range;
  EXPECT_EQ(timing(range, "evalTotalTime"), parts) << range;
}

TEST_F(ApiTest, HistogramsAreNoSmallWork) {
  const auto histogram = std::make_shared<FloatHistogram>();
  tsdb::Appender appender = head_.appender();
  const SeriesRef series = appender.series({{"__name__", "m"}});
  for (int64_t i = 300; i >= 0; --i) {
    appender.append(series, kNow - Duration::seconds(i), histogram);
  }
  appender.commit();
  EXPECT_TRUE(pending(context_, "/api/v1/query?query=count_over_time(m%5B1s%5D)&lookback_delta=1s")
                  ->start());
  EXPECT_FALSE(pending(context_, "/api/v1/query?query=count_over_time(m%5B5m%5D)")->start());
}

// Each of many selectors in a query may select every series. What a query holds of them has a
// limit.
TEST_F(ApiTest, AQueryThatSelectsTooMuchSaysSoWhenItStarts) {
  for (const char* job : {"a", "b", "c", "d", "e"}) append({{"__name__", "m"}, {"job", job}}, 1);
  context_.engine_options = [] {
    promql::EngineOptions options;
    options.samples_max = 12;
    return options;
  };
  const auto with_selectors = [](const std::vector<std::string>& selectors) {
    std::string query = "/api/v1/query?query=count(" + selectors.front() + ")";
    for (size_t i = 1; i < selectors.size(); ++i) query += "%2Bcount(" + selectors[i] + ")";
    return query;
  };
  // Equal ones count once.
  const auto same = pending(context_, with_selectors(std::vector<std::string>(100, "m")))->start();
  ASSERT_TRUE(same);
  EXPECT_EQ(same->status, 200) << same->body;
  const std::string different = with_selectors({"m", "m%7Bx!=\"1\"%7D", "m%7Bx!=\"2\"%7D"});
  const auto refused = pending(context_, different)->start();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 422);
  EXPECT_NE(refused->body.find("would load too many samples into memory"), std::string::npos)
      << refused->body;
}

TEST_F(ApiTest, NobodyKeepsTheLoopForLong) {
  append({{"__name__", "m"}}, 1);
  int64_t now_s = 0;
  context_.engine_options = [&now_s] {
    promql::EngineOptions options;
    options.monotonic_ns = [&now_s] { return now_s++ * 1'000'000'000; };
    return options;
  };
  std::string query = "m";
  for (int i = 0; i < 20; ++i) query += "%2Bm" + std::to_string(i);
  for (const std::string path : {"/api/v1/query", "/api/v1/explain", "/api/v1/lint"}) {
    const auto response = pending(context_, path + "?query=" + query)->start();
    ASSERT_TRUE(response) << path;
    EXPECT_EQ(response->status, 503) << path;
    EXPECT_NE(response->body.find("query timed out in query preparation"), std::string::npos)
        << response->body;
    EXPECT_LT(now_s, 40) << path << " went on";
    now_s = 0;
  }
}

TEST_F(ApiTest, LintCanBeCanceledWhileItRuns) {
  append({{"__name__", "m"}}, 1);
  bool is_canceled = false;
  const auto lint = pending(context_, "/api/v1/lint?query=m", [&] { return is_canceled; });
  ASSERT_FALSE(lint->start());
  is_canceled = true;
  EXPECT_EQ(lint->run().status, 499);
}

// Its remarks are found beside the loop, where the store can't be asked any more.
TEST_F(ApiTest, LintKnowsWhatWasThereWhenItStarted) {
  append({{"__name__", "up"}, {"job", "a"}}, 1);
  const std::string url = "/api/v1/lint?query=upp";
  const auto lint = pending(context_, url);
  ASSERT_FALSE(lint->start());
  append({{"__name__", "upp"}}, 1);
  head_.truncate(kNow + Duration::hours(4));
  const std::string remarks = lint->run().body;
  EXPECT_NE(remarks.find("did you mean up?"), std::string::npos) << remarks;
  EXPECT_EQ(body(url).find("did you mean up?"), std::string::npos);
}

TEST_F(ApiTest, RefusalsSayWhy) {
  const HttpResponse response =
      Api(context_).refuse({.method = "GET", .url = kLong}, "too much to do");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body,
            R"({"status":"error","errorType":"unavailable","error":"too much to do"})");
}

}  // namespace
}  // namespace promenade::api
