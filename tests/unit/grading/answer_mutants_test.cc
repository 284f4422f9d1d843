// tests/unit/grading/answer_mutants_test.cc
// What the generators make of configurations, dashboards and pages of metrics, and how mutants
// that change nothing are told from wrong answers.
#include "grading/answer_mutants.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "config/yaml_reader.h"
#include "fixture.h"

namespace promenade::grading {
namespace {

bool has(const std::vector<AnswerMutant>& mutants, const std::string& difference) {
  return std::any_of(mutants.begin(), mutants.end(),
                     [&](const AnswerMutant& mutant) { return mutant.difference == difference; });
}

std::string all_differences(const std::vector<AnswerMutant>& mutants) {
  std::string text;
  for (const AnswerMutant& mutant : mutants) text += mutant.difference + "\n";
  return text;
}

TEST(AnswerMutants, OfYamlChangeOneThingEach) {
  const auto mutants = mutate_yaml(R"(route:
  receiver: chat
  group_wait: 30s
  routes:
    - {matchers: ['severity="page"'], receiver: pager, continue: true}
    - {matchers: ['team=~"db|web"'], receiver: mail}
limit: 5
)");
  for (const char* difference : {
           "group_wait: 30s -> nothing",
           "group_wait: 30s -> group_wait: 5m",
           "group_wait: 30s -> group_wait: 3s",
           "limit: 5 -> limit: 50",
           "limit: 5 -> limit: 0.5",
           "continue: true -> continue: false",
           "receiver: mail -> receiver: mai",
           "- severity=\"page\" -> - severity!=\"page\"",
           "- severity=\"page\" -> - severity=\"pag\"",
           "- team=~\"db|web\" -> - team=\"db|web\"",
           "- matchers: / - team=~\"db|web\" / receiver: mail -> nothing",
       }) {
    EXPECT_TRUE(has(mutants, difference)) << difference << " is not in\n"
                                          << all_differences(mutants);
  }
  const auto swapped = std::find_if(mutants.begin(), mutants.end(), [](const AnswerMutant& one) {
    return one.change == "swapped" && one.difference == "receiver: chat -> receiver: pager";
  });
  EXPECT_EQ(swapped, mutants.end()) << "both ends of a swap differ";
  for (const AnswerMutant& mutant : mutants) {
    EXPECT_TRUE(config::YamlFile::parse("mutant", mutant.answer)) << mutant.answer;
  }
}

TEST(AnswerMutants, OfRulesChangeTheirQueries) {
  const auto mutants =
      mutate_yaml("groups: [{name: g, rules: [{alert: Down, expr: up == 0, for: 5m}]}]");
  EXPECT_TRUE(has(mutants, "expr: up == 0 -> expr: (up != 0)")) << all_differences(mutants);
  EXPECT_TRUE(has(mutants, "for: 5m -> for: 50m")) << all_differences(mutants);
}

TEST(AnswerMutants, OfDashboardsChangeTheWindow) {
  const auto mutants = mutate_yaml(
      R"json({"panels": [{"targets": [{"expr": "sum(rate(a_total[$__rate_interval]))"}]}]})json");
  EXPECT_TRUE(has(mutants,
                  "- expr: sum(rate(a_total[$__rate_interval])) -> - expr: sum(rate(a_total[5m]))"))
      << all_differences(mutants);
}

TEST(AnswerMutants, OfPagesChangeLines) {
  const auto mutants = mutate_exposition("# TYPE a_total counter\na_total{x=\"yz\"} 3\n# EOF\n");
  for (const char* difference : {
           "# TYPE a_total counter -> nothing",
           "# TYPE a_total counter -> # TYPE a_total gauge",
           "a_total{x=\"yz\"} 3 -> a_total{x=\"yz\"} 30",
           "a_total{x=\"yz\"} 3 -> a_total{x=\"y\"} 3",
           "a_total{x=\"yz\"} 3 -> a_total 3",
           "a_total{x=\"yz\"} 3 -> A_total{x=\"yz\"} 3",
           "nothing -> a_total{x=\"yz\"} 3",
       }) {
    EXPECT_TRUE(has(mutants, difference)) << difference << " is not in\n"
                                          << all_differences(mutants);
  }
}

TEST(AnswerMutants, AreMadeOfAnyText) {
  for (const char* text :
       {"", "\n\n", "{", "a: [b, {c: 1}", "{a: {}", "a\x01: \"\\\"\"", "}{", "\"}"}) {
    mutate_yaml(text);
    mutate_exposition(text);
  }
}

constexpr const char* kExercise = R"(format_version: 1
id: 1.1-E1
lesson: 01-a/01-b
title: T
kind: KIND
task: Do it.
setting: SETTING
starter: ''
reference: |
  REFERENCE
equivalents: []
misconceptions: []
hints: []
explanation: Because.
)";

Exercise exercise_of(const std::string& kind, const std::string& setting,
                     const std::string& reference) {
  std::string text = kExercise;
  text.replace(text.find("KIND"), 4, kind);
  text.replace(text.find("SETTING"), 7, setting);
  text.replace(text.find("REFERENCE"), 9, reference);
  auto exercise = parse_exercise("e.yaml", text);
  EXPECT_TRUE(exercise) << exercise.error().message;
  return *exercise;
}

// What is the default anyway is no mistake when it is left out.
TEST(AnswerMutants, ThatChangeNothingAreEqual) {
  const Exercise exercise = exercise_of(
      "relabel-edit", "{fixtures: [{name: F, labels: {__address__: 'h:1', __meta_x: y}}]}",
      "[{source_labels: [__meta_x], target_label: x, action: replace}]");
  const CheckCounts counts = shared_grader().prove(exercise).counts;
  EXPECT_GE(counts.generated, 8u);
  EXPECT_GE(counts.generated_equal, 1u);
  EXPECT_EQ(counts.generated_passing, 0u);
}

// Nothing in this setting falls between 0 and 1: the check says so.
TEST(AnswerMutants, ThatTheSettingCannotTellAreToldOf) {
  const Exercise exercise = exercise_of(
      "config-edit",
      "{run: 2m, hosts: [{address: 'h:1', page: \"m 1\\n\"}], questions: [{says: Up, query: "
      "'max(up)'}]}",
      "{global: {scrape_interval: 15s}, scrape_configs: [{job_name: api, static_configs: "
      "[{targets: "
      "['h:1']}]}]}");
  const CheckReport report = shared_grader().prove(exercise);
  EXPECT_GE(report.counts.generated_passing, 1u) << "another job_name";
  bool is_told = false;
  for (const std::string& remark : report.remarks) {
    is_told |= remark.find("no requirement is about it") != std::string::npos;
  }
  EXPECT_TRUE(is_told);
}

TEST(AnswerMutants, ThatMeetBarsOfTheSettingAreLeftOut) {
  const Exercise exercise = exercise_of(
      "rule-edit",
      "{scenarios: [{name: One dies, series: ['up{instance=\"a\"} 1x20 0x40'], pages: [{labels: "
      "{instance: a}, from: 5m15s, within: 3m}]}]}",
      "{groups: [{name: g, rules: [{alert: Down, expr: up == 0, for: 2m}]}]}");
  const CheckCounts counts = shared_grader().prove(exercise).counts;
  EXPECT_GE(counts.generated_within_bars, 1u) << "for: 12s pages sooner, and nothing forbids it";
  EXPECT_EQ(counts.generated_passing, 0u);
  EXPECT_GE(counts.generated, 3u);
}

TEST(AnswerMutants, OfPredictionsAndTypesAreAllWrong) {
  const Exercise predict =
      exercise_of("predict", "{series: ['a 0+1x20'], at: 5m, query: 'rate(a[1m])'}", "0.0667");
  const CheckCounts counts = shared_grader().prove(predict).counts;
  EXPECT_GE(counts.generated, 12u);
  EXPECT_EQ(counts.generated_passing, 0u);
  const Exercise types =
      exercise_of("metric-type",
                  "{items: [{name: q, type: gauge, why: It falls.}, {name: r, type: counter, why: "
                  "It grows.}, {name: s, type: histogram, why: It is many.}]}",
                  "{q: gauge, r: counter, s: histogram}");
  const CheckCounts of_types = shared_grader().prove(types).counts;
  EXPECT_EQ(of_types.generated, 12u);
  EXPECT_EQ(of_types.generated_passing, 0u);
}

}  // namespace
}  // namespace promenade::grading
