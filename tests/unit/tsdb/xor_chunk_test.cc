// tests/unit/tsdb/xor_chunk_test.cc
// Bytes against a real Prometheus block, values against what went in, and damaged bytes against
// nothing worse than an error.
#include "tsdb/xor_chunk.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>

#include "base/bits.h"
#include "base/random.h"

namespace promenade::tsdb {
namespace {

struct Sample {
  int64_t time_ms;
  double value;
};

XorChunkWriter encode(const std::vector<Sample>& samples) {
  XorChunkWriter writer;
  for (const Sample& sample : samples) writer.append(sample.time_ms, sample.value);
  return writer;
}

std::string hex(std::span<const uint8_t> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const uint8_t byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

// Also at the end of memory that a sanitizer guards.
Result<void> decode_exactly(std::span<const uint8_t> bytes, SampleColumns& out) {
  const std::unique_ptr<uint8_t[]> copy(new uint8_t[bytes.size()]);
  std::copy(bytes.begin(), bytes.end(), copy.get());
  return decode_xor_chunk({copy.get(), bytes.size()}, out);
}

void expect_round_trip(const std::vector<Sample>& samples, const std::string& what) {
  const XorChunkWriter writer = encode(samples);
  SampleColumns out;
  ASSERT_TRUE(decode_exactly(writer.bytes(), out)) << what;
  ASSERT_EQ(out.times_ms.size(), samples.size()) << what;
  for (size_t i = 0; i < samples.size(); ++i) {
    ASSERT_EQ(out.times_ms[i], samples[i].time_ms) << what << " at " << i;
    ASSERT_EQ(bit_cast<uint64_t>(out.values[i]), bit_cast<uint64_t>(samples[i].value))
        << what << " at " << i;
  }
}

TEST(XorChunk, HasTheBytesOfAPrometheusBlock) {
  const XorChunkWriter writer = encode(
      {{1700000555000, 60}, {1700000570000, 160}, {1700000585000, 260}, {1700000600000, 360}});
  EXPECT_EQ(hex(writer.bytes()), "0004f0ffeefef962404e0000000000009875d42d5ac7a28d80");
}

TEST(XorChunk, WritesEachWidthOfDeltaOfDelta) {
  struct {
    int64_t delta_of_delta;
    std::string_view third_sample;  // All bits behind sample 1, in hex; the value does not change.
  } const cases[] = {
      {0, "00"},    // 0 | 0
      {1, "8001"},  // 10 + 14 bits | 0 in the byte that follows
      {8192, "a000"},    {-8191, "a001"},   {8193, "c20010"},
      {-8192, "de0000"}, {65536, "d00000"}, {65537, "e100010"},
  };
  for (const auto& test : cases) {
    const XorChunkWriter two = encode({{0, 1}, {100'000'000, 1}});
    const XorChunkWriter three =
        encode({{0, 1}, {100'000'000, 1}, {200'000'000 + test.delta_of_delta, 1}});
    // Sample 1 ends with one bit for its value, so shift that bit out before comparing.
    const std::span<const uint8_t> tail = three.bytes().subspan(two.bytes().size() - 1);
    std::vector<uint8_t> shifted;
    for (size_t i = 0; i < tail.size(); ++i) {
      const uint8_t next = i + 1 < tail.size() ? tail[i + 1] : 0;
      shifted.push_back(static_cast<uint8_t>(tail[i] << 1 | next >> 7));
    }
    EXPECT_EQ(hex(shifted).substr(0, test.third_sample.size()), test.third_sample)
        << test.delta_of_delta;
  }
}

TEST(XorChunk, SurvivesTheEdgesOfEveryWidth) {
  for (const int64_t edge : {int64_t{0}, int64_t{1}, int64_t{8191}, int64_t{8192}, int64_t{8193},
                             int64_t{65535}, int64_t{65536}, int64_t{65537}, int64_t{524287},
                             int64_t{524288}, int64_t{524289}, int64_t{1} << 40}) {
    for (const int64_t delta_of_delta : {edge, -edge}) {
      const int64_t delta = int64_t{1} << 41;
      expect_round_trip({{5, 1}, {5 + delta, 2}, {5 + 2 * delta + delta_of_delta, 3}},
                        "delta of delta " + std::to_string(delta_of_delta));
    }
  }
  expect_round_trip({{INT64_MIN, 1}, {0, 1}, {INT64_MAX, 1}}, "all of time");
  expect_round_trip({{-1000, 1}, {-500, 2}, {0, 3}}, "before 1970");
}

TEST(XorChunk, SurvivesEveryBitOfAValue) {
  std::vector<Sample> samples;
  int64_t time_ms = 0;
  const auto add = [&](uint64_t bits) { samples.push_back({++time_ms, bit_cast<double>(bits)}); };
  for (unsigned high = 0; high < 64; ++high) {
    for (unsigned low = 0; low <= high; ++low) {
      add(0);
      add(uint64_t{1} << high | uint64_t{1} << low);
      add(~uint64_t{0} >> (63 - high) & ~uint64_t{0} << low);
    }
  }
  expect_round_trip(samples, "bits");
}

TEST(XorChunk, KeepsTheNaNsApart) {
  expect_round_trip({{1, stale_nan()},
                     {2, normal_nan()},
                     {3, stale_nan()},
                     {4, -0.0},
                     {5, 0},
                     {6, std::numeric_limits<double>::infinity()}},
                    "specials");
}

std::vector<Sample> random_samples(Random& random) {
  std::vector<Sample> samples;
  int64_t time_ms = random.between(-1'000'000, 2'000'000'000'000);
  double value = 0;
  const uint64_t count = 1 + random.below(200);
  for (uint64_t i = 0; i < count; ++i) {
    samples.push_back({time_ms, value});
    time_ms += random.chance(0.7) ? 15'000
                                  : static_cast<int64_t>(1 + random.below(1u << random.below(31)));
    if (random.chance(0.2)) continue;
    value = random.chance(0.8) ? value + static_cast<double>(random.below(1000))
                               : bit_cast<double>(random.next());
  }
  return samples;
}

TEST(XorChunk, RandomSeriesSurvive) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    expect_round_trip(random_samples(random), "seed " + std::to_string(seed));
  }
}

TEST(XorChunk, TruncationAnywhereIsAnErrorAndChangesNothing) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    Random random(seed);
    const XorChunkWriter writer = encode(random_samples(random));
    for (size_t size = 0; size < writer.bytes().size(); ++size) {
      SampleColumns out;
      out.times_ms = {7};
      out.values = {8};
      const Result<void> decoded = decode_exactly(writer.bytes().first(size), out);
      ASSERT_FALSE(decoded) << "seed " << seed << " cut at " << size;
      EXPECT_EQ(decoded.error().code, ErrorCode::BadData);
      EXPECT_EQ(out.times_ms, std::vector<int64_t>{7});
      EXPECT_EQ(out.values, std::vector<double>{8});
    }
  }
}

