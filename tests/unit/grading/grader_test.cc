// tests/unit/grading/grader_test.cc
// Every kind of verdict, on one tiny exercise.
#include "grading/grader.h"

#include <gtest/gtest.h>

#include "fixture.h"

namespace promenade::grading {
namespace {

using Outcome = Verdict::Outcome;

Verdict grade(std::string_view answer, const Exercise& exercise = memory_exercise()) {
  return shared_grader().grade(exercise, answer);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Grader, PassesTheReferenceAndWhateverMeansTheSame) {
  const Verdict same = grade("process_resident_memory_bytes{job=\"payments\"}");
  EXPECT_EQ(same.outcome, Outcome::Pass);
  EXPECT_TRUE(contains(same.message, "Correct"));
  EXPECT_FALSE(contains(same.message, "differently"));
  const Verdict other = grade("process_resident_memory_bytes{instance=~\"payments-.*\"}");
  EXPECT_EQ(other.outcome, Outcome::Pass);
  EXPECT_TRUE(contains(other.message, "You wrote it differently from us"));
  EXPECT_EQ(other.misconception, "");
  EXPECT_EQ(other.difference, "");
}

TEST(Grader, DoesNotMindBlanksAndParentheses) {
  const Verdict verdict = grade("  ( process_resident_memory_bytes { job = \"payments\" } )\n");
  EXPECT_EQ(verdict.outcome, Outcome::Pass);
  EXPECT_FALSE(contains(verdict.message, "differently"));
}

TEST(Grader, AListOfInstancesIsNotTheService) {
  const Verdict verdict =
      grade("process_resident_memory_bytes{instance=~\"payments-1:8080|payments-2:8080\"}");
  EXPECT_EQ(verdict.outcome, Outcome::Wrong);
  EXPECT_TRUE(contains(verdict.difference, "payments-3:8080")) << verdict.difference;
}

TEST(Grader, RecognisesAMistakeByItsResult) {
  const Verdict verdict = grade("process_resident_memory_bytes{job=~\".+\"}");
  EXPECT_EQ(verdict.outcome, Outcome::Wrong);
  EXPECT_EQ(verdict.misconception, "MC28");
  EXPECT_EQ(verdict.message, "These are all services.");
  EXPECT_TRUE(contains(verdict.difference, "Too many by")) << verdict.difference;
}

TEST(Grader, RecognisesAnEmptyResultByItsCause) {
  const Verdict same_cause = grade("process_resident_memory_bytes{job=~\"ments\"}");
  EXPECT_EQ(same_cause.misconception, "MC19");
  const Verdict other_cause = grade("process_resident_memory_byte{job=\"payments\"}");
  EXPECT_EQ(other_cause.outcome, Outcome::Wrong);
  EXPECT_EQ(other_cause.misconception, "");
  EXPECT_TRUE(contains(other_cause.message, "Did you mean `process_resident_memory_bytes`?"))
      << other_cause.message;
  EXPECT_TRUE(contains(other_cause.difference, "none found"));
}

TEST(Grader, RecognisesAnAnswerThatDoesNotParseByItsErrorAndText) {
  const Verdict known = grade("process_resident_memory_bytes{ job=payments }");
  EXPECT_EQ(known.outcome, Outcome::Invalid);
  EXPECT_EQ(known.misconception, "MC49");
  EXPECT_EQ(known.message.rfind("Values stand in quotes. (1:", 0), 0u) << known.message;
  ASSERT_TRUE(known.span);
  EXPECT_EQ(known.span->begin, 35u);
  const Verdict unknown = grade("sum(up{job=payments}) / 3 + quite_another_thing");
  EXPECT_EQ(unknown.outcome, Outcome::Invalid);
  EXPECT_EQ(unknown.misconception, "");
}

TEST(Grader, SaysWhatIsDifferentAboutAnUnknownMistake) {
  const Verdict verdict =
      grade("process_resident_memory_bytes{job=\"payments\"} + process_open_fds");
  EXPECT_EQ(verdict.outcome, Outcome::Wrong);
  EXPECT_EQ(verdict.misconception, "");
  EXPECT_FALSE(verdict.is_near);
  EXPECT_TRUE(contains(verdict.message, "Not yet")) << verdict.message;
  EXPECT_FALSE(verdict.computes.empty());
  const Verdict empty = grade("process_resident_memory_bytes{job=\"payment\"}");
  EXPECT_TRUE(contains(empty.difference, "series expected")) << empty.difference;
}

TEST(Grader, ASlippedUnitIsNearAndNamed) {
  const Verdict verdict = grade("process_resident_memory_bytes{job=\"payments\"} / 1024");
  EXPECT_EQ(verdict.outcome, Outcome::Wrong);
  EXPECT_TRUE(verdict.is_near);
  EXPECT_EQ(verdict.misconception, "MC22");
  EXPECT_EQ(verdict.misconception_name, "the unit or the scale will be right");
  EXPECT_TRUE(contains(verdict.message, "1024 times too small")) << verdict.message;
}

TEST(Grader, OneStepFromTheGoalIsNearAndSaysWhere) {
  const Verdict verdict = grade("process_resident_memory_bytes{job=\"payments\"} offset 10m");
  EXPECT_TRUE(verdict.is_near);
  EXPECT_EQ(verdict.misconception, "MC26");
  EXPECT_TRUE(contains(verdict.message, "one step away")) << verdict.message;
}

TEST(Grader, TicksTheRequirementsThatHold) {
  const auto ticks = [](const Verdict& verdict) {
    std::string text;
    for (const Requirement& requirement : verdict.requirements) {
      text += requirement.holds ? '+' : '-';
    }
    return text;
  };
  EXPECT_EQ(ticks(grade("process_resident_memory_bytes{job=\"payments\"}")), "++++++");
  EXPECT_EQ(ticks(grade("process_resident_memory_bytes{job=\"payments\"} offset 10m")), "+++---");
  EXPECT_EQ(ticks(grade("process_resident_memory_bytes")), "++----");
  EXPECT_EQ(ticks(grade("42")), "------");
  // The second world of the tests has no third instance.
  const Verdict listed =
      grade("process_resident_memory_bytes{instance=~\"payments-1:8080|payments-2:8080\"}");
  EXPECT_EQ(ticks(listed).substr(0, 2), "++");
  EXPECT_EQ(ticks(listed).back(), '-');
}

TEST(Grader, ShowsTheSmallestDataOnWhichTheAnswerDiffers) {
  Exercise exercise = memory_exercise();
  exercise.reference = "sum by (job) (rate(http_requests_total[5m]))";
  const Verdict verdict = grade("rate(sum by (job) (http_requests_total)[5m:15s])", exercise);
  ASSERT_TRUE(verdict.counterexample);
  EXPECT_LE(verdict.counterexample->series.size(), 3u);
  EXPECT_LE(verdict.counterexample->sample_count(), 10u);
  EXPECT_NE(verdict.counterexample->expected.front().value,
            verdict.counterexample->found.front().value);
}

TEST(Grader, APassMayComeWithRemarks) {
  Exercise exercise = memory_exercise();
  exercise.reference = "count(up == 1)";
  const Verdict verdict = grade("count(up == 1) and on () count({__name__=~\".+\"})", exercise);
  EXPECT_EQ(verdict.outcome, Outcome::Pass);
  EXPECT_FALSE(verdict.remarks.empty());
}

TEST(Grader, SaysWhereAnAnswerDoesNotParse) {
  const Verdict verdict = grade("rate(up)");
  EXPECT_EQ(verdict.outcome, Outcome::Invalid);
  EXPECT_TRUE(contains(verdict.message, "1:6: parse error:")) << verdict.message;
  ASSERT_TRUE(verdict.span);
  EXPECT_EQ(verdict.span->begin, 5u);
  EXPECT_EQ(verdict.span->end, 7u);
}

TEST(Grader, AnAnswerThatFailsToEvaluateIsInvalid) {
  const Verdict verdict = grade("up / on(job) http_requests_total");
  EXPECT_EQ(verdict.outcome, Outcome::Invalid);
  EXPECT_TRUE(contains(verdict.message, "cannot be evaluated")) << verdict.message;
}

TEST(Grader, AnotherTypeIsWrongWithBothTypesExplained) {
  const Verdict range = grade("process_resident_memory_bytes{job=\"payments\"}[5m]");
  EXPECT_EQ(range.outcome, Outcome::Wrong);
  EXPECT_TRUE(contains(range.message, "another kind of result"));
  EXPECT_TRUE(contains(range.difference, "a range vector")) << range.difference;
  EXPECT_TRUE(contains(grade("42").difference, "a scalar"));
  EXPECT_TRUE(contains(grade("\"text\"").difference, "a string"));
}

TEST(Grader, AMissingAnswerIsInvitedNotScolded) {
  for (const char* answer : {"", "  \n"}) {
    const Verdict verdict = grade(answer);
    EXPECT_EQ(verdict.outcome, Outcome::Invalid);
    EXPECT_TRUE(contains(verdict.message, "There is no query yet"));
  }
}

TEST(Grader, NumbersCannotBeHardCoded) {
  Exercise exercise = memory_exercise();
  exercise.reference = "count(up)";
  exercise.misconceptions.clear();
  EXPECT_EQ(grade("vector(12)", exercise).outcome, Outcome::Wrong);
  EXPECT_EQ(grade("vector(13)", exercise).outcome, Outcome::Wrong);
  EXPECT_EQ(grade("sum(up * 0 + 1)", exercise).outcome, Outcome::Pass);
}

TEST(Grader, TheNameMayBeIgnored) {
  Exercise exercise = memory_exercise();
  exercise.reference = "up * 1";
  EXPECT_EQ(grade("up", exercise).outcome, Outcome::Wrong);
  exercise.ignore_metric_name = true;
  EXPECT_EQ(grade("up", exercise).outcome, Outcome::Pass);
}

TEST(Grader, OrderMayCount) {
  Exercise exercise = memory_exercise();
  exercise.reference = "sort(process_cpu_seconds_total)";
  EXPECT_EQ(grade("process_cpu_seconds_total", exercise).outcome, Outcome::Pass);
  exercise.ordered = true;
  EXPECT_EQ(grade("sort(process_cpu_seconds_total)", exercise).outcome, Outcome::Pass);
  const Verdict unsorted = grade("sort_desc(process_cpu_seconds_total)", exercise);
  EXPECT_EQ(unsorted.outcome, Outcome::Wrong);
  EXPECT_TRUE(contains(unsorted.difference, "another order")) << unsorted.difference;
}

TEST(Grader, HostileAnswersStayCheap) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "(";
  for (const std::string& answer : {std::string("rate(up[20000h:1s])"),
                                    std::string("max_over_time({__name__=~\".+\"}[9y:1ms])"),
                                    std::string("sum(count_over_time({__name__=~\".+\"}[40m:1s]))"),
                                    deep, std::string(100'000, 'x'), std::string("\0\xff{\"", 4)}) {
    EXPECT_NE(grade(answer).outcome, Outcome::Pass) << answer.substr(0, 80);
  }
}

TEST(Grader, AnExerciseWithoutAWorldIsTheAuthorsFault) {
  Exercise exercise = memory_exercise();
  exercise.world = "bakery";
  const Verdict verdict = grade("up", exercise);
  EXPECT_EQ(verdict.outcome, Outcome::Invalid);
  EXPECT_TRUE(
      contains(verdict.message, "This exercise is broken: there is no workload \"bakery\""));
}

TEST(VerdictJson, IsWhatThePageReads) {
  Verdict verdict;
  verdict.outcome = Outcome::Wrong;
  verdict.message = "A \"quoted\" word";
  verdict.misconception = "MC19";
  verdict.difference = "3 < 4";
  EXPECT_EQ(
      to_json(verdict),
      "{\"outcome\":\"wrong\",\"message\":\"A \\\"quoted\\\" word\",\"misconception\":\"MC19\","
      "\"difference\":\"3 \\u003c 4\"}");
  Verdict pass;
  pass.outcome = Outcome::Pass;
  pass.message = "Yes.";
  pass.remarks = {"Shorter."};
  EXPECT_EQ(to_json(pass),
            "{\"outcome\":\"pass\",\"message\":\"Yes.\",\"misconception\":\"\",\"difference\":\"\","
            "\"remarks\":[\"Shorter.\"]}");
  Verdict full;
  full.outcome = Outcome::Invalid;
  full.message = "No.";
  full.further = {"And this."};
  full.misconception = "MC06";
  full.misconception_name = "sum first, rate later";
  full.span = SourceSpan{2, 7};
  full.requirements = {{"It runs", false}};
  full.is_near = true;
  full.computes = "A sum.";
  full.counterexample =
      Counterexample{60'000, {{"a_total", {{30'000, 1}, {45'000, 2.5}}}}, {{"{}", "1"}}, {}};
  EXPECT_EQ(to_json(full),
            "{\"outcome\":\"invalid\",\"message\":\"No.\",\"misconception\":\"MC06\","
            "\"misconceptionName\":\"sum first, rate later\",\"difference\":\"\","
            "\"span\":{\"begin\":2,\"end\":7},\"further\":[\"And this.\"],"
            "\"requirements\":[{\"text\":\"It runs\",\"holds\":false}],\"isNear\":true,"
            "\"computes\":\"A sum.\",\"counterexample\":{\"time\":60,\"series\":[{\"name\":"
            "\"a_total\",\"samples\":[[30,\"1\"],[45,\"2.5\"]]}],\"expected\":[{\"name\":\"{}\","
            "\"value\":\"1\"}],\"found\":[]}}");
}

}  // namespace
}  // namespace promenade::grading
