// Trees, typed readings, and the words of the errors: what was found, what was expected.
#include "config/yaml_reader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promenade::config {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::string parse_error(std::string_view text) {
  const auto file = YamlFile::parse("f.yml", text);
  return file ? "no error" : file.error().message;
}

TEST(YamlFile, KeepsWhereEveryValueStands) {
  const auto file = YamlFile::parse("f.yml", "a: 1\nlist:\n  - x\n  - \"y\"\n");
  ASSERT_TRUE(file);
  const YamlNode& list = file->root().entries.at(1).value;
  EXPECT_EQ(list.items.at(1).text, "y");
  EXPECT_TRUE(list.items.at(1).is_quoted);
  EXPECT_FALSE(list.items.at(0).is_quoted);
  EXPECT_EQ(list.items.at(1).line, 4u);
  EXPECT_EQ(list.items.at(1).column, 5u);
  EXPECT_EQ(list.items.at(0).offset, 15u);
}

TEST(YamlFile, AnEmptyTextHasANullRoot) {
  for (const char* text : {"", "\n", "# only a comment\n", "---\n"}) {
    const auto file = YamlFile::parse("f.yml", text);
    ASSERT_TRUE(file) << text;
    EXPECT_EQ(file->root().kind, YamlNode::Kind::Null) << text;
  }
}

TEST(YamlFile, ExpandsAliasesAndMergeKeys) {
  const auto file = YamlFile::parse("f.yml",
                                    "base: &b {x: 1, y: 2}\n"
                                    "copy: *b\n"
                                    "more: {<<: *b, y: 3}\n");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->root().entries.at(1).value.entries.at(0).value.text, "1");
  const YamlNode& more = file->root().entries.at(2).value;
  ASSERT_EQ(more.entries.size(), 2u);
  EXPECT_EQ(more.entries.at(0).value.text, "3");  // Its own keys win.
  EXPECT_EQ(more.entries.at(1).key.text, "x");
}

TEST(YamlFile, RefusesWhatIsNotOneDocument) {
  const struct {
    const char* text;
    const char* error;
  } cases[] = {
      {"a: 1\na: 2\n",
       "f.yml:2:1: not valid YAML: the key \"a\" stands twice in one mapping; keep one"},
      {"a: [1, 2\n", "f.yml:2:1: not valid YAML: end of sequence flow not found"},
      {"a: b: c\n", "f.yml:1:5: not valid YAML: illegal map value"},
      {"a: 1\n---\nb: 2\n",
       "f.yml:2:1: not valid YAML: a second document starts here; keep one to a file"},
      {"[a]: 1\n", "f.yml:1:1: not valid YAML: found a list as a key, expected text"},
      {"<<: 1\n",
       "f.yml:1:5: not valid YAML: found \"1\" after <<, expected an alias of a mapping"},
      {"a: *missing\n", "f.yml:1:4: not valid YAML: the referenced anchor is not defined"},
      {"a: &a [*a]\n", "f.yml:1:8: not valid YAML: an alias inside the value of its own anchor"},
  };
  for (const auto& c : cases) EXPECT_EQ(parse_error(c.text), c.error) << c.text;
}

TEST(YamlFile, BoundsDepthAndSize) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(YamlFile::parse("f.yml", nested(64)));
  EXPECT_EQ(parse_error(nested(65)), "f.yml:1:65: not valid YAML: nested deeper than 64 levels");

  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 8; ++i) {
    bomb +=
        fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1}]\n", i, i - 1);
  }
  EXPECT_THAT(parse_error(bomb), ::testing::HasSubstr("more than 200000 values in one file"));
}

// 100 kB of what a parser likes least. Each has to end, in an error or as one long text.
TEST(YamlFile, SurvivesHostileTexts) {
  constexpr size_t kSize = 100'000;
  const auto repeated = [](std::string_view part) {
    std::string text;
    while (text.size() < kSize) text += part;
    return text;
  };
  using ::testing::HasSubstr;
  const YamlFile dashes = *YamlFile::parse("f.yml", repeated("-"));
  EXPECT_EQ(dashes.root().text.size(), kSize);
  for (const char* part : {"- ", "[", "{", "[a, ", "{a: ", "-\t", "? - "}) {
    EXPECT_FALSE(YamlFile::parse("f.yml", repeated(part))) << part;
  }
  EXPECT_THAT(parse_error(repeated("- ")), HasSubstr("nested deeper than 64 levels"));
  EXPECT_THAT(parse_error(repeated("{a: ")), HasSubstr("nested deeper than 64 levels"));
  for (const char* part :
       {"a:\n  - ", "&a ", "*a ", "!", "\"\\", "|", "%", "---\n", "-\n", "? ", "a: ", "\xff"}) {
    YamlFile::parse("f.yml", repeated(part));
  }
  EXPECT_THAT(parse_error(std::string((16 << 20) + 1, 'a')),
              HasSubstr("f.yml:1:1: the file has 16777217 bytes, and may have 16777216"));
}

struct Reading {
  std::string text = "default";
  bool flag = false;
  uint64_t count = 7;
  double number = 0;
  Duration duration = Duration::seconds(1);
  uint64_t bytes = 0;
  size_t choice = 0;
  std::vector<std::string> list;
  std::map<std::string, std::string> map;
};

constexpr std::string_view kChoices[] = {"keep", "drop", "replace"};

