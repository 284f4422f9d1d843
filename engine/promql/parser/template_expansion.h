#pragma once  // engine/promql/template_expansion.h
// Replacement texts with references to groups of a regular expression, by the rules of Go's
// regexp.Expand: $1, ${1}, $name, ${name}; $$ is a dollar sign; a name is as long as possible, so
// $1x is the group called "1x"; a group that does not exist or did not take part is empty.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace promenade::promql {

class TemplateExpansion {
 public:
  // Keeps a reference to `regex`, which matches whole texts.
  TemplateExpansion(const re2::RE2& regex, std::string_view replacement);

  // The replacement filled in from a match with `text`; nothing when there is no match.
  std::optional<std::string> expand(std::string_view text) const;

 private:
  // Literal text, or the text of a group when that is not negative.
  struct Piece {
    std::string literal;
    int group = -1;
  };
  void add_literal(std::string_view text);
  void add_group(std::string_view name);

  const re2::RE2& regex_;
  std::vector<Piece> pieces_;
  int group_count_ = 0;
};

}  // namespace promenade::promql
