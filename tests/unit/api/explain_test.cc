// /api/v1/explain: whole answers against tests/unit/api/explain.golden, which is written anew with
// PROMENADE_UPDATE_GOLDEN=1; and the errors.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/strings.h"
#include "fixture.h"

namespace promenade::api {
namespace {

constexpr const char* kGoldenPath = "tests/unit/api/explain.golden";

const char* const kRequests[] = {
    "query=2%2B3",
    "query=up",
    "query=up&limit=1",
    "query=requests_total[1m]",
    "query=rate(requests_total[1m])",
    "query=sum by (job) (rate(requests_total[1m]))",
    "query=requests_total / ignoring (code) up",
    "query=requests_total * on (job) group_left () up",
    "query=histogram_quantile(0.9, latency_bucket)",
    "query=max_over_time(sum(up)[1m:30s])",
    "query=sum(up %2B on (zone) up) or count(up)",
    "query=absent(nothing)",
    "query=info(up, {data=~\".%2B\"})",
    "query=\"text\"",
    "query=sum(rate(requests_total[1m])) > 0.5&start=1699999940&end=1700000000&step=20",
    "query=up * on (job) (up @ end())&start=1699999970&end=1700000000&step=15",
};

class ExplainTest : public ApiTest {
 protected:
  ExplainTest() {
    for (int i = 0; i <= 10; ++i) {
      const Timestamp at{kNow.ms - (10 - i) * 10'000};
      append({{"__name__", "up"}, {"job", "api"}}, 1, at);
      append({{"__name__", "up"}, {"job", "web"}}, i < 9 ? 1 : 0, at);
      append({{"__name__", "requests_total"}, {"code", "200"}, {"job", "api"}}, i * 7, at);
      append({{"__name__", "requests_total"}, {"code", "500"}, {"job", "api"}}, i % 7, at);
      append({{"__name__", "latency_bucket"}, {"le", "0.1"}}, i, at);
      append({{"__name__", "latency_bucket"}, {"le", "0.5"}}, i * 2, at);
      append({{"__name__", "latency_bucket"}, {"le", "+Inf"}}, i * 2, at);
    }
  }

  static std::string url(const std::string& request) {
    std::string result = "/api/v1/explain?";
    for (const char character : request)
      result += character == ' ' ? "+" : std::string(1, character);
    return result;
  }
  // A node a line.
  std::string answer(const std::string& request) const {
    const std::string json = body(url(request));
    std::string text;
    for (size_t i = 0; i < json.size(); ++i) {
      if (json.compare(i, 6, "{\"id\":") == 0) text += "\n  ";
      text += json[i];
    }
    return text;
  }
};

std::string read_file(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_F(ExplainTest, AnswersAreThoseOfTheGoldenFile) {
  std::string answers;
  for (const char* request : kRequests) {
    answers += std::string("### ") + request + "\n" + answer(request) + "\n\n";
  }
  if (std::getenv("PROMENADE_UPDATE_GOLDEN")) {
    std::ofstream(kGoldenPath) << answers;
    return;
  }
  EXPECT_EQ(answers, read_file(kGoldenPath));
}

TEST_F(ExplainTest, APostedFormIsAsGoodAsAUrl) {
  EXPECT_EQ(post("/api/v1/explain", "query=sum(up)").body, body(url("query=sum(up)")));
}

TEST_F(ExplainTest, AQueryThatCannotBeParsedIsAnErrorWithItsPlace) {
  const HttpResponse response = get(url("query=sum(up"));
  EXPECT_EQ(response.status, 400);
  EXPECT_NE(response.body.find(R"("errorType":"bad_data")"), std::string::npos);
  EXPECT_NE(response.body.find(R"("position":{"start":6,"end":6})"), std::string::npos)
      << response.body;
}

TEST_F(ExplainTest, AQueryThatFailsIsAnsweredWithTheNodeThatFailed) {
  const HttpResponse response = get(url("query=up %2B on (zone) up"));
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find(R"("status":"failed","error":{"errorType":"execution")"),
            std::string::npos)
      << response.body;
}

TEST_F(ExplainTest, RemarksAreInTheNodeAndInTheEnvelope) {
  const std::string text = body(url("query=sum(rate(up[1m]))"));
  const std::string remark =
      R"x(infos":["PromQL info: metric might not be a counter, name does not end in )x"
      R"x(_total/_sum/_count/_bucket: \"up\" (1:10)"])x";
  const size_t first = text.find(remark);
  ASSERT_NE(first, std::string::npos) << text;
  EXPECT_NE(text.find(remark, first + 1), std::string::npos) << text;
}

TEST_F(ExplainTest, TimesAreToldWhenAskedFor) {
  EXPECT_NE(body(url("query=up&stats=all")).find("\"seconds\":"), std::string::npos);
  EXPECT_EQ(body(url("query=up")).find("\"seconds\":"), std::string::npos);
}

TEST_F(ExplainTest, BadParametersAreErrors) {
  for (const char* request :
       {"query=up&limit=0", "query=up&limit=1001", "query=up&limit=x", "query=up&time=x",
        "query=up&start=1&end=2", "query=up&start=2&end=1&step=1", "query=up&timeout=x",
        "query=", "query=up[1m]&start=1&end=2&step=1", "query=up[1s/0]"}) {
    EXPECT_EQ(status(url(request)), 400) << request;
  }
}

TEST_F(ExplainTest, TheEnginesLimitsHold) {
  context_.engine_options = [] {
    promql::EngineOptions options;
    options.samples_max = 3;
    return options;
  };
  const HttpResponse response = get(url("query=sum(requests_total[1m] * 1)"));
  EXPECT_EQ(response.status, 400);  // No such operation.
  const std::string text = body(url("query=sum(sum_over_time(requests_total[5m]))"));
  EXPECT_NE(text.find(R"("status":"failed")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("status":"blocked","blockedOn":1)"), std::string::npos) << text;
}

}  // namespace
}  // namespace promenade::api
