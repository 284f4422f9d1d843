// engine/promql/explain/reading.cc
// One sentence a node. Functions and aggregations fill in the sentences of operator_phrases.cc; the
// other nodes have theirs here.
#include "promql/explain/reading.h"

#include <cmath>

#include "base/strings.h"
#include "promql/explain.h"
#include "promql/explain/binary_reading.h"
#include "promql/explain/phrases.h"
#include "promql/functions/functions.h"
#include "promql/functions/range_call.h"
#include "promql/parser/printer.h"

namespace promenade::promql {
namespace {

// Lengths beyond this are no lengths of time that anybody has words for.
constexpr double kSecondsInWordsMax = 1e9;

const std::string& text_of(const Expr& argument) {
  return strip_parens(argument).as<StringLiteral>()->value;
}

std::string group_words(const Aggregate& aggregate) {
  const auto& names = aggregate.grouping;
  if (aggregate.without) {
    return names.empty() ? " for each combination of labels"
                         : " for each combination of the labels other than " + name_list(names);
  }
  if (names.empty()) return "";
  return (names.size() > 1 ? " for each combination of " : " for each ") + name_list(names);
}

// "1 hour" for 3600; "`4 * 3600` seconds".
std::string seconds_words(const Expr& expr, const Phrases& phrases) {
  const auto* number = strip_parens(expr).as<NumberLiteral>();
  if (number && number->value >= 0 && number->value < kSecondsInWordsMax) {
    return duration_words({static_cast<int64_t>(std::round(number->value * 1000))});
  }
  return phrases.scalar(expr) + " seconds";
}

std::string quantile_words(const Expr& expr, const Phrases& phrases) {
  const auto* number = strip_parens(expr).as<NumberLiteral>();
  return number ? percentile_words(number->value) : "quantile " + phrases.scalar(expr);
}

bool wants_second_sentence(const Call& call) {
  const std::string_view name = call.function->name;
  if (name.ends_with("timestamp")) return !strip_parens(*call.args.front()).as<VectorSelector>();
  if (name == "scalar") return is_bare(*call.args.front());
  return call.args.size() > call.function->required;
}

std::string_view choose(std::string_view sentences, bool second) {
  const size_t bar = sentences.find('|');
  if (bar == std::string_view::npos) return sentences;
  return second ? sentences.substr(bar + 1) : sentences.substr(0, bar);
}

// Replaces each mark by words(mark).
template <typename Words>
std::string fill_in(std::string_view sentence, Words words) {
  std::string text;
  for (size_t i = 0; i < sentence.size(); ++i) {
    if (sentence[i] == '%') {
      text += words(sentence[++i]);
    } else {
      text += sentence[i];
    }
  }
  return text;
}

class Reader {
 public:
  explicit Reader(const Preparation* preparation) : times_(preparation), phrases_(times_) {}

  std::string read(const Expr& expr) const {
    return capitalised(std::visit([&](const auto& node) { return words(node); }, expr.node)) + ".";
  }

 private:
  std::string words(const NumberLiteral& number) const {
    const std::string value = "the number " + decimal_words(number.value);
    if (!number.is_duration || !(std::abs(number.value) < kSecondsInWordsMax)) return value;
    const auto ms = static_cast<int64_t>(std::round(std::abs(number.value) * 1000));
    return concat(
        {value, ": ", number.value < 0 ? "minus " : "", duration_words({ms}), " in seconds"});
  }
  std::string words(const StringLiteral& string) const {
    return "the text " + quoted_code(string.value);
  }
  std::string words(const Paren&) const { return "what is in the parentheses, worked out first"; }
  std::string words(const Unary& unary) const {
    return unary.negate ? "the negative of " + phrases_.each(*unary.expr)
                        : phrases_.each(*unary.expr) + ", unchanged";
  }
  std::string words(const Binary& binary) const { return binary_words(binary, phrases_); }

  std::string words(const VectorSelector& selector) const {
    const std::string series = selected_series_words(selector);
    const std::string as_of = times_.as_of(selector.shift);
    if (selector.edges == RangeEdges::Smoothed) {
      return concat({"the value of ", series, as_of.empty() ? "" : ", ", as_of,
                     ", interpolated between the samples before and after"});
    }
    return concat({"the newest sample, if recent enough, of ", series,
                   as_of.empty() ? "" : ", as of ", times_.moment(selector.shift)});
  }

