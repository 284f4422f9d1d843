#pragma once  // engine/grading/misconception_names.h
// The misconceptions by name. What stands behind each is told in exercises/misconceptions.md.
#include <string>
#include <string_view>

namespace promenade::grading {

// "regexes match substrings" for "MC19"; "" for a code that nobody has named.
std::string misconception_name(std::string_view code);

}  // namespace promenade::grading
