#pragma once  // engine/promql/native_histograms.h
// What histogram_quantile() and its kin read out of one native histogram. Within a bucket
// observations are taken to lie evenly: on a logarithmic scale in exponential buckets, on a linear
// one in custom buckets and the zero bucket.
#include "model/histogram.h"

namespace promenade::promql {

// NaNs among the observations count, but are in no bucket.
enum class NanRemark {
  None,
  ResultIsNan,   // The quantile lies among them.
  SkewedHigher,  // It does not, but they push it up.
  Excluded,      // They are in no fraction.
};

struct HistogramReading {
  double value;
  NanRemark remark = NanRemark::None;
};

// -Inf for q < 0, +Inf for q > 1, NaN for q = NaN or an empty histogram.
HistogramReading native_quantile(double q, const FloatHistogram& histogram);
// The fraction of observations between two bounds. NaN for a NaN bound or an empty histogram.
HistogramReading native_fraction(double lower, double upper, const FloatHistogram& histogram);
// The population variance, each bucket represented by its mean: geometric for exponential buckets,
// arithmetic for custom ones, 0 for the zero bucket.
double native_variance(const FloatHistogram& histogram);

}  // namespace promenade::promql
