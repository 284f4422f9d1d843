// engine/promql/explain/binary_reading.cc
// The left operand is the subject of the sentence. Of a filter it is what is let through, so
// `5 > x` reads as x < 5.
#include "promql/explain/binary_reading.h"

#include <cmath>
#include <utility>

namespace promenade::promql {
namespace {

std::string arithmetic_words(BinaryOp op, std::string_view left, std::string_view right) {
  switch (op) {
    case BinaryOp::Add:
      return concat({left, " plus ", right});
    case BinaryOp::Sub:
      return concat({left, " minus ", right});
    case BinaryOp::Mul:
      return concat({left, " times ", right});
    case BinaryOp::Div:
      return concat({left, " divided by ", right});
    case BinaryOp::Mod:
      return concat({"the remainder of ", left, " divided by ", right});
    case BinaryOp::Pow:
      return concat({left, " to the power of ", right});
    case BinaryOp::Atan2:
      return concat({"the arc tangent of ", left, " divided by ", right,
                     ", in radians, in the quadrant that both signs give"});
    case BinaryOp::TrimUpper:
      return concat({left, ", without the observations above ", right});
    case BinaryOp::TrimLower:
      return concat({left, ", without the observations below ", right});
    default:
      return "";
  }
}

std::string_view comparison_words(BinaryOp op) {
  switch (op) {
    case BinaryOp::Equal:
      return "equal to ";
    case BinaryOp::NotEqual:
      return "different from ";
    case BinaryOp::Less:
      return "less than ";
    case BinaryOp::LessEqual:
      return "at most ";
    case BinaryOp::Greater:
      return "greater than ";
    default:
      return "at least ";
  }
}

bool is_same_number(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

class BinaryReading {
 public:
  BinaryReading(const Binary& binary, const Phrases& phrases)
      : binary_(binary), left_(*binary.left), right_(*binary.right), phrases_(phrases) {
    // Two operands that are called the same are told apart by their side.
    const bool is_same = phrases.all(left_) == phrases.all(right_);
    if (is_same && left_.type == ValueType::Vector && right_.type == ValueType::Vector) {
      on_left_ = " on the left";
      on_right_ = " on the right";
    }
  }

  std::string words() const {
    if (!binary_.matching) return is_comparison(binary_.op) ? scalar_comparison() : plain();
    if (is_set_operator(binary_.op)) return set_words();
    return (is_comparison(binary_.op) ? vector_comparison() : vector_arithmetic()) + tail();
  }

 private:
  std::string plain() const {
    return arithmetic_words(binary_.op, phrases_.each(left_), phrases_.each(right_));
  }

  // With a scalar on one side, or on both.
  std::string scalar_comparison() const {
    const bool is_turned = left_.type == ValueType::Scalar && right_.type == ValueType::Vector;
    const Expr& subject = is_turned ? right_ : left_;
    const std::string verdict =
        concat({comparison_words(is_turned ? mirrored(binary_.op) : binary_.op),
                phrases_.scalar(is_turned ? left_ : right_)});
    return comparison(subject, phrases_.each(subject), verdict);
  }

  // What a comparison makes of its subject, of which there may be many.
  std::string comparison(const Expr& subject, const std::string& each,
                         const std::string& verdict) const {
    const bool is_single = subject.type == ValueType::Scalar || is_bare(subject);
    if (binary_.return_bool) {
      if (is_single) return concat({"1 if ", each, " is ", verdict, ", otherwise 0"});
      return concat({"for ", each, ": 1 if it is ", verdict, ", otherwise 0"});
    }
    if (is_single) return concat({each, ", if it is ", verdict, "; otherwise nothing"});
    return concat({phrases_.those(subject), on_left_, " that are ", verdict});
  }

  std::string vector_arithmetic() const {
    if (is_one_to_many()) {
      return arithmetic_words(binary_.op, partner(left_, on_left_), each(right_, on_right_));
    }
    return arithmetic_words(binary_.op, each(left_, on_left_), partner(right_, on_right_));
  }

  std::string vector_comparison() const {
    const std::string_view adjective = comparison_words(binary_.op);
    if (!is_one_to_many()) {
      return comparison(left_, each(left_, on_left_),
                        concat({adjective, partner(right_, on_right_)}));
    }
    const std::string own = partner(left_, on_left_);
    const std::string other = each(right_, on_right_);
    if (binary_.return_bool) {
      return concat({"for ", other, ": 1 if ", own, " is ", adjective, "it, otherwise 0"});
    }
    return concat({"for ", other, ": ", own, ", if that is ", adjective, "it"});
  }

  std::string set_words() const {
    // Elements without labels always match.
    const bool always_match = is_unconditional();
    const std::string left = phrases_.all(left_) + on_left_;
    const std::string right = phrases_.all(right_) + on_right_;
    const std::string counterpart = "counterpart" + matching_words();
    if (binary_.op == BinaryOp::Or) {
      if (always_match) return concat({left, " or, if there is nothing, ", right});
      return concat({left, ", and ", phrases_.those(right_), on_right_, " that have no ",
                     counterpart, " on the left side"});
    }
    const bool is_and = binary_.op == BinaryOp::And;
    if (always_match) {
      return concat({left, is_and ? ", if " : ", unless ", phrases_.any(right_),
                     on_right_.empty() ? "" : " on the right",
                     is_and ? "; otherwise nothing" : ""});
    }
    return concat({phrases_.those(left_), on_left_, " that have ", is_and ? "a " : "no ",
                   counterpart, " among ", right});
  }

  bool is_one_to_many() const { return binary_.matching->card == Cardinality::OneToMany; }
  bool is_unconditional() const {
    const bool on_nothing = binary_.matching->on && binary_.matching->labels.empty();
    return on_nothing || (is_bare(left_) && is_bare(right_));
  }

  std::string each(const Expr& operand, const std::string& side) const {
    return phrases_.each(operand) + side;
  }
  // The element of the other side that goes with each.
  std::string partner(const Expr& operand, const std::string& side) const {
    return phrases_.one_of(operand) + side + matching_words();
  }

  std::string matching_words() const {
    const VectorMatching& matching = *binary_.matching;
    if (is_bare(left_) && is_bare(right_)) return "";
    if (!matching.on) {
      if (matching.labels.empty()) return " with the same labels";
      return " with the same labels apart from " + name_list(matching.labels);
    }
    if (matching.labels.empty()) return ", whatever the labels";
    return " with the same " + name_list(matching.labels);
  }

  // Sharing, copied labels and fills.
  std::string tail() const {
    const VectorMatching& matching = *binary_.matching;
    std::string text;
    if (matching.card != Cardinality::OneToOne) {
      const bool turned = is_one_to_many();
      text += concat({"; several on the ", turned ? "right" : "left", " may share one on the ",
                      turned ? "left" : "right"});
      if (!matching.include.empty()) {
        text += concat({", which lends them its label", matching.include.size() > 1 ? "s " : " ",
                        name_list(matching.include)});
      }
    }
    const auto& left = matching.fill_left;
    const auto& right = matching.fill_right;
    if (left && right && is_same_number(*left, *right)) {
      return text + concat({"; where one side has none, it counts as ", decimal_words(*left)});
    }
    if (left) text += fill_words("left", *left);
    if (right) text += fill_words("right", *right);
    return text;
  }
  static std::string fill_words(std::string_view side, double value) {
    return concat({"; where the ", side, " side has none, it counts as ", decimal_words(value)});
  }

  const Binary& binary_;
  const Expr& left_;
  const Expr& right_;
  const Phrases& phrases_;
  std::string on_left_;
  std::string on_right_;
};

}  // namespace

std::string binary_words(const Binary& binary, const Phrases& phrases) {
  return BinaryReading(binary, phrases).words();
}

}  // namespace promenade::promql
