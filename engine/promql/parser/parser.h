#pragma once  // engine/promql/parser.h
// Text to syntax tree, types checked: the complete grammar of Prometheus 3
// (https://prometheus.io/docs/prometheus/latest/querying/basics/ and operators/; Prometheus's
// promql/parser/generated_parser.y). Only the first error is reported.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/labels.h"
#include "model/matcher.h"
#include "promql/ast.h"

namespace promenade::promql {

// Limits against hostile input; a query past one of them is an error, never a crash.
inline constexpr size_t kQueryBytesMax = 1 << 20;
inline constexpr int kQueryDepthMax = 200;

struct ParserOptions {
  // Functions and aggregations that Prometheus keeps behind --enable-feature.
  bool experimental_functions = true;
  bool extended_range_selectors = true;
  bool fill_modifiers = true;
};

// On failure Error::span is the offending text, and Error::message what was found, what was
// expected there and, for a misspelt function, label keyword or operator, the nearest name.
// It does not contain the position; describe_parse_error() adds it in Prometheus's form.
Result<ExprPtr> parse(std::string_view query, const ParserOptions& options = {});

// "1:5: parse error: unexpected ..." (line and column of the span's begin).
std::string describe_parse_error(std::string_view query, const Error& error);

// `{job="x"}` or `up{...}` alone, as match[] parameters want it. It may match everything: `{}`.
Result<std::vector<Matcher>> parse_selector(std::string_view selector);

// `up{job="x"}` as a label set: only '=' (the series notation of test files).
Result<Labels> parse_metric(std::string_view text);

}  // namespace promenade::promql
