// tests/conformance/storage.cc
// Appends series, and converts classic histograms the way Prometheus's util/convertnhcb does.
#include "storage.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <memory>

#include "model/number_format.h"

namespace promenade::conformance {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Result<void> append_series(tsdb::Appender& appender, const LoadedSeries& series, Duration step) {
  if (series.labels.empty()) return bad_data("a loaded series needs a label");
  const SeriesRef ref = appender.series(series.labels);
  Timestamp at;
  for (size_t i = 0; i < series.values.size(); ++i) {
    const promql::SeriesValue& value = series.values[i];
    const bool has_start = i < series.starts.size() && series.starts[i];
    const Timestamp start = has_start ? at + *series.starts[i] : Timestamp{};
    if (!value.omitted) {
      const auto outcome = value.histogram ? appender.append(ref, at, value.histogram, start)
                                           : appender.append(ref, at, value.value, start);
      if (outcome != tsdb::AppendOutcome::Appended) {
        return bad_data(fmt::format("cannot append to {} at {} ms: out of order or duplicate",
                                    series.labels.to_string(), at.ms));
      }
    }
    at = at + step;
  }
  return {};
}

// The parts of one classic histogram at one time.
struct ClassicHistogram {
  std::map<double, double> cumulative;  // Upper bound to count.
  std::optional<double> count;
  double sum = 0;
  bool is_present = false;
};
// One for each sample position.
using ClassicColumn = std::vector<ClassicHistogram>;

enum class Part { Bucket, Count, Sum };

void collect(ClassicColumn& column, const LoadedSeries& series, Part part, double bound) {
  if (column.size() < series.values.size()) column.resize(series.values.size());
  for (size_t i = 0; i < series.values.size(); ++i) {
    const promql::SeriesValue& value = series.values[i];
    if (value.omitted || value.histogram) continue;
    column[i].is_present = true;
    if (part == Part::Bucket) column[i].cumulative[bound] = value.value;
    if (part == Part::Count) column[i].count = value.value;
    if (part == Part::Sum) column[i].sum = value.value;
  }
}

bool has_suffix(std::string_view name, std::string_view suffix) {
  return name.size() > suffix.size() && name.substr(name.size() - suffix.size()) == suffix;
}

Labels base_labels(const Labels& labels, size_t suffix_length) {
  const std::string_view name = labels.metric_name();
  LabelsBuilder builder(labels);
  builder.remove(kBucketLabel);
  builder.set(kMetricName, std::string(name.substr(0, name.size() - suffix_length)));
  return builder.build();
}

Result<FloatHistogram> convert(const ClassicHistogram& classic) {
  std::map<double, double> cumulative = classic.cumulative;
  const double highest = cumulative.empty() ? 0 : cumulative.rbegin()->second;
  const double count = classic.count.value_or(highest);
  cumulative.try_emplace(kInfinity, count);
  if (classic.count && cumulative[kInfinity] != count) {
    return bad_data("the count of a histogram differs from its +Inf bucket");
  }
  FloatHistogram result;
  result.schema = kCustomBucketsSchema;
  result.count = count;
  result.sum = classic.sum;
  double below = 0;
  for (const auto& [bound, total] : cumulative) {
    if (total < below) return bad_data("the buckets of a histogram must not decrease");
    if (bound != kInfinity) result.custom_values.push_back(bound);
    result.positive_buckets.push_back(total - below);
    below = total;
  }
  result.positive_spans = {{0, static_cast<uint32_t>(result.positive_buckets.size())}};
  result.compact();
  return result;
}

Result<std::vector<promql::SeriesValue>> convert_column(const ClassicColumn& column) {
  std::vector<promql::SeriesValue> values;
  for (const ClassicHistogram& classic : column) {
    promql::SeriesValue value;
    value.omitted = !classic.is_present;
    if (classic.is_present) {
      value.histogram = std::make_shared<const FloatHistogram>(TRY(convert(classic)));
    }
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace

Result<std::vector<LoadedSeries>> convert_classic_histograms(
    const std::vector<LoadedSeries>& series) {
  std::map<Labels, ClassicColumn> columns;
  for (const LoadedSeries& one : series) {
    const std::string_view name = one.labels.metric_name();
    if (has_suffix(name, "_bucket")) {
      const auto bound = parse_float(one.labels.get(kBucketLabel));
      if (!bound || std::isnan(*bound)) continue;
      collect(columns[base_labels(one.labels, 7)], one, Part::Bucket, *bound);
    } else if (has_suffix(name, "_count")) {
      collect(columns[base_labels(one.labels, 6)], one, Part::Count, 0);
    } else if (has_suffix(name, "_sum")) {
      collect(columns[base_labels(one.labels, 4)], one, Part::Sum, 0);
    }
  }
  std::vector<LoadedSeries> converted;
  for (const auto& [labels, column] : columns) {
    converted.push_back({labels, TRY(convert_column(column)), {}});
  }
  return converted;
}

Result<void> load_into(tsdb::Head& head, const Load& load) {
  tsdb::Appender appender = head.appender();
  for (const LoadedSeries& series : load.series) {
    TRY(append_series(appender, series, load.step));
  }
  if (load.with_nhcb) {
    for (const LoadedSeries& series : TRY(convert_classic_histograms(load.series))) {
      TRY(append_series(appender, series, load.step));
    }
  }
  appender.commit();
  return {};
}

}  // namespace promenade::conformance
