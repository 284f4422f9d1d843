// tests/unit/model/labels_test.cc
// Label sets: order, encoding, printing, comparing, changing.
#include "model/labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/hash.h"
#include "base/random.h"

namespace promenade {
namespace {

TEST(Labels, AreSortedAndFreeOfEmptyValues) {
  const Labels labels{{"job", "x"}, {"__name__", "up"}, {"a", ""}};
  EXPECT_EQ(labels.to_string(), "up{job=\"x\"}");
  EXPECT_EQ(labels.count(), 2u);
  EXPECT_EQ(labels, (Labels{{"__name__", "up"}, {"job", "x"}}));
  EXPECT_EQ(labels.get("job"), "x");
  EXPECT_EQ(labels.get("jo"), "");
  EXPECT_EQ(labels.metric_name(), "up");
  EXPECT_TRUE(labels.has("job"));
  EXPECT_FALSE(labels.has("a"));
}

TEST(Labels, TheEncodingIsPrometheusOwn) {
  const std::string value(300, 'v');
  const Labels labels{{"a", "1"}, {"long", value}};
  EXPECT_EQ(labels.bytes(), std::string("\x01"
                                        "a"
                                        "\x01"
                                        "1"
                                        "\x04long\xff\x2c\x01",
                                        12) +
                                std::string("\0", 1) + value);
  EXPECT_EQ(labels.get("long"), value);
  EXPECT_EQ(labels.hash(), xxh64(labels.bytes()));
}

TEST(Labels, EverySizeAroundTheLongFormSurvives) {
  for (const size_t size : {1u, 253u, 254u, 255u, 256u, 65'535u, 65'536u, 70'000u}) {
    const std::string text(size, 'x');
    const Labels labels{{text, text}, {"y", "z"}};
    EXPECT_EQ(labels.get(text), text) << size;
    EXPECT_EQ(labels.get("y"), "z") << size;
  }
}

TEST(Labels, PrintAsPrometheusDoes) {
  struct {
    Labels labels;
    std::string_view text;
  } const cases[] = {
      {{}, "{}"},
      {{{"__name__", "up"}}, "up"},
      {{{"job", "x"}}, "{job=\"x\"}"},
      {{{"__name__", "up"}, {"job", "x"}, {"z", "\"\n"}}, "up{job=\"x\", z=\"\\\"\\n\"}"},
      {{{"__name__", "my.metric"}, {"a.b", "x"}}, "{\"my.metric\", \"a.b\"=\"x\"}"},
      {{{"__name__", "my.metric"}}, "{\"my.metric\"}"},
      {{{"__name__", "a:b"}, {"c:d", "x"}}, "a:b{\"c:d\"=\"x\"}"},
      {{{"A", "1"}, {"__name__", "up"}}, "up{A=\"1\"}"},
  };
  for (const auto& test : cases) EXPECT_EQ(test.labels.to_string(), test.text);
}

TEST(Labels, ComparePairByPair) {
  const Labels ascending[] = {{},
                              {{"a", "1"}},
                              {{"a", "1"}, {"b", "1"}},
                              {{"a", "10"}},
                              {{"a", "2"}},
                              {{"a", "\xff"}},
                              {{"aa", "0"}},
                              {{"b", "1"}}};
  for (size_t i = 0; i < std::size(ascending); ++i) {
    for (size_t j = 0; j < std::size(ascending); ++j) {
      EXPECT_EQ(ascending[i] < ascending[j], i < j) << i << " " << j;
    }
  }
}

TEST(Labels, KeepAndDropTakeNamesInAnyOrder) {
  const Labels labels{{"__name__", "up"}, {"a", "1"}, {"b", "2"}, {"z", "3"}};
  EXPECT_EQ(labels.keep({"z", "a", "missing"}).to_string(), "{a=\"1\", z=\"3\"}");
  EXPECT_EQ(labels.drop({"z", "a"}).to_string(), "up{b=\"2\"}");
  EXPECT_EQ(labels.keep({}), Labels());
  EXPECT_EQ(labels.drop({}), labels);
}

TEST(Labels, LosingTheNameKeepsTheRest) {
  EXPECT_EQ((Labels{{"A", "0"}, {"__name__", "up"}, {"a", "1"}}).without_name().to_string(),
            "{A=\"0\", a=\"1\"}");
  EXPECT_EQ((Labels{{"__name__", "up"}}).without_name(), Labels());
  EXPECT_EQ((Labels{{"a", "1"}}).without_name(), (Labels{{"a", "1"}}));
  EXPECT_EQ(Labels().without_name(), Labels());
}

TEST(Labels, SurviveTheirSource) {
  Labels copy;
  {
    const std::string value = "a value that does not fit into a small string";
    copy = Labels{{"x", value}};
  }
  EXPECT_EQ(copy.get("x"), "a value that does not fit into a small string");
}

TEST(LabelsDeathTest, ARepeatedNameIsOurBug) {
#if GTEST_HAS_DEATH_TEST
  EXPECT_DEATH((Labels{{"a", "1"}, {"a", "2"}}), "CHECK failed");
#endif
}

TEST(LabelsWriter, WritesSortedSetsOneAfterAnother) {
  LabelsWriter writer;
  for (const Labels& labels : {Labels{{"a", "1"}, {"b", "2"}}, Labels{}, Labels{{"a", "2"}}}) {
    writer.clear();
    for (const Label& label : labels) EXPECT_TRUE(writer.add(label.name, label.value));
    EXPECT_EQ(writer.labels(), labels);
  }
}

TEST(LabelsWriter, RefusesWhatIsOutOfOrderOrEmpty) {
  LabelsWriter writer;
  EXPECT_FALSE(writer.add("", "1"));
  EXPECT_TRUE(writer.add("b", "1"));
  EXPECT_FALSE(writer.add("a", "1"));
  EXPECT_FALSE(writer.add("b", "1"));
  EXPECT_FALSE(writer.add("c", ""));
  EXPECT_EQ(writer.labels(), (Labels{{"b", "1"}}));
}

TEST(LabelsBuilder, ChangesAreSeenAtOnceAndBuiltSorted) {
  LabelsBuilder builder(Labels{{"b", "2"}, {"d", "4"}});
  builder.set("c", "3").set("a", "1").set("b", "two").remove("d").remove("missing");
  EXPECT_EQ(builder.get("b"), "two");
  EXPECT_EQ(builder.get("d"), "");
  EXPECT_EQ(builder.build().to_string(), "{a=\"1\", b=\"two\", c=\"3\"}");
  EXPECT_EQ(builder.set("a", "").build().to_string(), "{b=\"two\", c=\"3\"}");
  EXPECT_EQ(builder.pairs().front().first, "b");
}

TEST(LabelsBuilder, BehavesAsAMap) {
  constexpr uint64_t kSeed = 7;
  Random random(kSeed);
  for (int round = 0; round < 200; ++round) {
    std::map<std::string, std::string> model;
    LabelsBuilder builder;
    for (int change = 0; change < 20; ++change) {
      const std::string name(1, static_cast<char>('a' + random.below(6)));
      const std::string value(random.below(3), 'v');
      builder.set(name, value);
      if (value.empty()) {
        model.erase(name);
      } else {
        model[name] = value;
      }
    }
    std::vector<Label> expected;
    for (const auto& [name, value] : model) expected.push_back({name, value});
    EXPECT_EQ(builder.build(), Labels::from(expected)) << "seed " << kSeed << " round " << round;
  }
}

TEST(LegacyNames, FollowTheDataModel) {
  struct {
    std::string_view name;
    bool metric, label;
  } const cases[] = {
      {"a", true, true},          {"_", true, true},     {"a9_B", true, true},
      {":a", true, false},        {"a:b", true, false},  {"", false, false},
      {"9a", false, false},       {"a.b", false, false}, {"a b", false, false},
      {"\xc3\xa4", false, false},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(is_legacy_metric_name(test.name), test.metric) << test.name;
    EXPECT_EQ(is_legacy_label_name(test.name), test.label) << test.name;
  }
}

}  // namespace
}  // namespace promenade
