#pragma once  // engine/promql/running_sum.h
// A sum whose terms come and go as a window slides. It is held in two doubles, about 106 bits, so
// that a term which leaves takes away what it brought, and it knows how much may have been lost.
#include <algorithm>
#include <cmath>

namespace promenade::promql {

class RunningSum {
 public:
  void clear() { *this = RunningSum(); }

  void add(double term) {
    // Knuth's two-sum: `sum` and `error` together are exactly high_ + term.
    const double sum = high_ + term;
    const double term_part = sum - high_;
    const double error = (high_ - (sum - term_part)) + (term - term_part);
    low_ += error;
    high_ = sum + low_;
    low_ -= high_ - sum;
    peak_ = std::max(peak_, std::abs(high_));
  }
  void subtract(double term) { add(-term); }

  // NaN or infinite when an intermediate sum left the range of doubles.
  double total() const { return high_; }
  // A bound on the error of total(): each of up to 2^20 additions lost at most 2^-105 of the
  // largest sum on the way.
  double noise() const { return peak_ * 0x1p-85; }
  // Whether total() is good to more digits than results are compared to (1e-9).
  bool is_precise() const { return noise() <= 1e-11 * std::abs(high_); }

 private:
  double high_ = 0;
  double low_ = 0;
  double peak_ = 0;
};

}  // namespace promenade::promql
