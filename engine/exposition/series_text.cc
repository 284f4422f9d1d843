// engine/exposition/series_text.cc
// Decoding runs the lexer a second time, but only for series that a scrape sees for the first time.
// Labels are views into the text wherever they hold no escape.
#include "exposition/series_text.h"

#include <algorithm>
#include <forward_list>
#include <vector>

#include "base/strings.h"
#include "exposition/text_lexer.h"
#include "model/number_format.h"

namespace promenade::exposition {
namespace {

bool is_normalised(std::string_view label, MetricType type) {
  return (type == MetricType::Histogram && label == kBucketLabel) ||
         (type == MetricType::Summary && label == "quantile");
}

class SeriesDecoder {
 public:
  SeriesDecoder(std::string_view series, MetricType type) : lexer_(series), type_(type) {}

  std::vector<Label> decode() {
    // Behind the last brace, or a bare name, the lexer looks for a value and finds none.
    for (Token token = lexer_.next(); token != Token::Invalid && token != Token::End;
         token = lexer_.next()) {
      take(token);
    }
    return std::move(labels_);
  }

 private:
  void take(Token token) {
    switch (token) {
      case Token::MetricName:
        labels_.push_back({kMetricName, lexer_.token_text()});
        break;
      case Token::LabelName:
        name_ = lexer_.token_text();
        break;
      case Token::QuotedString:
        name_ = quoted_ = plain(unquoted());
        break;
      case Token::LabelValue:
        add_label(plain(unquoted()));
        break;
      case Token::Comma:
      case Token::BraceClose:
        add_quoted_name();
        break;
      default:
        break;
    }
  }

  void add_label(std::string_view value) {
    if (is_normalised(name_, type_)) value = normalised(value);
    labels_.push_back({name_, value});
    quoted_ = {};
  }

  // A quoted string without a value is the metric's name.
  void add_quoted_name() {
    if (quoted_.data() != nullptr) labels_.push_back({kMetricName, quoted_});
    quoted_ = {};
  }

  std::string_view unquoted() const {
    const std::string_view text = lexer_.token_text();
    return text.substr(1, text.size() - 2);
  }

  std::string_view plain(std::string_view text) {
    if (text.find('\\') == std::string_view::npos) return text;
    return owned_.emplace_front(unescape(text, QuoteEscapes::Resolve));
  }

  std::string_view normalised(std::string_view text) {
    const Result<double> number = parse_float(text);
    if (!number) return text;
    std::string& formatted = owned_.emplace_front();
    append_openmetrics_float(formatted, *number);
    return formatted;
  }

  TextLexer lexer_;
  MetricType type_;
  std::string_view name_;
  std::string_view quoted_;  // A quoted string that may turn out to be the metric's name.
  std::vector<Label> labels_;
  std::forward_list<std::string> owned_;
};

}  // namespace

Result<Labels> decode_series(std::string_view series, MetricType type) {
  SeriesDecoder decoder(series, type);
  std::vector<Label> labels = decoder.decode();
  std::sort(labels.begin(), labels.end(),
            [](const Label& a, const Label& b) { return a.name < b.name; });
  const auto repeated =
      std::adjacent_find(labels.begin(), labels.end(),
                         [](const Label& a, const Label& b) { return a.name == b.name; });
  if (repeated != labels.end()) {
    return bad_data("label name " + quote(repeated->name) + " is not unique: invalid sample");
  }
  return Labels::from(std::move(labels));
}

std::string unescape(std::string_view text, QuoteEscapes quotes) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const bool is_escape = text[i] == '\\' && (next == '\\' || next == 'n' ||
                                               (next == '"' && quotes == QuoteEscapes::Resolve));
    if (is_escape) ++i;
    out += is_escape && next == 'n' ? '\n' : text[i];
  }
  return out;
}

}  // namespace promenade::exposition
