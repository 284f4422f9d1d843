// The linter behind HTTP, byte for byte.
#include "fixture.h"

namespace promenade::api {
namespace {

TEST_F(ApiTest, LintRemarksHaveTheirPlaceAndAnEdit) {
  append({{"__name__", "up"}, {"job", "api"}}, 1);
  EXPECT_EQ(body("/api/v1/lint?query=count(up)==0"),
            R"({"status":"success","data":[{"rule":"never-true","severity":"warning",)"
            R"("position":{"start":0,"end":12},"message":"count(up) is never below 1, so this )"
            R"(finds nothing; what isn't there isn't counted, and absent() tells that nothing is",)"
            R"j("edit":{"start":0,"end":12,"text":"absent(up)"}}]})j");
  EXPECT_EQ(body("/api/v1/lint?query=upp"),
            R"({"status":"success","data":[{"rule":"unknown-metric","severity":"warning",)"
            R"("position":{"start":0,"end":3},"message":"at present, no series is called upp; did )"
            R"(you mean up?","edit":{"start":0,"end":3,"text":"up"}}]})");
  EXPECT_EQ(body("/api/v1/lint?query=sum(up)"), R"({"status":"success","data":[]})");
}

TEST_F(ApiTest, LintKnowsWhatTheQueryIsFor) {
  append({{"__name__", "a"}}, 1);
  EXPECT_EQ(body("/api/v1/lint?query=irate(a[5m])>1"), R"({"status":"success","data":[]})");
  EXPECT_NE(body("/api/v1/lint?query=irate(a[5m])>1&for=alert").find("irate-in-alert"),
            std::string::npos);
  EXPECT_EQ(status("/api/v1/lint?query=a&for=fun"), 400);
  EXPECT_EQ(post("/api/v1/lint", "query=a").status, 200);
}

TEST_F(ApiTest, LintOfAWrongQueryIsItsParseError) {
  EXPECT_EQ(status("/api/v1/lint?query=sum("), 400);
  EXPECT_EQ(body("/api/v1/lint?query=sum("), body("/api/v1/query?query=sum("));
}

}  // namespace
}  // namespace promenade::api
