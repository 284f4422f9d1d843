#pragma once  // tests/unit/api/fixture.h
// An Api over a small store at a fixed instant. Five verbs: append, get, post, body, status.
#include <gtest/gtest.h>

#include <string>

#include "api/api.h"
#include "base/executor.h"
#include "sim/virtual_clock.h"
#include "tsdb/head.h"

namespace promenade::api {

class ApiTest : public testing::Test {
 protected:
  static constexpr Timestamp kNow = Timestamp::from_seconds(1'700'000'000);

  ApiTest() {
    context_.clock = &clock_;
    context_.executor = &executor_;
    context_.store = &head_;
    context_.head = &head_;
    context_.engine_options = [] { return promql::EngineOptions{}; };
    context_.started = Timestamp::from_seconds(1'699'999'000);
    context_.version = "0.1.0";
  }

  void append(const Labels& labels, double value, Timestamp at = kNow) {
    tsdb::Appender appender = head_.appender();
    appender.append(appender.series(labels), at, value);
    appender.commit();
  }

  HttpResponse get(const std::string& url) const {
    return Api(context_).handle(HttpRequest{.method = "GET", .url = url});
  }
  HttpResponse post(const std::string& url, const std::string& form) const {
    HttpRequest request{.method = "POST", .url = url, .body = form};
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    return Api(context_).handle(request);
  }
  std::string body(const std::string& url) const { return get(url).body; }
  int status(const std::string& url) const { return get(url).status; }

  sim::VirtualClock clock_{kNow};
  InlineExecutor executor_;
  tsdb::Head head_;
  ApiContext context_;
};

}  // namespace promenade::api
