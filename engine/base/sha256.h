#pragma once  // engine/base/sha256.h
// SHA-256 (FIPS 180-4), for names that other systems must be able to compute as well, and for
// signed requests.
#include <string>
#include <string_view>

namespace promenade {

std::string sha256(std::string_view bytes);  // 32 bytes.
// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);
// HMAC-SHA-256 (RFC 2104): 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view message);
// Lower-case hexadecimal digits.
std::string to_hex(std::string_view bytes);

}  // namespace promenade
