// engine/grading/answer_mutants.cc
// Which generator a kind needs.
#include "grading/answer_mutants.h"

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "grading/mutants.h"

namespace promenade::grading {
namespace {

std::vector<AnswerMutant> mutate_query(std::string_view query) {
  std::vector<AnswerMutant> mutants;
  for (Mutant& mutant : make_mutants(query)) {
    mutants.push_back({std::move(mutant.query), mutant.change, ""});
  }
  return mutants;
}

struct Generator {
  std::string_view kind;
  std::vector<AnswerMutant> (*mutate)(std::string_view reference);
};
constexpr Generator kGenerators[] = {
    {"config-edit", mutate_yaml},  {"rule-edit", mutate_yaml},
    {"relabel-edit", mutate_yaml}, {"route-edit", mutate_yaml},
    {"dashboard", mutate_yaml},    {"exposition-edit", mutate_exposition},
    {"chaos-drill", mutate_query},
};

// Without the first `begin` lines and the last `end` ones.
std::string middle(const std::vector<std::string_view>& lines, size_t begin, size_t end) {
  std::vector<std::string> trimmed;
  for (size_t i = begin; i + end < lines.size(); ++i) trimmed.emplace_back(trim(lines[i]));
  const std::string joined = join(trimmed, " / ");
  return joined.empty() ? "nothing" : joined;
}

}  // namespace

std::string changed_lines(std::string_view before, std::string_view after) {
  const std::vector<std::string_view> old_lines = split(before, '\n');
  const std::vector<std::string_view> new_lines = split(after, '\n');
  const size_t shorter = std::min(old_lines.size(), new_lines.size());
  size_t begin = 0;
  while (begin < shorter && old_lines[begin] == new_lines[begin]) ++begin;
  size_t end = 0;
  while (end < shorter - begin &&
         old_lines[old_lines.size() - 1 - end] == new_lines[new_lines.size() - 1 - end]) {
    ++end;
  }
  return middle(old_lines, begin, end) + " -> " + middle(new_lines, begin, end);
}

std::vector<AnswerMutant> make_answer_mutants(const Question& question) {
  if (question.behaviour == nullptr) return {};
  std::vector<AnswerMutant> all = question.behaviour->mutants();
  for (const Generator& generator : kGenerators) {
    if (generator.kind == question.kind) all = generator.mutate(question.reference);
  }
  std::set<std::string_view> seen = {question.reference};
  std::vector<const AnswerMutant*> distinct;
  for (const AnswerMutant& mutant : all) {
    if (seen.insert(mutant.answer).second) distinct.push_back(&mutant);
  }
  std::vector<AnswerMutant> kept;
  const size_t count = std::min(distinct.size(), kAnswerMutantsMax);
  for (size_t i = 0; i < count; ++i) kept.push_back(*distinct[i * distinct.size() / count]);
  return kept;
}

}  // namespace promenade::grading
