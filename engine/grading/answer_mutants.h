#pragma once  // engine/grading/answer_mutants.h
// Wrong answers that nobody had to write, for the kinds whose answers are no queries: a
// configuration with a key less, an interval ten times as long, two receivers swapped; a page of
// metrics with a line twice. What mutants.h is to queries.
//
// A mutant fails when a requirement does not hold any more. Else it counts as equal when everything
// that was observed is as with the reference, the trace included (each scrape's series, each
// notification, each time at which an alert fired or resolved): dropping a setting that has its
// default value is no mistake. One that meets all requirements and does something else passes;
// where the requirements are bars which the setting itself draws ("paged within 2m", "at most 5 %
// from the truth"), it is left out instead: it may well be another right answer.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "grading/exercise.h"
#include "grading/kind.h"

namespace promenade::grading {

// More are thinned out evenly: each is run.
inline constexpr size_t kAnswerMutantsMax = 120;

// Of the question's reference; each once, none written like it. None for queries, which have
// make_mutants(), and for several steps.
std::vector<AnswerMutant> make_answer_mutants(const Question& question);

// What differs between two texts of several lines, on one line: "for: 1m -> for: 10m".
std::string changed_lines(std::string_view before, std::string_view after);

// The generators by themselves. A text that is no YAML has none.
std::vector<AnswerMutant> mutate_yaml(std::string_view text);
std::vector<AnswerMutant> mutate_exposition(std::string_view page);

}  // namespace promenade::grading
