// engine/grading/judge.cc
// A mistake is recognised by what it gives, not by how it is written. Two kinds of result say too
// little for that: an error, and nothing at all. There the reason has to be the same, too.
#include "grading/judge.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/strings.h"
#include "grading/counterexample.h"
#include "grading/difference.h"
#include "grading/feedback.h"
#include "grading/misconception_names.h"
#include "grading/script.h"
#include "grading/text_distance.h"
#include "promql/parser/parser.h"

namespace promenade::grading {
namespace {

// How far another query's text is from the answer's: as printed, and where that ties (`offset 60`
// prints as `offset 1m`) as typed.
std::pair<size_t, size_t> text_distance(const Candidate& answer, const Candidate& other) {
  return {edit_distance(answer.canonical(), other.canonical()),
          edit_distance(answer.query(), other.query())};
}

using NearestMisconception = Nearest<Misconception, std::pair<size_t, size_t>>;

Verdict invalid(std::string message, std::optional<SourceSpan> span) {
  Verdict verdict;
  verdict.outcome = Verdict::Outcome::Invalid;
  verdict.message = std::move(message);
  verdict.span = span;
  return verdict;
}

void add_message(Verdict& verdict, std::string text) {
  if (text.empty() || verdict.further.size() + 1 >= kMessagesMax) return;
  verdict.further.push_back(std::move(text));
}

std::string factor_message(double factor) {
  return "Every value is " + nine_digits(factor > 1 ? factor : 1 / factor) + " times too " +
         (factor > 1 ? "large" : "small") +
         ": write the unit beside each operand, and compare the result's unit with the one that "
         "was "
         "asked for.";
}

}  // namespace

Judge::Judge(HiddenWorlds& worlds, const Question& question)
    : worlds_(worlds),
      question_(question),
      rules_{question.ordered, question.ignore_metric_name},
      reference_(worlds, question.world, question.reference),
      misconceptions_(question.misconceptions.size()) {}

Candidate& Judge::misconception(size_t index) {
  std::unique_ptr<Candidate>& candidate = misconceptions_[index];
  if (candidate == nullptr) {
    candidate = std::make_unique<Candidate>(worlds_, question_.world,
                                            question_.misconceptions[index].query);
  }
  return *candidate;
}

Verdict Judge::judge(std::string_view text) {
  if (reference_.parse_error()) {
    return invalid("This exercise is broken: its reference does not parse.", std::nullopt);
  }
  if (trim(text).empty()) {
    // Opens the worlds, so that the first real answer need not wait for them.
    reference_.first_failure();
    return invalid("There is no query yet. Type one, and look at its result before you check it.",
                   std::nullopt);
  }
  Candidate answer(worlds_, question_.world, text);
  if (answer.parse_error()) return judge_unparsable(answer);
  if (answer.type() != reference_.type()) {
    if (const auto failure = answer.first_failure()) return judge_failing(answer, *failure);
    return judge_wrong(answer, std::nullopt);
  }
  const auto difference = first_difference(worlds_, reference_, answer, rules_);
  if (!difference) return pass(answer);
  if (const auto failure = answer.first_failure()) return judge_failing(answer, *failure);
  return judge_wrong(answer, difference);
}

Verdict Judge::pass(Candidate& answer) {
  Verdict verdict;
  verdict.outcome = Verdict::Outcome::Pass;
  verdict.message = "Correct: the right series with the right values, in " +
                    std::to_string(worlds_.count()) + " worlds that you have never seen.";
  if (answer.canonical() != reference_.canonical()) {
    verdict.message += " You wrote it differently from us, and that is just as good.";
  }
  verdict.requirements = requirements_of(worlds_, reference_, answer, rules_);
  if (const auto store = worlds_.store(question_.world, 0)) {
    verdict.remarks = expert_remarks(reference_, answer, **store);
  }
  return verdict;
}

void Judge::name(const Misconception& known, Verdict& verdict) const {
  verdict.misconception = known.code;
  verdict.misconception_name = misconception_name(known.code);
  verdict.message = known.message;
}

Verdict Judge::judge_unparsable(const Candidate& answer) const {
  const Error& error = *answer.parse_error();
  std::string message = promql::describe_parse_error(answer.query(), error);
  Verdict verdict = invalid(message, error.span);
  if (const Misconception* known = recognise_unparsable(answer)) {
    name(*known, verdict);
    verdict.message += " (" + message + ")";
  }
  return verdict;
}

Verdict Judge::judge_failing(Candidate& answer, size_t probe) {
  const Error& error = *answer.outcome(probe).error;
  Verdict verdict = invalid("The query cannot be evaluated: " + error.message + ".", error.span);
  if (const Misconception* known = recognise(answer)) {
    name(*known, verdict);
    verdict.message += " (" + error.message + ")";
  }
  return verdict;
}

Verdict Judge::judge_wrong(Candidate& answer, std::optional<size_t> difference) {
  Verdict verdict;
  verdict.outcome = Verdict::Outcome::Wrong;
  verdict.requirements = requirements_of(worlds_, reference_, answer, rules_);
  verdict.computes = computes_instead(answer);
  if (difference) {
    const size_t probe = telling_difference(answer, *difference);
    verdict.difference =
        describe_difference(reference_.outcome(probe), answer.outcome(probe), rules_);
    verdict.counterexample = counterexample(answer, probe);
  } else {
    verdict.difference = describe_type_difference(reference_.type(), answer.type());
  }
  if (const Misconception* known = recognise(answer)) {
    name(*known, verdict);
    verdict.is_near = is_mostly_right(worlds_, reference_, answer, rules_);
    return verdict;
  }
  advise(answer, verdict);
  return verdict;
}

void Judge::advise(Candidate& answer, Verdict& verdict) {
  if (answer.type() != reference_.type()) {
    verdict.message = "Not yet: the query runs, but gives another kind of result.";
    return;
  }
  if (answer.is_empty_everywhere()) {
    verdict.message = "Not yet: the query runs, but finds nothing.";
    if (const auto reason = explain(answer)) verdict.message += " " + reason->text;
    return;
  }
  if (const Mutant* mutant = recognise_mutant(answer)) {
    verdict.is_near = true;
    verdict.misconception = mutant->code;
    verdict.misconception_name = misconception_name(mutant->code);
    verdict.message = "Nearly: you are one step away. " + std::string(mutant->advice);
  } else if (const auto factor = constant_factor(worlds_, reference_, answer)) {
    verdict.is_near = true;
    verdict.misconception = "MC22";
    verdict.misconception_name = misconception_name("MC22");
    verdict.message = "Nearly: the shape is right, the scale is not. " + factor_message(*factor);
  } else if (is_mostly_right(worlds_, reference_, answer, rules_)) {
    verdict.is_near = true;
    verdict.message = "Nearly: most of the values are right.";
  } else {
    verdict.message = "Not yet: the query runs, but answers another question.";
  }
  add_message(verdict,
              verdict.computes.empty() ? "" : "What you wrote computes: " + verdict.computes);
}

const Mutant* Judge::recognise_mutant(Candidate& answer) {
  if (!mutants_) {
    mutants_ = make_mutants(question_.reference);
    for (const Mutant& mutant : *mutants_) {
      mutant_candidates_.push_back(
          std::make_unique<Candidate>(worlds_, question_.world, mutant.query));
    }
  }
  Nearest<Mutant, std::pair<size_t, size_t>> nearest;
  for (size_t i = 0; i < mutants_->size(); ++i) {
    Candidate& mutant = *mutant_candidates_[i];
    if (mutant.parse_error() || mutant.type() != answer.type()) continue;
    const bool is_same = mutant.canonical() == answer.canonical() ||
                         !first_difference(worlds_, mutant, answer, rules_);
    if (is_same) nearest.offer((*mutants_)[i], text_distance(answer, mutant));
  }
  return nearest.best();
}

size_t Judge::telling_difference(Candidate& answer, size_t difference) {
  const std::vector<Probe>& probes = worlds_.probes();
  for (size_t i = difference; i < probes.size(); ++i) {
    if (probes[i].world != probes[difference].world) break;
    const bool is_telling = !reference_.outcome(i).series.empty() &&
                            !same_outcome(reference_.outcome(i), answer.outcome(i), rules_);
    if (is_telling) return i;
  }
  return difference;
}

std::optional<Counterexample> Judge::counterexample(Candidate& answer, size_t probe) {
  const Probe& where = worlds_.probes()[probe];
  const auto store = worlds_.store(question_.world, where.world);
  const auto options = worlds_.engine_options(question_.world, where.world);
  if (!store || !options) return std::nullopt;
  Timestamp at = where.range.start;
  if (!where.is_instant()) {
    const auto different =
        first_different_time(reference_.outcome(probe), answer.outcome(probe), rules_);
    if (!different) return std::nullopt;
    at = *different;
  }
  const int64_t begin = stopwatch_ ? stopwatch_() : 0;
  auto found = find_counterexample(*reference_.expr(), *answer.expr(), **store, at,
                                   worlds_.history(), rules_, *options);
  last_search_ns_ = stopwatch_ ? stopwatch_() - begin : 0;
  return found;
}

const Misconception* Judge::recognise(Candidate& answer) {
  NearestMisconception nearest;
  for (size_t i = 0; i < misconceptions_.size(); ++i) {
    Candidate& known = misconception(i);
    if (is_same_mistake(answer, known))
      nearest.offer(question_.misconceptions[i], text_distance(answer, known));
  }
  return nearest.best();
}

bool Judge::is_same_mistake(Candidate& answer, Candidate& known) {
  if (known.parse_error() || known.type() != answer.type()) return false;
  if (known.canonical() == answer.canonical()) return true;
  if (first_difference(worlds_, known, answer, rules_)) return false;
  if (answer.first_failure()) return is_similar_text(answer.canonical(), known.canonical());
  if (!answer.is_empty_everywhere()) return true;
  const auto mine = explain(answer);
  const auto theirs = explain(known);
  return mine && theirs && mine->is_same_mistake(*theirs);
}

std::optional<EmptyReason> Judge::explain(const Candidate& candidate) {
  const Result<const Queryable*> store = worlds_.store(question_.world, 0);
  if (!store) return std::nullopt;
  Result<EmptyReason> reason = explain_empty(*candidate.expr(), **store);
  if (!reason) return std::nullopt;
  return std::move(*reason);
}

const Misconception* Judge::recognise_unparsable(const Candidate& answer) const {
  NearestMisconception nearest;
  for (const Misconception& misconception : question_.misconceptions) {
    const Candidate known(worlds_, question_.world, misconception.query);
    if (!known.parse_error()) continue;
    const bool is_same_error = known.parse_error()->message == answer.parse_error()->message;
    if (known.canonical() == answer.canonical() ||
        (is_same_error && is_similar_text(known.canonical(), answer.canonical()))) {
      nearest.offer(misconception, text_distance(answer, known));
    }
  }
  return nearest.best();
}

}  // namespace promenade::grading
