// engine/grading/behaviour_judge.cc
// Facts are compared by requirement and subject. What the reference did and the answer did not is
// as wrong as the other way round.
#include "grading/behaviour_judge.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/strings.h"
#include "grading/misconception_names.h"
#include "grading/text_distance.h"

namespace promenade::grading {
namespace {

// Nearly right: all but one of at least three requirements hold, or most facts do.
constexpr size_t kNearFactsPercent = 80;

using Key = std::pair<size_t, std::string_view>;

std::map<Key, const Fact*> by_subject(const Observation& observation) {
  std::map<Key, const Fact*> facts;
  for (const Fact& fact : observation.facts) {
    facts.emplace(Key(fact.requirement, fact.subject), &fact);
  }
  return facts;
}

std::string code(std::string_view text) {
  return text.empty() ? "nothing" : "`" + std::string(text) + "`";
}

std::string differing(const Fact* expected, const Fact* found) {
  const Fact& known = expected != nullptr ? *expected : *found;
  return known.subject + ": expected " + (expected == nullptr ? "nothing" : code(expected->value)) +
         ", found " + (found == nullptr ? "nothing" : code(found->value)) + ".";
}

// Everything that tells what an answer did, as one text. The order of the facts tells nothing.
std::string fingerprint(const Observation& observation) {
  std::vector<std::string> lines;
  for (const Fact& fact : observation.facts) {
    lines.push_back(std::to_string(fact.requirement) + "\t" + fact.subject + "\t" + fact.value);
  }
  std::sort(lines.begin(), lines.end());
  return join(lines, "\n") + "\n" + observation.trace;
}

std::string dense(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') result += c;
  }
  return result;
}

bool is_end_of_sentence(char c) {
  return c == '.' || c == '?' || c == '!';
}

}  // namespace

BehaviourJudge::BehaviourJudge(HiddenWorlds& worlds, const Question& question)
    : worlds_(worlds),
      question_(question),
      kind_(*question.behaviour),
      requirements_(kind_.requirements()),
      reference_(kind_.observe(question.reference, worlds)),
      misconceptions_(question.misconceptions.size()) {}

Verdict BehaviourJudge::judge(std::string_view answer) {
  Verdict verdict;
  verdict.outcome = Verdict::Outcome::Invalid;
  if (trim(answer).empty()) {
    // Nobody waits for this verdict, so the next one need not wait for what is done here.
    for (size_t i = 0; i < misconceptions_.size(); ++i) observed(i);
    verdict.message = "There is no answer yet.";
    return verdict;
  }
  if (answer.size() > kAnswerBytesMax) {
    verdict.message = "The answer is " + std::to_string(answer.size()) +
                      " bytes long, and may have " + std::to_string(kAnswerBytesMax) +
                      ". Keep what the task asks for.";
    return verdict;
  }
  if (!reference_) {
    verdict.message = "This exercise is broken: " + reference_.error().message;
    return verdict;
  }
  const Result<Observation> found = kind_.observe(answer, worlds_);
  if (!found) return unusable(answer, found.error());
  const std::vector<Breach> broken = breaches(*found);
  if (!broken.empty()) return wrong(answer, *found, broken);
  verdict.outcome = Verdict::Outcome::Pass;
  verdict.requirements = ticks(broken);
  // There are no two ways to write a number or a choice.
  verdict.message =
      kind_.may_show_expected() ? "Correct: it does all that was asked for." : "Correct.";
  if (kind_.may_show_expected() && dense(answer) != dense(question_.reference)) {
    verdict.message += " You wrote it differently from us, and that is just as good.";
  }
  return verdict;
}

BehaviourJudge::Effect BehaviourJudge::effect_of(std::string_view answer) const {
  const Result<Observation> found = kind_.observe(answer, worlds_);
  if (!reference_ || !found || !breaches(*found).empty()) return Effect::Wrong;
  if (fingerprint(*found) == fingerprint(*reference_)) return Effect::Same;
  const bool has_bars = std::all_of(found->facts.begin(), found->facts.end(),
                                    [](const Fact& fact) { return fact.holds.has_value(); });
  return has_bars ? Effect::WithinBars : Effect::Right;
}

