// tests/unit/grading/kinds_test.cc
// Each kind on a small exercise: a right answer, a wrong one with what it is told, and answers of
// any content, which get a verdict. And settings that are refused, with the place.
#include <gtest/gtest.h>

#include <tuple>

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

constexpr const char* kScraped = R"(hosts:
  - {address: 'h:1', series: ['jobs 5x100'], stops: 2m}
config: |
  global: {scrape_interval: 15s}
  scrape_configs: [{job_name: a, static_configs: [{targets: ['h:1']}]}]
at: 4m
query: sum(up) or vector(7))";

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
    {"predict", kScraped, "0", "1", "computes something else", ""},
    {"choice", "pick: one\noptions: {a: A, b: B, c: C}", "b", "c", "Another one fits better", "d"},
    {"choice", "pick: all\noptions: {a: A, b: B, c: C, d: D}", "b, c", "a b",
     "Of what is chosen, 1 of 2 holds", "b; c"},
    {"choice", "pick: order\noptions: {a: A, b: B, c: C}", "b, c, a", "b\na\nc",
     "1 of 3 stands where it belongs", "a, b"},
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
      {"predict", "hosts: [{address: 'h:1'}]\nquery: up", "need a config"},
      {"predict", "hosts: [{address: 'h:1', starts: 1m}]\nconfig: '{}'\nquery: up", "stops"},
      {"predict", "config: 'scrape_configs: 7'\nquery: up", "scrape_configs"},
      {"predict", "config: '{}'\nat: 9d\nquery: up", "2h"},
      {"choice", "pick: some\noptions: {x: X, y: Y}", "some"},
      {"choice", "options: {x: X, y: Y}", "pick"},
      {"choice", "pick: one\noptions: {x: X}", "2 to 12 options"},
      {"choice", "pick: order\noptions: {x: X, y: Y}", "3 to 12 options"},
      {"choice", "pick: one\noptions: {x: X, Y_1: Y}", "small letters"},
      {"choice", "pick: one\noptions: {a: A, b: B}", "the reference is no answer"},
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

struct ChoiceCase {
  const char* setting;
  const char* reference;
  const char* answer;
  Outcome outcome;
  const char* says;
};

TEST(Kinds, ChoicesAreExplained) {
  constexpr const char* kOne = "pick: one\noptions: {push: A, pull: B}";
  constexpr const char* kAll = "pick: all\noptions: {a: A, b: B, c: C}";
  constexpr const char* kOrder = "pick: order\noptions: {a: A, b: B, c: C}";
  const ChoiceCase table[] = {
      {kOne, "pull", " Pull\n", Outcome::Pass, "Correct."},
      {kOne, "pull", "pusj", Outcome::Invalid, "did you mean `push`?"},
      {kOne, "pull", "pull push", Outcome::Invalid, "choose one; the answer names 2"},
      {kOne, "pull", ",", Outcome::Invalid, "nothing is chosen"},
      {kAll, "a, c", "C a, a", Outcome::Pass, "Correct."},
      {kAll, "a, c", "a", Outcome::Wrong, "Not yet"},
      {kAll, "a, c", "b", Outcome::Wrong, "Not yet"},
      {kOrder, "c, a, b", "c\na\nb", Outcome::Pass, "Correct."},
      {kOrder, "c, a, b", "a, c", Outcome::Invalid, "`b` is missing"},
      {kOrder, "c, a, b", "a, c, a", Outcome::Invalid, "`a` stands there twice"},
  };
  for (const ChoiceCase& row : table) {
    const auto exercise = parse_exercise("e.yaml", file_of("choice", row.setting, row.reference));
    ASSERT_TRUE(exercise) << exercise.error().message;
    const Verdict verdict = shared_grader().grade(*exercise, row.answer);
    EXPECT_EQ(verdict.outcome, row.outcome) << row.answer << ": " << verdict.message;
    EXPECT_NE(verdict.message.find(row.says), std::string::npos) << verdict.message;
  }
}

