// tests/unit/grading/kinds_test.cc
// Each kind on a small exercise: a right answer, a wrong one with what it is told, and answers of
// any content, which get a verdict. And settings that are refused, with the place.
#include <gtest/gtest.h>

#include "base/strings.h"
#include "fixture.h"
#include "grading/kind.h"

namespace promenade::grading {
namespace {

using Outcome = Verdict::Outcome;

std::string indented(std::string_view text, const std::string& by) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) out += by + std::string(line) + "\n";
  return out;
}

std::string file_of(std::string_view kind, std::string_view setting, std::string_view reference) {
  return "format_version: 1\nid: 1.1-E1\nlesson: 01-a/01-b\ntitle: T\nkind: " + std::string(kind) +
         "\ntask: Do it.\nsetting:\n" + indented(setting, "  ") + "starter: ''\nreference: |\n" +
         indented(reference, "  ") +
         "equivalents: []\nmisconceptions: []\nhints: []\nexplanation: Because.\n";
}

struct Case {
  const char* kind;
  const char* setting;
  const char* right;
  const char* wrong;
  const char* told;      // A part of what is told about the wrong one.
  const char* unusable;  // Gets Invalid.
};

constexpr const char* kUp = R"(scenarios:
  - name: One dies
    series: ['up{instance="a"} 1x20 0x40']
    pages: [{alert: Down, labels: {instance: a}, from: 5m15s, within: 2m}]
  - name: A quiet night
    series: ['up{instance="a"} 1x20 0 1x40'])";
constexpr const char* kDownRule = R"(groups:
  - name: g
    rules:
      - {alert: Down, expr: up == 0, for: 1m})";
constexpr const char* kDownAtOnce = R"(groups:
  - name: g
    rules:
      - {alert: Down, expr: up == 0})";
constexpr const char* kRoute =
    R"(route: {receiver: a, group_wait: 10s, routes: [{matchers: ['x="1"'], receiver: b}]}
receivers:
  - {name: a, webhook_configs: [{url: 'http://inbox/a'}]}
  - {name: b, webhook_configs: [{url: 'http://inbox/b'}]})";
constexpr const char* kFlatRoute = R"(route: {receiver: a, group_wait: 10s}
receivers:
  - {name: a, webhook_configs: [{url: 'http://inbox/a'}]})";
constexpr const char* kConfig = R"(scrape_configs:
  - {job_name: a, scrape_interval: 15s, static_configs: [{targets: ['h:1']}]})";
constexpr const char* kOtherConfig = R"(scrape_configs:
  - {job_name: a, scrape_interval: 15s, static_configs: [{targets: ['h:2']}]})";
constexpr const char* kBoard = R"json({"panels": [{"title": "A", "targets": [
  {"expr": "sum(rate(http_requests_total[$__rate_interval]))"}]}]})json";
constexpr const char* kFixedBoard = R"json({"panels": [{"title": "A", "targets": [
  {"expr": "sum(rate(http_requests_total[1m]))"}]}]})json";

const Case kCases[] = {
    {"rule-edit", kUp, kDownRule, kDownAtOnce, "nothing called for it", "groups: [{name: 1"},
    {"rule-edit", "records: [r]\nscenarios: [{name: S, series: ['a 1+1x20']}]",
     "groups: [{name: g, rules: [{record: r, expr: a * 2}]}]",
     "groups: [{name: g, rules: [{record: r, expr: a}]}]", "expected", "groups: []"},
    {"relabel-edit", "fixtures: [{name: F, labels: {__address__: 'h:1', __meta_x: y}}]",
     "- {source_labels: [__meta_x], target_label: x}",
     "- {source_labels: [__meta_y], target_label: x}", "expected", "- {source_labels: 7"},
    {"relabel-edit",
     "stage: samples\nfixtures: [{name: A, labels: {a: '1', b: '2'}}, {name: B, labels: {a: '1', "
     "b: '3'}}]",
     "- {regex: c, action: labeldrop}", "- {regex: b, action: labeldrop}", "same labels", "5"},
    {"route-edit", "until: 5m\nevents: [0s fire alertname=A x=1, 0s fire alertname=B]", kRoute,
     kFlatRoute, "expected `b`, found `a`", "route: {receiver: nobody}"},
    {"config-edit",
     "hosts: [{address: 'h:1', page: \"m 1\\n\"}]\nquestions: [{says: It is up, query: up}]",
     kConfig, kOtherConfig, "expected", "scrape_configs: [{jobname: x}]"},
    {"exposition-edit", "{}", "# TYPE a_total counter\na_total 1\n",
     "# TYPE a_total gauge\na_total 1\n", "expected `counter`, found `gauge`", "a b c\n"},
    {"exposition-edit", "{}", "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
     "# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
     "holds less than the one below it", "a{b=} 1\n"},
    {"metric-type", "items: [{name: q, type: gauge, values: 3 1 2, why: It falls.}]", "q: gauge",
     "q: counter", "falls from 3 to 1", "q: thing"},
    {"predict", "series: ['a 0+1x20']\nat: 5m\nquery: rate(a[1m])", "0.0667", "1",
     "computes something else", ""},
    {"chaos-drill",
     "series: ['a{i=\"1\"} 0+15x40', 'a{i=\"2\"} 0+15x40']\ntruth: ['t 2x40']\n"
     "phases: [{says: Right, from: 5m, until: 8m}]",
     "sum(rate(a[2m]))", "avg(rate(a[2m]))", "the truth is 2, and the panel shows 1",
     "sum(rate(a))"},
    {"dashboard",
     "world: web-shop\npanels: [{says: Rate, query: "
     "'sum(rate(http_requests_total[$__rate_interval]))'}]",
     kBoard, kFixedBoard, "$__rate_interval", "{\"panels\": []}"},
};

