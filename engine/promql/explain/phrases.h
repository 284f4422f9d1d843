#pragma once  // engine/promql/explain/phrases.h
// How a sentence about a node refers to the node's operands: "the rates", "each of the sums", "each
// value of `up`", "the sum". A node that is one element without labels is spoken of in the
// singular.
#include <string>
#include <string_view>

#include "promql/ast.h"
#include "promql/explain/words.h"

namespace promenade::promql {

// What stands in the tables of functions and aggregations (operator_phrases.cc).
struct OperatorPhrase {
  std::string_view name;
  // The sentence without its full stop, with marks for the operands (operator_phrases.cc lists
  // them). Where it depends on something, two of them with '|' between. "": it is made in
  // reading.cc.
  std::string_view sentence;
  // What a result is called, in the singular: "rate". "": what the operand's elements are called.
  std::string_view noun;
};
const OperatorPhrase& function_phrase(std::string_view name);  // Of a function of functions.h.
const OperatorPhrase& aggregate_phrase(AggregateOp op);

// Whether an instant vector has one element at most, and that no labels.
bool is_bare(const Expr& expr);
// The argument that the elements of the result come from: the first vector or range vector. Null
// for functions of scalars.
const Expr* vector_argument(const Call& call);

class Phrases {
 public:
  explicit Phrases(const TimeWords& times) : times_(times) {}

  // All of these are about scalars, too: they give the number or the code then.
  std::string all(const Expr& expr) const;      // "the rates"; "the values of `up`"; "the sum".
  std::string each(const Expr& expr) const;     // "each of the rates"; "each value of `up`".
  std::string those(const Expr& expr) const;    // "those of the rates"; "those values of `up`".
  std::string one_of(const Expr& expr) const;   // "the one of the rates"; "the value of `up`".
  std::string counted(const Expr& expr) const;  // "rates"; "series of `up`".
  std::string none(const Expr& expr) const;     // "none of the rates exists".
  std::string any(const Expr& expr) const;      // "any of the rates exists".
  // Of a range vector: "each series of `up`".
  std::string each_series(const Expr& range_vector) const;
  // Of a range vector: "no series of `up` has a sample".
  std::string no_series(const Expr& range_vector) const;
  std::string scalar(const Expr& expr) const;  // "5"; "the evaluation time"; code.

 private:
  // "values", "rates"; `of` is " of `up`" for a selector.
  struct Noun {
    std::string adjective;  // With a blank behind it, or "".
    std::string word;       // In the singular.
    std::string of;
    std::string whole;  // "the value 0": instead of all of the above.

    std::string plural() const { return adjective + word + "s"; }
  };
  Noun noun(const Expr& expr) const;
  Noun noun_of_binary(const Binary& binary) const;
  Noun noun_of_call(const Call& call) const;

  const TimeWords& times_;
};

}  // namespace promenade::promql
