// engine/grading/steps_judge.cc
// Steps after the one that fails are judged as well: their ticks show what is right already.
#include "grading/steps_judge.h"

#include "base/strings.h"

namespace promenade::grading {

StepsJudge::StepsJudge(HiddenWorlds& worlds, const Question& question) : question_(question) {
  for (const Question& step : question.steps) judges_.push_back(make_judge(worlds, step));
}

std::vector<std::string_view> split_steps(std::string_view answer) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  size_t line = 0;
  while (line <= answer.size()) {
    const size_t end = std::min(answer.find('\n', line), answer.size());
    if (trim(answer.substr(line, end - line)) == "---") {
      parts.push_back(answer.substr(begin, line - begin));
      begin = std::min(end + 1, answer.size());
    }
    line = end + 1;
  }
  parts.push_back(answer.substr(begin));
  return parts;
}

Verdict StepsJudge::judge(std::string_view answer) {
  const std::vector<std::string_view> parts = split_steps(answer);
  Verdict verdict;
  verdict.outcome = Verdict::Outcome::Pass;
  std::vector<Requirement> requirements;
  for (size_t i = 0; i < judges_.size(); ++i) {
    const std::string_view part = i < parts.size() ? parts[i] : std::string_view();
    Verdict step = judges_[i]->judge(part);
    const bool holds = step.outcome == Verdict::Outcome::Pass;
    requirements.push_back({"Step " + std::to_string(i + 1) + ": " +
                                std::string(split(question_.steps[i].task, '\n').front()),
                            holds});
    if (holds || verdict.outcome != Verdict::Outcome::Pass) continue;
    verdict = std::move(step);
    verdict.message = "Step " + std::to_string(i + 1) + ": " + verdict.message;
    if (!verdict.span) continue;
    const auto offset = static_cast<uint32_t>(part.data() - answer.data());
    verdict.span = SourceSpan{verdict.span->begin + offset, verdict.span->end + offset};
  }
  if (verdict.outcome == Verdict::Outcome::Pass) {
    verdict.message = "Correct: every step is right.";
    if (parts.size() > judges_.size()) {
      verdict.outcome = Verdict::Outcome::Wrong;
      verdict.message =
          "All steps are right, but there are more answers than steps: take away "
          "what stands below the last one.";
    }
  }
  verdict.requirements = std::move(requirements);
  return verdict;
}

}  // namespace promenade::grading