TEST(XorChunk, DamagedBytesNeverHarm) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const XorChunkWriter writer = encode(random_samples(random));
    std::vector<uint8_t> bytes(writer.bytes().begin(), writer.bytes().end());
    for (int flips = 0; flips < 8; ++flips) {
      bytes[static_cast<size_t>(random.below(bytes.size()))] ^=
          static_cast<uint8_t>(1u << random.below(8));
    }
    SampleColumns out;
    const Result<void> decoded = decode_exactly(bytes, out);
    EXPECT_EQ(out.times_ms.size(), out.values.size());
    if (!decoded) {
      EXPECT_TRUE(out.times_ms.empty());
    }
  }
}

TEST(XorChunk, DecodingAppends) {
  const XorChunkWriter writer = encode({{1, 10}, {2, 20}});
  SampleColumns out;
  ASSERT_TRUE(decode_xor_chunk(writer.bytes(), out));
  ASSERT_TRUE(decode_xor_chunk(writer.bytes(), out));
  EXPECT_EQ(out.times_ms, (std::vector<int64_t>{1, 2, 1, 2}));
  EXPECT_EQ(out.values, (std::vector<double>{10, 20, 10, 20}));
}

// All samples from `first_ms` on, and before them a piece of what precedes.
void expect_end_of(const std::vector<Sample>& samples, size_t count, const XorChunkWriter& writer,
                   int64_t first_ms, const std::string& what) {
  SampleColumns out;
  out.times_ms = {7};
  out.values = {8};
  writer.read_from(first_ms, out);
  ASSERT_EQ(out.times_ms.size(), out.values.size()) << what;
  const size_t read = out.times_ms.size() - 1;
  ASSERT_LE(read, count) << what;
  const size_t begin = count - read;
  ASSERT_TRUE(begin == 0 || samples[begin - 1].time_ms < first_ms) << what;
  for (size_t i = 0; i < read; ++i) {
    ASSERT_EQ(out.times_ms[i + 1], samples[begin + i].time_ms) << what << " at " << i;
    ASSERT_EQ(bit_cast<uint64_t>(out.values[i + 1]), bit_cast<uint64_t>(samples[begin + i].value))
        << what << " at " << i;
  }
  EXPECT_EQ(out.times_ms.front(), 7);
  EXPECT_EQ(out.values.front(), 8);
  const bool is_recent = count > 16 && samples[count - 16].time_ms <= first_ms;
  if (is_recent) {
    EXPECT_LE(read, 32u) << what;
  }
}

TEST(XorChunk, AGrowingChunkIsReadFromNearItsEnd) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Random random(seed);
    const std::vector<Sample> samples = random_samples(random);
    XorChunkWriter writer;
    for (size_t count = 1; count <= samples.size(); ++count) {
      writer.append(samples[count - 1].time_ms, samples[count - 1].value);
      for (size_t i = 0; i < count; i += 1 + static_cast<size_t>(random.below(20))) {
        for (const int64_t shift : {-1, 0, 1}) {
          expect_end_of(samples, count, writer, samples[i].time_ms + shift,
                        "seed " + std::to_string(seed) + " of " + std::to_string(count));
        }
      }
    }
    writer.clear();
    writer.append(1, 2);
    expect_end_of({{1, 2}}, 1, writer, 2, "after clear");
  }
}

TEST(XorChunk, AClearedWriterStartsOver) {
  XorChunkWriter writer = encode({{1, 1.5}, {2, 2.5}, {9, 0.1}});
  writer.clear();
  EXPECT_EQ(writer.count(), 0u);
  EXPECT_TRUE(writer.bytes().empty());
  writer.append(5, 5);
  writer.append(6, 6);
  EXPECT_EQ(hex(writer.bytes()), hex(encode({{5, 5}, {6, 6}}).bytes()));
  EXPECT_EQ(writer.last_time_ms(), 6);
  EXPECT_EQ(writer.last_value(), 6);
}

TEST(XorChunk, AnEmptyChunkHoldsNothing) {
  const std::vector<uint8_t> bytes = {0, 0};
  SampleColumns out;
  EXPECT_TRUE(decode_xor_chunk(bytes, out));
  EXPECT_TRUE(out.times_ms.empty());
}

}  // namespace
}  // namespace promenade::tsdb
