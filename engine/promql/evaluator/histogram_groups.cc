// Groups are made once for all steps; at each step only those buckets take part that are present
// there.
#include "promql/evaluator/histogram_groups.h"

#include <algorithm>
#include <cmath>

#include "base/strings.h"
#include "model/number_format.h"

namespace promenade::promql {

namespace {

bool has_float(const Row& row) {
  return !std::all_of(row.values.begin(), row.values.end(), is_absent);
}

Labels without_bucket_bound(const Labels& labels) {
  static const std::vector<std::string> kNames = {std::string(kBucketLabel)};
  return labels.drop(kNames);
}

}  // namespace

std::string for_metric_name(std::string_view metric_name) {
  return metric_name.empty() ? "" : " for metric name " + quote(metric_name);
}

void HistogramGroups::ClassicGroup::buckets_at(size_t step, ClassicBuckets& buckets) const {
  buckets.clear();
  if (!is_ambiguous.empty() && is_ambiguous[step]) return;
  for (const Part& part : parts) {
    const double count = part.row->values[step];
    if (!is_absent(count)) buckets.push_back({part.upper_bound, count});
  }
}

HistogramGroups::HistogramGroups(const std::vector<Row>& rows, SourceSpan span, bool names_metric,
                                 Annotations& annotations)
    : span_(span), names_metric_(names_metric), annotations_(annotations) {
  for (const Row& row : rows) {
    if (row.has_histograms()) native_.push_back({&row, {}});
    if (has_float(row)) add_part(row);
  }
  for (ClassicGroup& group : classic_) {
    std::stable_sort(group.parts.begin(), group.parts.end(),
                     [](const Part& a, const Part& b) { return a.upper_bound < b.upper_bound; });
  }
  for (NativeGroup& native : native_) find_ambiguous(native);
}

void HistogramGroups::add_part(const Row& row) {
  const std::string_view bound_text = row.labels.get(kBucketLabel);
  const auto bound = parse_float(bound_text);
  if (!bound || std::isnan(*bound)) {
    annotations_.warn("bucket label \"le\" is missing or has a malformed value of " +
                          quote(bound_text) +
                          for_metric_name(names_metric_ ? row.labels.metric_name() : ""),
                      span_);
    return;
  }
  Labels labels = without_bucket_bound(row.labels);
  const auto [found, is_new] =
      classic_of_labels_.emplace(std::string(labels.bytes()), classic_.size());
  if (is_new) classic_.push_back({std::move(labels), row.drop_name, {}, {}});
  classic_[found->second].parts.push_back({*bound, &row});
}

void HistogramGroups::find_ambiguous(NativeGroup& native) {
  const auto found = classic_of_labels_.find(std::string(native.row->labels.bytes()));
  if (found == classic_of_labels_.end()) return;
  ClassicGroup& classic = classic_[found->second];
  const size_t step_count = native.row->values.size();
  for (size_t step = 0; step < step_count; ++step) {
    const bool both =
        native.row->histograms[step] != nullptr &&
        std::any_of(classic.parts.begin(), classic.parts.end(),
                    [&](const Part& part) { return !is_absent(part.row->values[step]); });
    if (!both) continue;
    native.is_ambiguous.resize(step_count);
    classic.is_ambiguous.resize(step_count);
    native.is_ambiguous[step] = true;
    classic.is_ambiguous[step] = true;
  }
  if (native.is_ambiguous.empty()) return;
  annotations_.warn("vector contains a mix of classic and native histograms" +
                        for_metric_name(names_metric_ ? native.row->labels.metric_name() : ""),
                    span_);
}

}  // namespace promenade::promql
