#pragma once  // native/gzip.h
// Compression of HTTP responses.
#include <string>
#include <string_view>

namespace promenade::native {

// The bytes in gzip format, at zlib's fastest level: responses are made once and sent once.
std::string gzip(std::string_view bytes);

}  // namespace promenade::native
