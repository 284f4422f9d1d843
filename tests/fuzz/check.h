#pragma once  // tests/fuzz/check.h
// How a fuzz target says that something is wrong: what it was, then abort(), which libFuzzer
// reports together with the input.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace promenade::fuzz {

inline void require(bool holds, std::string_view what, std::string_view detail = "") {
  if (holds) return;
  std::fprintf(stderr, "%.*s: %.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(detail.size()), detail.data());
  std::abort();
}

}  // namespace promenade::fuzz