  std::string words(const MatrixSelector& matrix) const {
    const auto& selector = *matrix.selector->as<VectorSelector>();
    return concat({"all samples of ", selected_series_words(selector), " in ",
                   times_.window(*matrix.range, selector.shift), edges_words(selector.edges)});
  }

  std::string words(const Subquery& subquery) const {
    return concat({phrases_.each(*subquery.expr), ", ", interval_words(subquery), " over ",
                   times_.window(*subquery.range, subquery.shift)});
  }

  std::string words(const Aggregate& aggregate) const {
    const std::string_view sentences = aggregate_phrase(aggregate.op).sentence;
    if (sentences.empty()) return choice_words(aggregate);
    const bool is_grouped = !group_words(aggregate).empty();
    return fill_in(choose(sentences, is_grouped), [&](char mark) -> std::string {
      switch (mark) {
        case 'g':
          return group_words(aggregate);
        case 'p':
          return code(text_of(*aggregate.param));
        case 'q':
          return quantile_words(*aggregate.param, phrases_);
        default:
          return vector_words(mark, *aggregate.expr);
      }
    });
  }

  // topk, bottomk, limitk and limit_ratio.
  std::string choice_words(const Aggregate& aggregate) const {
    const std::string from = phrases_.all(*aggregate.expr) + group_words(aggregate);
    const auto* number = strip_parens(*aggregate.param).as<NumberLiteral>();
    if (aggregate.op == AggregateOp::LimitRatio) return share_words(aggregate, number, from);
    // As many as the whole part of the number says.
    const double count = number ? std::floor(std::max(number->value, 0.0)) : 0;
    const std::string elements = number ? decimal_words(count) : phrases_.scalar(*aggregate.param);
    const bool is_one = count == 1;
    if (aggregate.op == AggregateOp::Limitk) {
      return concat({"up to ", elements, " of ", from, ", whichever come first"});
    }
    return concat({"the ", is_one ? "element" : elements + " elements", " with the ",
                   aggregate.op == AggregateOp::Topk ? "highest" : "lowest",
                   is_one ? " value among " : " values among ", from});
  }

  std::string share_words(const Aggregate& aggregate, const NumberLiteral* number,
                          const std::string& from) const {
    if (!number || !(std::abs(number->value) <= 1)) {
      return concat({"a share of ", phrases_.scalar(*aggregate.param), " of ", from,
                     ", chosen by a hash of their labels"});
    }
    const double percent = std::round(std::abs(number->value) * 1e12) / 1e10;
    const std::string chosen = concat(
        {"about ", decimal_words(percent), "% of ", from, ", chosen by a hash of their labels"});
    if (number->value >= 0) return chosen;
    return concat({chosen, ": those that a ratio of ",
                   decimal_words(std::round((1 + number->value) * 1e12) / 1e12), " leaves out"});
  }

  std::string words(const Call& call) const {
    const std::string_view name = call.function->name;
    if (name == "label_replace") return label_replace_words(call);
    if (name == "label_join") return label_join_words(call);
    const std::string_view sentence =
        choose(function_phrase(name).sentence, wants_second_sentence(call));
    return fill_in(sentence, [&](char mark) { return call_words(mark, call); }) + range_tail(call);
  }

  std::string call_words(char mark, const Call& call) const {
    if (mark >= '0' && mark <= '9')
      return argument_words(*call.args[static_cast<size_t>(mark - '0')]);
    switch (mark) {
      case 'd':
        return seconds_words(*call.args[1], phrases_);
      case 'q':
        return quantile_words(*call.args[0], phrases_);
      case 'Q':
        return list_of(call, 2, " and ",
                       [&](const Expr& q) { return "the " + quantile_words(q, phrases_); });
      case 'L':
        return list_of(call, 1, ", then ", [](const Expr& label) { return code(text_of(label)); });
      case 's':
        return phrases_.each_series(*vector_argument(call));
      case 'o':
        return phrases_.no_series(*vector_argument(call));
      case 'W':
        return window_words(*vector_argument(call));
      default:
        return vector_words(mark, *vector_argument(call));
    }
  }

