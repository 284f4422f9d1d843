// tests/unit/tsdb/label_index_test.cc
// Selection by matchers: a table after Prometheus's rules, then random matchers against a plain
// loop.
#include "tsdb/label_index.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace promenade::tsdb {
namespace {

// An index over series 1, 2, ... with the given labels.
class Fixture {
 public:
  explicit Fixture(std::vector<Labels> series) : series_(std::move(series)) {
    for (size_t i = 0; i < series_.size(); ++i)
      index.add(static_cast<SeriesNumber>(i + 1), series_[i]);
  }
  Postings select(const std::vector<Matcher>& matchers) const {
    return index.select(
        matchers, [this](SeriesNumber series) -> const Labels& { return series_[series - 1]; });
  }
  // The obvious way.
  Postings scan(const std::vector<Matcher>& matchers) const {
    Postings found;
    for (size_t i = 0; i < series_.size(); ++i) {
      bool all = true;
      for (const Matcher& matcher : matchers) {
        all = all && matcher.matches(series_[i].get(matcher.name()));
      }
      if (all) found.push_back(static_cast<SeriesNumber>(i + 1));
    }
    return found;
  }

  LabelIndex index;

 private:
  std::vector<Labels> series_;
};

Matcher matcher(MatchType type, std::string name, std::string value) {
  return *Matcher::create(type, std::move(name), std::move(value));
}

TEST(LabelIndex, SelectsAsPrometheusDoes) {
  const Fixture fixture({
      {{"n", "1"}},              // 1
      {{"n", "1"}, {"i", "a"}},  // 2
      {{"n", "1"}, {"i", "b"}},  // 3
      {{"n", "2"}},              // 4
      {{"n", "2.5"}},            // 5
  });
  constexpr auto kEqual = MatchType::Equal, kNotEqual = MatchType::NotEqual,
                 kRegex = MatchType::Regex, kNotRegex = MatchType::NotRegex;
  struct {
    std::vector<Matcher> matchers;
    Postings expected;
  } const cases[] = {
      {{}, {1, 2, 3, 4, 5}},
      {{matcher(kEqual, "n", "1")}, {1, 2, 3}},
      {{matcher(kEqual, "n", "1"), matcher(kEqual, "i", "a")}, {2}},
      {{matcher(kEqual, "n", "1"), matcher(kEqual, "i", "missing")}, {}},
      {{matcher(kEqual, "missing", "")}, {1, 2, 3, 4, 5}},
      {{matcher(kNotEqual, "missing", "")}, {}},
      {{matcher(kEqual, "i", "")}, {1, 4, 5}},
      {{matcher(kNotEqual, "i", "")}, {2, 3}},
      {{matcher(kNotEqual, "n", "1")}, {4, 5}},
      {{matcher(kNotEqual, "i", "a")}, {1, 3, 4, 5}},
      {{matcher(kEqual, "n", "1"), matcher(kNotEqual, "i", "a")}, {1, 3}},
      {{matcher(kEqual, "n", "1"), matcher(kNotEqual, "i", "")}, {2, 3}},
      {{matcher(kRegex, "n", "^1$")}, {1, 2, 3}},
      {{matcher(kRegex, "i", "a?")}, {1, 2, 4, 5}},
      {{matcher(kRegex, "i", ".*")}, {1, 2, 3, 4, 5}},
      {{matcher(kRegex, "i", ".+")}, {2, 3}},
      {{matcher(kRegex, "i", "")}, {1, 4, 5}},
      {{matcher(kRegex, "i", "a|b|c")}, {2, 3}},
      {{matcher(kRegex, "i", "a|")}, {1, 2, 4, 5}},
      {{matcher(kRegex, "n", "2.*"), matcher(kRegex, "i", "")}, {4, 5}},
      {{matcher(kNotRegex, "i", "a")}, {1, 3, 4, 5}},
      {{matcher(kNotRegex, "i", "a|b")}, {1, 4, 5}},
      {{matcher(kNotRegex, "i", "")}, {2, 3}},
      {{matcher(kNotRegex, "i", "a?")}, {3}},
      {{matcher(kNotRegex, "i", ".*")}, {}},
      {{matcher(kNotRegex, "i", ".+")}, {1, 4, 5}},
      {{matcher(kNotRegex, "missing", "a")}, {1, 2, 3, 4, 5}},
      {{matcher(kRegex, "missing", "a")}, {}},
      {{matcher(kNotEqual, "i", "b"), matcher(kRegex, "i", "b|a")}, {2}},
      {{matcher(kNotEqual, "i", ""), matcher(kNotEqual, "i", "a"), matcher(kNotRegex, "n", "2")},
       {3}},
  };
  for (const auto& test : cases) {
    std::string text;
    for (const Matcher& part : test.matchers) text += part.to_string() + " ";
    EXPECT_EQ(fixture.select(test.matchers), test.expected) << text;
    EXPECT_EQ(fixture.scan(test.matchers), test.expected) << text;
  }
}

Labels random_labels(Random& random) {
  LabelsBuilder builder;
  builder.set("id", std::to_string(random.next()));
  for (const std::string_view name : {"a", "b", "c"}) {
    if (random.chance(0.7))
      builder.set(name, std::string(1, static_cast<char>('p' + random.below(6))));
  }
  return builder.build();
}

Matcher random_matcher(Random& random) {
  constexpr MatchType kTypes[] = {MatchType::Equal, MatchType::NotEqual, MatchType::Regex,
                                  MatchType::NotRegex};
  constexpr const char* kNames[] = {"a", "b", "c", "d", "id"};
  constexpr const char* kValues[] = {"",      "p",  "q",  "z",  "p|q", "p|",
                                     "[p-r]", ".+", ".*", "q?", "1.*"};
  return matcher(kTypes[random.below(4)], kNames[random.below(5)],
                 kValues[random.below(std::size(kValues))]);
}

TEST(LabelIndex, RandomSelectionsAgreeWithAScan) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Random random(seed);
    std::vector<Labels> series(random.below(60) + 1);
    for (Labels& labels : series) labels = random_labels(random);
    const Fixture fixture(std::move(series));
    for (int round = 0; round < 50; ++round) {
      std::vector<Matcher> matchers;
      for (uint64_t count = random.below(4); count > 0; --count)
        matchers.push_back(random_matcher(random));
      std::string text;
      for (const Matcher& part : matchers) text += part.to_string() + " ";
      ASSERT_EQ(fixture.select(matchers), fixture.scan(matchers))
          << "seed " << seed << ": " << text;
    }
  }
}