std::vector<BehaviourJudge::Breach> BehaviourJudge::breaches(const Observation& found) const {
  std::vector<Breach> broken;
  const auto expected = by_subject(*reference_);
  const auto present = by_subject(found);
  const auto add = [&](const Fact* wanted, const Fact* got) {
    const Fact& fact = got != nullptr ? *got : *wanted;
    std::string text = fact.why;
    if (text.empty()) {
      text = kind_.may_show_expected() ? differing(wanted, got) : fact.subject + " is not right.";
    }
    broken.push_back({fact.requirement, std::move(text)});
  };
  for (const auto& [key, fact] : expected) {
    const auto got = present.find(key);
    if (got == present.end()) {
      add(fact, nullptr);
    } else if (got->second->holds ? !*got->second->holds : got->second->value != fact->value) {
      add(fact, got->second);
    }
  }
  for (const auto& [key, fact] : present) {
    if (expected.count(key) == 0 && !(fact->holds && *fact->holds)) add(nullptr, fact);
  }
  std::stable_sort(broken.begin(), broken.end(),
                   [](const Breach& a, const Breach& b) { return a.requirement < b.requirement; });
  return broken;
}

std::vector<Requirement> BehaviourJudge::ticks(const std::vector<Breach>& breaches) const {
  std::vector<Requirement> requirements;
  for (const std::string& text : requirements_) requirements.push_back({text, true});
  for (const Breach& breach : breaches) requirements[breach.requirement].holds = false;
  return requirements;
}

Verdict BehaviourJudge::wrong(std::string_view answer, const Observation& found,
                              const std::vector<Breach>& breaches) {
  Verdict verdict;
  verdict.outcome = Verdict::Outcome::Wrong;
  verdict.requirements = ticks(breaches);
  verdict.difference = breaches.front().text;
  const auto failed =
      static_cast<size_t>(std::count_if(verdict.requirements.begin(), verdict.requirements.end(),
                                        [](const Requirement& one) { return !one.holds; }));
  const size_t facts = std::max(reference_->facts.size(), found.facts.size());
  verdict.is_near = (failed == 1 && requirements_.size() >= 3) ||
                    (facts - std::min(facts, breaches.size())) * 100 >= facts * kNearFactsPercent;
  if (const Misconception* known = recognise(answer, found)) {
    verdict.misconception = known->code;
    verdict.misconception_name = misconception_name(known->code);
    verdict.message = known->message;
  } else {
    verdict.message = verdict.is_near ? "Nearly: one thing is not as the task asks."
                                      : "Not yet: this is not what the task asks for.";
  }
  // The first breach is the difference; of every other requirement that is broken, one.
  size_t last = breaches.front().requirement;
  for (const Breach& breach : breaches) {
    if (breach.requirement == last || verdict.further.size() + 2 >= kMessagesMax) continue;
    last = breach.requirement;
    verdict.further.push_back(breach.text);
  }
  return verdict;
}

Verdict BehaviourJudge::unusable(std::string_view answer, const Error& error) {
  Verdict verdict;
  verdict.outcome = Verdict::Outcome::Invalid;
  verdict.span = error.span;
  verdict.message = error.message;
  if (verdict.message.empty() || !is_end_of_sentence(verdict.message.back()))
    verdict.message += '.';
  if (const Misconception* known = recognise(answer, tl::unexpected<Error>(error))) {
    verdict.misconception = known->code;
    verdict.misconception_name = misconception_name(known->code);
    verdict.message = known->message + " (" + error.message + ")";
  }
  return verdict;
}

const Misconception* BehaviourJudge::recognise(std::string_view answer,
                                               const Result<Observation>& found) {
  Nearest<Misconception, size_t> nearest;
  for (size_t i = 0; i < misconceptions_.size(); ++i) {
    const Misconception& misconception = question_.misconceptions[i];
    const Result<Observation>& known = observed(i);
    if (known.has_value() != found.has_value()) continue;
    // Two answers that fail are one mistake only if they fail alike and are written alike.
    const bool is_same = found ? fingerprint(*known) == fingerprint(*found)
                               : known.error().message == found.error().message &&
                                     is_similar_text(dense(misconception.query), dense(answer));
    if (is_same)
      nearest.offer(misconception, edit_distance(dense(answer), dense(misconception.query)));
  }
  return nearest.best();
}

const Result<Observation>& BehaviourJudge::observed(size_t misconception) {
  std::optional<Result<Observation>>& known = misconceptions_[misconception];
  if (!known) known = kind_.observe(question_.misconceptions[misconception].query, worlds_);
  return *known;
}

}  // namespace promenade::grading
