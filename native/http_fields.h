#pragma once  // native/http_fields.h
// Reading request header fields: what the client accepts, and dates.
#include <cstdint>
#include <string>
#include <string_view>

namespace promenade::native {

// Whether a coding stands in Accept-Encoding and is not refused with q=0.
bool accepts_encoding(std::string_view accept_encoding, std::string_view coding);

// Whether an If-None-Match field names this entity tag (or is "*"). Weak tags compare equal.
bool names_entity_tag(std::string_view if_none_match, std::string_view tag);

// Sun, 06 Nov 1994 08:49:37 GMT
std::string http_date(int64_t seconds_since_epoch);

}  // namespace promenade::native
