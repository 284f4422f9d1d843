// engine/grading/verdict_json.cc
// The verdict as the page reads it: Verdict in site/src/engine/types.ts.
#include "api/json_writer.h"
#include "grading/grader.h"

namespace promenade::grading {
namespace {

std::string_view outcome_name(Verdict::Outcome outcome) {
  switch (outcome) {
    case Verdict::Outcome::Pass:
      return "pass";
    case Verdict::Outcome::Wrong:
      return "wrong";
    case Verdict::Outcome::Invalid:
      break;
  }
  return "invalid";
}

}  // namespace

std::string to_json(const Verdict& verdict) {
  std::string text;
  api::JsonWriter json(text);
  json.begin_object();
  json.field("outcome", outcome_name(verdict.outcome));
  json.field("message", verdict.message);
  json.field("misconception", verdict.misconception);
  json.field("difference", verdict.difference);
  if (verdict.span) {
    json.key("span");
    json.begin_object();
    json.key("begin");
    json.unsigned_integer(verdict.span->begin);
    json.key("end");
    json.unsigned_integer(verdict.span->end);
    json.end_object();
  }
  json.end_object();
  return text;
}

}  // namespace promenade::grading
