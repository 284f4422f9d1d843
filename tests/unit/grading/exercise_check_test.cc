// tests/unit/grading/exercise_check_test.cc
// A sound exercise has no findings; each way to break it has its own.
#include "grading/exercise_check.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/strings.h"
#include "fixture.h"

namespace promenade::grading {
namespace {

std::string findings(const Exercise& exercise) {
  return join(shared_grader().check(exercise), "\n");
}

TEST(ExerciseCheck, FindsNothingInASoundExercise) {
  EXPECT_EQ(findings(memory_exercise()), "");
}

struct Broken {
  const char* name;
  std::function<void(Exercise&)> damage;
  const char* finding;
};

const Broken kBroken[] = {
    {"id", [](Exercise& e) { e.id = "3-2E1"; }, "id \"3-2E1\" does not look like 3.2-E1"},
    {"id with more", [](Exercise& e) { e.id = "3.2-E1b"; }, "id \"3.2-E1b\" does not look like"},
    {"lesson", [](Exercise& e) { e.lesson = "promql/selectors"; },
     "lesson \"promql/selectors\" does not look like 03-promql-basics/02-selectors"},
    {"code", [](Exercise& e) { e.misconceptions[0].code = "M19"; },
     "misconception code \"M19\" does not look like MC19"},
    {"few equivalents", [](Exercise& e) { e.equivalents.pop_back(); },
     "there are 1 equivalents; write at least 2"},
    {"few misconceptions", [](Exercise& e) { e.misconceptions.resize(2); },
     "there are 2 misconceptions; write at least 3"},
    {"few hints", [](Exercise& e) { e.hints.pop_back(); }, "there are 4 hints; write at least 5"},
    {"empty hint", [](Exercise& e) { e.hints[1].assign(2, ' '); }, "hints[1] is empty"},
    {"repeated hint", [](Exercise& e) { e.hints[2] = e.hints[0]; },
     "hints[2] repeats an earlier hint"},
    {"world", [](Exercise& e) { e.world = "bakery"; },
     "world \"bakery\" cannot be built: there is no workload \"bakery\""},
    {"reference that does not parse", [](Exercise& e) { e.reference = "rate(up)"; },
     "reference does not parse: 1:6: parse error:"},
    {"reference that fails", [](Exercise& e) { e.reference = "up / on(job) http_requests_total"; },
     "reference cannot be evaluated: "},
    {"reference without data", [](Exercise& e) { e.reference = "nothing_like_this"; },
     "the data lacks what the reference asks for: it finds nothing on seed 101"},
    {"starter", [](Exercise& e) { e.starter = e.equivalents[0]; }, "starter passes already"},
    {"equivalent that fails", [](Exercise& e) { e.equivalents[1] = "up"; },
     "equivalents[1] \"up\" does not pass: "},
    {"equivalent that is the reference", [](Exercise& e) { e.equivalents[1] = e.reference; },
     "is written like another one; it proves nothing"},
    {"misconception that passes",
     [](Exercise& e) {
       e.misconceptions[1].query = "process_resident_memory_bytes{job=\"payments\",env=\"prod\"}";
     },
     "passes: the data lacks what would tell it from the reference"},
    {"misconception twice",
     [](Exercise& e) { e.misconceptions[2].query = e.misconceptions[0].query; },
     "misconceptions[2] \"process_resident_memory_bytes\" is not recognised as MC49"},
};

TEST(ExerciseCheck, FindsEveryWayToBreakOne) {
  for (const Broken& broken : kBroken) {
    Exercise exercise = memory_exercise();
    broken.damage(exercise);
    const std::string found = findings(exercise);
    EXPECT_NE(found.find(broken.finding), std::string::npos) << broken.name << ":\n" << found;
  }
}

TEST(ExerciseCheck, TellsMisconceptionsWithOneResultApartByTheirText) {
  Exercise exercise = memory_exercise();
  exercise.misconceptions.push_back(
      {"MC16", "process_resident_memory_bytes{job!=\"\"}", "Every job is a job."});
  EXPECT_EQ(findings(exercise), "");
}

}  // namespace
}  // namespace promenade::grading
