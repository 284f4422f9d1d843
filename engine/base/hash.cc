// engine/base/hash.cc
// The one place that compiles xxHash, inlined, so that its names don't leak.
#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace promenade {

uint64_t xxh64(std::string_view bytes) {
  return XXH64(bytes.data(), bytes.size(), 0);
}

}  // namespace promenade