  template <typename Words>
  static std::string list_of(const Call& call, size_t from, std::string_view last, Words words) {
    std::vector<std::string> items;
    for (size_t i = from; i < call.args.size(); ++i) items.push_back(words(*call.args[i]));
    return list(items, last);
  }

  std::string argument_words(const Expr& argument) const {
    const Expr& expr = strip_parens(argument);
    if (expr.type == ValueType::String) return code(text_of(expr));
    if (expr.type == ValueType::Scalar) return phrases_.scalar(expr);
    return code(to_string(expr));
  }

  std::string vector_words(char mark, const Expr& vector) const {
    switch (mark) {
      case 'a':
        return phrases_.all(vector);
      case 'b':
        return phrases_.counted(vector);
      case 'n':
        return phrases_.none(vector);
      case 'y':
        return phrases_.any(vector);
      case 'h':
        return (is_bare(vector) ? "the histogram formed by " : "each histogram formed by ") +
               phrases_.all(vector);
      default:
        return phrases_.each(vector);
    }
  }

  std::string window_words(const Expr& range_vector) const {
    const Expr& expr = strip_parens(range_vector);
    if (const auto* subquery = expr.as<Subquery>()) {
      return times_.window(*subquery->range, subquery->shift);
    }
    const auto& matrix = *expr.as<MatrixSelector>();
    return times_.window(*matrix.range, matrix.selector->as<VectorSelector>()->shift);
  }

  // What is to be said about the range vector of a call, besides its window.
  std::string range_tail(const Call& call) const {
    const int index = range_argument(call);
    if (index < 0) return "";
    const Expr& expr = strip_parens(*call.args[static_cast<size_t>(index)]);
    if (const auto* subquery = expr.as<Subquery>()) return ", " + interval_words(*subquery);
    const auto& matrix = *expr.as<MatrixSelector>();
    return std::string(edges_words(matrix.selector->as<VectorSelector>()->edges));
  }

  std::string interval_words(const Subquery& subquery) const {
    if (!subquery.step) return "evaluated at the default interval";
    return "evaluated every " + times_.period(*subquery.step);
  }

  static std::string_view edges_words(RangeEdges edges) {
    switch (edges) {
      case RangeEdges::Anchored:
        return ", with the last sample before the window standing for its start";
      case RangeEdges::Smoothed:
        return ", with the values at both edges of the window interpolated";
      case RangeEdges::Default:
        break;
    }
    return "";
  }

  std::string label_replace_words(const Call& call) const {
    const std::string label = label_words(text_of(*call.args[1]));
    const std::string& replacement = text_of(*call.args[2]);
    const std::string& source = text_of(*call.args[3]);
    const std::string& pattern = text_of(*call.args[4]);
    std::string text = concat({phrases_.all(*call.args[0]), ", with ", label});
    if (replacement.empty()) {
      text += " removed";
    } else {
      text += concat({" set to ", quoted_code(replacement)});
      if (replacement.find('$') != std::string::npos)
        text += ", filled in from the pattern's groups,";
    }
    // The usual way to set a label on everything.
    if (source.empty() && (pattern.empty() || pattern == ".*")) return text + " on all of them";
    return text + concat({" where ", label_words(source), " as a whole matches ", code(pattern)});
  }

  std::string label_join_words(const Call& call) const {
    const std::string label = label_words(text_of(*call.args[1]));
    const std::string& separator = text_of(*call.args[2]);
    const std::string text = concat({phrases_.all(*call.args[0]), ", with ", label});
    std::vector<std::string> sources;
    for (size_t i = 3; i < call.args.size(); ++i) sources.push_back(text_of(*call.args[i]));
    if (sources.empty()) return text + " removed";
    if (sources.size() == 1) return concat({text, " set to the value of ", name_list(sources)});
    return concat({text, " set to the values of ", name_list(sources), ", joined ",
                   separator.empty() ? "without a separator" : "by " + quoted_code(separator)});
  }

  TimeWords times_;
  Phrases phrases_;
};

}  // namespace

std::string reading(const Expr& expr, const Preparation* preparation) {
  return Reader(preparation).read(expr);
}

std::string reading(const Expr& expr) {
  return reading(expr, nullptr);
}

}  // namespace promenade::promql
