#pragma once  // engine/promql/kahan.h
// Compensated summation after Kahan and Neumaier: the bits that an addition loses are collected
// beside the sum and added at the end. Prometheus sums this way, and so results agree to the last
// digits (util/kahansum/kahansum.go).
#include <cmath>

namespace promenade::promql {

class KahanSum {
 public:
  KahanSum() = default;
  explicit KahanSum(double first) : sum_(first) {}
  KahanSum(double sum, double compensation) : sum_(sum), compensation_(compensation) {}

  void add(double value) {
    const double total = sum_ + value;
    if (std::isinf(total)) {
      compensation_ = 0;  // Would be NaN, and an infinite sum has nothing to compensate.
    } else if (std::abs(sum_) >= std::abs(value)) {
      compensation_ += (sum_ - total) + value;
    } else {
      compensation_ += (value - total) + sum_;
    }
    sum_ = total;
  }

  double total() const { return sum_ + compensation_; }
  double sum() const { return sum_; }
  double compensation() const { return compensation_; }

 private:
  double sum_ = 0;
  double compensation_ = 0;
};

}  // namespace promenade::promql
