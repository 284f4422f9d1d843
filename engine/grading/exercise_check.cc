// engine/grading/exercise_check.cc
// Each finding says what is wrong and what to do about it.
#include "grading/exercise_check.h"

#include <set>
#include <string_view>

#include "base/ascii.h"
#include "base/strings.h"
#include "grading/answer_mutants.h"
#include "grading/behaviour_judge.h"
#include "grading/judge.h"
#include "grading/mutants.h"
#include "grading/random_store.h"
#include "grading/rewrites.h"
#include "grading/steps_judge.h"
#include "promql/parser/parser.h"
#include "sim/world.h"

namespace promenade::grading {
namespace {

using Findings = std::vector<std::string>;

// A reference shorter than this may stand in any hint by chance: `up`.
constexpr size_t kTellingBytesMin = 12;

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
}

void check_hints(const Exercise& exercise, Findings& findings) {
  if (exercise.hints.size() < kHintsMin) {
    findings.push_back("there are " + std::to_string(exercise.hints.size()) +
                       " hints; write at least " + std::to_string(kHintsMin));
  }
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
  // Hints are ordered when none before the last is the answer already.
  for (size_t i = 0; i + 1 < exercise.hints.size(); ++i) {
    const bool tells_all = exercise.reference.size() > kTellingBytesMin &&
                           exercise.hints[i].find(exercise.reference) != std::string::npos;
    if (tells_all) {
      findings.push_back("hints[" + std::to_string(i) +
                         "] holds the whole answer; only the last one may");
    }
  }
}

std::string because(const Verdict& verdict) {
  return verdict.difference.empty() ? verdict.message : verdict.difference;
}

// Proves one question: the exercise itself, or one of its steps.
class QuestionCheck {
 public:
  // `where` stands before every finding: "step 2: ".
  QuestionCheck(HiddenWorlds& worlds, const Question& question, std::string where,
                const Stopwatch& stopwatch, CheckReport& report)
      : worlds_(worlds),
        question_(question),
        where_(std::move(where)),
        stopwatch_(stopwatch),
        report_(report) {}

  void run(Generators generators) {
    check_counts();
    check_codes();
    if (is_promql(question_)) {
      const Result<const Queryable*> store = worlds_.store(question_.world, 0);
      if (!store) {
        return add("world " + quote(question_.world) +
                   " cannot be built: " + store.error().message);
      }
      Judge judge(worlds_, question_);
      if (!check_reference(judge)) return;
      check_answers(judge);
      if (stopwatch_) time_searches(judge);
      if (generators == Generators::Run) run_generators(judge, **store);
    } else {
      BehaviourJudge judge(worlds_, question_);
      const Verdict verdict = judge.judge(question_.reference);
      if (verdict.outcome != Verdict::Outcome::Pass) {
        const std::string truth = question_.behaviour->truth();
        return add("reference does not pass: " + because(verdict) +
                   (truth.empty() ? "" : " It is " + quote(truth)));
      }
      check_answers(judge);
      if (generators == Generators::Run) run_generators(judge);
    }
  }

 private:
  void add(const std::string& finding) { report_.findings.push_back(where_ + finding); }

  void check_counts() {
    const auto at_least = [this](std::string_view what, size_t count, size_t least) {
      if (count >= least) return;
      add("there are " + std::to_string(count) + " " + std::string(what) + "; write at least " +
          std::to_string(least));
    };
    const Least least = question_.behaviour == nullptr ? Least() : question_.behaviour->least();
    at_least("equivalents", question_.equivalents.size(), least.equivalents);
    at_least("misconceptions", question_.misconceptions.size(), least.misconceptions);
  }

  void check_codes() {
    for (const Misconception& misconception : question_.misconceptions) {
      if (is_misconception_code(misconception.code)) continue;
      add("misconception code " + quote(misconception.code) +
          " does not look like MC19; take one from exercises/misconceptions.md");
    }
  }

