// engine/grading/random_store.cc
// Everything is drawn from a seed and the series' own labels: a store does not depend on the
// order in which series are found.
#include "grading/random_store.h"

#include <algorithm>
#include <cmath>

#include "base/executor.h"

namespace promenade::grading {
namespace {

constexpr int64_t kIntervalMs = 15'000;
constexpr int64_t kSamples = 4 * 90;  // An hour and a half.
constexpr size_t kSeriesMax = 120;

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool is_counter(std::string_view name) {
  return ends_with(name, "_total") || ends_with(name, "_count") || ends_with(name, "_sum") ||
         ends_with(name, "_bucket");
}

struct Ingredients {
  std::vector<std::vector<Matcher>> names;  // The conditions on metric names.
  std::vector<double> numbers;              // That stand in the query.
};

void collect(const promql::Expr& expr, Ingredients& out) {
  if (const auto* selector = expr.as<promql::VectorSelector>()) {
    std::vector<Matcher> on_name;
    for (const Matcher& matcher : selector->matchers) {
      if (matcher.name() == kMetricName) on_name.push_back(matcher);
    }
    if (!on_name.empty()) out.names.push_back(std::move(on_name));
  }
  if (const auto* number = expr.as<promql::NumberLiteral>()) out.numbers.push_back(number->value);
  for (const promql::Expr* child : children(expr)) collect(*child, out);
}

// Small steps, and a restart now and then.
double next_counter(double value, Random& random) {
  if (random.chance(0.01)) return static_cast<double>(random.below(3));
  return value + static_cast<double>(random.below(8) * random.below(3));
}

// Never below 0: no gauge of the worlds is.
double next_gauge(double value, const std::vector<double>& numbers, Random& random) {
  if (!numbers.empty() && random.chance(0.2)) return numbers[random.below(numbers.size())];
  if (random.chance(0.3)) return static_cast<double>(random.below(20));
  return std::max(0.0, value + static_cast<double>(random.between(-3, 3)));
}

// The buckets of a histogram come and go together, as a process shows them, so what is drawn about
// their presence depends on everything but the bound.
Random presence_of(const Labels& labels, const Random& random) {
  return random.fork(labels.drop({std::string(kBucketLabel)}).bytes());
}

}  // namespace

RandomStores::RandomStores(const SampleSource& source, Timestamp end)
    : source_(source), end_(end) {}

std::vector<StoredSeries> RandomStores::draw(const std::vector<Labels>& labels,
                                             const std::vector<double>& numbers,
                                             const Random& random) const {
  std::vector<StoredSeries> series;
  const double share = std::min(0.8, static_cast<double>(kSeriesMax) /
                                         static_cast<double>(std::max<size_t>(labels.size(), 1)));
  for (const Labels& one : labels) {
    Random presence = presence_of(one, random);
    if (!presence.chance(share)) continue;
    StoredSeries drawn{one, {}};
    Random values = random.fork(one.bytes());
    const bool counts = is_counter(one.metric_name());
    const bool is_up = one.metric_name() == "up";  // 0 or 1 by definition.
    const int64_t begin = presence.chance(0.2) ? presence.between(0, kSamples - 1) : 0;
    const int64_t end = presence.chance(0.1) ? presence.between(begin, kSamples) : kSamples;
    double value = static_cast<double>(values.below(counts ? 1000 : 10));
    for (int64_t i = begin; i < end; ++i) {
      value = counts  ? next_counter(value, values)
              : is_up ? static_cast<double>(values.below(2))
                      : next_gauge(value, numbers, values);
      if (presence.chance(0.05)) continue;
      drawn.samples.emplace_back(end_.ms - (kSamples - i) * kIntervalMs, value);
    }
    if (!drawn.samples.empty()) series.push_back(std::move(drawn));
  }
  return series;
}

bool RandomStores::are_equal(const promql::Expr& a, const promql::Expr& b, size_t rounds,
                             const ComparisonRules& rules,
                             const promql::EngineOptions& options) const {
  Ingredients ingredients;
  collect(a, ingredients);
  collect(b, ingredients);
  const auto found = copy_selected(source_, ingredients.names, {end_ - Duration::hours(2), end_});
  if (!found) return false;
  std::vector<Labels> labels;
  for (const StoredSeries& one : *found) labels.push_back(one.labels);
  InlineExecutor executor;
  for (size_t round = 0; round < rounds; ++round) {
    const Random random(0x9e3779b9 + round);
    const SampleStore store(draw(labels, ingredients.numbers, random));
    for (const int64_t before_ms : {4'000, 1'234'000}) {
      const Timestamp at{end_.ms - before_ms};
      const auto evaluate = [&](const promql::Expr& expr) {
        return make_outcome(promql::evaluate_instant(expr, at, store, executor, options));
      };
      if (!same_outcome(evaluate(a), evaluate(b), rules)) return false;
    }
  }
  return true;
}

}  // namespace promenade::grading
