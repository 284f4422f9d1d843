// Silences and the notification log as bytes; damaged ones give an error or less, never more.
#include "alertmanager/snapshot.h"

#include <gtest/gtest.h>

#include "alertmanager/notification_log.h"
#include "alertmanager/silences.h"

namespace promenade::alertmanager {
namespace {

Silence example() {
  Silence silence;
  silence.id = "11111111-1111-4111-8111-111111111111";
  silence.matchers.push_back(*Matcher::create(MatchType::NotRegex, "job", "a|b"));
  silence.starts_at = Timestamp{1'700'000'000'123};
  silence.ends_at = Timestamp{1'700'003'600'000};
  silence.updated_at = Timestamp{-1};
  silence.created_by = "me";
  silence.comment = "why";
  return silence;
}

TEST(Snapshot, ASilenceThatWouldMuteEverythingIsNotLoaded) {
  Silence silence = example();
  Silences kept({}, Random(1));
  std::string bytes;
  append_delimited(bytes, silence_message(silence, Duration::hours(1)));
  EXPECT_TRUE(kept.load(bytes));
  silence.matchers.clear();
  append_delimited(bytes, silence_message(silence, Duration::hours(1)));
  const auto loaded = kept.load(bytes);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("without id or matchers"), std::string::npos);
}

TEST(Snapshot, GivesBackWhatItWasGiven) {
  const Silence silence = example();
  const auto read = parse_silence(silence_message(silence, Duration::hours(1)));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->id, silence.id);
  ASSERT_EQ(read->matchers.size(), 1u);
  EXPECT_EQ(read->matchers[0].type(), MatchType::NotRegex);
  EXPECT_EQ(read->matchers[0].value(), "a|b");
  EXPECT_EQ(read->starts_at, silence.starts_at);
  EXPECT_EQ(read->ends_at, silence.ends_at);
  EXPECT_EQ(read->updated_at, silence.updated_at);
  EXPECT_EQ(read->comment, "why");
}

TEST(Snapshot, IsReadUpToAnyByte) {
  const std::string silence = silence_message(example(), Duration::hours(1));
  NotificationEntry entry;
  entry.key = {"{}:{}", "x", "webhook", 3};
  entry.firing = {1, 2};
  entry.resolved = {3};
  const std::string logged = notification_entry_message(entry);
  for (size_t size = 0; size < silence.size(); ++size) (void)parse_silence(silence.substr(0, size));
  for (size_t size = 0; size < logged.size(); ++size) {
    (void)parse_notification_entry(logged.substr(0, size));
  }
  EXPECT_FALSE(parse_silence(silence.substr(0, silence.size() / 2)));
  EXPECT_FALSE(parse_notification_entry(""));
  EXPECT_TRUE(parse_notification_entry(logged));
}

TEST(Snapshot, SkipsFieldsOfAnotherType) {
  // MeshSilence{1: Silence{1: 5 as a varint, 9: "hi"}}
  const auto read = parse_silence(std::string("\x0a\x06\x08\x05\x4a\x02hi", 8));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->id, "");
  EXPECT_EQ(read->comment, "hi");
  EXPECT_FALSE(parse_silence(std::string("\x08\x05", 2)));             // MeshSilence{1: 5}
  EXPECT_FALSE(parse_notification_entry(std::string("\x08\x05", 2)));  // MeshEntry{1: 5}
}

TEST(Snapshot, TimesStayWithinTheYears1To9999) {
  // MeshSilence{1: Silence{3: Timestamp{1: 2^63 - 1}, 4: Timestamp{1: -2^63}}}
  const std::string most = "\x08\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
  const std::string least = "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01";
  const std::string silence = "\x1a\x0a" + most + "\x22\x0b" + least;
  const auto read =
      parse_silence("\x0a" + std::string(1, static_cast<char>(silence.size())) + silence);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->starts_at, Timestamp::from_seconds(253'402'300'799));
  EXPECT_EQ(read->ends_at, Timestamp::from_seconds(-62'135'596'800));
}

}  // namespace
}  // namespace promenade::alertmanager
