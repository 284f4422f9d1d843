// engine/grading/verdict_json.cc
// The verdict as the page reads it: Verdict in site/src/engine/types.ts.
#include "api/json_writer.h"
#include "grading/verdict.h"

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

// What is empty is left out.
void write_texts(api::JsonWriter& json, std::string_view name,
                 const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  json.key(name);
  json.begin_array();
  for (const std::string& text : texts) json.string(text);
  json.end_array();
}

void write_requirements(api::JsonWriter& json, const std::vector<Requirement>& requirements) {
  if (requirements.empty()) return;
  json.key("requirements");
  json.begin_array();
  for (const Requirement& requirement : requirements) {
    json.begin_object();
    json.field("text", requirement.text);
    json.key("holds");
    json.boolean(requirement.holds);
    json.end_object();
  }
  json.end_array();
}

void write_rows(api::JsonWriter& json, std::string_view name,
                const std::vector<Counterexample::Row>& rows) {
  json.key(name);
  json.begin_array();
  for (const Counterexample::Row& row : rows) {
    json.begin_object();
    json.field("name", row.name);
    json.field("value", row.value);
    json.end_object();
  }
  json.end_array();
}

void write_counterexample(api::JsonWriter& json, const Counterexample& example) {
  json.key("counterexample");
  json.begin_object();
  json.key("time");
  json.sample_time(example.time_ms);
  json.key("series");
  json.begin_array();
  for (const Counterexample::Series& series : example.series) {
    json.begin_object();
    json.field("name", series.name);
    json.key("samples");
    json.begin_array();
    for (const auto& [time_ms, value] : series.samples) {
      json.begin_array();
      json.sample_time(time_ms);
      json.sample_value(value);
      json.end_array();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  write_rows(json, "expected", example.expected);
  write_rows(json, "found", example.found);
  json.end_object();
}

}  // namespace

std::string to_json(const Verdict& verdict) {
  std::string text;
  api::JsonWriter json(text);
  json.begin_object();
  json.field("outcome", outcome_name(verdict.outcome));
  json.field("message", verdict.message);
  json.field("misconception", verdict.misconception);
  if (!verdict.misconception_name.empty()) {
    json.field("misconceptionName", verdict.misconception_name);
  }
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
  write_texts(json, "further", verdict.further);
  write_requirements(json, verdict.requirements);
  if (verdict.is_near) {
    json.key("isNear");
    json.boolean(true);
  }
  if (!verdict.computes.empty()) json.field("computes", verdict.computes);
  if (verdict.counterexample) write_counterexample(json, *verdict.counterexample);
  write_texts(json, "remarks", verdict.remarks);
  json.end_object();
  return text;
}

}  // namespace promenade::grading
