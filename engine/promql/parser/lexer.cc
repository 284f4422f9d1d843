// engine/promql/lexer.cc
// Blanks, signs, words and numbers; strings are in lexer_string.cc. After Prometheus's
// promql/parser/lex.go, whose messages are kept.
#include "promql/parser/lexer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/strings.h"
#include "promql/parser/hints.h"

namespace promenade::promql {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_fill(Keyword keyword) {
  return keyword == Keyword::Fill || keyword == Keyword::FillLeft || keyword == Keyword::FillRight;
}

// Digits from `at`, single '_' between them allowed. The end of them, or npos when a '_' stands
// wrongly.
size_t scan_digits(std::string_view text, size_t at, bool (*is_digit_here)(char)) {
  while (at < text.size() && (is_digit_here(text[at]) || text[at] == '_')) {
    const bool digit_before = at > 0 && is_digit_here(text[at - 1]);
    const bool digit_after = at + 1 < text.size() && is_digit_here(text[at + 1]);
    if (text[at] == '_' && !(digit_before && digit_after)) return std::string_view::npos;
    ++at;
  }
  return at;
}

// The length of the hexadecimal number at the start of `text`, or 0.
size_t scan_hexadecimal(std::string_view text) {
  size_t at = 2;
  if (at < text.size() && text[at] == '_') ++at;
  if (at >= text.size() || !is_hex_digit(text[at])) return 0;
  const size_t end = scan_digits(text, at, is_hex_digit);
  return end == std::string_view::npos ? 0 : end;
}

size_t scan_exponent(std::string_view text, size_t at) {
  if (at >= text.size() || (text[at] != 'e' && text[at] != 'E')) return at;
  ++at;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  if (at >= text.size() || !is_digit(text[at])) return std::string_view::npos;
  return scan_digits(text, at, is_digit);
}

// The length of the number at the start of `text`, or 0 when there is none. What follows must
// not be alphanumeric, or it may be a duration.
size_t scan_number(std::string_view text) {
  size_t end = 0;
  if (text.size() > 1 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    end = scan_hexadecimal(text);
  } else {
    end = scan_digits(text, 0, is_digit);
    const bool has_whole = end != 0 && end != std::string_view::npos;
    if (end < text.size() && text[end] == '.') {
      const size_t fraction = end + 1;
      const bool has_fraction = fraction < text.size() && is_digit(text[fraction]);
      if (!has_whole && !has_fraction) return 0;
      end = has_fraction ? scan_digits(text, fraction, is_digit) : fraction;
    }
    if (end != std::string_view::npos) end = scan_exponent(text, end);
  }
  if (end == std::string_view::npos) return 0;
  if (end < text.size() && (is_name_character(text[end]) || text[end] == '.')) return 0;
  return end;
}

// Whether text looks like a duration: (digits unit)+, the units not checked for order.
size_t scan_duration(std::string_view text) {
  size_t at = 0;
  bool first = true;
  while (at < text.size() && is_digit(text[at])) {
    while (at < text.size() && is_digit(text[at])) ++at;
    const std::string_view units = first ? "smhdwy" : "smhdw";
    if (at >= text.size() || units.find(text[at]) == std::string_view::npos) return 0;
    ++at;
    if (at < text.size() && text[at] == 's') ++at;
    first = false;
  }
  return at < text.size() && is_name_character(text[at]) ? 0 : at;
}

}  // namespace

Token Lexer::next() {
  if (failed_) return failure_;
  skip_blanks_and_comments();
  if (at_end()) return end_of_input();
  return braces_open_ ? inside_braces() : outside_braces();
}

