// tests/unit/tsdb/postings_test.cc
// Galloping intersection and bitmaps against std::set_intersection and std::set.
#include "tsdb/postings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/random.h"

namespace promenade::tsdb {
namespace {

Postings intersected(Postings a, const Postings& b) {
  intersect(a, b);
  return a;
}

TEST(Postings, IntersectByHand) {
  EXPECT_EQ(intersected({}, {}), Postings{});
  EXPECT_EQ(intersected({1, 2, 3}, {}), Postings{});
  EXPECT_EQ(intersected({}, {1}), Postings{});
  EXPECT_EQ(intersected({1, 2, 3}, {1, 2, 3}), (Postings{1, 2, 3}));
  EXPECT_EQ(intersected({1, 5, 9}, {2, 5, 8, 9, 10, 11}), (Postings{5, 9}));
  EXPECT_EQ(intersected({2, 5, 8, 9, 10, 11}, {1, 5, 9}), (Postings{5, 9}));
  EXPECT_EQ(intersected({7}, {1, 2, 3, 4, 5, 6, 7}), (Postings{7}));
  EXPECT_EQ(intersected({8}, {1, 2, 3, 4, 5, 6, 7}), Postings{});
}

Postings random_postings(Random& random) {
  Postings list;
  const double density = random.uniform() * random.uniform();
  for (SeriesNumber series = 1; series < 300; ++series) {
    if (random.chance(density)) list.push_back(series);
  }
  return list;
}

TEST(Postings, IntersectAgreesWithTheStandardLibrary) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    Random random(seed);
    const Postings a = random_postings(random);
    const Postings b = random_postings(random);
    Postings expected;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(expected));
    EXPECT_EQ(intersected(a, b), expected) << "seed " << seed;
  }
}

TEST(SeriesSet, AgreesWithAStdSet) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    const auto first = static_cast<SeriesNumber>(1 + random.below(100));
    const SeriesNumber last = first + static_cast<SeriesNumber>(random.below(200));
    SeriesSet set(first, last);
    std::set<SeriesNumber> model;
    for (int i = 0; i < 50; ++i) {
      const auto series = static_cast<SeriesNumber>(random.between(first, last));
      set.insert(series);
      model.insert(series);
    }
    EXPECT_EQ(set.to_postings(), Postings(model.begin(), model.end())) << "seed " << seed;
    for (SeriesNumber series = first; series <= last; ++series) {
      EXPECT_EQ(set.contains(series), model.count(series) > 0) << "seed " << seed;
    }
  }
}

TEST(SeriesSet, FilterKeepsMembersOrOthers) {
  SeriesSet set(1, 10);
  set.insert(Postings{2, 4, 10});
  Postings members = {1, 2, 3, 4};
  Postings others = members;
  filter(members, set, Keep::Members);
  filter(others, set, Keep::Others);
  EXPECT_EQ(members, (Postings{2, 4}));
  EXPECT_EQ(others, (Postings{1, 3}));
}

}  // namespace
}  // namespace promenade::tsdb
