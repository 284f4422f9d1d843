// engine/promql/parser/hints.cc
// Hints for tokens that do not fit, by the place where they stand, and for names of functions that
// PromQL doesn't have.
#include "promql/parser/hints.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/strings.h"
#include "promql/functions/functions.h"

namespace promenade::promql {
namespace {

struct WordHint {
  std::string_view word;
  std::string_view hint;
};

constexpr std::string_view kNoSelect =
    "a query is one expression, such as sum by (job) (rate(http_requests_total[5m]))";
constexpr std::string_view kFilters = "a comparison filters by itself: up == 0 keeps what is 0";
constexpr std::string_view kMatchInBraces =
    "labels are matched inside braces: up{job=~\"api|web\", instance!=\"a\"}";
constexpr std::string_view kSorting = "sort_desc(...) and sort(...) order a result";
constexpr std::string_view kNoNot = "PromQL has no not: write != in a comparison, or a unless b";
constexpr std::string_view kRelabel = "label_replace() and label_join() write labels";

// Words of SQL and its relatives where an operator should stand.
constexpr std::array kForeignWords = {
    WordHint{"select", kNoSelect},
    WordHint{"from", kNoSelect},
    WordHint{"where",
             "labels are filtered in braces, up{job=\"api\"}, and values by a comparison, up == 0"},
    WordHint{"having", "filter with a comparison behind: sum by (job) (up) > 1"},
    WordHint{"order", kSorting},
    WordHint{"asc", kSorting},
    WordHint{"desc", kSorting},
    WordHint{"limit", "topk(5, ...) keeps the five largest, limitk(5, ...) any five"},
    WordHint{"as", kRelabel},
    WordHint{"like", kMatchInBraces},
    WordHint{"in", kMatchInBraces},
    WordHint{"contains", kMatchInBraces},
    WordHint{"is", "absent(...) is 1 when nothing is there"},
    WordHint{"not", kNoNot},
    WordHint{"between", "compare twice: up >= 1 <= 5"},
    WordHint{"if", kFilters},
    WordHint{"then", kFilters},
    WordHint{"else", kFilters},
    WordHint{"case", kFilters},
    WordHint{"when", kFilters},
    WordHint{"join", "vectors are joined by an operator: a * on (job) group_left (version) b"},
    WordHint{"distinct", "group by (label) (...) has every value of the label once"},
    WordHint{"ago", "the past is reached with offset: up offset 1h"},
    WordHint{"xor", "write (a unless b) or (b unless a)"},
    WordHint{"equals", "write =="},
};

constexpr std::string_view kMean =
    "avg(...) is the mean over series, avg_over_time(...[5m]) the mean over time";
constexpr std::string_view kPercentile =
    "write quantile(0.95, ...), or histogram_quantile(0.95, ...) over the buckets of a histogram";
constexpr std::string_view kDerivative = "rate(...[5m]) for a counter, deriv(...[5m]) for a gauge";
constexpr std::string_view kDifference = "delta(...[5m]), or subtract: up - up offset 5m";
constexpr std::string_view kPower = "powers are written ^";
constexpr std::string_view kCount = "count(...) counts series, count_over_time(...[5m]) samples";
constexpr std::string_view kOr = "a or b takes b where a has nothing";

// What other languages call a function, and how it is written here.
constexpr std::array kForeignFunctions = {
    WordHint{"now", "time() is the time of the evaluation"},
    WordHint{"mean", kMean},
    WordHint{"average", kMean},
    WordHint{"moving_average", kMean},
    WordHint{"median", "write quantile(0.5, ...)"},
    WordHint{"percentile", kPercentile},
    WordHint{"p50", kPercentile},
    WordHint{"p90", kPercentile},
    WordHint{"p95", kPercentile},
    WordHint{"p99", kPercentile},
    WordHint{"std", "write stddev(...)"},
    WordHint{"len", kCount},
    WordHint{"length", kCount},
    WordHint{"size", kCount},
    WordHint{"count_distinct", "write count(count by (label) (...))"},
    WordHint{"distinct", "write group by (label) (...)"},
    WordHint{"unique", "write group by (label) (...)"},
    WordHint{"holt_winters", "Prometheus 3 calls it double_exponential_smoothing"},
    WordHint{"derivative", kDerivative},
    WordHint{"per_second", kDerivative},
    WordHint{"diff", kDifference},
    WordHint{"difference", kDifference},
    WordHint{"lag", "the past is reached with offset: up offset 5m"},
    WordHint{"log", "write ln(...), log2(...) or log10(...)"},
    WordHint{"pow", kPower},
    WordHint{"power", kPower},
    WordHint{"mod", "the remainder is written %"},
    WordHint{"last", "write last_over_time(...[5m])"},
    WordHint{"first", "write first_over_time(...[5m])"},
    WordHint{"if", kFilters},
    WordHint{"filter", kFilters},
    WordHint{"coalesce", kOr},
    WordHint{"ifnull", kOr},
    WordHint{"isnull", "write absent(...)"},
    WordHint{"not", kNoNot},
    WordHint{"contains", kMatchInBraces},
    WordHint{"regex", kMatchInBraces},
    WordHint{"match", kMatchInBraces},
    WordHint{"alias", kRelabel},
    WordHint{"rename", kRelabel},
    WordHint{"max_by", "write max by (label) (...)"},
    WordHint{"sum_by", "write sum by (label) (...)"},
    WordHint{"groupby", "write sum by (label) (...)"},
    WordHint{"total", "write sum(...)"},
    WordHint{"and", "and stands between two vectors: a and b"},
    WordHint{"or", "or stands between two vectors: a or b"},
};

// What may follow an expression, for "did you mean".
constexpr std::array<std::string_view, 14> kWordsAfterExpression = {
    "and", "or",       "unless",     "atan2", "offset",   "by",       "without",
    "on",  "ignoring", "group_left", "bool",  "anchored", "smoothed", "group_right"};

constexpr std::string_view kOperatorMissing = "an operator is missing before it";

std::string_view find_hint(std::span<const WordHint> hints, std::string_view word) {
  const std::string lower = to_lower(word);
  for (const WordHint& entry : hints) {
    if (entry.word == lower) return entry.hint;
  }
  return "";
}

std::string_view text_of(const Misfit& misfit, const Token& token) {
  return misfit.query.substr(token.span.begin, token.span.end - token.span.begin);
}

// Names as hints show them.
std::string_view shortened(std::string_view name) {
  return name.substr(0, 60);
}

bool is_name_of_function(std::string_view word) {
  return find_function(word) != nullptr || is_aggregator(find_keyword(word));
}

bool is_unit_of_time(std::string_view word) {
  constexpr std::array<std::string_view, 7> kUnits = {"ms", "s", "m", "h", "d", "w", "y"};
  return std::find(kUnits.begin(), kUnits.end(), word) != kUnits.end();
}

bool is_matching(Keyword keyword) {
  return keyword == Keyword::On || keyword == Keyword::Ignoring;
}
bool is_grouping(Keyword keyword) {
  return keyword == Keyword::By || keyword == Keyword::Without;
}
bool is_group(Keyword keyword) {
  return keyword == Keyword::GroupLeft || keyword == Keyword::GroupRight;
}
bool is_set_operator(Keyword keyword) {
  return keyword == Keyword::And || keyword == Keyword::Or || keyword == Keyword::Unless;
}

// Whether an expression may end with this token. A word that is an operator counts as one.
bool ends_operand(const Token& token) {
  switch (token.kind) {
    case TokenKind::Number:
    case TokenKind::Duration:
    case TokenKind::String:
    case TokenKind::Identifier:
    case TokenKind::MetricIdentifier:
    case TokenKind::RightParen:
    case TokenKind::RightBrace:
    case TokenKind::RightBracket:
      return true;
    case TokenKind::Keyword:
      return !is_set_operator(token.keyword) && !token.is(Keyword::Bool) &&
             !token.is(Keyword::Atan2);
    default:
      return false;
  }
}

// Words that belong to an operator or an aggregation and stand elsewhere.
std::string_view stray_keyword_hint(Keyword keyword) {
  if (is_grouping(keyword)) return "an aggregation takes one of by and without: sum by (job) (up)";
  if (is_matching(keyword)) return "it stands right behind the operator: a / on (job) b";
  if (is_group(keyword)) return "it stands behind on (...) or ignoring (...)";
  if (keyword == Keyword::Bool) return "bool stands right behind a comparison: up == bool 1";
  if (keyword == Keyword::Group) return "an aggregation does the grouping: sum by (job) (up)";
  return "";
}

std::string_view brace_hint(TokenKind before) {
  switch (before) {
    case TokenKind::String:
      return "a name in quotes stands inside the braces: {\"up\", job=\"api\"}";
    case TokenKind::RightBrace:
      return "all matchers stand in one pair of braces, separated by commas";
    case TokenKind::RightBracket:
      return "matchers stand before the range: up{job=\"api\"}[5m]";
    case TokenKind::RightParen:
      return "matchers stand behind the metric's name: sum(up{job=\"api\"})";
    default:
      return "";
  }
}

std::string misplaced_word_hint(const Misfit& misfit) {
  const std::string_view before = text_of(misfit, misfit.before);
  if (is_name_of_function(before)) {
    return fmt::format("{} takes its argument in parentheses", before);
  }
  if (misfit.before.is(TokenKind::Number) && is_unit_of_time(misfit.found.text)) {
    return number_hint(fmt::format("{}{}", before, misfit.found.text), true);
  }
  if (misfit.found.text.size() > 1) {
    if (const auto near = nearest(to_lower(misfit.found.text), kWordsAfterExpression)) {
      return fmt::format("did you mean {}?", quote(*near));
    }
  }
  // The misspelt word may have passed as the name of a metric: `a * on (b) group_lfet c`.
  constexpr size_t kLongWord = 5;
  if (before.size() >= kLongWord) {
    if (const auto near = nearest(to_lower(before), kWordsAfterExpression)) {
      return fmt::format("did you mean {} before it?", quote(*near));
    }
  }
  return std::string(kOperatorMissing);
}

// An operator, a comma or an end should stand here.
std::string after_operand_hint(const Misfit& misfit) {
  const Token& found = misfit.found;
  const std::string_view before = text_of(misfit, misfit.before);
  if (found.is_word()) {
    if (equal_ignoring_case(trim(misfit.query).substr(0, 7), "select ")) {
      return std::string(kNoSelect);
    }
    if (const auto hint = find_hint(kForeignWords, found.text); !hint.empty()) {
      return std::string(hint);
    }
    if (const auto hint = find_hint(kForeignWords, before); !hint.empty()) {
      return std::string(hint);
    }
    if (const auto hint = stray_keyword_hint(found.keyword); !hint.empty()) {
      return std::string(hint);
    }
    return misplaced_word_hint(misfit);
  }
  switch (found.kind) {
    case TokenKind::Assign:
      return misfit.query.substr(found.span.end, 1) == "!" ? "not equal is written !="
                                                           : "comparison is written ==";
    case TokenKind::LeftBrace:
      return std::string(brace_hint(misfit.before.kind));
    case TokenKind::Duration:
      return fmt::format("a range stands in square brackets: [{}]", shortened(found.text));
    case TokenKind::Comma:
      if (misfit.before.is(TokenKind::Number)) return "digits are grouped with _: 1_000";
      return "a query is one expression; a or b joins two";
    case TokenKind::LeftParen:
      if (is_grouping(misfit.before.keyword)) {
        return "it belongs to an aggregation: sum by (job) (up)";
      }
      return std::string(kOperatorMissing);
    case TokenKind::Number:
    case TokenKind::String:
      return misplaced_word_hint(misfit);
    default:
      return "";
  }
}

// A metric, a function or a number should stand here.
std::string operand_hint(const Misfit& misfit) {
  const Token& found = misfit.found;
  const Token& before = misfit.before;
  if (before.is(TokenKind::Less) && found.is(TokenKind::Greater)) return "not equal is written !=";
  if (before.is(TokenKind::Mul) && found.is(TokenKind::Mul)) return std::string(kPower);
  if (before.is(TokenKind::Div) && (found.is(TokenKind::Div) || found.is(TokenKind::Mul))) {
    return "a comment begins with #";
  }
  if (before.is(TokenKind::Equal) || before.is(TokenKind::NotEqual)) {
    if (found.is(TokenKind::Assign)) return "equality is written == and its opposite !=";
  }
  if (found.is(TokenKind::Assign)) return "comparison is written ==";
  if (is_set_operator(before.keyword) && found.kind >= TokenKind::Equal) {
    return "name the left side again: up > 1 and up < 5";
  }
  if (found.is(TokenKind::Comma)) return "something is missing before the comma";
  if (found.is(TokenKind::LeftBracket)) return "a range stands behind a metric: up[5m]";
  if (before.is(TokenKind::Mod)) return "% is the remainder of a division; 50 % is written 0.5";
  if (found.is(TokenKind::End) || found.is(TokenKind::RightParen)) {
    if (before.is(TokenKind::LeftParen)) return "something has to stand in the parentheses";
    return fmt::format("{} needs something on its right", text_of(misfit, before));
  }
  if (found.is(TokenKind::Mul) && before.is(TokenKind::LeftParen)) {
    return "there is no *; name a metric: count(up)";
  }
  if (found.kind >= TokenKind::Add) {
    return before.kind >= TokenKind::Add
               ? "something is missing between the two operators"
               : fmt::format("{} needs something on its left", found.text);
  }
  return std::string(stray_keyword_hint(found.keyword));
}

std::string in_braces_hint(const Misfit& misfit) {
  const Token& found = misfit.found;
  const std::string word = to_lower(found.is(TokenKind::Identifier) ? found.text : "");
  const bool is_value_expected =
      misfit.before.is(TokenKind::Assign) || misfit.before.is(TokenKind::NotEqual) ||
      misfit.before.is(TokenKind::RegexMatch) || misfit.before.is(TokenKind::RegexNotMatch);
  if (is_value_expected) {
    if (!word.empty()) {
      return fmt::format("label values are written in quotes: {}", quote_shortened(found.text));
    }
    if (found.is(TokenKind::Assign)) return "in braces, equality is a single =";
    return "a value in quotes is missing; \"\" stands for no such label";
  }
  const bool is_label_before =
      misfit.before.is(TokenKind::Identifier) || misfit.before.is(TokenKind::String);
  if (found.is(TokenKind::RightBrace)) return "a label needs a value: job=\"api\"";
  if (found.is(TokenKind::Comma)) {
    return is_label_before ? "a label needs a value: job=\"api\"" : "this comma is one too many";
  }
  if (word == "and") return "a comma means and";
  if (word == "or") return "for one value or another write job=~\"a|b\"";
  if (word == "in" || word == "like" || word == "not" || word == "contains" || word == "is") {
    return "labels are matched with =, !=, =~ or !~, as in job=~\"api|web\"";
  }
  if (found.is(TokenKind::String) || !word.empty()) {
    const std::string_view before = text_of(misfit, misfit.before);
    const bool is_value_before = !before.empty() && (before.back() == '"' || before.back() == '\'');
    return is_value_before ? "matchers are separated by commas"
                           : "between a label and its value stands =, !=, =~ or !~";
  }
  return "";
}

std::string duration_hint(const Misfit& misfit) {
  const Token& found = misfit.found;
  if (misfit.context == kInOffset) return "write how far back, such as offset 5m";
  if (found.is(TokenKind::RightBracket)) {
    return misfit.before.is(TokenKind::LeftBracket) ? "write how far to look back, such as [5m]"
                                                    : "";
  }
  if (found.is(TokenKind::String)) return "a length of time stands without quotes: [5m]";
  if (found.is(TokenKind::Comma)) return "the step of a subquery stands behind a colon: [1h:5m]";
  if (!found.is(TokenKind::Identifier)) return "";
  const std::string_view rest = trim(misfit.query.substr(found.span.end));
  if (!rest.empty() && (rest.front() == '=' || rest.front() == '!')) {
    return "labels are matched in braces: up{job=\"api\"}";
  }
  if (misfit.before.is(TokenKind::Number)) {
    return number_hint(fmt::format("{}{}", text_of(misfit, misfit.before), found.text), true);
  }
  return "a length of time is a number and a unit, such as 5m";
}

std::string label_list_hint(const Misfit& misfit) {
  const Token& found = misfit.found;
  const Keyword keyword = misfit.before.keyword;
  if (is_grouping(keyword) || is_matching(keyword) || is_group(keyword)) {
    const std::string_view label = found.is_word() ? shortened(found.text) : "job";
    return fmt::format("labels stand in parentheses: {} ({})", text_of(misfit, misfit.before),
                       label);
  }
  if (found.is(TokenKind::Assign) || found.is(TokenKind::Equal)) {
    return "only names stand here; filter in the braces behind the metric";
  }
  if (found.is_word() && misfit.before.is_word()) return "labels are separated by commas";
  return "";
}

// Between the labels of an aggregation and its parentheses.
std::string aggregation_hint(const Misfit& misfit) {
  if (misfit.found.is_word()) return "the expression stands in parentheses: sum by (job) (up)";
  return "what to aggregate comes next, in parentheses: sum by (job) (up)";
}

// Whether `rest`, from a parenthesis on, begins like `(job="api"` or `(5m)`.
bool holds_matcher(std::string_view rest) {
  size_t at = 1;
  const auto is_name = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  };
  while (at < rest.size() && (is_name(rest[at]) || rest[at] == ' ')) ++at;
  return at > 1 && at + 1 < rest.size() && (rest[at] == '=' || rest[at] == '!') &&
         (rest[at + 1] == '"' || rest[at + 1] == '\'' || rest[at + 1] == '~' || rest[at] == '!');
}

}  // namespace

