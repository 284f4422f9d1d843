// The template is taken apart once; each match then only joins pieces.
#include "promql/parser/template_expansion.h"

#include <re2/re2.h>

#include <algorithm>

#include "base/ascii.h"

namespace promenade::promql {

namespace {

bool is_name_byte(char c) {
  return is_name_character(c) || static_cast<unsigned char>(c) >= 0x80;
}

// The name that follows a '$', and how many bytes it takes with its braces.
struct Reference {
  std::string_view name;
  size_t size;
};

// Nothing for a '$' that refers to nothing; it then stands for itself.
std::optional<Reference> parse_reference(std::string_view text) {
  const bool has_brace = !text.empty() && text.front() == '{';
  const std::string_view rest = has_brace ? text.substr(1) : text;
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_name_byte);
  const auto size = static_cast<size_t>(end - rest.begin());
  if (size == 0) return std::nullopt;
  if (!has_brace) return Reference{rest.substr(0, size), size};
  if (size == rest.size() || rest[size] != '}') return std::nullopt;
  return Reference{rest.substr(0, size), size + 2};
}

// A number without leading zeros, or -1.
int group_number(std::string_view name) {
  if (name.size() > 8 || (name.front() == '0' && name.size() > 1)) return -1;
  int number = 0;
  for (const char c : name) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

TemplateExpansion::TemplateExpansion(const re2::RE2& regex, std::string_view replacement)
    : regex_(regex) {
  while (!replacement.empty()) {
    const size_t dollar = std::min(replacement.find('$'), replacement.size());
    add_literal(replacement.substr(0, dollar));
    replacement.remove_prefix(dollar);
    if (replacement.empty()) break;
    replacement.remove_prefix(1);
    if (!replacement.empty() && replacement.front() == '$') {
      add_literal("$");
      replacement.remove_prefix(1);
    } else if (const auto reference = parse_reference(replacement)) {
      add_group(reference->name);
      replacement.remove_prefix(reference->size);
    } else {
      add_literal("$");
    }
  }
}

void TemplateExpansion::add_literal(std::string_view text) {
  if (!text.empty()) pieces_.push_back({std::string(text), -1});
}

void TemplateExpansion::add_group(std::string_view name) {
  int group = group_number(name);
  if (group < 0) {
    const auto& groups = regex_.NamedCapturingGroups();
    const auto found = groups.find(std::string(name));
    if (found == groups.end()) return;
    group = found->second;
  }
  if (group > regex_.NumberOfCapturingGroups()) return;
  pieces_.push_back({"", group});
  group_count_ = std::max(group_count_, group + 1);
}

std::optional<std::string> TemplateExpansion::expand(std::string_view text) const {
  std::vector<re2::StringPiece> groups(static_cast<size_t>(group_count_));
  const re2::StringPiece piece_of_text(text.data(), text.size());
  if (!regex_.Match(piece_of_text, 0, text.size(), re2::RE2::ANCHOR_BOTH, groups.data(),
                    group_count_)) {
    return std::nullopt;
  }
  std::string result;
  for (const Piece& piece : pieces_) {
    if (piece.group < 0) {
      result += piece.literal;
    } else {
      const re2::StringPiece& group = groups[static_cast<size_t>(piece.group)];
      result.append(group.data() ? group.data() : "", group.size());
    }
  }
  return result;
}

}  // namespace promenade::promql
