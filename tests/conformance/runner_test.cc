// tests/conformance/runner_test.cc
// That the runner notices what is wrong: scripts that must fail, and what it says about them.
#include "runner.h"

#include <gtest/gtest.h>

#include <string>

#include "promql/parser/parser.h"
#include "variants.h"

namespace promenade::conformance {
namespace {

const std::string kLoad = "load 1m\n a{x=\"1\"} 1 2 3\n a{x=\"2\"} 4 5 6\n\n";

// All differences, after the data above is loaded.
std::string differences(const std::string& script) {
  std::string out;
  for (const Failure& failure : run_script(kLoad + script).failures) out += failure.difference;
  return out;
}

TEST(ConformanceRunner, CountsEvaluations) {
  const FileReport report = run_script(kLoad +
                                       "eval instant at 0 1\n 1\n\n"
                                       "eval instant at 0 1\n 2\n\n"
                                       "clear\n"
                                       "eval instant at 0 a\n");
  EXPECT_EQ(report.passed, 2u);
  EXPECT_EQ(report.total, 3u);
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_EQ(report.failures[0].line, 8u);
  EXPECT_EQ(report.failures[0].command, "eval instant at 0 1");
}

TEST(ConformanceRunner, NoticesWrongResults) {
  const std::pair<const char*, const char*> cases[] = {
      {"eval instant at 0 1\n 2", "expected 2, got 1\n"},
      {"eval instant at 0 1", "expected no scalar, got 1\n"},
      {"eval instant at 0 'x'\n expect string 'y'", "expected \"y\", got \"x\"\n"},
      {"eval instant at 0 a{x=\"1\"}\n a{x=\"1\"} 1.00001",
       "a{x=\"1\"}: expected 1.00001, got 1\n"},
      {"eval instant at 0 a\n a{x=\"1\"} 1", "unexpected a{x=\"2\"} 4\n"},
      {"eval instant at 0 a{x=\"1\"}\n a{x=\"1\"} 1\n b 1", "expected b is missing\n"},
      {"eval instant at 0 a{x=\"1\"}\n a{x=\"1\"} {{count:1}}",
       "a{x=\"1\"}: expected {{count:1}}, got 1\n"},
      {"eval instant at 0 sort_desc(a)\n expect ordered\n a{x=\"1\"} 1\n a{x=\"2\"} 4",
       "a{x=\"2\"} is at position 1, expected 2\na{x=\"1\"} is at position 2, expected 1\n"},
      {"eval instant at 0 a[1m]", "expected no range vector, got one\n"},
      {"eval range from 0 to 1m step 1m a{x=\"1\"}\n a{x=\"1\"} 1 _",
       "a{x=\"1\"}: expected 1@0ms\n got 1@0ms 2@60000ms\n"},
      {"eval range from 0 to 1m step 1m a{x=\"1\"}\n a{x=\"1\"} 1 2 3",
       "expected 3 values for a{x=\"1\"}, but there are only 2 steps\n"},
  };
  for (const auto& [script, wanted] : cases) EXPECT_EQ(differences(script), wanted) << script;
}

TEST(ConformanceRunner, NoticesWrongErrorsAndRemarks) {
  const std::pair<const char*, const char*> cases[] = {
      {"eval instant at 0 1\n expect fail\n 1", "expected an error, got a result\n"},
      {"eval_fail instant at 0 1\n 1", "expected an error, got a result\n"},
      {"eval instant at 0 topk(NaN, a)\n", "got the error Parameter value is NaN\n"},
      {"eval instant at 0 topk(NaN, a)\n expect fail msg: nothing",
       "expected the error \"nothing\", got \"Parameter value is NaN\"\n"},
      {"eval instant at 0 quantile(2, a)\n expect no_warn\n {} +Inf",
       "expected no warning, got PromQL warning: quantile value should be between 0 and 1, got 2 "
       "(1:10)\n"},
      {"eval instant at 0 a{x=\"1\"}\n expect info regex: .*\n a{x=\"1\"} 1",
       "expected info \".*\", got none\n"},
      {"eval instant at 0 quantile(2, a)\n expect warn msg: x\n {} +Inf",
       "expected warning \"x\", got PromQL warning: quantile value should be between 0 and 1, got "
       "2 "
       "(1:10)\nunexpected warning PromQL warning: quantile value should be between 0 and 1, got 2 "
       "(1:10)\n"},
  };
  for (const auto& [script, wanted] : cases) EXPECT_EQ(differences(script), wanted) << script;
}

TEST(ConformanceRunner, ABrokenCommandSpoilsOnlyItself) {
  const std::pair<const char*, const char*> cases[] = {
      {"frobnicate\n", "invalid command \"frobnicate\"\n"},
      {"load soon\n b 1\n", "not a valid duration string: \"soon\"\n"},
      {"load 1m\n b goo\n",
       "b goo: unexpected \"goo\" in series values, expected number or \"stale\"\n"},
      {"load 1m\n a{x=\"1\"} 7\n",
       "cannot append to a{x=\"1\"} at 0 ms: out of order or duplicate\n"},
      {"load 1m\n b@st -1m\n", "@st line has no following sample line\n"},
      {"load 1m\n b@st -1m\n c 1\n",
       "@st metric does not match the following sample line metric\n"},
      {"load 1m\n b@st -1mx2 _x2\n b 1x3\n", "@st line has 5 values but sample line has 4\n"},
      {"load 1m\n b@st -1m soon\n b 1x1\n", "unexpected \"soon\" in an @st line\n"},
      {"load 1m\n b@st -1m1\n b 1\n", "unexpected \"-1m1\" in an @st line\n"},
      {"eval sometimes 1\n",
       "invalid eval command, expected eval instant at <time> <query> or eval range from <time> to "
       "<time> step <duration> <query>\n"},
      {"eval range from 1m to 0 step 1m a\n", "invalid eval range: the end is before the start\n"},
      {"eval instant at 0 rat(a)\n",
       "1:1: parse error: unknown function with name \"rat\"; did you mean \"rate\"?\n"},
  };
  for (const auto& [script, wanted] : cases) {
    const FileReport report = run_script(kLoad + script + "\neval instant at 0 1\n 1\n");
    EXPECT_EQ(report.passed, 1u) << script;
    EXPECT_EQ(report.total, 2u) << script;
    ASSERT_EQ(report.failures.size(), 1u) << script;
    EXPECT_EQ(report.failures[0].difference, wanted);
  }
}

// Each pinned query and the times it is asked at, or "" when it can't be pinned.
std::string pinned(const std::string& query) {
  const auto expr = promql::parse(query);
  std::string out;
  for (const Variant& variant : pinned_variants(query, **expr, Timestamp{90'000})) {
    if (out.empty()) out = variant.query + " |";
    out += " " + std::to_string(variant.time.ms);
  }
  return out;
}

TEST(ConformanceRunner, PinsEverySelectorThatIsNotPinned) {
  const std::string times = " | -900000 0 18000 90000 900000";
  EXPECT_EQ(pinned("a"), "a @ 90.000" + times);
  EXPECT_EQ(pinned("1"), "1" + times);
  EXPECT_EQ(pinned("rate(a[5m] offset 1m) # now"), "rate(a[5m] offset 1m @ 90.000) # now" + times);
  EXPECT_EQ(pinned("a{b=\"c\"} + d @ 5"), "a{b=\"c\"} @ 90.000 + d @ 5" + times);
  EXPECT_EQ(pinned("max_over_time(vector(time())[5m:])"),
            "max_over_time(vector(time())[5m:] @ 90.000)" + times);
  EXPECT_EQ(pinned("a + time()"), "");
}

TEST(ConformanceRunner, KnowsWhatDependsOnTheQueryRange) {
  for (const char* query : {"step()", "a offset -step()", "sum_over_time(a[range() / 2])",
                            "max_over_time(a[5m:step()])", "abs(-(end() * a))"}) {
    EXPECT_TRUE(depends_on_query_range(**promql::parse(query))) << query;
  }
  EXPECT_FALSE(depends_on_query_range(**promql::parse("rate(a[5m] offset 1m) + time()")));
}

}  // namespace
}  // namespace promenade::conformance