std::string token_hint(const Misfit& misfit) {
  if (misfit.context == kInBraces) return in_braces_hint(misfit);
  if (misfit.context == kInBrackets || misfit.context == kInOffset) return duration_hint(misfit);
  if (misfit.context == kInLabelList) return label_list_hint(misfit);
  if (misfit.context == kInAggregation) return aggregation_hint(misfit);
  if (!misfit.context.empty()) return "";
  if (ends_operand(misfit.before)) return after_operand_hint(misfit);
  return operand_hint(misfit);
}

std::string function_hint(std::string_view name, std::string_view rest) {
  if (const auto hint = find_hint(kForeignFunctions, name); !hint.empty()) {
    return std::string(hint);
  }
  if (holds_matcher(rest))
    return fmt::format("labels are matched in braces: {}{{...}}", shortened(name));
  const std::string_view argument = trim(rest.substr(1, rest.find(')') - 1));
  if (!argument.empty() && argument.front() >= '0' && argument.front() <= '9' &&
      is_unit_of_time(argument.substr(argument.size() - 1))) {
    return fmt::format("a range stands in square brackets: {}[{}]", shortened(name),
                       shortened(argument));
  }
  return "";
}

std::string signature_hint(const FunctionSignature& function) {
  std::string out = fmt::format("it is called as {}(", function.name);
  for (size_t i = 0; i < function.args.size(); ++i) {
    if (i > 0) out += ", ";
    const bool is_optional = i >= function.required;
    if (is_optional) out += '[';
    out += document_name(function.args[i]);
    if (is_optional) out += ']';
  }
  if (function.variadic < 0 || function.variadic > 1) out += ", ...";
  return out + ")";
}

}  // namespace promenade::promql
