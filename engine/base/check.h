#pragma once  // engine/base/check.h
// CHECK states an invariant of ours. It holds in release builds too, and ends the process when
// it does not. Nothing that a user typed or a target sent may reach one.
#include <cstdio>
#include <cstdlib>

#define CHECK(condition)                                                                 \
  do {                                                                                   \
    if (!(condition)) {                                                                  \
      std::fprintf(stderr, "%s:%d: CHECK failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                      \
    }                                                                                    \
  } while (false)
