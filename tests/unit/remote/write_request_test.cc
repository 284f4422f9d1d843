// tests/unit/remote/write_request_test.cc
// Bytes of remote write to series and back, fields that nobody expects, and messages cut off.
#include "remote/write_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remote_write/write_request_builder.h"

namespace promenade::remote {
namespace {

using ::testing::HasSubstr;

// "a=1 b=2 | 10:1.5 20:2 | 1 histogram" a line for each series, or the error.
std::string dump(std::string_view message) {
  WriteRequestReader reader(message);
  WireSeries series;
  std::string text;
  for (;;) {
    const Result<bool> more = reader.next(series);
    if (!more) return text + more.error().message;
    if (!*more) return text;
    for (const Label& label : series.labels) {
      text.append(label.name).append("=").append(label.value).append(" ");
    }
    text += '|';
    for (const WireSample& sample : series.samples) {
      text += ' ' + std::to_string(sample.time_ms) + ':' +
              std::to_string(static_cast<int>(sample.value));
    }
    text += " | " + std::to_string(series.histograms.size()) + '\n';
  }
}

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

struct BytesCase {
  const char* name;
  std::string message;
  std::string expected;
};

const std::string kWrongType =
    "the body is not a protobuf of prometheus.WriteRequest: a field has another type than it "
    "should";

const BytesCase kCases[] = {
    {"nothing", "", ""},
    {"an empty series", bytes({0x0a, 0}), "| | 0\n"},
    {"a label", bytes({0x0a, 8, 0x0a, 6, 0x0a, 1, 'a', 0x12, 1, 'b'}), "a=b | | 0\n"},
    {"a label without value", bytes({0x0a, 5, 0x0a, 3, 0x0a, 1, 'a'}), "a= | | 0\n"},
    {"a sample with all its fields",
     bytes({0x0a, 14, 0x12, 12, 0x09, 0, 0, 0, 0, 0, 0, 0x08, 0x40, 0x10, 0xe8, 0x07}),
     "| 1000:3 | 0\n"},
    {"a sample of zeros has no fields", bytes({0x0a, 2, 0x12, 0}), "| 0:0 | 0\n"},
    {"a negative time",
     bytes({0x0a, 13, 0x12, 11, 0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}),
     "| -1:0 | 0\n"},
    {"a histogram is left as it is", bytes({0x0a, 3, 0x22, 1, 0xff}), "| | 1\n"},
    {"an exemplar is passed over", bytes({0x0a, 3, 0x1a, 1, 0xff}), "| | 0\n"},
    {"metadata is passed over", bytes({0x1a, 2, 0x08, 1}), ""},
    {"an unknown field is passed over", bytes({0x7a, 1, 'x', 0x0a, 0}), "| | 0\n"},
    {"a series that is a number", bytes({0x08, 1}), kWrongType},
    {"a label that is a number", bytes({0x0a, 2, 0x08, 1}), kWrongType},
    {"a value that is a varint", bytes({0x0a, 4, 0x12, 2, 0x08, 1}), kWrongType},
};

TEST(WriteRequest, BytesToSeries) {
  for (const auto& [name, message, expected] : kCases) EXPECT_EQ(dump(message), expected) << name;
}

TEST(WriteRequest, WhatIsWrittenIsRead) {
  WriteRequestBuilder builder;
  builder.add({{"__name__", "up"}, {"job", "x"}}, {{10, 1}, {20, 2}});
  builder.add_exemplar({{"trace", "t"}}, {15, 1});
  builder.add_metadata(1, "up", "Help.");
  builder.add({{"b", ""}, {"a", "1"}, {"a", "2"}}, {}, {TimedHistogram{5, {}}});
  EXPECT_EQ(dump(builder.take_message()), "__name__=up job=x | 10:1 20:2 | 0\nb= a=1 a=2 | | 1\n");
}

// A message of one series that is cut off is no message, wherever the cut is; one of two may be the
// first one alone.
TEST(WriteRequest, TruncationAtEveryByte) {
  WriteRequestBuilder builder;
  const std::vector<Label> labels = {{"__name__", "up"}, {"job", "x"}};
  builder.add(labels, {{1'700'000'000'000, 1}});
  const size_t first_size = builder.take_message().size();
  builder.add(labels, {{1'700'000'000'000, 1}});
  builder.add(labels, {{1'700'000'015'000, 2}});
  const std::string message = builder.take_message();
  for (size_t size = 0; size < message.size(); ++size) {
    const std::string text = dump(std::string(message, 0, size));
    if (size == 0) {
      EXPECT_EQ(text, "");
    } else if (size == first_size) {
      EXPECT_EQ(text, "__name__=up job=x | 1700000000000:1 | 0\n");
    } else {
      EXPECT_THAT(text, HasSubstr("the body is not a protobuf of prometheus.WriteRequest: "))
          << size;
    }
  }
}

}  // namespace
}  // namespace promenade::remote
