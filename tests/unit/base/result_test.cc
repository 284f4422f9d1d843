// tests/unit/base/result_test.cc
// TRY passes failures on and hands values out, moved.
#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace promenade {
namespace {

Result<std::unique_ptr<int>> make(bool works) {
  if (!works) return bad_data("broken", SourceSpan{2, 5});
  return std::make_unique<int>(7);
}

Result<void> check(bool works) {
  if (!works) return fail(ErrorCode::Limit, "too much");
  return {};
}

Result<int> use(bool value_works, bool check_works) {
  const std::unique_ptr<int> value = TRY(make(value_works));
  TRY(check(check_works));
  return *value + 1;
}

TEST(Result, TryUnwrapsOrReturnsTheError) {
  EXPECT_EQ(*use(true, true), 8);
  const Result<int> broken = use(false, true);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::BadData);
  EXPECT_EQ(broken.error().message, "broken");
  EXPECT_EQ(broken.error().span, (SourceSpan{2, 5}));
  const Result<int> limited = use(true, false);
  ASSERT_FALSE(limited);
  EXPECT_EQ(limited.error().code, ErrorCode::Limit);
  EXPECT_FALSE(limited.error().span);
}

}  // namespace
}  // namespace promenade
