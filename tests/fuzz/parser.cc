// tests/fuzz/parser.cc
// Any text is a query or an error with a place inside the text; and what is printed is read back as
// the same tree, in one line and in several.
#include "promql/parser/parser.h"

#include <cstddef>
#include <cstdint>

#include "check.h"
#include "promql/lint.h"
#include "promql/parser/printer.h"
#include "promql/parser/series_notation.h"

namespace promenade::promql {
namespace {

void check_error(std::string_view text, const Error& error) {
  fuzz::require(
      error.span && error.span->begin <= error.span->end && error.span->end <= text.size(),
      "an error is outside of the text", error.message);
  fuzz::require(!error.message.empty(), "an error says nothing");
  fuzz::require(!describe_parse_error(text, error).empty(), "an error can't be described");
}

void check_reads_back(const Expr& expr, const std::string& printed) {
  const auto again = parse(printed);
  fuzz::require(again.has_value(), "the printed form is no query", printed);
  fuzz::require(dump(**again) == dump(expr), "the printed form is another query", printed);
  fuzz::require(to_string(**again) == to_string(expr), "printing twice differs", printed);
}

// Every remark is about a part of the query, and an edit leaves a query.
void check_remarks(std::string_view query, const Expr& expr) {
  for (const LintPurpose purpose : {LintPurpose::Range, LintPurpose::Alert}) {
    for (const LintFinding& finding : lint(query, expr, {purpose, nullptr})) {
      fuzz::require(finding.span.begin <= finding.span.end && finding.span.end <= query.size(),
                    "a remark is outside of the query", finding.message);
      if (!finding.edit) continue;
      const auto [begin, end] = finding.edit->span;
      std::string edited(query);
      edited.replace(begin, end - begin, finding.edit->replacement);
      fuzz::require(parse(edited).has_value(), "an edit spoils the query", edited);
    }
  }
}

}  // namespace
}  // namespace promenade::promql

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace promenade::promql;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto expr = parse(text)) {
    check_reads_back(**expr, to_string(**expr));
    check_reads_back(**expr, pretty(**expr));
    check_remarks(text, **expr);
  } else {
    check_error(text, expr.error());
  }
  if (const auto selector = parse_selector(text); !selector) check_error(text, selector.error());
  if (const auto metric = parse_metric(text); !metric) check_error(text, metric.error());
  // A line may ask for a million values in a few bytes ("0x999999"); that is tested elsewhere.
  if (text.find('x') == std::string_view::npos) (void)parse_series_line(text);
  return 0;
}
