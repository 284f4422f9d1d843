#pragma once  // engine/base/strings.h
// Small helpers on text that the standard library lacks.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promenade {

std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);  // Blanks, tabs and line ends at both ends.
std::string to_lower(std::string_view text);   // ASCII only.
bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII only.
std::string join(std::span<const std::string> parts, std::string_view separator);

// Whether `text` is well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text);
// The code point at `offset` and its length in bytes, or nothing where the bytes are malformed.
struct CodePoint {
  char32_t value;
  uint32_t size;
};
std::optional<CodePoint> decode_utf8(std::string_view text, size_t offset);
void append_utf8(std::string& out, char32_t code_point);

// Line and column of a byte offset, both from 1; the column counts bytes, as PromQL's errors do.
struct LineColumn {
  uint32_t line;
  uint32_t column;
};
LineColumn line_column(std::string_view text, size_t offset);

// Go's strconv.Quote: the text in double quotes, with \n, \", \\, \xNN ... escapes.
std::string quote(std::string_view text);

// The candidate nearest to `word` by Damerau-Levenshtein distance, for "did you mean", or nothing
// when none is near enough to be meant (a third of the word's length, at least 1).
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates);

// Percent-decoding of a URL's part; '+' means blank when `plus_is_space`.
std::string url_decode(std::string_view text, bool plus_is_space);
std::string url_encode(std::string_view text);  // Everything but RFC 3986's unreserved characters.

// The pieces of a URL; nothing is decoded. `authority` is host[:port].
struct UrlParts {
  std::string_view scheme;     // "" for a relative reference.
  std::string_view authority;  // "" for a relative reference.
  std::string_view path;       // May be "".
  std::string_view query;      // Without '?'.
};
UrlParts split_url(std::string_view url);

}  // namespace promenade
