// tests/unit/grading/empty_result_test.cc
#include "grading/empty_result.h"

#include <gtest/gtest.h>

#include "promql/parser/parser.h"
#include "tsdb/head.h"

namespace promenade::grading {
namespace {

using Kind = EmptyReason::Kind;

class EmptyResultTest : public testing::Test {
 protected:
  EmptyResultTest() {
    tsdb::Appender appender = head_.appender();
    const auto add = [&](Labels labels) {
      appender.append(appender.series(labels), Timestamp{1000}, 1);
    };
    add({{"__name__", "http_requests_total"}, {"handler", "/api/cart"}, {"method", "GET"}});
    add({{"__name__", "http_requests_total"}, {"handler", "/search"}, {"method", "POST"}});
    add({{"__name__", "up"}, {"job", "shop"}});
    appender.commit();
  }

  EmptyReason explain(std::string_view query) {
    const auto expr = promql::parse(query);
    EXPECT_TRUE(expr) << query;
    auto reason = explain_empty(**expr, head_);
    EXPECT_TRUE(reason) << query;
    return std::move(*reason);
  }

  tsdb::Head head_;
};

TEST_F(EmptyResultTest, NamesTheConditionThatMatchesNothing) {
  const struct {
    const char* query;
    Kind kind;
    const char* subject;
    const char* says;
  } table[] = {
      {"http_request_total", Kind::UnknownMetric, "http_request_total",
       "Did you mean `http_requests_total`?"},
      {"sum(rate(zzz[5m]))", Kind::UnknownMetric, "zzz", "No metric here is called `zzz`"},
      {"UP", Kind::UnknownMetric, "UP", "Upper and lower case count: it is `up`."},
      {"{__name__=~\"requests\"}", Kind::AnchoredPattern, "__name__", "the whole value"},
      {"{__name__=\"http_*\"}", Kind::UnknownMetric, "http_*", "No metric here is called `http_*`"},
      {"http_requests_total{job=\"x\"}", Kind::UnknownLabel, "job", "Their labels: `__name__`"},
      {"http_requests_total{handle=\"/search\"}", Kind::UnknownLabel, "handle",
       "Did you mean `handler`?"},
      {"http_requests_total{handler=\"*cart*\"}", Kind::PatternInEqual, "handler",
       "Patterns need `=~`"},
      {"http_requests_total{handler=~\"cart\"}", Kind::AnchoredPattern, "handler", "`.*`"},
      {"http_requests_total{method=\"get\"}", Kind::UnknownValue, "method",
       "Upper and lower case count: it is `GET`."},
      {"http_requests_total{method=\"DELETE\"}", Kind::UnknownValue, "method",
       "Values of `method`: `GET`, `POST`."},
      {"http_requests_total{method=\"GET\",handler=\"/search\"}", Kind::NoCommonSeries,
       "http_requests_total", "no series meets all of them at once"},
      {"rate(up[15s])", Kind::ShortWindow, "", "less than 30s"},
      {"up > 5", Kind::FilteredAway, "", "what comes after them leaves none"},
      {"up + on(job) (2 * http_requests_total{method=\"PUT\"})", Kind::UnknownValue, "method",
       "method=\"PUT\""},
  };
  for (const auto& row : table) {
    const EmptyReason reason = explain(row.query);
    EXPECT_EQ(reason.kind, row.kind) << row.query << ": " << reason.text;
    EXPECT_EQ(reason.subject, row.subject) << row.query;
    EXPECT_NE(reason.text.find(row.says), std::string::npos) << row.query << ": " << reason.text;
  }
}

TEST_F(EmptyResultTest, TheSameMistakeIsTheSameCauseOnTheSameLabel) {
  const EmptyReason cart = explain("http_requests_total{handler=~\"cart\"}");
  EXPECT_TRUE(cart.is_same_mistake(explain("sum(http_requests_total{handler=~\"sear\"})")));
  EXPECT_FALSE(cart.is_same_mistake(explain("http_requests_total{method=~\"GE\"}")));
  EXPECT_FALSE(cart.is_same_mistake(explain("http_requests_total{handler=\"*cart*\"}")));
  // "Something leaves nothing" is not a cause.
  EXPECT_FALSE(explain("up > 5").is_same_mistake(explain("up > 6")));
}

}  // namespace
}  // namespace promenade::grading
