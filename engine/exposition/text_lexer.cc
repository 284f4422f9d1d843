// engine/exposition/text_lexer.cc
// One function a state; byte classes come from a table.
#include "exposition/text_lexer.h"

#include <algorithm>
#include <array>

namespace promenade::exposition {
namespace {

constexpr uint8_t kLetter = 1;  // Starts a label name.
constexpr uint8_t kColon = 2;   // With kLetter: starts a metric name.
constexpr uint8_t kDigit = 4;
constexpr uint8_t kBlank = 8;
constexpr uint8_t kInValue = 16;  // All that a value may contain.

constexpr uint8_t class_of(int byte) {
  if (byte == ' ' || byte == '\t') return kBlank;
  if (byte == '{' || byte == '\n') return 0;
  if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_') {
    return kLetter | kInValue;
  }
  if (byte >= '0' && byte <= '9') return kDigit | kInValue;
  return byte == ':' ? kColon | kInValue : kInValue;
}

constexpr std::array<uint8_t, 256> make_classes() {
  std::array<uint8_t, 256> classes{};
  for (int byte = 0; byte < 256; ++byte) classes[static_cast<size_t>(byte)] = class_of(byte);
  return classes;
}

constexpr std::array<uint8_t, 256> kClasses = make_classes();

bool is(int byte, uint8_t classes) {
  return byte >= 0 && (kClasses[static_cast<size_t>(byte)] & classes) != 0;
}

}  // namespace

std::string_view to_string(Token token) {
  switch (token) {
    case Token::Invalid:
      return "INVALID";
    case Token::End:
      return "EOF";
    case Token::LineBreak:
      return "LINEBREAK";
    case Token::Help:
      return "HELP";
    case Token::Type:
      return "TYPE";
    case Token::Text:
      return "TEXT";
    case Token::Comment:
      return "COMMENT";
    case Token::MetricName:
      return "MNAME";
    case Token::QuotedString:
      return "QSTRING";
    case Token::BraceOpen:
      return "BOPEN";
    case Token::BraceClose:
      return "BCLOSE";
    case Token::LabelName:
      return "LNAME";
    case Token::LabelValue:
      return "LVALUE";
    case Token::Equal:
      return "EQUAL";
    case Token::Comma:
      return "COMMA";
    case Token::Timestamp:
      return "TIMESTAMP";
    case Token::Value:
      return "VALUE";
  }
  return "";
}

Token TextLexer::next() {
  // Only here a blank belongs to the token: HELP text keeps what stands behind its separator.
  if (state_ != State::MetadataText) skip_all(kBlank);
  token_start_ = at_;
  switch (state_) {
    case State::Start:
      return lex_start();
    case State::MetadataName:
      return lex_metadata_name();
    case State::MetadataText:
      return to_line_end(Token::Text);
    case State::Labels:
      return lex_labels();
    case State::LabelValue:
      return byte_at(at_) == '"' ? lex_quoted(Token::LabelValue, State::Labels) : Token::Invalid;
    case State::Value:
      return lex_value();
    case State::Timestamp:
      return lex_timestamp();
  }
  return Token::Invalid;
}

void TextLexer::skip_all(uint8_t classes) {
  size_t offset = at_;
  while (offset < text_.size() && is(static_cast<uint8_t>(text_[offset]), classes)) ++offset;
  at_ = offset;
}

Token TextLexer::lex_start() {
  switch (byte_at(at_)) {
    case kEnd:
      return Token::End;
    case '\n':
      return take(1, Token::LineBreak, State::Start);
    case '{':
      return take(1, Token::BraceOpen, State::Labels);
    case '#':
      ++at_;
      if (!is(byte_at(at_), kBlank)) return to_line_end(Token::Comment);
      skip_all(kBlank);
      return lex_comment();
    default:
      return lex_name(kLetter | kColon, kLetter | kColon | kDigit, Token::MetricName, State::Value);
  }
}

Token TextLexer::lex_comment() {
  constexpr size_t kKeywordSize = 4;
  const std::string_view keyword = text_.substr(std::min(at_, text_.size()), kKeywordSize);
  const bool is_help = keyword == "HELP";
  if ((!is_help && keyword != "TYPE") || !is(byte_at(at_ + kKeywordSize), kBlank)) {
    return to_line_end(Token::Comment);
  }
  token_start_ = at_;
  return take(kKeywordSize, is_help ? Token::Help : Token::Type, State::MetadataName);
}

