// tests/unit/grading/exercise_test.cc
// The exercise format: what is read, and what is refused with which words.
#include <gtest/gtest.h>

#include "grading/grader.h"

namespace promenade::grading {
namespace {

constexpr const char* kSound = R"(format_version: 1
id: 3.2-E1
lesson: 03-promql-basics/02-selectors
title: Exactly 500
world: web-shop
task: |
  Show them.
starter: up
reference: 'http_requests_total{status="500"}'
equivalents:
  - a
  - b
misconceptions:
  - code: MC20
    query: c
    message: >-
      Two
      lines.
hints: [one, two, three]
explanation: Because.
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(ParseExercise, ReadsEveryKey) {
  const auto exercise =
      parse_exercise("e.yaml", std::string(kSound) + "ordered: true\nignore_metric_name: true\n");
  ASSERT_TRUE(exercise) << exercise.error().message;
  EXPECT_EQ(exercise->id, "3.2-E1");
  EXPECT_EQ(exercise->lesson, "03-promql-basics/02-selectors");
  EXPECT_EQ(exercise->title, "Exactly 500");
  EXPECT_EQ(exercise->world, "web-shop");
  EXPECT_EQ(exercise->task, "Show them.");
  EXPECT_EQ(exercise->starter, "up");
  EXPECT_EQ(exercise->reference, "http_requests_total{status=\"500\"}");
  EXPECT_EQ(exercise->equivalents, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(exercise->misconceptions.size(), 1u);
  EXPECT_EQ(exercise->misconceptions[0].code, "MC20");
  EXPECT_EQ(exercise->misconceptions[0].query, "c");
  EXPECT_EQ(exercise->misconceptions[0].message, "Two lines.");
  EXPECT_EQ(exercise->hints.size(), 3u);
  EXPECT_EQ(exercise->explanation, "Because.");
  EXPECT_TRUE(exercise->ordered);
  EXPECT_TRUE(exercise->ignore_metric_name);
}

TEST(ParseExercise, SwitchesAreOffUnlessTheyAreSet) {
  const auto exercise = parse_exercise("e.yaml", kSound);
  ASSERT_TRUE(exercise);
  EXPECT_FALSE(exercise->ordered);
  EXPECT_FALSE(exercise->ignore_metric_name);
}

struct Rejected {
  const char* from;
  const char* to;
  const char* place;  // "LINE:COLUMN: ", or its beginning.
  const char* says;   // A part of the message.
};

TEST(ParseExercise, NamesLineAndColumnOfWhatIsWrong) {
  const Rejected table[] = {
      {"format_version: 1", "format_version: 2", "1:17: ", "write format_version: 1"},
      {"format_version: 1\n", "", "1:1: ", "format_version"},
      {"format_version: 1", "format_version: one", "1:17: ", "\"one\""},
      {"title: Exactly 500\n", "", "1:1: ", "title"},
      {"title: Exactly 500", "title: ''", "4:8: ", "must not be empty"},
      {"title: Exactly 500", "title: [a]", "4:8: ", "a list"},
      {"title:", "titel:", "", "title"},
      {"task: |\n  Show them.", "task: '  '", "6:7: ", "task must not be empty"},
      {"equivalents:\n  - a\n  - b\n", "equivalents: none\n", "10:14: ", "\"none\""},
      {"    query: c\n", "", "14:5: ", "query"},
      {"    query: c\n", "    query: c\n    hint: x\n", "16:5: ", "hint"},
      {"hints: [one, two, three]", "hints: {a: b}", "", "hints"},
      {"explanation: Because.", "explanation: Because.\nordered: perhaps",
       "21:10: ", "\"perhaps\""},
      {"hints: [one, two, three]", "hints: [one", "", "e.yaml:"},
  };
  for (const Rejected& row : table) {
    const std::string yaml = replaced(kSound, row.from, row.to);
    const auto exercise = parse_exercise("e.yaml", yaml);
    ASSERT_FALSE(exercise) << row.to;
    const std::string& message = exercise.error().message;
    EXPECT_EQ(exercise.error().code, ErrorCode::BadData);
    EXPECT_EQ(message.rfind("e.yaml:" + std::string(row.place), 0), 0u) << message;
    EXPECT_NE(message.find(row.says), std::string::npos) << message;
  }
}

TEST(ParseExercise, RefusesAnEmptyFile) {
  EXPECT_FALSE(parse_exercise("e.yaml", ""));
  EXPECT_FALSE(parse_exercise("e.yaml", "- a list"));
}

}  // namespace
}  // namespace promenade::grading
