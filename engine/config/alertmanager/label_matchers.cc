// Two small parsers. The classic one cuts the text at commas outside of quotes and each piece at
// its operator; that of today reads tokens.
#include "config/alertmanager/label_matchers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/strings.h"
#include "model/labels.h"

namespace promenade::config {
namespace {

constexpr std::string_view kBlanks = " \t\n\r\f\v";

bool is_blank(char c) {
  return kBlanks.find(c) != std::string_view::npos;
}

bool is_reserved(char c) {
  return is_blank(c) || std::string_view("{}!=~,\\\"'`").find(c) != std::string_view::npos;
}

SourceSpan span_of(size_t begin, size_t end) {
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(std::max(end, begin + 1))};
}

// The operator at the start of `text`, longest first.
std::optional<MatchType> operator_at(std::string_view text) {
  if (text.starts_with("=~")) return MatchType::Regex;
  if (text.starts_with("!~")) return MatchType::NotRegex;
  if (text.starts_with("!=")) return MatchType::NotEqual;
  if (text.starts_with("=")) return MatchType::Equal;
  return std::nullopt;
}

Result<Matcher> create_matcher(MatchType type, std::string name, std::string value,
                               SourceSpan span) {
  auto matcher = Matcher::create(type, std::move(name), std::move(value));
  if (matcher) return matcher;
  return bad_data(matcher.error().message, span);
}

// The grammar of today.
class Utf8Parser {
 public:
  explicit Utf8Parser(std::string_view text) : text_(text) {}

  Result<std::vector<Matcher>> parse() {
    std::vector<Matcher> matchers;
    skip_blanks();
    const bool has_brace = take('{');
    skip_blanks();
    while (at_ < text_.size() && text_[at_] != '}') {
      matchers.push_back(TRY(matcher()));
      skip_blanks();
      if (take(',')) {
        skip_blanks();
      } else if (at_ < text_.size() && text_[at_] != '}') {
        return expected(has_brace ? "a comma or close brace" : "a comma");
      }
    }
    if (has_brace && !take('}')) return expected("close brace");
    skip_blanks();
    if (at_ < text_.size()) return expected(has_brace ? "end of input" : "opening brace");
    return matchers;
  }

 private:
  tl::unexpected<Error> expected(std::string_view what) const {
    if (at_ >= text_.size()) {
      return bad_data(fmt::format("{}:{}: end of input: expected {}", at_, at_, what),
                      span_of(at_, at_));
    }
    size_t end = at_ + 1;
    while (end < text_.size() && !is_reserved(text_[end]) && !is_reserved(text_[at_])) ++end;
    return bad_data(fmt::format("{}:{}: unexpected {}: expected {}", at_, end,
                                text_.substr(at_, end - at_), what),
                    span_of(at_, end));
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Result<Matcher> matcher() {
    const size_t begin = at_;
    std::string name = TRY(word("label name"));
    skip_blanks();
    const auto type = operator_at(text_.substr(at_));
    if (!type) return expected("an operator such as '=', '!=', '=~' or '!~'");
    at_ += to_string(*type).size();
    skip_blanks();
    std::string value = TRY(word("label value"));
    return create_matcher(*type, std::move(name), std::move(value), span_of(begin, at_));
  }

  Result<std::string> word(std::string_view what) {
    if (at_ < text_.size() && text_[at_] == '"') return quoted();
    const size_t begin = at_;
    while (at_ < text_.size() && !is_reserved(text_[at_])) ++at_;
    if (at_ == begin) return expected(what);
    const std::string_view found = text_.substr(begin, at_ - begin);
    if (!is_utf8(found)) {
      return bad_data(
          fmt::format("{}:{}: invalid input: {}: not valid UTF-8", begin, at_, quote(found)),
          span_of(begin, at_));
    }
    return std::string(found);
  }

  // A Go string: the escapes that occur, all others are errors.
  Result<std::string> quoted() {
    const size_t begin = at_++;
    std::string out;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        if (is_utf8(out)) return out;
        break;
      }
      if (c == '\n') break;
      if (c != '\\') {
        out += c;
      } else if (!escape(out)) {
        return bad_data(
            fmt::format("{}:{}: {}: invalid input", begin, at_, text_.substr(begin, at_ - begin)),
            span_of(begin, at_));
      }
    }
    return bad_data(
        fmt::format("{}:{}: {}: missing end \"", begin, text_.size(), text_.substr(begin)),
        span_of(begin, text_.size()));
  }

