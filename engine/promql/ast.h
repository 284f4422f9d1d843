#pragma once  // engine/promql/ast.h
// The syntax tree of PromQL. Nodes are immutable, know the bytes of the query they came from,
// and form a closed set: Expr::node is a variant, visited with std::visit or std::get_if.
// Names and structure follow Prometheus's promql/parser/ast.go.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/matcher.h"

namespace promenade::promql {

enum class ValueType { None, Scalar, Vector, Matrix, String };
// As the API names them: "scalar", "vector", "matrix", "string".
std::string_view api_name(ValueType type);
// As error messages name them: "scalar", "instant vector", "range vector", "string".
std::string_view document_name(ValueType type);

struct Expr;
using ExprPtr = std::unique_ptr<const Expr>;
struct FunctionSignature;  // promql/functions.h

// A length of time in brackets or after `offset`: a literal, or an expression over step(), range(),
// min_of(), max_of() and arithmetic that gets its value when the query's step is known
// (https://prometheus.io/docs/prometheus/latest/querying/basics/#duration-expressions).
struct DurationExpr {
  enum class Kind {
    Literal,
    Step,
    Range,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Negate,
    MinOf,
    MaxOf
  };
  Kind kind = Kind::Literal;
  double seconds = 0;              // For Literal; a sign before it is folded in.
  bool written_as_number = false;  // Literal: `300`, not `5m`.
  bool parenthesised = false;
  SourceSpan span;
  std::unique_ptr<const DurationExpr> left;  // The operand of Negate; null for leaves.
  std::unique_ptr<const DurationExpr> right;
};
using DurationExprPtr = std::unique_ptr<const DurationExpr>;

// `offset` and `@`, on selectors and subqueries.
struct TimeShift {
  enum class At { None, Time, Start, End };
  DurationExprPtr offset;  // Null when there is none.
  At at = At::None;
  Timestamp at_time;  // For At::Time.
};

struct NumberLiteral {
  double value;
  bool is_duration = false;  // Written as `5m`; prints that way.
};
struct StringLiteral {
  std::string value;
};
enum class RangeEdges { Default, Anchored, Smoothed };
struct VectorSelector {
  std::string name;               // The bare name before the braces; "" when there is none.
  std::vector<Matcher> matchers;  // All of them, __name__="name" included (last, when from `name`).
  TimeShift shift;                // For a matrix selector it is set here, on the inner selector.
  RangeEdges edges = RangeEdges::Default;
};
struct MatrixSelector {
  ExprPtr selector;  // Always a VectorSelector.
  DurationExprPtr range;
};
struct Subquery {
  ExprPtr expr;
  DurationExprPtr range;
  DurationExprPtr step;  // Null: the default evaluation interval.
  TimeShift shift;
};
struct Call {
  const FunctionSignature* function;  // Static storage.
  std::vector<ExprPtr> args;
};

enum class AggregateOp {
  Sum,
  Avg,
  Count,
  Min,
  Max,
  Group,
  Stddev,
  Stdvar,
  Topk,
  Bottomk,
  CountValues,
  Quantile,
  Limitk,
  LimitRatio
};
std::string_view to_string(AggregateOp op);
struct Aggregate {
  AggregateOp op;
  ExprPtr expr;
  ExprPtr param;  // Null for operators without one.
  std::vector<std::string> grouping;
  bool without = false;
};

enum class BinaryOp {
  Add,
  Sub,
  Mul,
  Div,
  Mod,
  Pow,
  Atan2,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  TrimUpper,
  TrimLower,
  And,
  Or,
  Unless
};
std::string_view to_string(BinaryOp op);  // "+", "==", "</", "and" ...
bool is_comparison(BinaryOp op);          // == != < <= > >=; the trims are not comparisons.
bool is_set_operator(BinaryOp op);
BinaryOp mirrored(BinaryOp op);  // a OP b is b mirrored(OP) a; only < <= > >= change.
enum class Cardinality { OneToOne, ManyToOne, OneToMany, ManyToMany };
struct VectorMatching {
  Cardinality card = Cardinality::OneToOne;
  bool on = false;  // on(labels), else ignoring(labels).
  std::vector<std::string> labels;
  std::vector<std::string> include;  // The labels of group_left / group_right.
  std::optional<double> fill_left;   // fill(v) sets both.
  std::optional<double> fill_right;
};
struct Binary {
  BinaryOp op;
  ExprPtr left;
  ExprPtr right;
  bool return_bool = false;
  std::optional<VectorMatching> matching;  // Set when both operands are vectors.
  SourceSpan op_span;                      // The operator alone, for remarks about it.
};
struct Unary {
  bool negate;
  ExprPtr expr;
};
struct Paren {
  ExprPtr expr;
};

struct Expr {
  SourceSpan span;
  ValueType type = ValueType::None;
  std::variant<NumberLiteral, StringLiteral, VectorSelector, MatrixSelector, Subquery, Call,
               Aggregate, Binary, Unary, Paren>
      node;
  // Nodes on the longest way down to a leaf, this one included. The parser keeps it below
  // kQueryDepthMax, so that walking and destroying a tree by recursion is safe.
  int height = 1;

  template <typename Node>
  const Node* as() const {
    return std::get_if<Node>(&node);
  }
};

// The expression inside any number of parentheses.
const Expr& strip_parens(const Expr& expr);

// The operands of a node, whatever its kind: in the order of the text, except that an aggregation's
// parameter comes first. Owned by `expr`.
std::vector<const Expr*> children(const Expr& expr);

}  // namespace promenade::promql
