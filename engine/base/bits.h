#pragma once  // engine/base/bits.h
// The bits of one type read as another. promenade::bit_cast, which Emscripten 3.1.6's library
// lacks.

namespace promenade {

template <typename To, typename From>
constexpr To bit_cast(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, from);
}

}  // namespace promenade
