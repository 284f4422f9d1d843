// engine/promql/lexer_string.cc
// String literals: raw ones in backticks, and quoted ones with Go's escapes. An escape may produce
// a single byte that is not valid UTF-8; the text between the quotes must be.
#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "promql/parser/lexer.h"

namespace promenade::promql {
namespace {

constexpr uint32_t kCodePointMax = 0x10FFFF;

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

// The byte that a one-letter escape stands for, or 0.
char simple_escape(char c) {
  switch (c) {
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case '\\':
      return '\\';
    default:
      return 0;
  }
}

}  // namespace

Token Lexer::raw_string() {
  const size_t begin = at_;
  const size_t close = text_.find('`', at_ + 1);
  if (close == std::string_view::npos) {
    return error("unterminated raw string; it ends with another `", begin, text_.size());
  }
  const std::string_view value = text_.substr(begin + 1, close - begin - 1);
  if (!is_utf8(value)) return error("invalid UTF-8 rune", begin, close + 1);
  Token result = token(TokenKind::String, close + 1 - begin);
  result.text = std::string(value);
  return result;
}

Token Lexer::quoted() {
  const size_t begin = at_;
  const char quote_sign = text_[at_++];
  std::string value;
  while (true) {
    if (at_end() || peek() == '\n') {
      return error(fmt::format("unterminated quoted string; it ends with another {}", quote_sign),
                   begin, at_);
    }
    const char c = peek();
    if (c == quote_sign) break;
    if (c == '\\') {
      if (!append_escape(value, quote_sign)) return failure_;
      continue;
    }
    const auto code_point = decode_utf8(text_, at_);
    if (!code_point) return error("invalid UTF-8 rune", at_, at_ + 1);
    value.append(text_.substr(at_, code_point->size));
    at_ += code_point->size;
  }
  const size_t end = at_ + 1;
  at_ = begin;
  Token result = token(TokenKind::String, end - begin);
  result.text = std::move(value);
  return result;
}

// Reads the escape at at_ ('\\'). On failure failure_ is set and false returned.
bool Lexer::append_escape(std::string& value, char quote_sign) {
  const size_t begin = at_++;
  const char c = peek();
  if (at_end() || c == '\n') {
    error("escape sequence not terminated", begin, at_);
    return false;
  }
  if (const char byte = c == quote_sign ? c : simple_escape(c)) {
    ++at_;
    value += byte;
    return true;
  }
  if (c >= '0' && c <= '7') return append_numeric_escape(value, begin, 3, 8);
  ++at_;
  if (c == 'x') return append_numeric_escape(value, begin, 2, 16);
  if (c == 'u') return append_numeric_escape(value, begin, 4, 16);
  if (c == 'U') return append_numeric_escape(value, begin, 8, 16);
  const auto found = decode_utf8(text_, at_ - 1);
  const uint32_t size = found ? found->size : 1;
  error(fmt::format("unknown escape sequence U+{:04X} '{}'; in quotes a backslash is written \\\\, "
                    "and in backticks `...` it needs no doubling",
                    static_cast<uint32_t>(found ? found->value : 0xFFFD),
                    text_.substr(at_ - 1, size)),
        begin, at_ - 1 + size);
  return false;
}

// `digits` digits at at_. Two and three make a byte, more a code point.
bool Lexer::append_numeric_escape(std::string& value, size_t begin, size_t digits, int base) {
  uint64_t number = 0;
  for (size_t i = 0; i < digits; ++i, ++at_) {
    const int digit = at_end() ? base : digit_value(peek());
    if (digit >= base) {
      const auto found = at_end() ? std::nullopt : decode_utf8(text_, at_);
      const size_t size = found ? found->size : 0;
      error(found ? fmt::format("illegal character U+{:04X} '{}' in escape sequence",
                                static_cast<uint32_t>(found->value), text_.substr(at_, size))
                  : std::string("escape sequence not terminated"),
            begin, at_ + size);
      return false;
    }
    number = number * static_cast<uint64_t>(base) + static_cast<uint64_t>(digit);
  }
  const bool is_byte = digits <= 3;
  const bool is_surrogate = number >= 0xD800 && number <= 0xDFFF;
  if (number > (is_byte ? 0xFF : kCodePointMax) || (!is_byte && is_surrogate)) {
    error("escape sequence is an invalid Unicode code point", begin, at_);
    return false;
  }
  if (is_byte) {
    value += static_cast<char>(number);
  } else {
    append_utf8(value, static_cast<char32_t>(number));
  }
  return true;
}

}  // namespace promenade::promql