  // Whether the rest of the check makes sense.
  bool check_reference(Judge& judge) {
    Candidate& reference = judge.reference();
    if (reference.parse_error()) {
      add("reference does not parse: " +
          promql::describe_parse_error(question_.reference, *reference.parse_error()));
      return false;
    }
    if (const auto failure = reference.first_failure()) {
      add("reference cannot be evaluated: " + reference.outcome(*failure).error->message);
      return false;
    }
    std::vector<bool> finds_something(worlds_.count());
    for (size_t i = 0; i < worlds_.probes().size(); ++i) {
      if (!reference.is_asked_at(worlds_.probes()[i])) continue;
      if (!reference.outcome(i).series.empty()) finds_something[worlds_.probes()[i].world] = true;
    }
    for (size_t world = 0; world < worlds_.count(); ++world) {
      if (finds_something[world]) continue;
      add("the data lacks what the reference asks for: it finds nothing on seed " +
          std::to_string(worlds_.seed(world)) + "; ask for something that " + question_.world +
          " has");
    }
    return true;
  }

  void check_answers(AnswerJudge& judge) {
    check_starter(judge);
    check_equivalents(judge);
    check_misconceptions(judge);
  }

  void check_starter(AnswerJudge& judge) {
    const Verdict verdict = judge.judge(question_.starter);
    if (verdict.outcome == Verdict::Outcome::Pass) {
      return add("starter passes already; take something away from it");
    }
    if (question_.kind == "fix-the-bug" && verdict.misconception.empty()) {
      add("starter is the bug to fix, and no misconception tells it; write one with the starter as "
          "its query");
    }
  }

  void check_equivalents(AnswerJudge& judge) {
    std::set<std::string> seen;
    for (size_t i = 0; i < question_.equivalents.size(); ++i) {
      const std::string& answer = question_.equivalents[i];
      const std::string name = "equivalents[" + std::to_string(i) + "] " + quote(answer);
      const Verdict verdict = judge.judge(answer);
      ++report_.counts.equivalents;
      if (verdict.outcome != Verdict::Outcome::Pass) {
        add(name + " does not pass: " + because(verdict) + " Correct it, or the reference");
        continue;
      }
      ++report_.counts.equivalents_accepted;
      if (answer == question_.reference || !seen.insert(answer).second) {
        add(name + " is written like another one; it proves nothing, remove it");
      }
    }
  }

  void check_misconceptions(AnswerJudge& judge) {
    for (size_t i = 0; i < question_.misconceptions.size(); ++i) {
      const Misconception& misconception = question_.misconceptions[i];
      const std::string name =
          "misconceptions[" + std::to_string(i) + "] " + quote(misconception.query);
      const Verdict verdict = judge.judge(misconception.query);
      ++report_.counts.mutants;
      if (verdict.outcome == Verdict::Outcome::Pass) {
        add(name +
            " passes: the data lacks what would tell it from the reference; "
            "choose another wrong answer, or extend " +
            (question_.world.empty() ? "the setting" : question_.world));
        continue;
      }
      ++report_.counts.mutants_rejected;
      const bool is_named = verdict.misconception == misconception.code &&
                            verdict.message.rfind(misconception.message, 0) == 0;
      report_.counts.mutants_named += is_named ? 1 : 0;
      if (is_named) continue;
      add(name + " is not recognised as " + misconception.code +
          (verdict.misconception.empty()
               ? " but as unknown"
               : " with its own message but as " + verdict.misconception) +
          ": another one has the same query; keep one of them");
    }
  }

  // The searches for the tables that the known mistakes show.
  void time_searches(Judge& judge) {
    judge.measure_with(stopwatch_);
    for (const Misconception& misconception : question_.misconceptions) {
      const Verdict verdict = judge.judge(misconception.query);
      if (!verdict.counterexample) continue;
      report_.searches.push_back({judge.last_search_ns(), verdict.counterexample->series.size(),
                                  verdict.counterexample->sample_count()});
    }
  }

  void run_generators(Judge& judge, const Queryable& store) {
    Candidate& reference = judge.reference();
    for (const Mutant& mutant : make_mutants(question_.reference)) {
      try_mutant(mutant, judge, reference, store);
    }
    for (const std::string& query : make_rewrites(question_.reference, store)) {
      Candidate rewrite(worlds_, question_.world, query);
      ++report_.counts.rewrites;
      const bool passes = !rewrite.parse_error() && rewrite.type() == reference.type() &&
                          !first_difference(worlds_, reference, rewrite, judge.rules());
      if (passes) continue;
      ++report_.counts.rewrites_rejected;
      add("the rewrite " + quote(query) + " means the same and is rejected");
    }
  }

