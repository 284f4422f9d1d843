// engine/grading/exercise_check.cc
// Each finding says what is wrong and what to do about it.
#include "grading/exercise_check.h"

#include <set>
#include <string_view>

#include "base/ascii.h"
#include "base/strings.h"
#include "grading/judge.h"
#include "promql/parser/parser.h"

namespace promenade::grading {
namespace {

using Findings = std::vector<std::string>;

size_t digits_at(std::string_view text, size_t at) {
  size_t count = 0;
  while (at + count < text.size() && is_digit(text[at + count])) ++count;
  return count;
}

// "3.2-E1".
bool is_exercise_id(std::string_view id) {
  size_t at = digits_at(id, 0);
  if (at == 0 || id.substr(at, 1) != ".") return false;
  const size_t lesson = digits_at(id, ++at);
  at += lesson;
  if (lesson == 0 || id.substr(at, 2) != "-E") return false;
  const size_t number = digits_at(id, at += 2);
  return number > 0 && at + number == id.size();
}

// "MC19".
bool is_misconception_code(std::string_view code) {
  return code.size() >= 4 && code.substr(0, 2) == "MC" && digits_at(code, 2) == code.size() - 2;
}

// "03-promql-basics".
bool is_numbered_name(std::string_view name) {
  return digits_at(name, 0) == 2 && name.size() > 3 && name[2] == '-';
}

bool is_lesson(std::string_view lesson) {
  const size_t slash = lesson.find('/');
  return slash != std::string_view::npos && is_numbered_name(lesson.substr(0, slash)) &&
         is_numbered_name(lesson.substr(slash + 1));
}

void check_names(const Exercise& exercise, Findings& findings) {
  if (!is_exercise_id(exercise.id)) {
    findings.push_back("id " + quote(exercise.id) +
                       " does not look like 3.2-E1: lesson number, \"-E\", exercise number");
  }
  if (!is_lesson(exercise.lesson)) {
    findings.push_back("lesson " + quote(exercise.lesson) +
                       " does not look like 03-promql-basics/02-selectors: the path of the lesson "
                       "below course/, without .mdx");
  }
  for (const Misconception& misconception : exercise.misconceptions) {
    if (is_misconception_code(misconception.code)) continue;
    findings.push_back("misconception code " + quote(misconception.code) +
                       " does not look like MC19; take one from exercises/misconceptions.md");
  }
}

void check_counts(const Exercise& exercise, Findings& findings) {
  const auto at_least = [&findings](std::string_view what, size_t count, size_t least) {
    if (count >= least) return;
    findings.push_back("there are " + std::to_string(count) + " " + std::string(what) +
                       "; write at least " + std::to_string(least));
  };
  at_least("equivalents", exercise.equivalents.size(), kEquivalentsMin);
  at_least("misconceptions", exercise.misconceptions.size(), kMisconceptionsMin);
  at_least("hints", exercise.hints.size(), kHintsMin);
}

void check_texts(const Exercise& exercise, Findings& findings) {
  std::set<std::string> seen;
  for (size_t i = 0; i < exercise.hints.size(); ++i) {
    const std::string hint(trim(exercise.hints[i]));
    const std::string name = "hints[" + std::to_string(i) + "]";
    if (hint.empty()) {
      findings.push_back(name + " is empty; write the next step towards the answer, or remove it");
    } else if (!seen.insert(hint).second) {
      findings.push_back(name + " repeats an earlier hint; each one should go a step further");
    }
  }
}

std::string because(const Verdict& verdict) {
  return verdict.difference.empty() ? verdict.message : verdict.difference;
}

// Whether the rest of the check makes sense.
bool check_reference(Judge& judge, const HiddenWorlds& worlds, const Exercise& exercise,
                     Findings& findings) {
  Candidate& reference = judge.reference();
  if (reference.parse_error()) {
    findings.push_back("reference does not parse: " +
                       promql::describe_parse_error(exercise.reference, *reference.parse_error()));
    return false;
  }
  if (const auto failure = reference.first_failure()) {
    findings.push_back("reference cannot be evaluated: " +
                       reference.outcome(*failure).error->message);
    return false;
  }
  std::vector<bool> finds_something(worlds.count());
  for (size_t i = 0; i < worlds.probes().size(); ++i) {
    if (!reference.is_asked_at(worlds.probes()[i])) continue;
    if (!reference.outcome(i).series.empty()) finds_something[worlds.probes()[i].world] = true;
  }
  for (size_t world = 0; world < worlds.count(); ++world) {
    if (finds_something[world]) continue;
    findings.push_back("the data lacks what the reference asks for: it finds nothing on seed " +
                       std::to_string(worlds.seed(world)) + "; ask for something that " +
                       exercise.world + " has");
  }
  return true;
}

void check_starter(Judge& judge, const Exercise& exercise, Findings& findings) {
  if (judge.judge(exercise.starter).outcome != Verdict::Outcome::Pass) return;
  findings.push_back("starter passes already; take something away from it");
}

void check_equivalents(Judge& judge, const Exercise& exercise, Findings& findings) {
  std::set<std::string> seen;
  for (size_t i = 0; i < exercise.equivalents.size(); ++i) {
    const std::string& query = exercise.equivalents[i];
    const std::string name = "equivalents[" + std::to_string(i) + "] " + quote(query);
    const Verdict verdict = judge.judge(query);
    if (verdict.outcome != Verdict::Outcome::Pass) {
      findings.push_back(name + " does not pass: " + because(verdict) +
                         " Correct it, or the reference");
    } else if (query == exercise.reference || !seen.insert(query).second) {
      findings.push_back(name + " is written like another one; it proves nothing, remove it");
    }
  }
}

void check_misconceptions(Judge& judge, const Exercise& exercise, Findings& findings) {
  for (size_t i = 0; i < exercise.misconceptions.size(); ++i) {
    const Misconception& misconception = exercise.misconceptions[i];
    const std::string name =
        "misconceptions[" + std::to_string(i) + "] " + quote(misconception.query);
    const Verdict verdict = judge.judge(misconception.query);
    if (verdict.outcome == Verdict::Outcome::Pass) {
      findings.push_back(name +
                         " passes: the data lacks what would tell it from the reference; "
                         "choose another wrong answer, or extend " +
                         exercise.world);
    } else if (verdict.misconception != misconception.code ||
               verdict.message.rfind(misconception.message, 0) != 0) {
      findings.push_back(name + " is not recognised as " + misconception.code +
                         (verdict.misconception.empty()
                              ? " but as unknown"
                              : " with its own message but as " + verdict.misconception) +
                         ": another one has the same query; keep one of them");
    }
  }
}

}  // namespace

std::vector<std::string> check_exercise(HiddenWorlds& worlds, const Exercise& exercise) {
  Findings findings;
  check_names(exercise, findings);
  check_counts(exercise, findings);
  check_texts(exercise, findings);
  const Result<const Queryable*> store = worlds.store(exercise.world, 0);
  if (!store) {
    findings.push_back("world " + quote(exercise.world) +
                       " cannot be built: " + store.error().message);
    return findings;
  }
  Judge judge(worlds, exercise);
  if (!check_reference(judge, worlds, exercise, findings)) return findings;
  check_starter(judge, exercise, findings);
  check_equivalents(judge, exercise, findings);
  check_misconceptions(judge, exercise, findings);
  return findings;
}

}  // namespace promenade::grading
