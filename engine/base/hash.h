#pragma once  // engine/base/hash.h
// XXH64 with seed 0, the hash Prometheus uses for labels (cespare/xxhash).
#include <cstdint>
#include <string_view>

namespace promenade {

uint64_t xxh64(std::string_view bytes);

}  // namespace promenade