  void run_generators(const BehaviourJudge& judge) {
    for (const AnswerMutant& mutant : make_answer_mutants(question_)) {
      const BehaviourJudge::Effect effect = judge.effect_of(mutant.answer);
      const std::string name =
          mutant.difference.empty() ? quote(mutant.answer) : "`" + mutant.difference + "`";
      switch (effect) {
        case BehaviourJudge::Effect::Wrong:
          ++report_.counts.generated;
          break;
        case BehaviourJudge::Effect::Same:
          ++report_.counts.generated_equal;
          break;
        case BehaviourJudge::Effect::WithinBars:
          ++report_.counts.generated_within_bars;
          report_.remarks.push_back(where_ + "the mutant " + name + " (" +
                                    std::string(mutant.change) + ") meets every requirement");
          break;
        case BehaviourJudge::Effect::Right:
          ++report_.counts.generated;
          ++report_.counts.generated_passing;
          report_.remarks.push_back(
              where_ + "the mutant " + name + " (" + std::string(mutant.change) +
              ") passes: it does something else, and no requirement is about it");
          break;
      }
    }
  }

  void try_mutant(const Mutant& mutant, Judge& judge, Candidate& reference,
                  const Queryable& store) {
    Candidate candidate(worlds_, question_.world, mutant.query);
    const bool passes = candidate.type() == reference.type() &&
                        !first_difference(worlds_, reference, candidate, judge.rules());
    if (!passes) {
      ++report_.counts.generated;
      return;
    }
    const auto options = worlds_.engine_options(question_.world, 0);
    const RandomStores stores(store, sim::WorldOptions().start + worlds_.history());
    if (options && stores.are_equal(*reference.expr(), *candidate.expr(), kRandomStores,
                                    judge.rules(), *options)) {
      ++report_.counts.generated_equal;
      return;
    }
    ++report_.counts.generated;
    ++report_.counts.generated_passing;
    report_.remarks.push_back(where_ + "the mutant " + quote(mutant.query) + " (" +
                              std::string(mutant.change) + ") passes: the data lack " +
                              std::string(mutant.needs));
  }

  HiddenWorlds& worlds_;
  const Question& question_;
  std::string where_;
  const Stopwatch& stopwatch_;
  CheckReport& report_;
};

}  // namespace

CheckCounts& CheckCounts::operator+=(const CheckCounts& other) {
  equivalents += other.equivalents;
  equivalents_accepted += other.equivalents_accepted;
  mutants += other.mutants;
  mutants_rejected += other.mutants_rejected;
  mutants_named += other.mutants_named;
  generated += other.generated;
  generated_passing += other.generated_passing;
  generated_equal += other.generated_equal;
  generated_within_bars += other.generated_within_bars;
  rewrites += other.rewrites;
  rewrites_rejected += other.rewrites_rejected;
  return *this;
}

CheckReport check_exercise(HiddenWorlds& worlds, const Exercise& exercise, Generators generators,
                           const Stopwatch& stopwatch) {
  CheckReport report;
  check_names(exercise, report.findings);
  check_hints(exercise, report.findings);
  if (exercise.steps.empty()) {
    QuestionCheck(worlds, exercise, "", stopwatch, report).run(generators);
    return report;
  }
  for (size_t i = 0; i < exercise.steps.size(); ++i) {
    const std::string where = "step " + std::to_string(i + 1) + ": ";
    QuestionCheck(worlds, exercise.steps[i], where, stopwatch, report).run(generators);
  }
  StepsJudge judge(worlds, exercise);
  if (judge.judge(exercise.reference).outcome != Verdict::Outcome::Pass) {
    report.findings.push_back("the steps' references together do not pass");
  }
  if (judge.judge(exercise.starter).outcome == Verdict::Outcome::Pass) {
    report.findings.push_back("starter passes already; take something away from it");
  }
  return report;
}

}  // namespace promenade::grading
