// tests/unit/promql/features_test.cc
#include "promql/features.h"

#include <gtest/gtest.h>

#include "query_fixture.h"

namespace promenade::promql {
namespace {

using namespace testing;

Features only(std::string_view name) {
  Features features;
  EXPECT_TRUE(features.enable(name)) << name;
  return features;
}

TEST(Features, AreKnownByPrometheussNames) {
  EXPECT_TRUE(only("promql-experimental-functions").parser_options().experimental_functions);
  EXPECT_TRUE(only("promql-extended-range-selectors").parser_options().extended_range_selectors);
  EXPECT_TRUE(only("promql-binop-fill-modifiers").parser_options().fill_modifiers);
  EngineOptions options;
  for (const std::string_view name :
       {"promql-delayed-name-removal", "use-start-timestamps", "type-and-unit-labels"}) {
    only(name).apply_to(options);
    EXPECT_EQ(options.delayed_name_removal, name == "promql-delayed-name-removal");
    EXPECT_EQ(options.use_start_timestamps, name == "use-start-timestamps");
    EXPECT_EQ(options.type_and_unit_labels, name == "type-and-unit-labels");
  }
  only("promql-duration-expr");
  EXPECT_FALSE(Features().enable("exemplar-storage"));
}

TEST(Features, AreOffUntilEnabled) {
  const ParserOptions options = Features().parser_options();
  for (const char* query : {"mad_over_time(a[5m])", "rate(a[5m] anchored)", "a + fill(0) b"}) {
    EXPECT_FALSE(parse(query, options)) << query;
    EXPECT_TRUE(parse(query, Features::all().parser_options())) << query;
  }
}

std::string remarks(const std::string& series, bool type_and_unit_labels) {
  Store store;
  store.load(10, series, "0 1 2");
  EngineOptions options;
  options.type_and_unit_labels = type_and_unit_labels;
  const std::string query = "rate({x=\"y\"}[1m])";
  return remarks_of(instant(store, query, 20, options), query);
}

TEST(Features, WithTypesTheNameOfACounterDoesNotMatter) {
  const std::string by_name =
      "PromQL info: metric might not be a counter, name does not end in "
      "_total/_sum/_count/_bucket: \"a\" (1:6)\n";
  const std::string by_type =
      "PromQL info: metric might not be a counter, __type__ label is not set to \"counter\" or "
      "\"histogram\", got \"gauge\": \"a_total\" (1:6)\n";
  EXPECT_EQ(remarks("a{x=\"y\",__type__=\"counter\"}", false), by_name);
  EXPECT_EQ(remarks("a{x=\"y\",__type__=\"counter\"}", true), "");
  EXPECT_EQ(remarks("a{x=\"y\",__type__=\"histogram\"}", true), "");
  EXPECT_EQ(remarks("a_total{x=\"y\",__type__=\"gauge\"}", false), "");
  EXPECT_EQ(remarks("a_total{x=\"y\",__type__=\"gauge\"}", true), by_type);
}

TEST(Features, WithoutStartTimestampsNothingStarts) {
  Store store;
  store.load(10, "a", "0 1 2");
  EXPECT_EQ(text_of(instant(store, "start_timestamp(a)", 20)), "");
  EngineOptions options;
  options.use_start_timestamps = true;
  EXPECT_EQ(text_of(instant(store, "start_timestamp(a)", 20, options)), "{} 0\n");
}

}  // namespace
}  // namespace promenade::promql
