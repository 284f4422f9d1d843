// engine/promql/parser_selector.cc
// Selectors in expressions, and metrics in the series notation. A quoted string on its own in
// the braces is a metric name.
#include <fmt/format.h>

#include "base/strings.h"
#include "promql/parser/hints.h"
#include "promql/parser/parser_impl.h"

namespace promenade::promql {
namespace {

std::optional<MatchType> match_type(TokenKind kind) {
  switch (kind) {
    case TokenKind::Assign:
      return MatchType::Equal;
    case TokenKind::NotEqual:
      return MatchType::NotEqual;
    case TokenKind::RegexMatch:
      return MatchType::Regex;
    case TokenKind::RegexNotMatch:
      return MatchType::NotRegex;
    default:
      return std::nullopt;
  }
}

}  // namespace

// NAME ['{' matchers '}'] or '{' matchers '}'
Result<NewExpr> Parser::parse_selector() {
  const bool is_empty_allowed = is_empty_selector_allowed_;
  is_empty_selector_allowed_ = false;
  const uint32_t begin = peek().span.begin;
  VectorSelector selector;
  if (!at(TokenKind::LeftBrace)) selector.name = take().text;
  if (take_if(TokenKind::LeftBrace)) selector.matchers = TRY(parse_matchers());
  if (!selector.name.empty()) {
    selector.matchers.push_back(Matcher::equal(std::string(kMetricName), selector.name));
  }
  TRY(check_selector(selector, from(begin), is_empty_allowed));
  return make_expr(std::move(selector), ValueType::Vector, from(begin), 1);
}

// Up to and including '}'.
Result<std::vector<Matcher>> Parser::parse_matchers() {
  std::vector<Matcher> matchers;
  while (!take_if(TokenKind::RightBrace)) {
    if (!at(TokenKind::Identifier) && !at(TokenKind::String)) {
      return unexpected(kInBraces, "identifier or \"}\"");
    }
    matchers.push_back(TRY(parse_matcher()));
    if (take_if(TokenKind::Comma)) continue;
    if (!at(TokenKind::RightBrace)) return unexpected(kInBraces, "\",\" or \"}\"");
  }
  return matchers;
}

Result<Matcher> Parser::parse_matcher() {
  Token name = take();
  const auto type = match_type(peek().kind);
  if (!type) {
    const bool is_metric_name =
        name.is(TokenKind::String) && (at(TokenKind::Comma) || at(TokenKind::RightBrace));
    if (is_metric_name) return Matcher::equal(std::string(kMetricName), std::move(name.text));
    return unexpected(kInBraces, "label matching operator");
  }
  take();
  if (!at(TokenKind::String)) return unexpected(kInBraces, "string");
  const Token value = take();
  auto matcher = Matcher::create(*type, std::move(name.text), value.text);
  if (matcher) return matcher;
  constexpr size_t kShownMax = 200;  // The message repeats the pattern.
  std::string message = matcher.error().message.substr(0, kShownMax);
  add_hint(message, regex_hint(value.text));
  return bad_data(std::move(message), value.span);
}

// The same shape with '=' only, as a label set. What follows need not be PromQL, and "{{" there
// starts a histogram.
Result<Labels> Parser::parse_metric(size_t& end) {
  const uint32_t begin = peek().span.begin;
  std::string name;
  if (peek().is_word()) {
    name = take().text;
  } else if (!at(TokenKind::LeftBrace)) {
    return unexpected("series description", "a metric name or \"{\"");
  }
  std::vector<Matcher> matchers;
  const bool is_histogram = query_.substr(peek().span.begin, 2) == "{{";
  if (!is_histogram && take_if(TokenKind::LeftBrace)) matchers = TRY(parse_matchers());
  end = last_.span.end;

  LabelsBuilder labels;
  labels.set(kMetricName, name);
  for (const Matcher& matcher : matchers) {
    if (matcher.type() != MatchType::Equal) {
      return bad_data(fmt::format("unexpected {} in series description, expected \"=\"",
                                  quote(to_string(matcher.type()))),
                      from(begin));
    }
    labels.set(matcher.name(), matcher.value());
  }
  return labels.build();
}

}  // namespace promenade::promql
