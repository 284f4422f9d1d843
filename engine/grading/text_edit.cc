// engine/grading/text_edit.cc
// Texts are cut by the spans of the printed query, which is parsed once more for that.
#include "grading/text_edit.h"

#include "base/strings.h"
#include "promql/parser/parser.h"
#include "promql/parser/printer.h"

namespace promenade::grading {

QueryEditor::QueryEditor(std::string_view query) {
  auto parsed = promql::parse(query);
  if (!parsed) return;
  text_ = promql::to_string(**parsed);
  auto canonical = promql::parse(text_);
  if (canonical) root_ = std::move(*canonical);
}

std::string_view QueryEditor::text(const promql::Expr& node) const {
  return std::string_view(text_).substr(node.span.begin, node.span.end - node.span.begin);
}

std::string QueryEditor::replaced(const promql::Expr& node, const std::string& replacement) const {
  std::string query = text_.substr(0, node.span.begin) + replacement + text_.substr(node.span.end);
  const auto parsed = promql::parse(query);
  if (!parsed || promql::to_string(**parsed) == text_) return "";
  return query;
}

std::vector<std::string> matcher_texts(const promql::VectorSelector& selector) {
  std::vector<std::string> texts;
  bool is_name_left_out = selector.name.empty();
  for (const Matcher& matcher : selector.matchers) {
    const bool is_bare_name = !is_name_left_out && matcher.name() == kMetricName &&
                              matcher.type() == MatchType::Equal &&
                              matcher.value() == selector.name;
    if (is_bare_name) {
      is_name_left_out = true;
    } else {
      texts.push_back(matcher.to_string());
    }
  }
  return texts;
}

std::string shift_text(const promql::TimeShift& shift) {
  std::string text;
  if (shift.at == promql::TimeShift::At::Start) text += " @ start()";
  if (shift.at == promql::TimeShift::At::End) text += " @ end()";
  if (shift.at == promql::TimeShift::At::Time) {
    text += " @ " + std::to_string(shift.at_time.ms / 1000);
  }
  if (shift.offset != nullptr) text += " offset " + promql::to_string(*shift.offset);
  return text;
}

std::string selector_text(const promql::VectorSelector& selector,
                          const std::vector<std::string>& matchers) {
  std::string text = selector.name;
  if (!matchers.empty() || text.empty()) text += "{" + join(matchers, ", ") + "}";
  return text;
}

std::string aggregate_text(std::string_view op, const std::vector<std::string>& grouping,
                           bool without, std::string_view param, std::string_view operand) {
  std::string text(op);
  if (without) {
    text += " without (" + join(grouping, ", ") + ") ";
  } else if (!grouping.empty()) {
    text += " by (" + join(grouping, ", ") + ") ";
  }
  text += "(";
  if (!param.empty()) text += std::string(param) + ", ";
  return text + std::string(operand) + ")";
}

}  // namespace promenade::grading
