#pragma once  // engine/scrape/md5.h
// MD5 (RFC 1321), for the hashmod action of relabelling, which fixes it. Not for security.
#include <array>
#include <cstdint>
#include <string_view>

namespace promenade::scrape {

std::array<uint8_t, 16> md5(std::string_view bytes);

}  // namespace promenade::scrape
