// tests/unit/promql/annotations_test.cc
#include "promql/annotations.h"

#include <gtest/gtest.h>

namespace promenade::promql {
namespace {

TEST(Annotations, ARemarkIsMadeOnceAboutTheLastPlace) {
  Annotations first;
  first.warn("w", {1, 2});
  first.info("i", {3, 4});
  first.info("i", {5, 6});
  EXPECT_EQ(first.infos(), (Annotations::Entries{{"i", 5}}));
  Annotations second;
  second.warn("w", {7, 8});
  second.warn("v", {9, 10});
  first.merge(second);
  EXPECT_EQ(first.warnings(), (Annotations::Entries{{"v", 9}, {"w", 7}}));
  EXPECT_EQ(Annotations::render_warning(*first.warnings().begin(), "a\nb\ncdefgh"),
            "PromQL warning: v (3:6)");
}

}  // namespace
}  // namespace promenade::promql
