// Latency, failures in the words of Go, limits and cancelling.
#include "sim/sim_net.h"

#include <gtest/gtest.h>

#include "sim/virtual_clock.h"

namespace promenade::sim {
namespace {

constexpr Timestamp kStart = Timestamp::from_seconds(1000);

struct SimNetTest : testing::Test {
  VirtualClock clock{kStart};
  SimNet net{clock};
  std::string outcome = "pending";
  int64_t answered_after_ms = -1;

  void SetUp() override {
    net.add_host("shop:80", [](const HttpRequest& request) {
      HttpResponse response;
      response.body =
          request.method + " " + request.url + " " + std::string(request.headers.get("Host"));
      return response;
    });
  }

  RequestId send(const std::string& url, SendOptions options = {}) {
    HttpRequest request;
    request.url = url;
    return net.send(request, options, [this](Result<HttpResponse> response) {
      outcome = response ? response->body : response.error().message;
      answered_after_ms = (clock.now() - kStart).ms;
    });
  }

  void run() { clock.run_until(kStart + Duration::minutes(1)); }
};

TEST_F(SimNetTest, AHandlerSeesPathAndQueryAndTheResponseTakesTheLatency) {
  send("http://shop:80/metrics?x=1");
  EXPECT_EQ(outcome, "pending");  // Never before send returns.
  run();
  EXPECT_EQ(outcome, "GET /metrics?x=1 shop:80");
  EXPECT_EQ(answered_after_ms, 3);
}

TEST_F(SimNetTest, AnEmptyPathIsTheRoot) {
  send("http://shop:80");
  run();
  EXPECT_EQ(outcome, "GET / shop:80");
}

TEST_F(SimNetTest, FailsAsGoDoes) {
  net.add_host("down:80", nullptr, {Duration::milliseconds(1), false});
  const struct {
    const char* url;
    const char* error;
  } cases[] = {
      {"http://nowhere:80/m",
       "Get \"http://nowhere:80/m\": dial tcp: lookup nowhere: no such host"},
      {"http://down:80/m",
       "Get \"http://down:80/m\": dial tcp down:80: connect: connection refused"},
  };
  for (const auto& c : cases) {
    send(c.url);
    clock.run_until(clock.now() + Duration::seconds(1));
    EXPECT_EQ(outcome, c.error);
  }
}

TEST_F(SimNetTest, ASlowHostFailsAtTheTimeout) {
  net.set_behaviour("shop:80", {Duration::seconds(20), true});
  send("http://shop:80/m", {.timeout = Duration::seconds(10)});
  run();
  EXPECT_EQ(outcome, "Get \"http://shop:80/m\": context deadline exceeded");
  EXPECT_EQ(answered_after_ms, 10'000);
}

TEST_F(SimNetTest, ATooLongBodyIsALimitError) {
  send("http://shop:80/m", {.body_size_max = 5});
  run();
  EXPECT_EQ(outcome, "body size limit exceeded");
}

TEST_F(SimNetTest, ACancelledRequestStaysSilent) {
  const RequestId id = send("http://shop:80/m");
  net.cancel(id);
  net.cancel(id);
  run();
  EXPECT_EQ(outcome, "pending");
}

TEST_F(SimNetTest, NamesAreLookedUp) {
  const auto look_up = [this](const std::string& url) {
    std::string body = "no answer";
    HttpRequest request;
    request.url = url;
    net.send(request, {}, [&](const Result<HttpResponse>& response) { body = response->body; });
    clock.run_until(clock.now() + Duration::seconds(1));
    return body;
  };
  EXPECT_EQ(look_up("dns:web.internal?type=A"), "");
  net.set_name_service([](std::string_view name, std::string_view type) {
    return std::string(name) + " " + std::string(type) + "\n";
  });
  EXPECT_EQ(look_up("dns:_web._tcp.internal?type=SRV"), "_web._tcp.internal SRV\n");
}

TEST_F(SimNetTest, AskAnswersAtOnce) {
  HttpRequest request;
  request.url = "http://shop:80/now";
  EXPECT_EQ(net.ask(request).body, "GET /now shop:80");
  request.url = "http://nowhere/";
  EXPECT_EQ(net.ask(request).status, 502);
}

}  // namespace
}  // namespace promenade::sim
