// engine/grading/judge.cc
// A mistake is recognised by what it gives, not by how it is written. Two kinds of result say too
// little for that: an error, and nothing at all. There the reason has to be the same, too.
#include "grading/judge.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/strings.h"
#include "grading/difference.h"
#include "promql/parser/parser.h"

namespace promenade::grading {
namespace {

// Answers longer than this are compared by their beginnings only.
constexpr size_t kComparedBytesMax = 400;

// Levenshtein's distance, in bytes.
size_t edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, kComparedBytesMax);
  b = b.substr(0, kComparedBytesMax);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

// How far another query's text is from the answer's: as printed, and where that ties (`offset 60`
// prints as `offset 1m`) as typed.
std::pair<size_t, size_t> text_distance(const Candidate& answer, const Candidate& other) {
  return {edit_distance(answer.canonical(), other.canonical()),
          edit_distance(answer.query(), other.query())};
}

// The misconceptions that an answer may be, of which the one written most like it wins; the
// earlier one when they tie.
class NearestText {
 public:
  explicit NearestText(const Candidate& answer) : answer_(answer) {}
  void offer(const Misconception& misconception, const Candidate& candidate) {
    const auto distance = text_distance(answer_, candidate);
    if (best_ != nullptr && distance >= best_distance_) return;
    best_ = &misconception;
    best_distance_ = distance;
  }
  const Misconception* best() const { return best_; }

 private:
  const Candidate& answer_;
  const Misconception* best_ = nullptr;
  std::pair<size_t, size_t> best_distance_;
};

bool is_similar_text(std::string_view a, std::string_view b) {
  return edit_distance(a, b) * 3 <= std::max(a.size(), b.size());
}

Verdict invalid(std::string message, std::optional<SourceSpan> span) {
  Verdict verdict;
  verdict.outcome = Verdict::Outcome::Invalid;
  verdict.message = std::move(message);
  verdict.span = span;
  return verdict;
}

}  // namespace

Judge::Judge(HiddenWorlds& worlds, const Exercise& exercise)
    : worlds_(worlds),
      exercise_(exercise),
      rules_{exercise.ordered, exercise.ignore_metric_name},
      reference_(worlds, exercise.world, exercise.reference),
      misconceptions_(exercise.misconceptions.size()) {}

Candidate& Judge::misconception(size_t index) {
  std::unique_ptr<Candidate>& candidate = misconceptions_[index];
  if (candidate == nullptr) {
    candidate = std::make_unique<Candidate>(worlds_, exercise_.world,
                                            exercise_.misconceptions[index].query);
  }
  return *candidate;
}

Verdict Judge::judge(std::string_view text) {
  if (trim(text).empty()) {
    return invalid("There is no query yet. Type one, and look at its result before you check it.",
                   std::nullopt);
  }
  if (reference_.parse_error()) {
    return invalid("This exercise is broken: its reference does not parse.", std::nullopt);
  }
  Candidate answer(worlds_, exercise_.world, text);
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

Verdict Judge::pass(const Candidate& answer) const {
  Verdict verdict;
  verdict.outcome = Verdict::Outcome::Pass;
  verdict.message = "Correct: the right series with the right values, in " +
                    std::to_string(worlds_.count()) + " shops that you have never seen.";
  if (answer.canonical() != reference_.canonical()) {
    verdict.message += " You wrote it differently from us, and that is just as good.";
  }
  return verdict;
}

Verdict Judge::judge_unparsable(const Candidate& answer) const {
  const Error& error = *answer.parse_error();
  std::string message = promql::describe_parse_error(answer.query(), error);
  Verdict verdict = invalid(std::move(message), error.span);
  if (const Misconception* known = recognise_unparsable(answer)) {
    verdict.misconception = known->code;
    verdict.message = known->message + " (" + verdict.message + ")";
  }
  return verdict;
}

Verdict Judge::judge_failing(Candidate& answer, size_t probe) {
  const Error& error = *answer.outcome(probe).error;
  Verdict verdict = invalid("The query cannot be evaluated: " + error.message + ".", error.span);
  if (const Misconception* known = recognise(answer)) {
    verdict.misconception = known->code;
    verdict.message = known->message + " (" + error.message + ")";
  }
  return verdict;
}

Verdict Judge::judge_wrong(Candidate& answer, std::optional<size_t> difference) {
  Verdict verdict;
  verdict.outcome = Verdict::Outcome::Wrong;
  verdict.difference = describe(answer, difference);
  if (const Misconception* known = recognise(answer)) {
    verdict.misconception = known->code;
    verdict.message = known->message;
    return verdict;
  }
  if (answer.type() != reference_.type()) {
    verdict.message = "Not yet: the query runs, but gives another kind of result.";
    return verdict;
  }
  verdict.message = "Not yet: the query runs, but answers another question.";
  if (!answer.is_empty_everywhere()) return verdict;
  verdict.message = "Not yet: the query runs, but finds nothing.";
  if (const auto reason = explain(answer)) verdict.message += " " + reason->text;
  return verdict;
}

std::string Judge::describe(Candidate& answer, std::optional<size_t> difference) {
  if (!difference) return describe_type_difference(reference_.type(), answer.type());
  // Where something is expected, a difference says more than where nothing is.
  size_t chosen = *difference;
  const std::vector<Probe>& probes = worlds_.probes();
  for (size_t i = *difference; i < probes.size(); ++i) {
    if (probes[i].world != probes[*difference].world) break;
    const bool is_telling = !reference_.outcome(i).series.empty() &&
                            !same_outcome(reference_.outcome(i), answer.outcome(i), rules_);
    if (is_telling) {
      chosen = i;
      break;
    }
  }
  return describe_difference(reference_.outcome(chosen), answer.outcome(chosen), rules_);
}

const Misconception* Judge::recognise(Candidate& answer) {
  NearestText nearest(answer);
  for (size_t i = 0; i < misconceptions_.size(); ++i) {
    Candidate& known = misconception(i);
    if (is_same_mistake(answer, known)) nearest.offer(exercise_.misconceptions[i], known);
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
  const Result<const Queryable*> store = worlds_.store(exercise_.world, 0);
  if (!store) return std::nullopt;
  Result<EmptyReason> reason = explain_empty(*candidate.expr(), **store);
  if (!reason) return std::nullopt;
  return std::move(*reason);
}

const Misconception* Judge::recognise_unparsable(const Candidate& answer) const {
  NearestText nearest(answer);
  for (const Misconception& misconception : exercise_.misconceptions) {
    const Candidate known(worlds_, exercise_.world, misconception.query);
    if (!known.parse_error()) continue;
    const bool is_same_error = known.parse_error()->message == answer.parse_error()->message;
    if (known.canonical() == answer.canonical() ||
        (is_same_error && is_similar_text(known.canonical(), answer.canonical()))) {
      nearest.offer(misconception, known);
    }
  }
  return nearest.best();
}

}  // namespace promenade::grading
