// engine/promql/lint/store_knowledge.cc
// A store's index answers; an error of the store counts as not knowing.
#include "promql/lint.h"

namespace promenade::promql {

StoreKnowledge::StoreKnowledge(const Queryable& store, TimeRange range, TypeOf type_of,
                               std::optional<Duration> scrape_interval,
                               std::function<bool()> is_over)
    : store_(store),
      range_(range),
      type_of_(std::move(type_of)),
      scrape_interval_(scrape_interval),
      is_over_(std::move(is_over)) {}

std::optional<MetricType> StoreKnowledge::metric_type(std::string_view family) const {
  return type_of_ ? type_of_(family) : std::nullopt;
}

std::optional<std::vector<const Labels*>> StoreKnowledge::series(
    std::span<const Matcher> matchers) const {
  if (is_over_ && is_over_()) return std::nullopt;
  const auto selected = store_.select_at_most(kSeriesMax, matchers, range_);
  if (!selected) return std::nullopt;
  std::vector<const Labels*> labels;
  labels.reserve(selected->size());
  for (const SelectedSeries& series : *selected) labels.push_back(series.labels);
  return labels;
}

std::vector<std::string> StoreKnowledge::metric_names() const {
  return store_.label_values(kMetricName, {}, range_).value_or(std::vector<std::string>());
}

}  // namespace promenade::promql
