// engine/tsdb/xor_chunk.cc
// The codec of xor_chunk.h. Decoding is the hottest loop of a query, so it works on a bit register
// with at most three refills a sample and writes columns through plain pointers.
#include "tsdb/xor_chunk.h"

#include <bit>

#include "base/bits.h"
#include "base/check.h"

namespace promenade::tsdb {
namespace {

constexpr size_t kCountSize = 2;
constexpr unsigned kLeadingMax = 31;  // What five bits can say.
constexpr unsigned kWindowBits = 13;  // Of a value with a new window, before its own bits.

// Prometheus's bitRange: one value more on the positive side than two's complement has.
bool fits(int64_t value, unsigned bits) {
  const int64_t half = int64_t{1} << (bits - 1);
  return -half < value && value <= half;
}

int64_t sign_extended(uint64_t raw, unsigned bits) {
  const uint64_t half = uint64_t{1} << (bits - 1);
  return static_cast<int64_t>(raw > half ? raw - (half << 1) : raw);
}

}  // namespace

void XorChunkWriter::append(int64_t time_ms, double value) {
  CHECK(count_ < kXorChunkSamplesMax);
  if (count_ == 0) {
    bytes_.assign(kCountSize, 0);
    bits_.write_varint(bytes_, time_ms);
    bits_.write(bytes_, bit_cast<uint64_t>(value), 64);
  } else {
    // Unsigned, so that the extremes of int64_t wrap as they do in Go.
    const auto delta_ms =
        static_cast<int64_t>(static_cast<uint64_t>(time_ms) - static_cast<uint64_t>(time_ms_));
    if (count_ == 1) {
      bits_.write_uvarint(bytes_, static_cast<uint64_t>(delta_ms));
    } else {
      write_delta_of_delta(
          static_cast<int64_t>(static_cast<uint64_t>(delta_ms) - static_cast<uint64_t>(delta_ms_)));
    }
    delta_ms_ = delta_ms;
    write_value(value);
  }
  time_ms_ = time_ms;
  value_ = value;
  ++count_;
  bytes_[0] = static_cast<uint8_t>(count_ >> 8);
  bytes_[1] = static_cast<uint8_t>(count_);
}

void XorChunkWriter::clear() {
  std::vector<uint8_t> memory = std::move(bytes_);
  *this = {};
  bytes_ = std::move(memory);
  bytes_.clear();
}

void XorChunkWriter::write_delta_of_delta(int64_t delta_of_delta) {
  const auto raw = static_cast<uint64_t>(delta_of_delta);
  if (delta_of_delta == 0) {
    bits_.write(bytes_, 0b0, 1);
  } else if (fits(delta_of_delta, 14)) {
    bits_.write(bytes_, 0b10, 2);
    bits_.write(bytes_, raw, 14);
  } else if (fits(delta_of_delta, 17)) {
    bits_.write(bytes_, 0b110, 3);
    bits_.write(bytes_, raw, 17);
  } else if (fits(delta_of_delta, 20)) {
    bits_.write(bytes_, 0b1110, 4);
    bits_.write(bytes_, raw, 20);
  } else {
    bits_.write(bytes_, 0b1111, 4);
    bits_.write(bytes_, raw, 64);
  }
}

void XorChunkWriter::write_value(double value) {
  const uint64_t difference = bit_cast<uint64_t>(value) ^ bit_cast<uint64_t>(value_);
  if (difference == 0) {
    bits_.write(bytes_, 0b0, 1);
    return;
  }
  const unsigned leading =
      std::min(static_cast<unsigned>(std::countl_zero(difference)), kLeadingMax);
  const auto trailing = static_cast<unsigned>(std::countr_zero(difference));
  if (leading_ != kNoWindow && leading >= leading_ && trailing >= trailing_) {
    bits_.write(bytes_, 0b10, 2);
    bits_.write(bytes_, difference >> trailing_, 64u - leading_ - trailing_);
    return;
  }
  leading_ = static_cast<uint8_t>(leading);
  trailing_ = static_cast<uint8_t>(trailing);
  const unsigned width = 64 - leading - trailing;
  bits_.write(bytes_, 0b11, 2);
  bits_.write(bytes_, leading, 5);
  bits_.write(bytes_, width & 63, 6);
  bits_.write(bytes_, difference >> trailing, width);
}

namespace {

// The running state of decoding. All arithmetic is unsigned: bytes from a damaged disk may hold
// anything.
struct Decoder {
  BitReader bits;
  uint64_t time_ms = 0;
  uint64_t delta_ms = 0;
  uint64_t value = 0;
  unsigned leading = 0;
  unsigned width = 0;

