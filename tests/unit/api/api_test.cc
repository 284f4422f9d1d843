// Routes, methods, the envelope of errors, and CORS.
#include "api/api.h"

#include "fixture.h"
#include "remote/write_receiver.h"

namespace promenade::api {
namespace {

TEST_F(ApiTest, UnknownPathsAreNotFoundInPlainText) {
  for (const char* path : {"/api/v1/nope", "/api/v1/", "/api/v1/query/", "/api/v1/label/values",
                           "/api/v1/label//values", "/api/v1/label/a/b/values"}) {
    const HttpResponse response = get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.body, "404 page not found\n");
    EXPECT_EQ(response.headers.get("Content-Type"), "text/plain; charset=utf-8");
  }
}

TEST_F(ApiTest, AMethodThatARouteLacksIsNotAllowed) {
  const HttpResponse response =
      Api(context_).handle(HttpRequest{.method = "DELETE", .url = "/api/v1/query"});
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.body, "Method Not Allowed\n");
  EXPECT_EQ(response.headers.get("Allow"), "GET, OPTIONS, POST");
  EXPECT_EQ(post("/api/v1/targets", "").headers.get("Allow"), "GET, OPTIONS");
}

TEST_F(ApiTest, WritingNeedsAReceiver) {
  const HttpRequest request{.method = "POST", .url = "/api/v1/write", .body = std::string(1, '\0')};
  const HttpResponse refused = Api(context_).handle(request);
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(refused.body,
            "remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n");
  remote::WriteReceiver receiver(head_, clock_);
  context_.write_receiver = &receiver;
  EXPECT_EQ(Api(context_).handle(request).status, 204);
}

TEST_F(ApiTest, OptionsAnswersWithoutABody) {
  const HttpResponse response =
      Api(context_).handle(HttpRequest{.method = "OPTIONS", .url = "/api/v1/query"});
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
}

TEST_F(ApiTest, AnswersAreJson) {
  EXPECT_EQ(get("/api/v1/alerts").headers.get("Content-Type"), "application/json");
  EXPECT_EQ(get("/api/v1/query").headers.get("Content-Type"), "application/json");
}

struct CorsCase {
  std::string allowed;
  std::string origin;
  std::string answer;
};

TEST_F(ApiTest, CorsEchoesAnAllowedOrigin) {
  const CorsCase cases[] = {
      {".*", "https://a.example", "*"},
      {"https?://a\\.example", "https://a.example", "https://a.example"},
      {"https?://a\\.example", "https://a.example.evil", ""},
      {"https?://a\\.example", "https://axexample", ""},
      {"(", "https://a.example", ""},
  };
  for (const CorsCase& test : cases) {
    context_.cors_origin = test.allowed;
    HttpRequest request{.method = "GET", .url = "/api/v1/alerts"};
    request.headers.set("Origin", test.origin);
    const HttpHeaders headers = Api(context_).handle(request).headers;
    EXPECT_EQ(headers.get("Access-Control-Allow-Origin"), test.answer) << test.allowed;
    EXPECT_EQ(headers.get("Access-Control-Allow-Methods"), "GET, POST, OPTIONS");
    EXPECT_EQ(headers.get("Vary"), "Origin");
  }
}

TEST_F(ApiTest, CorsIsSilentWithoutAnOrigin) {
  const HttpHeaders headers = get("/api/v1/alerts").headers;
  EXPECT_EQ(headers.get("Vary"), "Origin");
  EXPECT_EQ(headers.get("Access-Control-Allow-Origin"), "");
}

// Keys and their order are Prometheus's; `position` is ours, in bytes of the query.
TEST_F(ApiTest, AParseErrorSaysWhereItIs) {
  const HttpResponse response = get("/api/v1/query?query=sum(up))");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body.find(R"({"status":"error","errorType":"bad_data","error":"invalid )"
                               R"(parameter \"query\": 1:8: parse error: )"),
            0u)
      << response.body;
  EXPECT_NE(response.body.find(R"(","position":{"start":7,"end":8}})"), std::string::npos)
      << response.body;
}

TEST_F(ApiTest, AnErrorWithoutAPlaceHasNoPosition) {
  EXPECT_EQ(body("/api/v1/query?query=up&time=x"),
            R"({"status":"error","errorType":"bad_data","error":"invalid parameter \"time\": )"
            R"(invalid time value for 'time': cannot parse \"x\" to a valid timestamp"})");
}

}  // namespace
}  // namespace promenade::api
