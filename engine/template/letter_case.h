#pragma once  // engine/template/letter_case.h
// Upper, lower and title case for the alphabets that alerts are written in: Latin, Greek, Cyrillic,
// Armenian. Other letters stay as they are. Internal to engine/template.
#include <string>
#include <string_view>

namespace promenade::templates {

std::string upper_case(std::string_view text);
std::string lower_case(std::string_view text);
// The first letter of each word in upper case, the rest as it was (Go's strings.Title).
std::string title_case(std::string_view text);
// The same, and the rest in lower case; words end where Unicode says (golang.org/x/text/cases).
std::string strict_title_case(std::string_view text);

}  // namespace promenade::templates
