// engine/model/matcher.cc
// Matchers. Most regular expressions that people write are lists of literals ("a|b|c"); those never
// reach RE2: they become a sorted list, to search here and to look up in an index.
#include "model/matcher.h"

#include <re2/re2.h>

#include <algorithm>

#include "base/strings.h"
#include "model/labels.h"

namespace promenade {
namespace {

constexpr std::string_view kMetaCharacters = "\\.+*?()|[]{}^$";

bool is_meta(char c) {
  return kMetaCharacters.find(c) != std::string_view::npos;
}

// The pattern within one pair of parentheses, if that is all it is: "(a|b)", "(?:a|b)". The caller
// refuses what still holds a parenthesis, so "(a)|(b)" does no harm.
std::string_view without_group(std::string_view pattern) {
  if (pattern.size() < 2 || pattern.front() != '(' || pattern.back() != ')') return pattern;
  pattern = pattern.substr(1, pattern.size() - 2);
  if (pattern.substr(0, 2) == "?:") pattern.remove_prefix(2);
  return pattern;
}

// The alternatives when the pattern is an alternation of literals, sorted; else nothing.
std::vector<std::string> literal_alternatives(std::string_view pattern) {
  if (!is_utf8(pattern)) return {};
  pattern = without_group(pattern);
  std::vector<std::string> alternatives(1);
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '|') {
      alternatives.emplace_back();
    } else if (c == '\\' && i + 1 < pattern.size() && is_meta(pattern[i + 1])) {
      alternatives.back() += pattern[++i];
    } else if (is_meta(c)) {
      return {};
    } else {
      alternatives.back() += c;
    }
  }
  std::sort(alternatives.begin(), alternatives.end());
  alternatives.erase(std::unique(alternatives.begin(), alternatives.end()), alternatives.end());
  return alternatives;
}

bool is_regex(MatchType type) {
  return type == MatchType::Regex || type == MatchType::NotRegex;
}

}  // namespace

std::string_view to_string(MatchType type) {
  switch (type) {
    case MatchType::Equal:
      return "=";
    case MatchType::NotEqual:
      return "!=";
    case MatchType::Regex:
      return "=~";
    case MatchType::NotRegex:
      return "!~";
  }
  return "";
}

Matcher::Matcher(MatchType type, std::string name, std::string value)
    : type_(type), name_(std::move(name)), value_(std::move(value)) {}

Result<Matcher> Matcher::create(MatchType type, std::string name, std::string value) {
  Matcher matcher(type, std::move(name), std::move(value));
  if (is_regex(type)) {
    matcher.literals_ = literal_alternatives(matcher.value_);
    if (matcher.literals_.empty()) matcher.regex_ = TRY(compile_anchored(matcher.value_));
  }
  return matcher;
}

Matcher Matcher::equal(std::string name, std::string value) {
  return Matcher(MatchType::Equal, std::move(name), std::move(value));
}

bool Matcher::matches(std::string_view value) const {
  switch (type_) {
    case MatchType::Equal:
      return value == value_;
    case MatchType::NotEqual:
      return value != value_;
    default:
      break;
  }
  const bool found =
      regex_ ? re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *regex_)
             : std::binary_search(literals_.begin(), literals_.end(), value);
  return found == (type_ == MatchType::Regex);
}

std::string Matcher::to_string() const {
  std::string text = is_legacy_label_name(name_) ? name_ : quote(name_);
  text += promenade::to_string(type_);
  text += quote(value_);
  return text;
}

std::string selection_key(std::span<const Matcher> matchers) {
  std::string key;
  for (const Matcher& matcher : matchers) key.append(matcher.to_string()).append(",");
  return key;
}

Result<std::shared_ptr<const re2::RE2>> compile_anchored(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  // First as written: "a)(b" must not become valid through the group around it.
  const re2::RE2 as_written(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!as_written.ok()) return bad_data("error parsing regexp: " + as_written.error());
  auto anchored = std::make_shared<const re2::RE2>("^(?s:" + std::string(pattern) + ")$", options);
  if (!anchored->ok()) return bad_data("error parsing regexp: " + anchored->error());
  return std::shared_ptr<const re2::RE2>(std::move(anchored));
}

}  // namespace promenade
