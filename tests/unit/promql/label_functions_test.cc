// tests/unit/promql/label_functions_test.cc
// label_replace(), label_join(), and the order of sort_by_label().
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "promql/functions/natural_order.h"
#include "promql/parser/template_expansion.h"
#include "query_fixture.h"

namespace promenade::promql {
namespace {

using testing::instant;
using testing::remarks_of;
using testing::Store;
using testing::text_of;

struct Expansion {
  const char* pattern;
  const char* replacement;
  const char* text;
  const char* expected;  // Null: no match.
};

// The rules of Go's regexp.Expand.
const Expansion kExpansions[] = {
    {"(.*)", "$1", "abc", "abc"},
    {"(a)(b)", "$2-$1", "ab", "b-a"},
    {"(a)(b)", "${1}x", "ab", "ax"},
    {"(a)(b)", "$1x", "ab", ""},
    {"(?P<first>a)(?P<second>b)", "$second${first}!", "ab", "ba!"},
    {"(a)(b)?", "[$2]", "a", "[]"},
    {"a", "$0", "a", "a"},
    {"a", "$7", "a", ""},
    {"(a)", "$01", "a", ""},
    {"a", "$$1", "a", "$1"},
    {"a", "costs 5$", "a", "costs 5$"},
    {"a", "${1", "a", "${1"},
    {"a", "$-", "a", "$-"},
    {"a|b", "x", "c", nullptr},
    {"b", "x", "abc", nullptr},
    {"a.c", "dot", "a\nc", "dot"},
    {"", "empty", "", "empty"},
};

TEST(TemplateExpansion, FollowsTheRulesOfGo) {
  re2::RE2::Options options;
  options.set_dot_nl(true);
  for (const Expansion& test : kExpansions) {
    const re2::RE2 regex(test.pattern, options);
    const auto result = TemplateExpansion(regex, test.replacement).expand(test.text);
    ASSERT_EQ(result.has_value(), test.expected != nullptr) << test.pattern;
    if (!result) continue;
    EXPECT_EQ(*result, test.expected) << test.replacement << " for " << test.text;
  }
}

struct Order {
  const char* less;
  const char* greater;
};

const Order kOrders[] = {
    {"2", "10"},
    {"node-2", "node-10"},
    {"a1b2", "a1b10"},
    {"", "a"},
    {"a", "b"},
    {"a", "a1"},
    {"1", "a"},
    {"A", "a"},
    {"cpu9", "cpu010"},
    {"10.0.0.9", "10.0.0.10"},
    {"99999999999999999998", "99999999999999999999"},
};

TEST(NaturalOrder, ComparesRunsOfDigitsAsNumbers) {
  for (const Order& test : kOrders) {
    EXPECT_LT(compare_natural(test.less, test.greater), 0) << test.less << " " << test.greater;
    EXPECT_GT(compare_natural(test.greater, test.less), 0) << test.less << " " << test.greater;
    EXPECT_EQ(compare_natural(test.less, test.less), 0);
  }
  EXPECT_EQ(compare_natural("a01", "a1"), 0);
}

Store nodes() {
  Store store;
  store.load(60, R"(up{instance="node-10:9100"})", "1");
  store.load(60, R"(up{instance="node-2:9100"})", "2");
  store.load(60, R"(up{instance="node-1:9100"})", "3");
  store.load(60, R"(load{host="a"})", "NaN").load(60, R"(load{host="b"})", "1");
  store.load(60, R"(load{host="c"})", "-1");
  return store;
}

struct Case {
  const char* query;
  const char* expected;
};

const Case kCases[] = {
    {R"(label_replace(up{instance=~"node-1:.*"}, "node", "$1", "instance", "(.*):.*"))",
     "up{instance=\"node-1:9100\", node=\"node-1\"} 3\n"},
    {R"(label_replace(up{instance=~"node-1:.*"}, "node", "$1", "instance", "9100"))",
     "up{instance=\"node-1:9100\"} 3\n"},
    {R"(label_replace(up{instance=~"node-1:.*"}, "instance", "", "instance", ".*"))", "up 3\n"},
    {R"(label_replace(up{instance=~"node-1:.*"}, "new", "none", "missing", ""))",
     "up{instance=\"node-1:9100\", new=\"none\"} 3\n"},
    {R"(label_replace(up{instance=~"node-1:.*"}, "__name__", "down", "", ""))",
     "down{instance=\"node-1:9100\"} 3\n"},
    {R"(label_replace(up, "instance", "same", "", ""))",
     "error: vector cannot contain metrics with the same labelset"},
    {R"(label_replace(up, "a", "", "", "("))",
     "error: invalid regular expression in label_replace(): ("},
    {R"(label_replace(up, "", "", "", ""))",
     "error: invalid destination label name in label_replace(): "},
    {R"(label_join(up{instance=~"node-1:.*"}, "all", "-", "instance", "missing", "__name__"))",
     "up{all=\"node-1:9100--up\", instance=\"node-1:9100\"} 3\n"},
    {R"(label_join(up{instance=~"node-1:.*"}, "instance", ","))", "up 3\n"},
    {R"(label_join(up, "", ",", "instance"))",
     "error: invalid destination label name in label_join(): "},
    {R"(label_join(up, "all", ",", ""))", "error: invalid source label name in label_join(): "},
    {R"(sort_by_label(up, "instance"))",
     "up{instance=\"node-1:9100\"} 3\nup{instance=\"node-2:9100\"} "
     "2\nup{instance=\"node-10:9100\"} 1\n"},
    {R"(sort_by_label_desc(up, "instance"))",
     "up{instance=\"node-10:9100\"} 1\nup{instance=\"node-2:9100\"} "
     "2\nup{instance=\"node-1:9100\"} 3\n"},
    {R"(sort_by_label(up, "missing"))",
     "up{instance=\"node-10:9100\"} 1\nup{instance=\"node-1:9100\"} "
     "3\nup{instance=\"node-2:9100\"} 2\n"},
    {"sort(up)",
     "up{instance=\"node-10:9100\"} 1\nup{instance=\"node-2:9100\"} "
     "2\nup{instance=\"node-1:9100\"} 3\n"},
    {"sort_desc(up)",
     "up{instance=\"node-1:9100\"} 3\nup{instance=\"node-2:9100\"} "
     "2\nup{instance=\"node-10:9100\"} 1\n"},
    {"sort(load)", "load{host=\"c\"} -1\nload{host=\"b\"} 1\nload{host=\"a\"} NaN\n"},
    {"sort_desc(load)", "load{host=\"b\"} 1\nload{host=\"c\"} -1\nload{host=\"a\"} NaN\n"},
};

TEST(LabelFunctions, ChangeAndOrderLabels) {
  const Store store = nodes();
  for (const Case& test : kCases) {
    EXPECT_EQ(text_of(instant(store, test.query, 0)), test.expected) << test.query;
  }
}

TEST(LabelFunctions, SortingWarnsWhereItHasNoEffect) {
  const Store store = nodes();
  for (const char* query : {"sort(up)", "sort_desc(up)", "sort_by_label(up, \"instance\")"}) {
    EXPECT_EQ(
        remarks_of(testing::range(store, query, 0, 60, 60), query),
        "PromQL warning: sort is ineffective for range queries since results are always ordered by "
        "labels (1:1)\n");
    EXPECT_EQ(remarks_of(instant(store, query, 0), query), "");
  }
}

}  // namespace
}  // namespace promenade::promql
