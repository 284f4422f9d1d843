#pragma once  // engine/scrape/letter_case.h
// Upper and lower case for the relabelling actions of that name: Latin (Basic, Latin-1,
// Extended-A), Greek and Cyrillic letters; everything else stays as it is.
#include <string>
#include <string_view>

namespace promenade::scrape {

// `text` is UTF-8; malformed bytes are copied.
std::string to_lowercase(std::string_view text);
std::string to_uppercase(std::string_view text);

}  // namespace promenade::scrape