// Whoever puts the wrong thing first goes wrong after that, too.
TEST(Kinds, AMisconceptionOfAnOrderIsItsFirstMistake) {
  auto exercise = parse_exercise(
      "e.yaml", file_of("choice", "pick: order\noptions: {a: A, b: B, c: C}", "a, b, c"));
  ASSERT_TRUE(exercise) << exercise.error().message;
  exercise->misconceptions = {{"MC01", "b, a, c", "Not b."}, {"MC02", "a, c, b", "Not c."}};
  exercise->source.clear();
  EXPECT_EQ(shared_grader().grade(*exercise, "b, c, a").misconception, "MC01");
  EXPECT_EQ(shared_grader().grade(*exercise, "a, c, b").misconception, "MC02");
  EXPECT_EQ(shared_grader().grade(*exercise, "c, a, b").misconception, "");
}

TEST(Kinds, MutantsOfAChoiceAreAllWrong) {
  for (const auto& [pick, reference, count] :
       {std::tuple("one", "b", 3), std::tuple("all", "a, b", 9),
        std::tuple("order", "d, a, c, b", 9)}) {
    const auto exercise = parse_exercise(
        "e.yaml",
        file_of("choice", "pick: " + std::string(pick) + "\noptions: {a: A, b: B, c: C, d: D}",
                reference));
    ASSERT_TRUE(exercise) << exercise.error().message;
    const CheckReport report = shared_grader().prove(*exercise);
    EXPECT_EQ(report.counts.generated, static_cast<size_t>(count)) << pick;
    EXPECT_EQ(report.counts.generated_passing, 0u);
  }
}

// What only a running Prometheus shows. Scrapes begin somewhere in the first interval.
TEST(Kinds, PredictionsOfWhatIsScraped) {
  struct Row {
    const char* host;
    const char* job;
    const char* query;
    const char* truth;
  };
  const Row table[] = {
      {"page: rubbish", "job_name: a", "up", "0"},
      {"page: \"m 1\\n\", status: 500", "job_name: a", "up", "0"},
      {"page: \"m 1\\n\", latency: 11s", "job_name: a", "up", "0"},
      {"page: \"m 1\\n\"", "job_name: a", "up", "1"},
      {"page: \"m{job=\\\"x\\\"} 1\\n\"", "job_name: a", "count(m{exported_job=\"x\"})", "1"},
      {"series: ['m 0+15x40']", "job_name: a", "rate(m[1m])", "1"},
      {"series: ['m 1x4']", "job_name: a", "count(m)", "nothing"},
      {"series: ['m 1x40'], stops: 2m30s", "job_name: a", "count(m)", "nothing"},
      {"series: ['m 1x40'], stops: 1m, starts: 2m", "job_name: a", "m", "1"},
      {"page: \"m 1\\n\"", "{job_name: a, scrape_interval: 30s, scrape_timeout: 5s}",
       "count_over_time(up[2m])", "4"},
  };
  for (const Row& row : table) {
    const std::string job =
        row.job[0] == '{' ? std::string(row.job) : "{" + std::string(row.job) + "}";
    const std::string setting =
        "hosts: [{address: 'h:1', " + std::string(row.host) +
        "}]\nconfig: |\n  global: {scrape_interval: 15s}\n  scrape_configs:\n    - " +
        job.substr(0, job.size() - 1) +
        ", static_configs: [{targets: ['h:1']}]}\nat: 3m\nquery: '" + row.query + "'";
    const auto exercise = parse_exercise("e.yaml", file_of("predict", setting, row.truth));
    ASSERT_TRUE(exercise) << exercise.error().message;
    const Verdict verdict = shared_grader().grade(*exercise, row.truth);
    EXPECT_EQ(verdict.outcome, Outcome::Pass)
        << row.query << " of " << row.host << ": " << exercise->behaviour->truth();
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