  // at_ is on the backslash, and afterwards on the escape's last character.
  bool escape(std::string& out) {
    static constexpr std::string_view kNames = "abfnrtv\\\"";
    static constexpr std::string_view kValues = "\a\b\f\n\r\t\v\\\"";
    if (++at_ >= text_.size()) return false;
    const char c = text_[at_];
    if (const size_t index = kNames.find(c); index != std::string_view::npos) {
      out += kValues[index];
      return true;
    }
    const size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0 || at_ + digits >= text_.size()) return false;
    uint32_t value = 0;
    for (size_t i = 0; i < digits; ++i) {
      const size_t digit =
          std::string_view("0123456789abcdef").find(to_lower(text_.substr(++at_, 1)));
      if (digit == std::string_view::npos) return false;
      value = value << 4 | static_cast<uint32_t>(digit);
    }
    if (c == 'x') {
      out += static_cast<char>(value);
    } else {
      if (value > 0x10ffff) return false;
      append_utf8(out, static_cast<char32_t>(value));
    }
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
};

// The pieces between commas that stand outside of quotes.
std::vector<std::string_view> classic_pieces(std::string_view text) {
  std::vector<std::string_view> pieces;
  bool is_inside = false;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == ',' && !is_inside)) {
      pieces.push_back(trim(text.substr(begin, i - begin)));
      begin = i + 1;
    } else if (text[i] == '"') {
      is_inside = !is_inside;
    } else if (text[i] == '\\') {
      ++i;
    }
  }
  return pieces;
}

tl::unexpected<Error> bad_format(std::string_view text) {
  return bad_data(fmt::format("bad matcher format: {}", text), span_of(0, text.size()));
}

// The value with its escapes resolved; other backslashes stand for themselves.
Result<std::string> classic_value(std::string_view text) {
  const std::string_view whole = text;
  bool is_quoted = text.starts_with('"');
  if (is_quoted) text.remove_prefix(1);
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (c == '\\' && (next == '"' || next == '\\' || next == 'n')) {
      out += next == 'n' ? '\n' : next;
      ++i;
    } else if (c != '"') {
      out += c;
    } else if (is_quoted && i + 1 == text.size()) {
      is_quoted = false;
    } else {
      return bad_data(fmt::format("matcher value contains unescaped double quote: {}", whole),
                      span_of(0, whole.size()));
    }
  }
  if (!is_quoted) return out;
  return bad_data(fmt::format("matcher value contains unescaped double quote: {}", whole),
                  span_of(0, whole.size()));
}

Result<Matcher> classic_matcher(std::string_view text) {
  const size_t name_end = std::min(text.find_first_of("=!~ \t"), text.size());
  const std::string_view name = text.substr(0, name_end);
  std::string_view rest = trim(text.substr(name_end));
  const auto type = operator_at(rest);
  if (!is_legacy_metric_name(name) || !type) return bad_format(text);
  rest = trim(rest.substr(to_string(*type).size()));
  if (!is_utf8(rest)) return bad_data(fmt::format("matcher value not valid UTF-8: {}", rest));
  return create_matcher(*type, std::string(name), TRY(classic_value(rest)),
                        span_of(0, text.size()));
}

Result<std::vector<Matcher>> parse_classic(std::string_view text) {
  text = trim(text);
  if (text.starts_with('{')) text.remove_prefix(1);
  if (text.ends_with('}')) text.remove_suffix(1);
  std::vector<Matcher> matchers;
  if (trim(text).empty()) return matchers;
  const auto pieces = classic_pieces(text);
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].empty() && i + 1 == pieces.size()) break;  // A comma at the end.
    matchers.push_back(TRY(classic_matcher(pieces[i])));
  }
  return matchers;
}

bool are_equal(const std::vector<Matcher>& a, const std::vector<Matcher>& b) {
  return label_matchers_text(a) == label_matchers_text(b);
}

}  // namespace

Result<std::vector<Matcher>> parse_label_matchers(std::string_view text, MatcherGrammar grammar) {
  if (grammar == MatcherGrammar::Classic) return parse_classic(text);
  auto modern = Utf8Parser(text).parse();
  if (grammar == MatcherGrammar::Utf8) return modern;
  auto classic = parse_classic(text);
  if (!classic) return modern ? std::move(modern) : std::move(classic);
  return modern && are_equal(*modern, *classic) ? std::move(modern) : std::move(classic);
}

std::string label_matcher_text(const Matcher& matcher) {
  const std::string& name = matcher.name();
  const bool is_plain = !name.empty() && std::none_of(name.begin(), name.end(), is_reserved);
  std::string text = is_plain ? name : quote(name);
  text += to_string(matcher.type());
  text += '"';
  for (const char c : matcher.value()) {
    if (c == '"' || c == '\\') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text + '"';
}

std::string label_matchers_text(const std::vector<Matcher>& matchers) {
  std::string text = "{";
  for (const Matcher& matcher : matchers) {
    if (text.size() > 1) text += ',';
    text += label_matcher_text(matcher);
  }
  return text + '}';
}

void sort_label_matchers(std::vector<Matcher>& matchers) {
  const auto key = [](const Matcher& m) { return std::tie(m.name(), m.value()); };
  std::stable_sort(matchers.begin(), matchers.end(), [&](const Matcher& a, const Matcher& b) {
    return key(a) != key(b) ? key(a) < key(b) : a.type() < b.type();
  });
}

}  // namespace promenade::config
