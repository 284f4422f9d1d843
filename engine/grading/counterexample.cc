// engine/grading/counterexample.cc
// A part may be taken away when the two queries still differ in the same way: one of them empty as
// before, or both not. Otherwise the search would end at the dull example in which one of them has
// nothing to look at.
#include "grading/counterexample.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "grading/sample_store.h"
#include "model/number_format.h"
#include "model/sample.h"

namespace promenade::grading {
namespace {

void collect_selectors(const promql::Expr& expr, std::vector<std::vector<Matcher>>& out) {
  if (const auto* selector = expr.as<promql::VectorSelector>()) out.push_back(selector->matchers);
  for (const promql::Expr* child : children(expr)) collect_selectors(*child, out);
}

using Series = std::vector<StoredSeries>;

class Search {
 public:
  Search(const promql::Expr& goal, const promql::Expr& answer, Timestamp at,
         const ComparisonRules& rules, const promql::EngineOptions& options)
      : goal_(goal), answer_(answer), at_(at), rules_(rules), options_(options) {}

  // False when they do not differ on the whole.
  bool begin(const Series& series) {
    const auto [expected, found] = outcomes(series);
    if (expected.error || found.error || same_outcome(expected, found, rules_)) return false;
    is_goal_empty_ = expected.series.empty();
    is_answer_empty_ = found.series.empty();
    return true;
  }

  void shrink(Series& series) {
    shrink_list(series, [](Series candidate) { return candidate; });
    forget_old_samples(series);
    // A series at a time: its samples, in ever smaller parts.
    for (size_t i = 0; i < series.size(); ++i) {
      shrink_list(series[i].samples, [&](auto samples) {
        Series candidate = series;
        candidate[i].samples = std::move(samples);
        return candidate;
      });
    }
    shrink_list(series, [](Series candidate) { return candidate; });
  }

  std::pair<Outcome, Outcome> outcomes(const Series& series) {
    const SampleStore store(series);
    --evaluations_left_;
    return {evaluate(goal_, store), evaluate(answer_, store)};
  }

 private:
  Outcome evaluate(const promql::Expr& expr, const SampleStore& store) {
    return make_outcome(promql::evaluate_instant(expr, at_, store, executor_, options_));
  }

  bool still_differ(const Series& series) {
    if (evaluations_left_ <= 0) return false;
    const auto [expected, found] = outcomes(series);
    if (expected.error || found.error) return false;
    return expected.series.empty() == is_goal_empty_ && found.series.empty() == is_answer_empty_ &&
           !same_outcome(expected, found, rules_);
  }

  // Takes parts of `list` away, halves first, as long as make(rest) still tells the queries apart.
  template <typename Item, typename Make>
  void shrink_list(std::vector<Item>& list, Make make) {
    size_t part = (list.size() + 1) / 2;
    while (part > 0 && list.size() > 1) {
      bool has_shrunk = false;
      for (size_t begin = 0; begin < list.size() && list.size() > 1;) {
        const size_t end = std::min(begin + part, list.size());
        std::vector<Item> rest(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(begin));
        rest.insert(rest.end(), list.begin() + static_cast<std::ptrdiff_t>(end), list.end());
        if (!rest.empty() && still_differ(make(rest))) {
          list = std::move(rest);
          has_shrunk = true;
        } else {
          begin = end;
        }
        if (evaluations_left_ <= 0) return;
      }
      if (part == 1 && !has_shrunk) return;
      part = std::max<size_t>(part / 2, 1);
    }
  }

  // All series at once: what is older than a point in time, found by halving.
  void forget_old_samples(Series& series) {
    for (const int64_t minutes : {6, 16, 70}) {
      Series recent;
      for (const StoredSeries& one : series) {
        StoredSeries kept{one.labels, {}};
        for (const auto& sample : one.samples) {
          if (sample.first >= at_.ms - minutes * 60'000) kept.samples.push_back(sample);
        }
        if (!kept.samples.empty()) recent.push_back(std::move(kept));
      }
      if (recent.empty() || !still_differ(recent)) continue;
      series = std::move(recent);
      return;
    }
  }

  const promql::Expr& goal_;
  const promql::Expr& answer_;
  Timestamp at_;
  ComparisonRules rules_;
  promql::EngineOptions options_;
  InlineExecutor executor_;
  bool is_goal_empty_ = false;
  bool is_answer_empty_ = false;
  int evaluations_left_ = kCounterexampleEvaluationsMax;
};

std::vector<Counterexample::Row> rows_of(const Outcome& outcome, const ComparisonRules& rules) {
  std::vector<Counterexample::Row> rows;
  for (const promql::MatrixSeries& series : normalized(outcome, rules)) {
    std::string value;
    if (!series.points.empty()) append_json_value(value, series.points.back().value);
    rows.push_back({series.labels.to_string(), std::move(value)});
  }
  return rows;
}

}  // namespace

size_t Counterexample::sample_count() const {
  size_t count = 0;
  for (const Series& one : series) count += one.samples.size();
  return count;
}

std::optional<Counterexample> find_counterexample(const promql::Expr& goal,
                                                  const promql::Expr& answer,
                                                  const SampleSource& source, Timestamp at,
                                                  Duration history, const ComparisonRules& rules,
                                                  const promql::EngineOptions& options) {
  std::vector<std::vector<Matcher>> selectors;
  collect_selectors(goal, selectors);
  collect_selectors(answer, selectors);
  auto copied = copy_selected(source, selectors, {at - history, at});
  if (!copied) return std::nullopt;
  Search search(goal, answer, at, rules, options);
  if (!search.begin(*copied)) return std::nullopt;
  search.shrink(*copied);
  Counterexample example;
  example.time_ms = at.ms;
  for (const StoredSeries& one : *copied) {
    Counterexample::Series& shown = example.series.emplace_back();
    shown.name = one.labels.to_string();
    for (const auto& sample : one.samples) {
      if (!is_stale_nan(sample.second)) shown.samples.push_back(sample);
    }
  }
  if (example.series.size() > kCounterexampleSeriesMax ||
      example.sample_count() > kCounterexampleSamplesMax) {
    return std::nullopt;
  }
  const auto [expected, found] = search.outcomes(*copied);
  example.expected = rows_of(expected, rules);
  example.found = rows_of(found, rules);
  return example;
}

}  // namespace promenade::grading
