#pragma once  // engine/promql/number_literal.h
// The value of a number as PromQL and the series notation write it. Internal to engine/promql.
#include <optional>
#include <string_view>

namespace promenade::promql {

// Without a sign. As Go does it: first as an integer, whose base its prefix tells (0x: 16, a
// leading 0: 8), then as a float; so 010 is 8, but 08 is 8 as well. '_' between digits is skipped.
// Nothing when it is no number or out of range.
std::optional<double> parse_number_literal(std::string_view text);

}  // namespace promenade::promql
