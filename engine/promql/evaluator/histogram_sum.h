#pragma once  // engine/promql/histogram_sum.h
// The sum of native histograms, compensated like a KahanSum in every component as long as their
// bucket layouts are the same. A layout that differs is reconciled by FloatHistogram::add, which
// rounds the buckets once; count and sum stay compensated.
#include "base/result.h"
#include "model/histogram.h"

namespace promenade::promql {

class HistogramSum {
 public:
  explicit HistogramSum(const FloatHistogram& first);

  // Fails with Execution when one has exponential and the other custom buckets. The value says
  // whether custom bounds had to be reconciled.
  Result<bool> add(const FloatHistogram& other);
  void multiply(double factor);
  void divide(double divisor);

  // Whether some component has left the range of doubles.
  bool has_overflow() const;
  FloatHistogram total() const;

 private:
  FloatHistogram sum_;
  FloatHistogram lost_;  // In the layout of sum_: what additions have lost.
};

}  // namespace promenade::promql