void Lexer::skip_blanks_and_comments() {
  while (!at_end()) {
    if (is_blank(peek())) {
      ++at_;
    } else if (peek() == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else {
      return;
    }
  }
}

Token Lexer::token(TokenKind kind, size_t length) {
  Token result;
  result.kind = kind;
  result.text = std::string(text_.substr(at_, length));
  result.span = {static_cast<uint32_t>(at_), static_cast<uint32_t>(at_ + length)};
  at_ += length;
  return result;
}

Token Lexer::error(std::string message, size_t begin, size_t end) {
  failed_ = true;
  failure_.kind = TokenKind::Error;
  failure_.text = std::move(message);
  failure_.span = {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
  return failure_;
}

Token Lexer::end_of_input() {
  if (braces_open_) return unclosed("unexpected end of input inside braces", brace_at_, '}');
  if (bracket_open_) return unclosed("unclosed left bracket", bracket_at_, ']');
  if (!parens_open_.empty()) return unclosed("unclosed left parenthesis", parens_open_.back(), ')');
  return token(TokenKind::End, 0);
}

Token Lexer::unclosed(std::string message, size_t opening, char closing) {
  const LineColumn place = line_column(text_, opening);
  message += fmt::format("; the {} at {}:{} needs a {}", text_[opening], place.line, place.column,
                         closing);
  return error(std::move(message), at_, at_);
}

Token Lexer::unexpected_character(std::string_view where) {
  const auto code_point = decode_utf8(text_, at_);
  if (!code_point) return error("invalid UTF-8 rune", at_, at_ + 1);
  const size_t variable = variable_length(text_, at_);
  const size_t size = std::max<size_t>(code_point->size, variable);
  std::string message =
      fmt::format("unexpected {}{}: '{}'", variable > 0 ? "variable" : "character", where,
                  text_.substr(at_, std::min<size_t>(size, 60)));
  add_hint(message, character_hint(text_, at_, braces_open_));
  return error(std::move(message), at_, at_ + size);
}

Token Lexer::inside_braces() {
  const char c = peek();
  if (is_name_start(c)) {
    size_t length = 1;
    while (is_name_character(peek(length))) ++length;
    return token(TokenKind::Identifier, length);
  }
  switch (c) {
    case ',':
      return token(TokenKind::Comma, 1);
    case '"':
    case '\'':
      return quoted();
    case '`':
      return raw_string();
    case '}':
      braces_open_ = false;
      return token(TokenKind::RightBrace, 1);
    case '=':
      if (peek(1) == '~') return token(TokenKind::RegexMatch, 2);
      return token(TokenKind::Assign, 1);
    case '!':
      if (peek(1) == '~') return token(TokenKind::RegexNotMatch, 2);
      if (peek(1) == '=') return token(TokenKind::NotEqual, 2);
      return error("unexpected character after '!' inside braces, expected '=' or '~'", at_,
                   std::min(at_ + 2, text_.size()));
    default:
      return unexpected_character(" inside braces");
  }
}

Token Lexer::outside_braces() {
  const char c = peek();
  if (is_name_start(c) || (c == ':' && !bracket_open_)) return word();
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number_or_duration();
  switch (c) {
    case '"':
    case '\'':
      return quoted();
    case '`':
      return raw_string();
    case '=':
    case '!':
    case '<':
    case '>':
      return comparison();
    case '[':
    case ']':
      return bracket();
    default:
      return punctuation();
  }
}

Token Lexer::punctuation() {
  switch (peek()) {
    case ',':
      return token(TokenKind::Comma, 1);
    case '+':
      return token(TokenKind::Add, 1);
    case '-':
      return token(TokenKind::Sub, 1);
    case '*':
      return token(TokenKind::Mul, 1);
    case '/':
      return token(TokenKind::Div, 1);
    case '%':
      return token(TokenKind::Mod, 1);
    case '^':
      return token(TokenKind::Pow, 1);
    case '@':
      return token(TokenKind::At, 1);
    case ':':
      return token(TokenKind::Colon, 1);
    case '(':
      parens_open_.push_back(at_);
      return token(TokenKind::LeftParen, 1);
    case ')':
      return closing_paren();
    case '{':
      braces_open_ = true;
      brace_at_ = at_;
      return token(TokenKind::LeftBrace, 1);
    default:
      return unexpected_character("");
  }
}

Token Lexer::closing_paren() {
  if (parens_open_.empty()) {
    return error("unexpected right parenthesis ')'; no ( is open here", at_, at_ + 1);
  }
  parens_open_.pop_back();
  return token(TokenKind::RightParen, 1);
}

Token Lexer::bracket() {
  const bool opening = peek() == '[';
  if (opening == bracket_open_) {
    return error(fmt::format("unexpected {} bracket '{}'; {}", opening ? "left" : "right", peek(),
                             opening ? "one is open already" : "no [ is open here"),
                 at_, at_ + 1);
  }
  if (opening) bracket_at_ = at_;
  bracket_open_ = opening;
  return token(opening ? TokenKind::LeftBracket : TokenKind::RightBracket, 1);
}

Token Lexer::comparison() {
  const char c = peek();
  const char after = peek(1);
  if (c == '<') {
    if (after == '=') return token(TokenKind::LessEqual, 2);
    return after == '/' ? token(TokenKind::TrimUpper, 2) : token(TokenKind::Less, 1);
  }
  if (c == '>') {
    if (after == '=') return token(TokenKind::GreaterEqual, 2);
    return after == '/' ? token(TokenKind::TrimLower, 2) : token(TokenKind::Greater, 1);
  }
  if (after == '=') return token(c == '=' ? TokenKind::Equal : TokenKind::NotEqual, 2);
  if (c == '=' && after != '~') return token(TokenKind::Assign, 1);
  const auto code_point = at_ + 1 < text_.size() ? decode_utf8(text_, at_ + 1) : std::nullopt;
  const std::string_view found = text_.substr(at_ + 1, code_point ? code_point->size : 0);
  std::string message = fmt::format("unexpected character after '{}': '{}'", c, found);
  if (after == '~') {
    message += "; regular expressions match labels, inside braces: up{job=~\"api.*\"}";
  } else if (c == '!') {
    message += "; PromQL has no not: write != in a comparison, or a unless b";
  }
  return error(std::move(message), at_, at_ + 1 + found.size());
}

Token Lexer::word() {
  size_t length = 1;
  bool has_colon = peek() == ':';
  while (is_name_character(peek(length)) || (peek(length) == ':' && !bracket_open_)) {
    has_colon = has_colon || peek(length) == ':';
    ++length;
  }
  if (has_colon) return token(TokenKind::MetricIdentifier, length);

  Token result = token(TokenKind::Identifier, length);
  if (equal_ignoring_case(result.text, "inf") || equal_ignoring_case(result.text, "nan")) {
    result.kind = TokenKind::Number;
    return result;
  }
  const Keyword keyword = find_keyword(result.text);
  if (keyword == Keyword::None) return result;
  if (is_fill(keyword)) {
    size_t ahead = 0;
    while (is_blank(peek(ahead))) ++ahead;
    if (peek(ahead) != '(') return result;
  }
  result.kind = TokenKind::Keyword;
  result.keyword = keyword;
  return result;
}

Token Lexer::number_or_duration() {
  const std::string_view rest = text_.substr(at_);
  if (const size_t length = scan_number(rest)) return token(TokenKind::Number, length);
  if (const size_t length = scan_duration(rest)) return token(TokenKind::Duration, length);
  size_t length = 1;
  while (is_name_character(peek(length)) || peek(length) == '.') ++length;
  std::string message =
      fmt::format("bad number or duration syntax: {}", quote_shortened(rest.substr(0, length)));
  add_hint(message, number_hint(rest.substr(0, length), bracket_open_));
  return error(std::move(message), at_, at_ + length);
}

}  // namespace promenade::promql
