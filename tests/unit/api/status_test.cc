// Status, rules and alerts: whole responses.
#include "fixture.h"

namespace promenade::api {
namespace {

TEST_F(ApiTest, RulesAndAlertsAreEmptyLists) {
  EXPECT_EQ(body("/api/v1/rules"), R"({"status":"success","data":{"groups":[]}})");
  EXPECT_EQ(body("/api/v1/rules?type=ALERT"), R"({"status":"success","data":{"groups":[]}})");
  EXPECT_EQ(body("/api/v1/alerts"), R"({"status":"success","data":{"alerts":[]}})");
  EXPECT_EQ(body("/api/v1/alertmanagers"),
            R"({"status":"success","data":{"activeAlertmanagers":[],"droppedAlertmanagers":[]}})");
  EXPECT_EQ(body("/api/v1/rules?type=x"),
            R"({"status":"error","errorType":"bad_data","error":"invalid parameter \"type\": )"
            R"(not supported value \"x\""})");
}

TEST_F(ApiTest, TheConfigurationIsShownAsText) {
  context_.config_yaml = [] { return std::string("global: {}\n"); };
  EXPECT_EQ(body("/api/v1/status/config"),
            R"({"status":"success","data":{"yaml":"global: {}\n"}})");
}

TEST_F(ApiTest, FlagsKeepTheirOrder) {
  context_.flags = [] {
    return std::vector<std::pair<std::string, std::string>>{{"b.c", "1"}, {"a", ""}};
  };
  EXPECT_EQ(body("/api/v1/status/flags"), R"({"status":"success","data":{"b.c":"1","a":""}})");
}

TEST_F(ApiTest, RuntimeInformationHasPrometheusKeys) {
  context_.working_directory = "/srv";
  context_.hostname = "h";
  context_.config_status = [] {
    return ConfigStatus{false, Timestamp::from_seconds(1'699'999'500)};
  };
  EXPECT_EQ(body("/api/v1/status/runtimeinfo"),
            R"({"status":"success","data":{"startTime":"2023-11-14T21:56:40Z","CWD":"/srv",)"
            R"("hostname":"h","serverTime":"2023-11-14T22:13:20Z","reloadConfigSuccess":false,)"
            R"("lastConfigTime":"2023-11-14T22:05:00Z","corruptionCount":0,"goroutineCount":0,)"
            R"("GOMAXPROCS":1,"GOMEMLIMIT":0,"GOGC":"","GODEBUG":"","storageRetention":"15d"}})");
}

TEST_F(ApiTest, BuildInformationNamesThePrometheusThatItSpeaksFor) {
  const std::string answer = body("/api/v1/status/buildinfo");
  EXPECT_EQ(answer, R"({"status":"success","data":)" + Api(context_).build_info() + "}");
  EXPECT_EQ(answer.find(R"({"status":"success","data":{"version":"3.)"), 0u) << answer;
  EXPECT_NE(answer.find(R"("revision":"promenade-0.1.0")"), std::string::npos) << answer;
}

TEST_F(ApiTest, StatisticsOfAnEmptyHeadHavePrometheusLimitsOfTime) {
  EXPECT_EQ(body("/api/v1/status/tsdb"),
            R"({"status":"success","data":{"headStats":{"numSeries":0,"numLabelPairs":0,)"
            R"("chunkCount":0,"minTime":9223372036854775807,"maxTime":-9223372036854775808},)"
            R"("seriesCountByMetricName":[],"labelValueCountByLabelName":[],)"
            R"("memoryInBytesByLabelName":[],"seriesCountByLabelValuePair":[]}})");
}

TEST_F(ApiTest, StatisticsOfTheHeadAreCutAtTheLimit) {
  append({{"__name__", "up"}, {"job", "a"}}, 1);
  append({{"__name__", "up"}, {"job", "b"}}, 1);
  append({{"__name__", "load"}}, 1);
  const std::string answer = body("/api/v1/status/tsdb?limit=1");
  EXPECT_NE(answer.find(R"("numSeries":3,)"), std::string::npos) << answer;
  EXPECT_NE(answer.find(R"("minTime":1700000000000,"maxTime":1700000000000)"), std::string::npos)
      << answer;
  EXPECT_NE(answer.find(R"("seriesCountByMetricName":[{"name":"up","value":2}])"),
            std::string::npos)
      << answer;
  EXPECT_NE(answer.find(R"("seriesCountByLabelValuePair":[{"name":"__name__=up","value":2}])"),
            std::string::npos)
      << answer;
}

TEST_F(ApiTest, StatisticsRefuseOtherLimits) {
  for (const char* limit : {"0", "-1", "x"}) {
    EXPECT_EQ(body(std::string("/api/v1/status/tsdb?limit=") + limit),
              R"({"status":"error","errorType":"bad_data",)"
              R"("error":"limit must be a positive number"})");
  }
  EXPECT_EQ(status("/api/v1/status/tsdb?limit=10000"), 200);
  EXPECT_EQ(status("/api/v1/status/tsdb?limit=10001"), 400);
}

TEST_F(ApiTest, StatisticsNeedAHead) {
  context_.head = nullptr;
  const HttpResponse response = get("/api/v1/status/tsdb");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body,
            R"({"status":"error","errorType":"unavailable","error":"TSDB not ready"})");
}

TEST_F(ApiTest, NothingIsReplayed) {
  EXPECT_EQ(body("/api/v1/status/walreplay"),
            R"({"status":"success","data":{"min":0,"max":0,"current":0}})");
}

TEST_F(ApiTest, FunctionsComeWithTheirSignatures) {
  const std::string answer = body("/api/v1/status/functions");
  EXPECT_NE(answer.find(R"({"name":"rate","args":["matrix"],"required":1,"variadic":0,)"
                        R"("returns":"vector","help":")"),
            std::string::npos)
      << answer.substr(0, 400);
}

}  // namespace
}  // namespace promenade::api
