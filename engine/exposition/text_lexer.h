#pragma once  // engine/exposition/text_lexer.h
// The tokens of the text format, after Prometheus's model/textparse/promlex.l: which ones may come
// depends on a state, and blanks between them are skipped. A line feed is understood to follow the
// last byte, so that the last line needs none.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace promenade::exposition {

enum class Token : uint8_t {
  Invalid,
  End,
  LineBreak,
  Help,
  Type,
  Text,
  Comment,
  MetricName,
  QuotedString,
  BraceOpen,
  BraceClose,
  LabelName,
  LabelValue,
  Equal,
  Comma,
  Timestamp,
  Value
};
// As Prometheus's messages name it: "INVALID", "MNAME".
std::string_view to_string(Token token);

class TextLexer {
 public:
  // `text` must outlive the lexer.
  explicit TextLexer(std::string_view text) : text_(text) {}

  Token next();

  // Of the last token: its bytes, where they start and end. Invalid tokens end where lexing stuck.
  std::string_view token_text() const { return slice(token_start_, at_); }
  size_t token_start() const { return token_start_; }
  size_t at() const { return at_; }
  // The bytes in [begin, end), with the understood line feed if they reach it, for a message.
  std::string text_to_show(size_t begin, size_t end) const;
  std::string_view slice(size_t begin, size_t end) const {
    return text_.substr(std::min(begin, text_.size()), end - begin);
  }
  std::string_view text() const { return text_; }

  // If the text goes on with `series`, blanks and something that isn't a brace, takes the series
  // and expects its value next. Only at the start of an entry.
  bool skip_series(std::string_view series);

  // Right behind a series: if the rest of the line is blanks and a number of at most 15 digits,
  // with or without a point, takes the line with its line feed and gives the number, which is
  // exact. Nothing is taken otherwise.
  std::optional<double> take_plain_value();

 private:
  enum class State : uint8_t {
    Start,
    MetadataName,
    MetadataText,
    Labels,
    LabelValue,
    Value,
    Timestamp
  };

  // The byte at `offset`, '\n' right behind the last one, then kEnd.
  static constexpr int kEnd = -1;
  int byte_at(size_t offset) const {
    if (offset < text_.size()) return static_cast<uint8_t>(text_[offset]);
    return offset == text_.size() ? '\n' : kEnd;
  }
  Token take(size_t size, Token token, State then) {
    at_ += size;
    state_ = then;
    return token;
  }
  void skip_all(uint8_t classes);
  Token lex_start();
  Token lex_comment();
  Token lex_metadata_name();
  Token lex_labels();
  Token lex_value();
  Token lex_timestamp();
  Token lex_name(uint8_t first_class, uint8_t rest_class, Token token, State then);
  Token lex_quoted(Token token, State then);
  Token to_line_end(Token token);

  std::string_view text_;
  size_t at_ = 0;  // The first byte that no token has taken.
  size_t token_start_ = 0;
  State state_ = State::Start;
};

}  // namespace promenade::exposition
