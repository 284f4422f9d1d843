#pragma once  // engine/template/go_literal.h
// Go's literals as templates have them: strings, characters, numbers. Internal to engine/template.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace promenade::templates {

// A constant without a type: '1.0' may be used as an integer, and 'a' is 97.
struct GoNumber {
  bool is_int = false, is_float = false;
  int64_t int_value = 0;
  double float_value = 0;
};

// The content of "..." or `...`, or nothing when an escape is wrong.
std::optional<std::string> unquote_go(std::string_view literal);
// 'x', with the quotes.
Result<GoNumber> parse_go_character(std::string_view literal);
// Decimal, 0x, 0o, 0b, exponents, underscores. Fails in Go's words.
Result<GoNumber> parse_go_number(std::string_view literal);

}  // namespace promenade::templates
