// Texts to values, and the words of the errors.
#include "api/parameters.h"

#include <gtest/gtest.h>

#include <map>

namespace promenade::api {
namespace {

HttpRequest form(const std::string& url, const std::string& body, const std::string& type) {
  HttpRequest request{.method = "POST", .url = url, .body = body};
  request.headers.set("Content-Type", type);
  return request;
}

constexpr const char* kFormType = "application/x-www-form-urlencoded";

TEST(Parameters, DecodesTheQueryOfTheUrl) {
  const Parameters parameters(
      HttpRequest{.url = "/x?query=a%2Bb+c&empty=&bare&match[]=1&match%5B%5D=2"});
  EXPECT_EQ(parameters.get("query"), "a+b c");
  EXPECT_EQ(parameters.get("empty"), "");
  EXPECT_EQ(parameters.get("bare"), "");
  EXPECT_EQ(parameters.get("absent"), "");
  EXPECT_EQ(parameters.all("match[]"), (std::vector<std::string_view>{"1", "2"}));
}

TEST(Parameters, PutsTheFormBeforeTheUrl) {
  const Parameters parameters(form("/x?query=url", "query=form", kFormType));
  EXPECT_EQ(parameters.get("query"), "form");
  EXPECT_EQ(parameters.all("query"), (std::vector<std::string_view>{"form", "url"}));
}

TEST(Parameters, ReadsABodyOnlyWhenItIsAForm) {
  EXPECT_EQ(Parameters(form("/x", "query=1", "application/json")).get("query"), "");
  EXPECT_EQ(Parameters(form("/x", "query=1", "")).get("query"), "");
  EXPECT_EQ(Parameters(form("/x", "query=1", "Application/X-WWW-Form-Urlencoded; charset=utf-8"))
                .get("query"),
            "1");
}

TEST(ParseTime, TakesSecondsAndCalendarText) {
  const std::map<std::string, int64_t> cases = {
      {"0", 0},
      {"1700000000", 1'700'000'000'000},
      {"1700000000.5", 1'700'000'000'500},
      {"1.0006", 1001},  // The fraction is rounded.
      {"-1.5", -1500},
      {"1e3", 1'000'000},
      {"2026-01-01T00:00:00Z", 1'767'225'600'000},
      {"2026-01-01T01:00:00.25+01:00", 1'767'225'600'250},
      {"-292273086-05-16T16:47:06Z", kAllTime.start.ms},
      {"292277025-08-18T07:12:54.999999999Z", kAllTime.end.ms},
      {"1e300", kAllTime.end.ms},
      {"-1e300", kAllTime.start.ms},
  };
  for (const auto& [text, ms] : cases) {
    const auto time = parse_time(text);
    ASSERT_TRUE(time.has_value()) << text;
    EXPECT_EQ(time->ms, ms) << text;
  }
}

TEST(ParseTime, QuotesWhatItCannotRead) {
  for (const std::string text : {"", "x", "NaN", "Inf", "2026-01-01", "5m"}) {
    const auto time = parse_time(text);
    ASSERT_FALSE(time.has_value()) << text;
    EXPECT_EQ(time.error().message, "cannot parse \"" + text + "\" to a valid timestamp");
  }
}

TEST(ParseDurationParameter, TakesSecondsAndPrometheusDurations) {
  const std::map<std::string, int64_t> cases = {{"15", 15'000},       {"0.5", 500},
                                                {"-1", -1000},        {"5m", 300'000},
                                                {"1h30m", 5'400'000}, {"0.0009", 0}};
  for (const auto& [text, ms] : cases) {
    const auto duration = parse_duration_parameter(text);
    ASSERT_TRUE(duration.has_value()) << text;
    EXPECT_EQ(duration->ms, ms) << text;
  }
}

TEST(ParseDurationParameter, RejectsTextsAndOverflow) {
  EXPECT_EQ(parse_duration_parameter("x").error().message,
            "cannot parse \"x\" to a valid duration");
  EXPECT_EQ(parse_duration_parameter("").error().message, "cannot parse \"\" to a valid duration");
  EXPECT_EQ(parse_duration_parameter("1e10").error().message,
            "cannot parse \"1e10\" to a valid duration. It overflows int64");
  EXPECT_EQ(parse_duration_parameter("-Inf").error().message,
            "cannot parse \"-Inf\" to a valid duration. It overflows int64");
}

TEST(ParseInteger, GivesTheErrorsOfStrconv) {
  EXPECT_EQ(*parse_integer("-12"), -12);
  EXPECT_EQ(*parse_integer("+7"), 7);
  EXPECT_EQ(*parse_integer("9223372036854775807"), INT64_MAX);
  for (const std::string text : {"", "-", "1.5", "x", "1 "}) {
    EXPECT_EQ(parse_integer(text).error().message,
              "strconv.Atoi: parsing \"" + text + "\": invalid syntax");
  }
  EXPECT_EQ(parse_integer("9223372036854775808").error().message,
            "strconv.Atoi: parsing \"9223372036854775808\": value out of range");
}

TEST(LimitParameter, IsANonNegativeNumber) {
  const auto limit = [](const std::string& query) {
    return limit_parameter(Parameters(HttpRequest{.url = "/x?" + query}));
  };
  EXPECT_EQ(*limit(""), 0u);
  EXPECT_EQ(*limit("limit=3"), 3u);
  EXPECT_EQ(limit("limit=-1").error().message,
            "invalid parameter \"limit\": limit must be non-negative");
  EXPECT_EQ(limit("limit=x").error().message,
            "invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax");
}

TEST(RangeParameters, DefaultToAllTime) {
  const auto range = range_parameters(Parameters(HttpRequest{.url = "/x"}));
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->start, kAllTime.start);
  EXPECT_EQ(range->end, kAllTime.end);
  EXPECT_EQ(
      range_parameters(Parameters(HttpRequest{.url = "/x?end=y"})).error().message,
      "invalid parameter \"end\": invalid time value for 'end': cannot parse \"y\" to a valid "
      "timestamp");
}

TEST(MatchParameters, KeepTheirOrderAndNeedANonEmptyMatcher) {
  const auto match = [](const std::string& query) {
    return match_parameters(Parameters(HttpRequest{.url = "/x?" + query}));
  };
  EXPECT_TRUE(match("")->empty());
  const auto two = match("match[]=up&match[]={job=\"a\",env!=\"\"}");
  ASSERT_TRUE(two.has_value());
  ASSERT_EQ(two->size(), 2u);
  EXPECT_EQ((*two)[1].size(), 2u);
  EXPECT_EQ(match("match[]={job=~\".*\"}").error().message,
            "match[] must contain at least one non-empty matcher");
  const auto broken = match("match[]=up{");
  ASSERT_FALSE(broken.has_value());
  EXPECT_FALSE(broken.error().span.has_value());
  EXPECT_NE(broken.error().message.find("1:4: parse error: "), std::string::npos)
      << broken.error().message;
}

}  // namespace
}  // namespace promenade::api
