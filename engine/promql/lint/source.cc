// engine/promql/lint/source.cc
// Places that the tree doesn't keep are found by reading the node's own text once more.
#include "promql/lint/source.h"

#include <algorithm>
#include <cmath>

#include "base/strings.h"
#include "promql/parser/lexer.h"

namespace promenade::promql::lint_rules_detail {
namespace {

bool ends_with(std::string_view text, std::string_view suffix) {
  return text.size() > suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

std::vector<Token> tokens_of(std::string_view query, SourceSpan span) {
  Lexer lexer(query.substr(span.begin, span.end - span.begin));
  std::vector<Token> tokens;
  while (true) {
    Token token = lexer.next();
    if (token.is(TokenKind::End) || token.is(TokenKind::Error)) return tokens;
    token.span.begin += span.begin;
    token.span.end += span.begin;
    tokens.push_back(std::move(token));
  }
}

bool is_match_operator(TokenKind kind) {
  return kind == TokenKind::Assign || kind == TokenKind::NotEqual ||
         kind == TokenKind::RegexMatch || kind == TokenKind::RegexNotMatch;
}

MetricKind kind_of_type(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return MetricKind::Counter;
    case MetricType::Gauge:
    case MetricType::Info:
    case MetricType::StateSet:
    case MetricType::Summary:  // By its own name it is a quantile.
      return MetricKind::Gauge;
    default:
      return MetricKind::Unknown;
  }
}

// The kind of NAME_bucket, NAME_sum, NAME_count and NAME_total from the type of NAME.
std::optional<MetricKind> kind_by_family(const LintKnowledge& knowledge, std::string_view name) {
  if (const auto type = knowledge.metric_type(name)) return kind_of_type(*type);
  for (const std::string_view suffix : {"_bucket", "_sum", "_count", "_total"}) {
    if (!ends_with(name, suffix)) continue;
    const auto type = knowledge.metric_type(name.substr(0, name.size() - suffix.size()));
    if (!type) continue;
    const bool counts = *type == MetricType::Histogram || *type == MetricType::Summary ||
                        *type == MetricType::Counter;
    return counts ? MetricKind::Counter : MetricKind::Gauge;
  }
  return std::nullopt;
}

}  // namespace

const Call* as_call(const Expr& expr, std::string_view name) {
  const Call* call = strip_parens(expr).as<Call>();
  return call != nullptr && call->function->name == name ? call : nullptr;
}

const Call* as_call(const Expr& expr, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const Call* call = as_call(expr, name)) return call;
  }
  return nullptr;
}

std::optional<double> as_number(const Expr& expr) {
  const NumberLiteral* number = strip_parens(expr).as<NumberLiteral>();
  return number != nullptr ? std::optional(number->value) : std::nullopt;
}

const VectorSelector* as_selector(const Expr& expr) {
  const Expr& inner = strip_parens(expr);
  if (const auto* matrix = inner.as<MatrixSelector>())
    return matrix->selector->as<VectorSelector>();
  return inner.as<VectorSelector>();
}

bool is_plain(const VectorSelector& selector) {
  return !selector.shift.offset && selector.shift.at == TimeShift::At::None &&
         selector.edges == RangeEdges::Default;
}

const std::string* as_string(const Expr& expr) {
  const StringLiteral* string = strip_parens(expr).as<StringLiteral>();
  return string != nullptr ? &string->value : nullptr;
}

std::optional<int64_t> as_milliseconds(const DurationExprPtr& duration) {
  if (!duration || duration->kind != DurationExpr::Kind::Literal) return std::nullopt;
  return std::llround(duration->seconds * 1000);
}

std::string_view metric_name(const VectorSelector& selector) {
  if (!selector.name.empty()) return selector.name;
  for (const Matcher& matcher : selector.matchers) {
    if (matcher.name() == kMetricName && matcher.type() == MatchType::Equal) return matcher.value();
  }
  return "";
}

MetricKind metric_kind(const Site& site, const VectorSelector& selector) {
  const std::string_view name = metric_name(selector);
  if (const auto kind = kind_by_family(site.knowledge, name)) return *kind;
  if (ends_with(name, "_total") || ends_with(name, "_bucket")) return MetricKind::Counter;
  for (const std::string_view suffix : {"_ratio", "_celsius", "_timestamp_seconds", "_info"}) {
    if (ends_with(name, suffix)) return MetricKind::Gauge;
  }
  return name == "up" ? MetricKind::Gauge : MetricKind::Unknown;
}

std::vector<MatcherText> matcher_texts(std::string_view query, const Expr& selector) {
  std::vector<MatcherText> texts;
  const std::vector<Token> tokens = tokens_of(query, selector.span);
  size_t i = 0;
  while (i < tokens.size() && !tokens[i].is(TokenKind::LeftBrace)) ++i;
  for (++i; i < tokens.size() && !tokens[i].is(TokenKind::RightBrace); ++i) {
    if (tokens[i].is(TokenKind::Comma)) continue;
    MatcherText text;
    text.all = text.name = tokens[i].span;
    if (i + 2 < tokens.size() && is_match_operator(tokens[i + 1].kind)) {
      text.op = tokens[i + 1].span;
      text.value = tokens[i + 2].span;
      text.all.end = text.value.end;
      i += 2;
    }
    texts.push_back(text);
  }
  return texts;
}

std::optional<LabelListText> grouping_text(std::string_view query, const Expr& aggregate) {
  const std::vector<Token> tokens = tokens_of(query, aggregate.span);
  int depth = 0;
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].is(TokenKind::LeftParen)) ++depth;
    if (tokens[i].is(TokenKind::RightParen)) --depth;
    if (depth > 0 || !(tokens[i].is(Keyword::By) || tokens[i].is(Keyword::Without))) continue;
    LabelListText list;
    list.all = tokens[i + 1].span;
    for (i += 2; i < tokens.size() && !tokens[i].is(TokenKind::RightParen); ++i) {
      if (!tokens[i].is(TokenKind::Comma)) list.labels.push_back(tokens[i].span);
    }
    if (i < tokens.size()) list.all.end = tokens[i].span.end;
    return list;
  }
  return std::nullopt;
}

std::optional<SourceSpan> bool_text(std::string_view query, const Binary& binary) {
  const SourceSpan behind{binary.op_span.end, binary.right->span.begin};
  for (const Token& token : tokens_of(query, behind)) {
    if (token.is(Keyword::Bool)) return token.span;
  }
  return std::nullopt;
}

std::string written_label(std::string_view label) {
  return is_legacy_label_name(label) ? std::string(label) : quote(label);
}

TextEdit replace(SourceSpan span, std::string text) {
  return {span, std::move(text)};
}

TextEdit insert(uint32_t at, std::string text) {
  return {{at, at}, std::move(text)};
}

bool contains(const std::vector<std::string>& texts, std::string_view text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

}  // namespace promenade::promql::lint_rules_detail