Result<Reading> read(std::string_view text) {
  const YamlFile file = TRY(YamlFile::parse("f.yml", text));
  Reading reading;
  YamlMapping mapping(file, file.root(), "a test");
  mapping.text("text", reading.text);
  mapping.boolean("flag", reading.flag);
  mapping.count("count", reading.count);
  mapping.number("number", reading.number);
  mapping.duration("duration", reading.duration);
  mapping.byte_count("bytes", reading.bytes);
  mapping.choice("choice", kChoices, reading.choice);
  mapping.text_list("list", reading.list);
  mapping.text_map("map", reading.map);
  TRY(mapping.finish());
  return reading;
}

std::string read_error(std::string_view text) {
  const auto reading = read(text);
  return reading ? "no error" : reading.error().message;
}

TEST(YamlMapping, ReadsEveryType) {
  const auto reading = read(
      "text: 15\nflag: yes\ncount: 12\nnumber: -1.5e3\nduration: 1m30s\nbytes: 2KB\n"
      "choice: drop\nlist: [a, \"b\"]\nmap: {k: v, empty: }\n");
  ASSERT_TRUE(reading) << reading.error().message;
  EXPECT_EQ(reading->text, "15");
  EXPECT_TRUE(reading->flag);
  EXPECT_EQ(reading->count, 12u);
  EXPECT_EQ(reading->number, -1500);
  EXPECT_EQ(reading->duration, Duration::seconds(90));
  EXPECT_EQ(reading->bytes, 2048u);
  EXPECT_EQ(reading->choice, 1u);
  EXPECT_THAT(reading->list, ElementsAre("a", "b"));
  EXPECT_THAT(reading->map, ElementsAre(Pair("empty", ""), Pair("k", "v")));
}

TEST(YamlMapping, AbsentAndNullKeysLeaveTheDefaults) {
  for (const char* text : {"", "text:\ncount: ~\nlist: null\n"}) {
    const auto reading = read(text);
    ASSERT_TRUE(reading) << text;
    EXPECT_EQ(reading->text, "default");
    EXPECT_EQ(reading->count, 7u);
    EXPECT_TRUE(reading->list.empty());
  }
}

TEST(YamlMapping, SaysWhatWasFoundAndWhatWasExpected) {
  const struct {
    const char* text;
    const char* error;
  } cases[] = {
      {"text: [a]", "f.yml:1:7: text: found a list, expected text"},
      {"flag: maybe", "f.yml:1:7: flag: found \"maybe\", expected true or false"},
      {"flag: \"true\"",
       "f.yml:1:7: flag: found \"true\", expected true or false; remove the quotes"},
      {"count: -1", "f.yml:1:8: count: found \"-1\", expected a whole number that is not negative"},
      {"count: 18446744073709551616",
       "f.yml:1:8: count: found \"18446744073709551616\", expected a whole number that is not "
       "negative"},
      {"number: ten", "f.yml:1:9: number: found \"ten\", expected a number"},
      {"duration: 15",
       "f.yml:1:11: duration: found \"15\", expected a duration such as 15s or 1m30s; did you "
       "mean 15s?"},
      {"duration: {}",
       "f.yml:1:11: duration: found a mapping, expected a duration such as 15s or 1m30s"},
      {"bytes: 10",
       "f.yml:1:8: bytes: found \"10\", expected a size such as 512KB or 10MB; did "
       "you mean 10B?"},
      {"bytes: 20000000PB",
       "f.yml:1:8: bytes: found \"20000000PB\", expected a size such as 512KB or 10MB"},
      {"choice: dorp",
       "f.yml:1:9: choice: found \"dorp\", expected keep, drop or replace; did you mean drop?"},
      {"list: a", "f.yml:1:7: list: found \"a\", expected a list; start each item with \"- \""},
      {"list:\n  - a\n  -\n",
       "f.yml:4:1: list: found an empty list item; fill it in or remove the \"-\""},
      {"map: [a]", "f.yml:1:6: map: found a list, expected a mapping of \"name: value\" lines"},
      {"map: {a: [b]}", "f.yml:1:10: a: found a list, expected text"},
      {"- a", "f.yml:1:1: found a list, expected a test: a mapping of \"key: value\" lines"},
      {"cuont: 1", "f.yml:1:1: found the unknown key \"cuont\" in a test; did you mean \"count\"?"},
      {"zzz: 1",
       "f.yml:1:1: found the unknown key \"zzz\" in a test; expected one of bytes, choice, count, "
       "duration, flag, list, map, number, text"},
  };
  for (const auto& c : cases) EXPECT_EQ(read_error(c.text), c.error) << c.text;
}

TEST(YamlMapping, ReportsTheFirstErrorInTheFile) {
  EXPECT_EQ(read_error("count: x\nzzz: 1\ntext: [a]\n"),
            "f.yml:1:8: count: found \"x\", expected a whole number that is not negative");
  EXPECT_EQ(read_error("text: a\nflagg: 1\ncount: x\n"),
            "f.yml:2:1: found the unknown key \"flagg\" in a test; did you mean \"flag\"?");
}

TEST(YamlMapping, NamesAMissingKey) {
  const auto file = YamlFile::parse("f.yml", "a: 1\n");
  ASSERT_TRUE(file);
  std::string out;
  YamlMapping mapping(*file, file->root(), "an exercise");
  mapping.text("a", out);
  mapping.text("id", out, Presence::Required);
  const auto result = mapping.finish();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "f.yml:1:1: an exercise lacks the key \"id\"; add it");
}

TEST(YamlMapping, CutsLongTextsInMessages) {
  const std::string error = read_error("count: " + std::string(500, 'x'));
  EXPECT_LT(error.size(), 200u);
  EXPECT_THAT(error, ::testing::HasSubstr("xxx\"..."));
}

}  // namespace
}  // namespace promenade::config
