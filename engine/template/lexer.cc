// engine/template/lexer.cc
// What stands between {{ and }} follows Go's text/template/parse, with its error texts. A trim
// marker,
// "{{- " or " -}}", takes the white space of the neighbouring text with it.
#include "template/lexer.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.h"
#include "base/strings.h"

namespace promenade::templates {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";

struct Keyword {
  std::string_view word;
  TokenKind kind;
};
constexpr std::array<Keyword, 13> kKeywords = {{{"nil", TokenKind::Nil},
                                                {"block", TokenKind::Block},
                                                {"break", TokenKind::Break},
                                                {"continue", TokenKind::Continue},
                                                {"define", TokenKind::Define},
                                                {"else", TokenKind::Else},
                                                {"end", TokenKind::EndKeyword},
                                                {"if", TokenKind::If},
                                                {"range", TokenKind::Range},
                                                {"template", TokenKind::Template},
                                                {"with", TokenKind::With},
                                                {"true", TokenKind::Boolean},
                                                {"false", TokenKind::Boolean}}};

bool is_space(char c) {
  return kSpaces.find(c) != std::string_view::npos;
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// "- " after {{, and " -" before }}.
bool at_left_trim_marker(std::string_view text) {
  return text.size() >= 2 && text[0] == '-' && is_space(text[1]);
}
bool at_right_trim_marker(std::string_view text) {
  return text.size() >= 2 && is_space(text[0]) && text[1] == '-';
}

size_t trailing_spaces(std::string_view text) {
  const size_t last = text.find_last_not_of(kSpaces);
  return text.size() - (last == std::string_view::npos ? 0 : last + 1);
}

// The first ten characters of a long word, as %.10q shortens it.
std::string_view first_ten(std::string_view word) {
  size_t at = 0;
  for (int count = 0; count < 10 && at < word.size(); ++count) {
    const std::optional<CodePoint> point = decode_utf8(word, at);
    at += point ? point->size : 1;
  }
  return word.substr(0, at);
}

}  // namespace

std::string Token::describe() const {
  if (kind == TokenKind::Error) return message;
  if (kind == TokenKind::End) return "EOF";
  if (kind >= TokenKind::Dot) return "<" + std::string(text) + ">";
  if (text.size() > 10) return quote(first_ten(text)) + "...";
  return quote(text);
}

Token Lexer::next() {
  Token token;
  for (;;) {
    bool made = true;
    switch (state_) {
      case State::InText:
        made = in_text(token);
        break;
      case State::AtLeftDelimiter:
        made = left_delimiter(token);
        break;
      case State::InAction:
        made = in_action(token);
        break;
      case State::AtRightDelimiter:
        token = right_delimiter();
        break;
      case State::Stopped:
        return last_;
    }
    if (made) return last_ = std::move(token);
  }
}

bool Lexer::at_right_delimiter() const {
  if (at_right_trim_marker(rest()) && starts_with(rest().substr(2), "}}")) return true;
  return starts_with(rest(), "}}");
}

// Whether a name may end here; "$x+2" is an error, in case there will be arithmetic one day.
bool Lexer::at_terminator() const {
  if (at_end() || is_space(peek())) return true;
  return std::string_view(".,|:()").find(peek()) != std::string_view::npos ||
         starts_with(rest(), "}}");
}

size_t Lexer::word_character() const {
  if (at_end()) return 0;
  const char c = peek();
  if (static_cast<uint8_t>(c) < 0x80) {
    return is_name_character(c) ? 1 : 0;
  }
  const std::optional<CodePoint> point = decode_utf8(text_, at_);
  if (!point) return 0;
  // Rare enough to compile the pattern each time.
  const re2::StringPiece bytes(text_.data() + at_, point->size);
  return re2::RE2::FullMatch(bytes, "[\\pL\\p{Nd}]") ? point->size : 0;
}

std::string Lexer::current_character() const {
  if (at_end()) return "U+FFFFFFFFFFFFFFFF";  // What %#U makes of Go's end of input, -1.
  const std::optional<CodePoint> point = decode_utf8(text_, at_);
  std::string shown =
      fmt::format("U+{:04X}", point ? static_cast<uint32_t>(point->value) : 0xfffdu);
  const std::string_view bytes = point ? text_.substr(at_, point->size) : "\xef\xbf\xbd";
  // Only what prints as itself is shown as well.
  if (quote(bytes).size() == bytes.size() + 2 || bytes == "\"" || bytes == "\\") {
    shown += fmt::format(" '{}'", bytes);
  }
  return shown;
}

void Lexer::skip(size_t count) {
  at_ += count;
  line_ += static_cast<uint32_t>(std::count(text_.begin() + static_cast<ptrdiff_t>(start_),
                                            text_.begin() + static_cast<ptrdiff_t>(at_), '\n'));
  start_ = at_;
}

void Lexer::skip_spaces() {
  const size_t first = rest().find_first_not_of(kSpaces);
  skip(first == std::string_view::npos ? rest().size() : first);
}

Token Lexer::token(TokenKind kind) {
  Token token{.kind = kind,
              .text = text_.substr(start_, at_ - start_),
              .position = static_cast<uint32_t>(start_),
              .line = line_,
              .message = {}};
  skip(0);
  return token;
}

Token Lexer::error(std::string message) {
  state_ = State::Stopped;
  Token token = this->token(TokenKind::Error);
  token.message = std::move(message);
  return token;
}

bool Lexer::in_text(Token& token) {
  const size_t found = rest().find("{{");
  if (found == std::string_view::npos) {
    at_ = text_.size();
    if (start_ == at_) state_ = State::Stopped;
    token = this->token(start_ == at_ ? TokenKind::End : TokenKind::Text);
    return true;
  }
  state_ = State::AtLeftDelimiter;
  const bool trims = at_left_trim_marker(rest().substr(found + 2));
  const size_t trimmed = trims ? trailing_spaces(rest().substr(0, found)) : 0;
  at_ += found - trimmed;
  const bool has_text = at_ > start_;
  if (has_text) token = this->token(TokenKind::Text);
  skip(trimmed);
  return has_text;
}

bool Lexer::left_delimiter(Token& token) {
  const size_t marker = at_left_trim_marker(rest().substr(2)) ? 2 : 0;
  if (starts_with(rest().substr(2 + marker), "/*")) {
    skip(2 + marker);
    return comment(token);
  }
  at_ += 2;
  token = this->token(TokenKind::LeftDelimiter);
  skip(marker);
  parens_open_ = 0;
  state_ = State::InAction;
  return true;
}

// A comment makes no token unless it is wrong.
bool Lexer::comment(Token& token) {
  const size_t end = rest().find("*/", 2);
  if (end == std::string_view::npos) {
    token = error("unclosed comment");
    return true;
  }
  at_ += end + 2;
  if (!at_right_delimiter()) {
    token = error("comment ends before closing delimiter");
    return true;
  }
  const bool trims = at_right_trim_marker(rest());
  skip(trims ? 4 : 2);
  if (trims) skip_spaces();
  state_ = State::InText;
  return false;
}

Token Lexer::right_delimiter() {
  const bool trims = at_right_trim_marker(rest());
  if (trims) skip(2);
  at_ += 2;
  Token token = this->token(TokenKind::RightDelimiter);
  if (trims) skip_spaces();
  state_ = State::InText;
  return token;
}

bool Lexer::in_action(Token& token) {
  if (at_right_delimiter()) {
    if (parens_open_ > 0) {
      token = error("unclosed left paren");
      return true;
    }
    state_ = State::AtRightDelimiter;
    return false;
  }
  if (at_end()) {
    token = error("unclosed action");
    return true;
  }
  const char c = peek();
  if (is_space(c)) return spaces(token);
  if (word_character() > 0 && !is_digit(c)) {
    token = word();
    return true;
  }
  const std::string shown = current_character();
  ++at_;
  switch (c) {
    case '=':
      token = this->token(TokenKind::Assign);
      return true;
    case ':':
      if (peek() != '=') {
        token = error("expected :=");
        return true;
      }
      ++at_;
      token = this->token(TokenKind::Declare);
      return true;
    case '|':
      token = this->token(TokenKind::Pipe);
      return true;
    case '"':
      token = quoted(TokenKind::String, '"', "unterminated quoted string");
      return true;
    case '`':
      token = raw_string();
      return true;
    case '\'':
      token = quoted(TokenKind::CharacterConstant, '\'', "unterminated character constant");
      return true;
    case '$':
      token = field_or_variable(TokenKind::Variable);
      return true;
    case '(':
      ++parens_open_;
      token = this->token(TokenKind::LeftParen);
      return true;
    case ')':
      --parens_open_;
      token = this->token(TokenKind::RightParen);
      return true;
    default:
      break;
  }
  if (c == '.' && !at_end() && !is_digit(peek())) {
    token = field_or_variable(TokenKind::Field);
  } else if (c == '.' || c == '+' || c == '-' || is_digit(c)) {
    --at_;
    token = number();
  } else if (c > ' ' && c < 0x7f) {
    token = this->token(TokenKind::Character);
  } else {
    token = error("unrecognized character in action: " + shown);
  }
  return true;
}

// The blank of " -}}" belongs to the delimiter and not to the blanks before it.
bool Lexer::spaces(Token& token) {
  while (!at_end() && is_space(peek())) ++at_;
  const std::string_view from_last = text_.substr(at_ - 1);
  if (at_right_trim_marker(from_last) && starts_with(from_last.substr(2), "}}")) {
    --at_;
    if (at_ == start_) {
      state_ = State::AtRightDelimiter;
      return false;
    }
  }
  token = this->token(TokenKind::Space);
  return true;
}

Token Lexer::word() {
  while (const size_t size = word_character()) at_ += size;
  if (!at_terminator()) return error("bad character " + current_character());
  const std::string_view word = text_.substr(start_, at_ - start_);
  for (const Keyword& keyword : kKeywords) {
    if (keyword.word == word) return token(keyword.kind);
  }
  return token(TokenKind::Identifier);
}

// After the '.' or '$'.
Token Lexer::field_or_variable(TokenKind kind) {
  if (at_terminator()) return token(kind == TokenKind::Field ? TokenKind::Dot : kind);
  while (const size_t size = word_character()) at_ += size;
  if (!at_terminator()) return error("bad character " + current_character());
  return token(kind);
}

// Not a strict scanner: what is wrong here ("089", "0x0.2") the parser finds out.
Token Lexer::number() {
  bool is_number = scan_number();
  // Go has complex numbers, "1+2i". Nobody has them in a template, and they are refused here.
  if (is_number && (peek() == '+' || peek() == '-')) {
    scan_number();
    is_number = false;
  }
  if (is_number) return token(TokenKind::Number);
  return error("bad number syntax: " + quote(text_.substr(start_, at_ - start_)));
}

bool Lexer::scan_number() {
  accept("+-");
  std::string_view digits = "0123456789_";
  bool decimal = true, hexadecimal = false;
  if (accept("0")) {
    if (accept("xX")) {
      digits = "0123456789abcdefABCDEF_";
      hexadecimal = true;
    } else if (accept("oO")) {
      digits = "01234567_";
    } else if (accept("bB")) {
      digits = "01_";
    }
    decimal = digits.size() == 11;
  }
  accept_run(digits);
  if (accept(".")) accept_run(digits);
  if ((decimal && accept("eE")) || (hexadecimal && accept("pP"))) {
    accept("+-");
    accept_run("0123456789_");
  }
  if (const size_t size = word_character()) {
    at_ += size;
    return false;
  }
  return true;
}

bool Lexer::accept(std::string_view characters) {
  if (at_end() || characters.find(peek()) == std::string_view::npos) return false;
  ++at_;
  return true;
}

void Lexer::accept_run(std::string_view characters) {
  while (accept(characters)) {
  }
}

Token Lexer::quoted(TokenKind kind, char quote, std::string_view unterminated) {
  for (; !at_end() && peek() != '\n'; ++at_) {
    if (peek() == quote) {
      ++at_;
      return token(kind);
    }
    if (peek() == '\\' && ++at_ < text_.size() && peek() == '\n') break;
    if (at_end()) break;
  }
  return error(std::string(unterminated));
}

Token Lexer::raw_string() {
  const size_t end = rest().find('`');
  if (end == std::string_view::npos) {
    at_ = text_.size();
    return error("unterminated raw quoted string");
  }
  at_ += end + 1;
  return token(TokenKind::RawString);
}

}  // namespace promenade::templates
