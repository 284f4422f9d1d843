// Ranges of letters at a fixed distance, and ranges in which the two cases alternate: small enough
// to read, where Unicode's whole table would weigh more than the rest of relabelling.
#include "scrape/letter_case.h"

#include <array>

#include "base/strings.h"

namespace promenade::scrape {
namespace {

// Capitals first ... last; their small letters stand `distance` after them, or right behind each
// when `alternates`.
struct CaseRange {
  char32_t first;
  char32_t last;
  char32_t distance;
  bool alternates;
};

constexpr std::array kRanges = {
    CaseRange{U'A', U'Z', 32, false},     CaseRange{0x00C0, 0x00D6, 32, false},
    CaseRange{0x00D8, 0x00DE, 32, false}, CaseRange{0x0100, 0x012E, 1, true},
    CaseRange{0x0132, 0x0136, 1, true},   CaseRange{0x0139, 0x0147, 1, true},
    CaseRange{0x014A, 0x0176, 1, true},   CaseRange{0x0179, 0x017D, 1, true},
    CaseRange{0x0391, 0x03A1, 32, false}, CaseRange{0x03A3, 0x03AB, 32, false},
    CaseRange{0x0400, 0x040F, 80, false}, CaseRange{0x0410, 0x042F, 32, false},
    CaseRange{0x0460, 0x0480, 1, true},   CaseRange{0x048A, 0x04BE, 1, true},
};

bool contains(const CaseRange& range, char32_t capital) {
  if (capital < range.first || capital > range.last) return false;
  return !range.alternates || (capital - range.first) % 2 == 0;
}

char32_t lower(char32_t letter) {
  for (const CaseRange& range : kRanges) {
    if (contains(range, letter)) return letter + range.distance;
  }
  return letter;
}

char32_t upper(char32_t letter) {
  for (const CaseRange& range : kRanges) {
    if (letter >= range.distance && contains(range, letter - range.distance)) {
      return letter - range.distance;
    }
  }
  return letter;
}

std::string map_letters(std::string_view text, char32_t (*map)(char32_t)) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    if (const auto code_point = decode_utf8(text, at)) {
      append_utf8(out, map(code_point->value));
      at += code_point->size;
    } else {
      out += text[at++];
    }
  }
  return out;
}

}  // namespace

std::string to_lowercase(std::string_view text) {
  return map_letters(text, lower);
}
std::string to_uppercase(std::string_view text) {
  return map_letters(text, upper);
}

}  // namespace promenade::scrape
