#pragma once  // engine/base/escape.h
// The parts that escapes in Go's strings and in JSON's have in common.
#include <cstdint>
#include <string>
#include <string_view>

namespace promenade {

// What stands behind the backslash for `c` in a short escape: itself for " and \, n for a line end,
// and so on for the control characters from \a to \r; 0 when there is no short escape.
char escape_letter(char c);
// PREFIX and the value in so many hexadecimal digits: \x1f.
void append_hex_escape(std::string& out, std::string_view prefix, uint32_t value, int digits);

}  // namespace promenade