TEST(Kinds, JudgeByWhatTheAnswerDoes) {
  for (const Case& one : kCases) {
    const auto exercise = parse_exercise("e.yaml", file_of(one.kind, one.setting, one.right));
    ASSERT_TRUE(exercise) << one.kind << ": " << exercise.error().message;
    const Verdict right = shared_grader().grade(*exercise, one.right);
    EXPECT_EQ(right.outcome, Outcome::Pass)
        << one.kind << ": " << right.message << right.difference;
    for (const Requirement& requirement : right.requirements) EXPECT_TRUE(requirement.holds);
    const Verdict wrong = shared_grader().grade(*exercise, one.wrong);
    EXPECT_EQ(wrong.outcome, Outcome::Wrong) << one.kind << ": " << wrong.message;
    const std::string told = wrong.difference + "\n" + join(wrong.further, "\n");
    EXPECT_NE(told.find(one.told), std::string::npos) << told;
    EXPECT_FALSE(wrong.requirements.empty());
    EXPECT_EQ(shared_grader().grade(*exercise, one.unusable).outcome, Outcome::Invalid) << one.kind;
  }
}

TEST(Kinds, AnyAnswerGetsAVerdict) {
  const std::string answers[] = {
      "[[[[[[[[[[", std::string("\0\xff", 2),  "&a [*a, *a]", "{",
      "---",        std::string(100'000, '-'), "a: b: c",     "rate(a[9y:1ms])"};
  for (const Case& one : kCases) {
    const auto exercise = parse_exercise("e.yaml", file_of(one.kind, one.setting, one.right));
    ASSERT_TRUE(exercise);
    for (const std::string& answer : answers) {
      EXPECT_NE(shared_grader().grade(*exercise, answer).outcome, Outcome::Pass) << one.kind;
    }
  }
}

struct BadSetting {
  const char* kind;
  const char* setting;
  const char* says;
};

TEST(Kinds, RefuseSettingsWithThePlace) {
  const BadSetting table[] = {
      {"rule-edit", "scenarios: [{name: S, series: ['up{']}]", "8:"},
      {"rule-edit", "scenarios: [{name: S, series: ['up 1']}]", "either pages"},
      {"rule-edit", "scenario: []", "scenario"},
      {"relabel-edit", "fixtures: [{name: F}]", "labels"},
      {"route-edit", "events: [now fire a=b]", "now"},
      {"route-edit", "events: [0s explode a=b]", "explode"},
      {"config-edit", "hosts: []", "questions"},
      {"exposition-edit", "{probes: 1}", "probes"},
      {"metric-type", "items: [{name: q, type: timer, why: w}]", "timer"},
      {"predict", "query: up\nasks: colour", "colour"},
      {"chaos-drill", "series: []\ntruth: []\nphases: []", "one series"},
      {"dashboard", "panels: []", "world"},
  };
  for (const BadSetting& row : table) {
    const auto exercise = parse_exercise("e.yaml", file_of(row.kind, row.setting, "x"));
    ASSERT_FALSE(exercise) << row.kind << " " << row.setting;
    const std::string& message = exercise.error().message;
    EXPECT_EQ(message.rfind("e.yaml:", 0), 0u) << message;
    EXPECT_NE(message.find(row.says), std::string::npos) << message;
  }
}

TEST(Kinds, AnUnknownKindIsNamed) {
  const auto exercise = parse_exercise("e.yaml", file_of("promqql", "{}", "x"));
  ASSERT_FALSE(exercise);
  EXPECT_NE(exercise.error().message.find("promqql"), std::string::npos)
      << exercise.error().message;
}

TEST(Kinds, StepsAreJudgedOneByOne) {
  const auto exercise = parse_exercise("e.yaml", R"(format_version: 1
id: 1.1-E1
lesson: 01-a/01-b
title: T
kind: multi-step
task: Two things.
steps:
  - {kind: predict, task: The first, setting: {query: 1 + 1}, starter: '', reference: '2', equivalents: [], misconceptions: [{code: MC22, answer: '3', message: Too much.}]}
  - {kind: predict, task: The second, setting: {query: 2 * 3}, starter: '', reference: '6', equivalents: [], misconceptions: []}
hints: []
explanation: Because.
)");
  ASSERT_TRUE(exercise) << exercise.error().message;
  EXPECT_EQ(exercise->reference, "2\n---\n6");
  EXPECT_EQ(shared_grader().grade(*exercise, "2\n---\n6\n").outcome, Outcome::Pass);
  const Verdict wrong = shared_grader().grade(*exercise, "3\n---\n6");
  EXPECT_EQ(wrong.outcome, Outcome::Wrong);
  EXPECT_EQ(wrong.misconception, "MC22");
  EXPECT_EQ(wrong.message, "Step 1: Too much.");
  ASSERT_EQ(wrong.requirements.size(), 2u);
  EXPECT_FALSE(wrong.requirements[0].holds);
  EXPECT_TRUE(wrong.requirements[1].holds);
  EXPECT_EQ(shared_grader().grade(*exercise, "2").outcome, Outcome::Invalid);
  EXPECT_EQ(shared_grader().grade(*exercise, "2\n---\n6\n---\n7").outcome, Outcome::Wrong);
}

}  // namespace
}  // namespace promenade::grading
