#pragma once  // engine/promql/series_notation.h
// Series as test files write them: `up{job="x"} 0+1x10 _ stale {{schema:0 count:3 sum:5}}`
// (Prometheus's promql/promqltest/README.md). Also what rule tests use for input_series.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/histogram.h"
#include "model/labels.h"

namespace promenade::promql {

// A line may not expand to more values than this.
inline constexpr size_t kSeriesValuesMax = 1'000'000;

// One position of a series.
struct SeriesValue {
  bool omitted = false;  // "_": no sample here.
  double value = 0;
  HistogramPtr histogram;      // When set, the sample is this.
  bool is_hint_given = false;  // The histogram's counter_reset_hint was written out.
};

struct SeriesLine {
  Labels labels;
  std::vector<SeriesValue> values;
};

// Error::span is the offending part of `line`.
Result<SeriesLine> parse_series_line(std::string_view line);

// The values alone: "1 2+3x4 _".
Result<std::vector<SeriesValue>> parse_series_values(std::string_view text);

// `{{...}}` at the start of `text`; `length` is set to the bytes it takes.
struct HistogramLiteral {
  FloatHistogram histogram;
  bool is_hint_given = false;
};
Result<HistogramLiteral> parse_histogram_literal(std::string_view text, size_t& length);
// The canonical literal: keys in a fixed order, zero values left out, gaps filled with 0.
std::string to_histogram_literal(const FloatHistogram& histogram);

}  // namespace promenade::promql
