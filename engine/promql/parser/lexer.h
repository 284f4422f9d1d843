#pragma once  // engine/promql/lexer.h
// Text to tokens, one at a time. What a word or a sign is depends on where it stands: inside braces
// every word is a label name and only =, !=, =~, !~ are operators; inside brackets a word has no
// ':'. An error is a token as well, so that it is only reported when the parser gets there.
// Internal to engine/promql.
#include <string>
#include <string_view>
#include <vector>

#include "promql/parser/token.h"

namespace promenade::promql {

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  // The next token. After an Error or End, the same one again.
  Token next();

 private:
  char peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool at_end() const { return at_ >= text_.size(); }
  void skip_blanks_and_comments();
  Token token(TokenKind kind, size_t length);
  Token error(std::string message, size_t begin, size_t end);
  Token end_of_input();
  Token unclosed(std::string message, size_t opening, char closing);
  Token unexpected_character(std::string_view where);
  Token inside_braces();
  Token outside_braces();
  Token punctuation();
  Token closing_paren();
  Token bracket();
  Token comparison();
  Token word();
  Token number_or_duration();
  Token quoted();
  Token raw_string();
  bool append_escape(std::string& value, char quote);
  bool append_numeric_escape(std::string& value, size_t begin, size_t digits, int base);

  std::string_view text_;
  size_t at_ = 0;
  std::vector<size_t> parens_open_;  // Where they are.
  size_t brace_at_ = 0;              // The one that is open, or was last.
  size_t bracket_at_ = 0;
  bool braces_open_ = false;
  bool bracket_open_ = false;
  bool failed_ = false;
  Token failure_;
};

}  // namespace promenade::promql
