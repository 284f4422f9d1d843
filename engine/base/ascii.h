#pragma once  // engine/base/ascii.h
// Kinds of characters, in ASCII and whatever the locale says.

namespace promenade {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
// What a name may begin with, and go on with.
constexpr bool is_name_start(char c) {
  return is_letter(c) || c == '_';
}
constexpr bool is_name_character(char c) {
  return is_name_start(c) || is_digit(c);
}

}  // namespace promenade
