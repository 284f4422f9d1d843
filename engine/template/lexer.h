#pragma once  // engine/template/lexer.h
// Template text to tokens, one at a time. Outside of {{ }} everything is text; inside, blanks are
// tokens too, because they separate arguments: "$x .a" is two things and "$x.a" is one. An error is
// a token, so that it is only reported when the parser gets there. Internal to engine/template.
#include <string>
#include <string_view>

namespace promenade::templates {

enum class TokenKind : uint8_t {
  Error,
  End,
  Text,
  LeftDelimiter,
  RightDelimiter,
  Space,
  Assign,   // =
  Declare,  // :=
  Pipe,     // |
  LeftParen,
  RightParen,
  Character,  // Any other printable ASCII character: ','.
  Boolean,
  Number,
  CharacterConstant,
  String,
  RawString,
  Identifier,
  Field,     // .name
  Variable,  // $ or $name
  // Keywords, from here on.
  Dot,
  Nil,
  Block,
  Break,
  Continue,
  Define,
  Else,
  EndKeyword,
  If,
  Range,
  Template,
  With,
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::string_view text;  // In the template's text; for an Error, what it covers.
  uint32_t position = 0;
  uint32_t line = 1;
  std::string message;  // Of an Error.

  // As error messages show a token: "end" in angle brackets, other words quoted.
  std::string describe() const;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  // The next token. After an Error or End, the same one again.
  Token next();

 private:
  enum class State : uint8_t { InText, AtLeftDelimiter, InAction, AtRightDelimiter, Stopped };

  std::string_view rest() const { return text_.substr(at_); }
  char peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool at_end() const { return at_ >= text_.size(); }
  bool at_right_delimiter() const;
  bool at_terminator() const;
  size_t word_character() const;          // The length of the letter or digit here, or 0.
  std::string current_character() const;  // As %#U prints it.
  void skip(size_t count);                // Without a token.
  void skip_spaces();
  Token token(TokenKind kind);  // From start_ to at_.
  Token error(std::string message);

  bool in_text(Token& token);
  bool left_delimiter(Token& token);
  bool comment(Token& token);
  Token right_delimiter();
  bool in_action(Token& token);
  bool spaces(Token& token);
  Token word();
  Token field_or_variable(TokenKind kind);
  Token number();
  bool scan_number();
  bool accept(std::string_view characters);
  void accept_run(std::string_view characters);
  Token quoted(TokenKind kind, char quote, std::string_view what);
  Token raw_string();

  std::string_view text_;
  size_t at_ = 0;
  size_t start_ = 0;
  uint32_t line_ = 1;  // Of start_.
  State state_ = State::InText;
  int parens_open_ = 0;
  Token last_;
};

}  // namespace promenade::templates