Token TextLexer::lex_metadata_name() {
  if (byte_at(at_) == '"') return lex_quoted(Token::MetricName, State::MetadataText);
  return lex_name(kLetter | kColon, kLetter | kColon | kDigit, Token::MetricName,
                  State::MetadataText);
}

Token TextLexer::lex_labels() {
  switch (byte_at(at_)) {
    case '}':
      return take(1, Token::BraceClose, State::Value);
    case '=':
      return take(1, Token::Equal, State::LabelValue);
    case ',':
      return take(1, Token::Comma, State::Labels);
    case '"':
      return lex_quoted(Token::QuotedString, State::Labels);
    default:
      return lex_name(kLetter, kLetter | kDigit, Token::LabelName, State::Labels);
  }
}

Token TextLexer::lex_value() {
  const int first = byte_at(at_);
  if (first == '{') return take(1, Token::BraceOpen, State::Labels);
  skip_all(kInValue);
  if (at_ == token_start_) return Token::Invalid;
  state_ = State::Timestamp;
  return Token::Value;
}

Token TextLexer::lex_timestamp() {
  if (byte_at(at_) == '\n') return take(1, Token::LineBreak, State::Start);
  skip_all(kDigit);
  return at_ == token_start_ ? Token::Invalid : Token::Timestamp;
}

Token TextLexer::lex_name(uint8_t first_class, uint8_t rest_class, Token token, State then) {
  if (!is(byte_at(at_), first_class)) return Token::Invalid;
  skip_all(rest_class);
  state_ = then;
  return token;
}

// A backslash makes the byte behind it ordinary; line feeds are ordinary as well.
Token TextLexer::lex_quoted(Token token, State then) {
  size_t offset = at_ + 1;
  while (offset < text_.size() && text_[offset] != '"') offset += text_[offset] == '\\' ? 2 : 1;
  if (offset < text_.size()) return take(offset + 1 - at_, token, then);
  at_ = text_.size() + 1;  // The quote is never closed.
  return Token::Invalid;
}

// Takes the rest of the line without its line feed.
Token TextLexer::to_line_end(Token token) {
  at_ = std::min(text_.find('\n', at_), text_.size());
  state_ = State::Timestamp;  // Nothing but a line feed may follow.
  return token;
}

std::string TextLexer::text_to_show(size_t begin, size_t end) const {
  std::string shown(slice(begin, end));
  if (end > text_.size()) shown += '\n';
  return shown;
}

bool TextLexer::skip_series(std::string_view series) {
  const std::string_view rest = text_.substr(std::min(at_, text_.size()));
  if (state_ != State::Start || series.empty() || rest.substr(0, series.size()) != series)
    return false;
  size_t value = at_ + series.size();
  if (!is(byte_at(value), kBlank)) return false;
  while (is(byte_at(value), kBlank)) ++value;
  if (byte_at(value) == '{') return false;
  token_start_ = at_;
  at_ += series.size();
  state_ = State::Value;
  return true;
}

// Both the digits and the power of ten fit into a double, so that their quotient is the nearest one
// to what is written (Clinger, "How to read floating point numbers accurately", 1990).
std::optional<double> TextLexer::take_plain_value() {
  constexpr size_t kDigitsMax = 15;
  constexpr std::array<double, kDigitsMax + 1> kPowers = {
      1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  size_t offset = at_;
  const auto digits = [&](uint64_t number) {
    for (; offset < text_.size(); ++offset) {
      const auto digit = static_cast<uint8_t>(text_[offset] - '0');
      if (digit > 9) break;
      number = number * 10 + digit;  // Wraps only where there are too many of them.
    }
    return number;
  };
  while (offset < text_.size() && is(static_cast<uint8_t>(text_[offset]), kBlank)) ++offset;
  const size_t begin = offset;
  uint64_t number = digits(0);
  size_t count = offset - begin;
  size_t decimals = 0;
  if (count == 0) return std::nullopt;
  if (offset < text_.size() && text_[offset] == '.') {
    const size_t point = offset++;
    number = digits(number);
    decimals = offset - point - 1;
    count += decimals;
    if (decimals == 0) return std::nullopt;
  }
  if (count > kDigitsMax || offset >= text_.size() || text_[offset] != '\n') return std::nullopt;
  token_start_ = begin;
  at_ = offset + 1;
  state_ = State::Start;
  return static_cast<double>(number) / kPowers[decimals];
}

}  // namespace promenade::exposition
