#pragma once  // engine/model/matcher.h
// One condition on one label: =, !=, =~ or !~. An absent label has the value "". Regular
// expressions are RE2, anchored at both ends, and '.' matches a line end (Prometheus 3).
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace promenade {

enum class MatchType { Equal, NotEqual, Regex, NotRegex };
std::string_view to_string(MatchType type);  // "=", "!=", "=~", "!~".

class Matcher {
 public:
  // Fails with BadData when the pattern is not valid RE2; the message names the fault.
  static Result<Matcher> create(MatchType type, std::string name, std::string value);
  // For matchers that cannot fail.
  static Matcher equal(std::string name, std::string value);

  MatchType type() const { return type_; }
  const std::string& name() const { return name_; }
  const std::string& value() const { return value_; }

  bool matches(std::string_view value) const;
  bool matches_empty() const { return matches(""); }
  // Regex types only: the values that the pattern matches, sorted, when it is an alternation of
  // literals ("a|b|c"); else empty. Lets an index look values up instead of trying all.
  const std::vector<std::string>& literals() const { return literals_; }

  // name=~"value", the value quoted as Go does.
  std::string to_string() const;

 private:
  Matcher(MatchType type, std::string name, std::string value);

  MatchType type_;
  std::string name_;
  std::string value_;
  std::vector<std::string> literals_;
  std::shared_ptr<const re2::RE2> regex_;  // Shared by copies: compiling is the expensive part.
};

// The same text for the same matchers in the same order, and for no others: what maps of selections
// are sorted by.
std::string selection_key(std::span<const Matcher> matchers);

// An anchored RE2 with dot-all, as matchers, relabelling and label_replace use it.
Result<std::shared_ptr<const re2::RE2>> compile_anchored(std::string_view pattern);

}  // namespace promenade
