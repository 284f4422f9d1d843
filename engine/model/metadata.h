#pragma once  // engine/model/metadata.h
// What a target says about a metric family in its TYPE, HELP and UNIT lines.
#include <string>
#include <string_view>

namespace promenade {

enum class MetricType {
  Unknown,
  Counter,
  Gauge,
  Histogram,
  GaugeHistogram,
  Summary,
  Info,
  StateSet
};
std::string_view to_string(MetricType type);  // "unknown", "counter", ..., lower case.

struct MetricMetadata {
  MetricType type = MetricType::Unknown;
  std::string help;
  std::string unit;

  friend bool operator==(const MetricMetadata&, const MetricMetadata&) = default;
};

}  // namespace promenade
