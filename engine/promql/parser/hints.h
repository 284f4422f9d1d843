#pragma once  // engine/promql/parser/hints.h
// What to do about a mistake: the part of an error message behind "; ". What comes before is worded
// as in Prometheus; this is what people usually meant: habits from SQL, from Grafana, from other
// query languages and from spoken mathematics. All return "" when there is nothing sure to say.
// Internal to engine/promql.
#include <string>
#include <string_view>

#include "promql/ast.h"
#include "promql/parser/token.h"

namespace promenade::promql {

// Names for where a token stands, as in "unexpected ... in label matching". They choose the hints.
inline constexpr std::string_view kInBraces = "label matching";
inline constexpr std::string_view kInBrackets = "subquery or range selector";
inline constexpr std::string_view kInOffset = "offset";
inline constexpr std::string_view kInLabelList = "grouping opts";
inline constexpr std::string_view kInAggregation = "aggregation";

// A token that does not fit where it stands.
struct Misfit {
  std::string_view query;
  const Token& found;
  const Token& before;  // The last one that fitted; only kind, keyword and span. End: none.
  std::string_view context;
};
std::string token_hint(const Misfit& misfit);

// For the character at `at`, which no token begins with.
std::string character_hint(std::string_view query, size_t at, bool is_in_braces);
// How many bytes belong to the character at `at` for a reader: all of a Grafana variable, else 0.
size_t variable_length(std::string_view query, size_t at);
// For digits with something behind them that is no unit: "5min", "1.5h", "10k".
std::string number_hint(std::string_view word, bool is_in_brackets);
// For `name(`, when no function is called so. `rest` is the query from the parenthesis on.
std::string function_hint(std::string_view name, std::string_view rest);
std::string regex_hint(std::string_view pattern);
// "it is called as round(instant vector, [scalar])".
std::string signature_hint(const FunctionSignature& function);

// Appends "; HINT".
void add_hint(std::string& message, std::string_view hint);

}  // namespace promenade::promql
