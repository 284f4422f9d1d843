// engine/exposition/text_parser.cc
// The grammar above the tokens of text_lexer.h. Every rejection has Prometheus's words behind the
// line and column that Prometheus leaves out.
#include "exposition/text_parser.h"

#include "base/strings.h"
#include "exposition/series_text.h"
#include "model/number_format.h"

namespace promenade::exposition {

TextParser::TextParser(std::string_view text) : lexer_(text) {}

Result<EntryKind> TextParser::next(std::string_view expected_series) {
  for (;;) {
    entry_start_ = lexer_.at();
    is_expected_ = lexer_.skip_series(expected_series);
    if (is_expected_) {
      series_ = lexer_.token_text();
      const std::optional<double> value = lexer_.take_plain_value();
      if (!value) return read_value(lexer_.next());
      value_ = *value;
      timestamp_ms_.reset();
      return EntryKind::Series;
    }
    switch (const Token token = lexer_.next()) {
      case Token::End:
        return EntryKind::End;
      case Token::LineBreak:
        continue;
      case Token::Help:
      case Token::Type:
        return read_metadata(token);
      case Token::Comment:
        lexer_.next();
        return EntryKind::Comment;
      case Token::MetricName:
      case Token::BraceOpen:
        return read_series(token);
      default:
        return unexpected_token("expected a valid start token", token);
    }
  }
}

Result<EntryKind> TextParser::read_metadata(Token keyword) {
  if (const Token name = lexer_.next(); name != Token::MetricName) {
    return unexpected_token("expected metric name after " + std::string(to_string(keyword)), name);
  }
  family_ = lexer_.token_text();
  if (family_.front() == '"') family_ = family_.substr(1, family_.size() - 2);
  lexer_.next();
  metadata_text_ = lexer_.token_text();
  if (!metadata_text_.empty()) metadata_text_.remove_prefix(1);  // The separator.
  if (keyword == Token::Type) {
    TRY(read_type(metadata_text_));
  } else if (!is_utf8(metadata_text_)) {
    return failure("help text " + quote(metadata_text_) + " is not a valid utf8 string");
  }
  lexer_.next();  // The line feed, the only thing that can follow.
  return keyword == Token::Type ? EntryKind::Type : EntryKind::Help;
}

Result<void> TextParser::read_type(std::string_view text) {
  if (text == "untyped") {
    type_ = MetricType::Unknown;
    return {};
  }
  for (const MetricType type :
       {MetricType::Counter, MetricType::Gauge, MetricType::Histogram, MetricType::Summary}) {
    if (text != to_string(type)) continue;
    type_ = type;
    return {};
  }
  return failure("invalid metric type " + quote(text));
}

Result<EntryKind> TextParser::read_series(Token token) {
  const size_t start = lexer_.token_start();
  size_t end = lexer_.at();
  name_ = NameState::Missing;
  if (token == Token::MetricName) {
    name_ = NameState::Set;
    token = lexer_.next();
  }
  if (token == Token::BraceOpen) {
    TRY(read_labels());
    end = lexer_.at();
    token = lexer_.next();
  }
  series_ = lexer_.slice(start, end);
  if (name_ == NameState::Missing) {
    return failure_in(series_, "metric name not set" + while_parsing(lexer_.at()));
  }
  return read_value(token);
}

Result<void> TextParser::read_labels() {
  for (Token token = lexer_.next(); token != Token::BraceClose;) {
    if (token != Token::LabelName && token != Token::QuotedString) {
      return unexpected_token("expected label name", token);
    }
    token = TRY(read_label_or_name(token));
  }
  return {};
}

// Reads what stands for one label, or the quoted metric name, and a comma behind it. Prometheus
// wants no comma between two labels, and neither does this. Returns the token after.
Result<Token> TextParser::read_label_or_name(Token token) {
  const bool is_quoted = token == Token::QuotedString;
  if (is_quoted && !is_utf8(lexer_.token_text())) {
    return failure("invalid UTF-8 name: " + quote(lexer_.token_text()));
  }
  token = lexer_.next();
  if (token == Token::Comma || token == Token::BraceClose) {
    // Unlike Prometheus, which takes any name that no "=" follows for the metric's.
    if (!is_quoted) return unexpected_token("expected equal", token);
    if (name_ == NameState::Set) {
      return failure("metric name already set" + while_parsing(lexer_.at()));
    }
    name_ = NameState::Set;
    return token == Token::Comma ? lexer_.next() : token;
  }
  if (token != Token::Equal) return unexpected_token("expected equal", token);
  if (token = lexer_.next(); token != Token::LabelValue) {
    return unexpected_token("expected label value", token);
  }
  if (!is_utf8(lexer_.token_text())) {
    return failure("invalid UTF-8 label value: " + quote(lexer_.token_text()));
  }
  token = lexer_.next();
  return token == Token::Comma ? lexer_.next() : token;
}

Result<EntryKind> TextParser::read_value(Token token) {
  if (token != Token::Value) return unexpected_token("expected value after metric", token);
  const std::string_view text = lexer_.token_text();
  if (text.find_first_of("pP_") != std::string_view::npos) {
    return failure("unsupported character in float" + while_parsing(lexer_.at()));
  }
  const Result<double> value = parse_float(text);
  if (!value) return failure(value.error().message + while_parsing(lexer_.at()));
  value_ = *value;
  timestamp_ms_.reset();
  switch (const Token after = lexer_.next()) {
    case Token::LineBreak:
      return EntryKind::Series;
    case Token::Timestamp:
      TRY(read_timestamp());
      return EntryKind::Series;
    default:
      return unexpected_token("expected timestamp or new record", after);
  }
}

Result<void> TextParser::read_timestamp() {
  const std::string_view text = lexer_.token_text();
  int64_t time_ms = 0;
  for (const char digit : text) {
    if (__builtin_mul_overflow(time_ms, int64_t{10}, &time_ms) ||
        __builtin_add_overflow(time_ms, int64_t{digit - '0'}, &time_ms)) {
      return failure("strconv.ParseInt: parsing " + quote(text) + ": value out of range" +
                     while_parsing(lexer_.at()));
    }
  }
  timestamp_ms_ = time_ms;
  if (const Token token = lexer_.next(); token != Token::LineBreak) {
    return unexpected_token("expected next entry after timestamp", token);
  }
  return {};
}

Result<Labels> TextParser::labels() const {
  Result<Labels> labels = decode_series(series_, type_);
  if (!labels) return failure_in(series_, labels.error().message);
  return labels;
}

std::string TextParser::help() const {
  return unescape(metadata_text_, QuoteEscapes::Keep);
}

// Prometheus shows one byte more than the token at hand: where lexing stuck.
tl::unexpected<Error> TextParser::unexpected_token(std::string_view expected, Token got) const {
  const size_t end = lexer_.at() + 1;
  return failure(std::string(expected) + ", got " +
                 quote(lexer_.text_to_show(lexer_.token_start(), end)) + " (" +
                 quote(to_string(got)) + ")" + while_parsing(end));
}

tl::unexpected<Error> TextParser::failure(const std::string& message) const {
  return failure_in(lexer_.token_text(), message);
}

tl::unexpected<Error> TextParser::failure_in(std::string_view part,
                                             const std::string& message) const {
  const auto begin = static_cast<size_t>(part.data() - lexer_.text().data());
  const LineColumn position = line_column(lexer_.text(), begin);
  return bad_data(
      "line " + std::to_string(position.line) + ", column " + std::to_string(position.column) +
          ": " + message,
      SourceSpan{static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + part.size())});
}

std::string TextParser::while_parsing(size_t end) const {
  return " while parsing: " + quote(lexer_.text_to_show(entry_start_, end));
}

}  // namespace promenade::exposition
