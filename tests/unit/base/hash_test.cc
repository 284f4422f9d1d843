// tests/unit/base/hash_test.cc
// Published test vectors of XXH64 with seed 0.
#include "base/hash.h"

#include <gtest/gtest.h>

namespace promenade {
namespace {

TEST(Hash, IsXxh64WithSeedZero) {
  EXPECT_EQ(xxh64(""), 0xef46db3751d8e999u);
  EXPECT_EQ(xxh64("a"), 0xd24ec4f1a98c6e5bu);
  EXPECT_EQ(xxh64("as"), 0x1c330fb2d66be179u);
  EXPECT_EQ(xxh64("asd"), 0x631c37ce72a97393u);
  EXPECT_EQ(xxh64("Call me Ishmael. Some years ago--never mind how long precisely-"),
            0x02a2e85470d6fd96u);
}

}  // namespace
}  // namespace promenade
