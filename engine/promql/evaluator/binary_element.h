#pragma once  // engine/promql/binary_element.h
// Arithmetic and comparison of two samples, each a float or a histogram (Prometheus's
// promql/engine.go, vectorElemBinop).
#include <map>
#include <string>
#include <utility>

#include "model/sample.h"
#include "promql/annotations.h"
#include "promql/ast.h"

namespace promenade::promql {

// Of two floats. Comparisons give 1 or 0. Not for set and trim operators.
double scalar_operation(BinaryOp op, double left, double right);
bool compares(BinaryOp op, double left, double right);

// A remark of one operation.
struct ElementRemark {
  enum class Kind { None, Info, Warning };
  Kind kind = Kind::None;
  std::string text;

  void add_to(Annotations& annotations, SourceSpan span) const;
};

// Only the last remark of a step is told. Most operations have none.
class StepRemarks {
 public:
  void add(size_t step, ElementRemark remark) {
    if (remark.kind != ElementRemark::Kind::None) remarks_[step] = std::move(remark);
  }
  void merge(StepRemarks later) {
    for (auto& [step, remark] : later.remarks_) remarks_[step] = std::move(remark);
  }
  void add_to(Annotations& annotations, SourceSpan span) const {
    for (const auto& [step, remark] : remarks_) remark.add_to(annotations, span);
  }

 private:
  std::map<size_t, ElementRemark> remarks_;
};

struct ElementSample {
  double value = 0;
  const HistogramPtr* histogram = nullptr;  // Null for a float.
};

struct ElementResult {
  // Whether the types go together; else there is no result at all, and `remark` says why.
  bool is_valid = true;
  // For a comparison: whether it holds. The result is then the left sample.
  bool keep = true;
  double value = 0;
  HistogramPtr histogram;
  ElementRemark remark;
};
ElementResult element_operation(BinaryOp op, const ElementSample& left, const ElementSample& right);

// Whether the result is a new quantity, so that the metric name no longer fits: arithmetic, not
// comparisons and trims.
bool changes_metric(BinaryOp op);

}  // namespace promenade::promql