TEST(LabelIndex, NamesAndValuesAreSorted) {
  const Fixture fixture({{{"b", "2"}, {"a", "x"}}, {{"b", "10"}}, {{"b", "2"}, {"c", "y"}}});
  EXPECT_EQ(fixture.index.label_names(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(fixture.index.label_values("b"), (std::vector<std::string>{"10", "2"}));
  EXPECT_TRUE(fixture.index.label_values("missing").empty());
}

TEST(LabelIndex, ForgetsNamesAndValuesWithTheirLastSeries) {
  Fixture fixture({{{"a", "1"}, {"b", "1"}}, {{"a", "2"}}, {{"a", "2"}, {"b", "2"}}});
  SeriesSet dropped(1, 3);
  dropped.insert(1);
  fixture.index.remove(dropped);
  EXPECT_EQ(fixture.index.label_values("a"), std::vector<std::string>{"2"});
  EXPECT_EQ(fixture.index.label_values("b"), std::vector<std::string>{"2"});
  EXPECT_EQ(fixture.select({}), (Postings{2, 3}));
  dropped.insert(3);
  fixture.index.remove(dropped);
  EXPECT_EQ(fixture.index.label_names(), std::vector<std::string>{"a"});
  EXPECT_EQ(fixture.select({matcher(MatchType::Regex, "a", "2|3")}), Postings{2});
}

TEST(LabelIndex, AnEmptyIndexSelectsNothing) {
  const Fixture fixture({});
  EXPECT_EQ(fixture.select({}), Postings{});
  EXPECT_EQ(fixture.select({matcher(MatchType::NotEqual, "a", "b")}), Postings{});
}

}  // namespace
}  // namespace promenade::tsdb
