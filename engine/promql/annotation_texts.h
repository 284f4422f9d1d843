#pragma once  // engine/promql/annotation_texts.h
// The texts of annotations that several operators share, as Prometheus words them
// (util/annotations/annotations.go).
#include <string>
#include <string_view>

#include "base/strings.h"

namespace promenade::promql {

inline std::string mixed_floats_histograms(std::string_view metric_name) {
  return "encountered a mix of histograms and floats for metric name " + quote(metric_name);
}

inline std::string mixed_bucket_layouts(std::string_view metric_name) {
  return "vector contains a mix of histograms with exponential and custom buckets schemas for "
         "metric name " +
         quote(metric_name);
}

// `operation`: "addition", "subtraction" or "aggregation".
inline std::string custom_buckets_reconciled(std::string_view operation) {
  return "mismatched custom buckets were reconciled during " + std::string(operation);
}

inline std::string counter_reset_collision(std::string_view operation) {
  return "conflicting counter resets during histogram " + std::string(operation);
}

inline std::string histogram_ignored(std::string_view aggregation) {
  return "ignored histogram in " + std::string(aggregation) + " aggregation";
}

}  // namespace promenade::promql
