#pragma once  // engine/base/sha256.h
// SHA-256 (FIPS 180-4), for names that other systems must be able to compute as well.
#include <string>
#include <string_view>

namespace promenade {

// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace promenade