  void read_delta_of_delta();
  void read_value();
};

// Leaves at least the 13 bits that read_value() wants.
inline void Decoder::read_delta_of_delta() {
  constexpr unsigned kBitsMax = 24;  // But for the 64-bit form.
  bits.ensure(kBitsMax + kWindowBits);
  const uint64_t ahead = bits.peek();
  if ((ahead >> 63) == 0) {
    bits.skip(1);
    return;
  }
  const auto ones = std::min(static_cast<unsigned>(std::countl_one(ahead)), 4u);
  if (ones == 4) {
    bits.skip(4);
    delta_ms += bits.read64();
    bits.ensure(kWindowBits);
    return;
  }
  const unsigned width = 11 + 3 * ones;  // 14, 17, 20.
  const uint64_t raw = ahead << (ones + 1) >> (64 - width);
  bits.skip(ones + 1 + width);
  delta_ms += static_cast<uint64_t>(sign_extended(raw, width));
}

// Wants kWindowBits there.
inline void Decoder::read_value() {
  const uint64_t ahead = bits.peek();
  if ((ahead >> 63) == 0) {
    bits.skip(1);
    return;
  }
  if ((ahead >> 62) == 0b11) {
    leading = static_cast<unsigned>(ahead >> 57 & 31);
    width = static_cast<unsigned>(ahead >> 51 & 63);
    if (width == 0) width = 64;
    // Only damaged bytes have a window wider than the value; any value will do for them.
    if (leading + width > 64) width = 64 - leading;
    bits.skip(kWindowBits);
  } else {
    bits.skip(2);
    if (width == 0) return;  // Damaged as well: re-uses a window that there never was.
  }
  uint64_t inside = bits.read(width > 56 ? width - 32 : width);
  if (width > 56) inside = inside << 32 | bits.read(32);
  value ^= inside << (64 - leading - width);
}

bool decode(std::span<const uint8_t> bytes, uint32_t count, int64_t* times_ms, double* values) {
  Decoder decoder{BitReader(bytes)};
  decoder.time_ms = static_cast<uint64_t>(decoder.bits.read_varint());
  decoder.value = decoder.bits.read64();
  times_ms[0] = static_cast<int64_t>(decoder.time_ms);
  values[0] = bit_cast<double>(decoder.value);
  for (uint32_t i = 1; i < count; ++i) {
    if (i == 1) {
      decoder.delta_ms = decoder.bits.read_uvarint();
      decoder.bits.ensure(kWindowBits);
    } else {
      decoder.read_delta_of_delta();
    }
    decoder.read_value();
    decoder.time_ms += decoder.delta_ms;
    times_ms[i] = static_cast<int64_t>(decoder.time_ms);
    values[i] = bit_cast<double>(decoder.value);
  }
  return !decoder.bits.is_overrun();
}

}  // namespace

Result<void> decode_xor_chunk(std::span<const uint8_t> bytes, SampleColumns& out) {
  if (bytes.size() < kCountSize) return bad_data("an XOR chunk of less than two bytes");
  const uint32_t count = static_cast<uint32_t>(bytes[0]) << 8 | bytes[1];
  if (count == 0) return {};
  const size_t first = out.times_ms.size();
  out.times_ms.resize(first + count);
  out.values.resize(out.values.size() + count);
  int64_t* times_ms = out.times_ms.data() + first;
  double* values = out.values.data() + (out.values.size() - count);
  if (decode(bytes.subspan(kCountSize), count, times_ms, values)) return {};
  out.times_ms.resize(first);
  out.values.resize(out.values.size() - count);
  return bad_data("an XOR chunk ends before its last sample");
}

}  // namespace promenade::tsdb
