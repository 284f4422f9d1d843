#pragma once  // tests/unit/grading/fixture.h
// One small, sound exercise, and one grader whose worlds all tests share.
#include <string>

#include "grading/grader.h"

namespace promenade::grading {

// Short histories and two seeds keep the tests fast; the seeds differ in their instances.
inline Grader& shared_grader() {
  static Grader grader(Grader::Options{{101, 203}, Duration::minutes(40)});
  return grader;
}

inline Exercise memory_exercise() {
  Exercise exercise;
  exercise.id = "1.1-E1";
  exercise.lesson = "01-start/01-memory";
  exercise.title = "Memory";
  exercise.task = "Show the memory of payments.";
  exercise.world = "web-shop";
  exercise.starter = "process_resident_memory_bytes";
  exercise.reference = "process_resident_memory_bytes{job=\"payments\"}";
  exercise.equivalents = {"process_resident_memory_bytes{job=~\"pay.*\"}",
                          "(process_resident_memory_bytes{job='payments'})"};
  exercise.misconceptions = {
      {"MC28", "process_resident_memory_bytes", "These are all services."},
      {"MC19", "process_resident_memory_bytes{job=~\"pay\"}", "A pattern matches the whole value."},
      {"MC49", "process_resident_memory_bytes{job=payments}", "Values stand in quotes."},
      {"MC23", "sum(process_resident_memory_bytes{job=\"payments\"})", "That is their sum."}};
  exercise.hints = {"How many lines?", "Which label?", "It is job.", "As in {job=\"web\"}.",
                    "Its value is payments."};
  exercise.explanation = "A matcher keeps what meets its condition.";
  return exercise;
}

}  // namespace promenade::grading
