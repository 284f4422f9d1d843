// engine/template/letter_case.cc
// Case is regular within the alphabets: a fixed distance, or neighbours that take turns. The table
// says which.
#include "template/letter_case.h"

#include <array>
#include <optional>

#include "base/strings.h"

namespace promenade::templates {
namespace {

struct CaseRange {
  char32_t first, last;  // Of the upper-case letters.
  char32_t to_lower;     // Distance; 1 means pairs of neighbours, upper case first.
};
constexpr std::array<CaseRange, 17> kCaseRanges = {{{'A', 'Z', 32},
                                                    {0xc0, 0xd6, 32},
                                                    {0xd8, 0xde, 32},
                                                    {0x100, 0x12e, 1},
                                                    {0x132, 0x136, 1},
                                                    {0x139, 0x147, 1},
                                                    {0x14a, 0x176, 1},
                                                    {0x179, 0x17d, 1},
                                                    {0x386, 0x386, 38},
                                                    {0x388, 0x38a, 37},
                                                    {0x38c, 0x38c, 64},
                                                    {0x391, 0x3a1, 32},
                                                    {0x3a3, 0x3ab, 32},
                                                    {0x400, 0x40f, 80},
                                                    {0x410, 0x42f, 32},
                                                    {0x460, 0x480, 1},
                                                    {0x531, 0x556, 48}}};

bool in_range(const CaseRange& range, char32_t upper) {
  if (upper < range.first || upper > range.last) return false;
  return range.to_lower != 1 || (upper - range.first) % 2 == 0;
}

char32_t to_upper(char32_t c) {
  for (const CaseRange& range : kCaseRanges) {
    if (c >= range.to_lower && in_range(range, c - range.to_lower)) return c - range.to_lower;
  }
  return c;
}

char32_t to_lower(char32_t c) {
  for (const CaseRange& range : kCaseRanges) {
    if (in_range(range, c)) return c + range.to_lower;
  }
  return c;
}

bool is_ascii_letter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_ascii_digit(char32_t c) {
  return c >= '0' && c <= '9';
}
bool is_space(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xa0 || c == 0x3000 ||
         (c >= 0x2000 && c <= 0x200a);
}
// Letters, digits and underscores; beyond ASCII everything but blanks.
bool is_word(char32_t c) {
  return is_ascii_letter(c) || is_ascii_digit(c) || c == '_' || (c >= 0x80 && !is_space(c));
}
bool is_letter(char32_t c) {
  return is_word(c) && !is_ascii_digit(c) && c != '_';
}

// `text` with each character replaced; bytes that are no UTF-8 become U+FFFD, as in Go. `change`
// gets the character before, the one to replace, and the one after (0 at the ends).
template <typename Change>
std::string mapped(std::string_view text, Change change) {
  std::string out;
  char32_t before = 0;
  const auto decode = [&](size_t at) {
    return decode_utf8(text, at).value_or(CodePoint{U'\ufffd', 1});
  };
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = decode(at);
    at += point.size;
    append_utf8(out, change(before, point.value, at < text.size() ? decode(at).value : 0));
    before = point.value;
  }
  return out;
}

}  // namespace

std::string upper_case(std::string_view text) {
  return mapped(text, [](char32_t, char32_t c, char32_t) { return to_upper(c); });
}

std::string lower_case(std::string_view text) {
  return mapped(text, [](char32_t, char32_t c, char32_t) { return to_lower(c); });
}

std::string title_case(std::string_view text) {
  return mapped(text, [](char32_t before, char32_t c, char32_t) {
    return is_word(before) ? c : to_upper(c);
  });
}

std::string strict_title_case(std::string_view text) {
  bool in_word = false;
  return mapped(text, [&](char32_t before, char32_t c, char32_t after) {
    if (!is_word(c)) {
      // "o'neil", "node.js" and "a:b" are one word each.
      const bool joins =
          (c == '\'' || c == '.' || c == ':') && is_letter(before) && is_letter(after);
      in_word = in_word && joins;
      return c;
    }
    const bool continues = in_word;
    in_word = in_word || is_letter(c);
    return continues ? to_lower(c) : to_upper(c);
  });
}

}  // namespace promenade::templates
