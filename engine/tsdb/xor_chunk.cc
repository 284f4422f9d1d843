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
// Samples from one mark to the next: the older one is 16 to 31 samples back, which is more than
// five minutes at 15 seconds or a quarter of an hour at a minute.
constexpr uint32_t kSamplesPerMark = 16;

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
  if (count_ % kSamplesPerMark == 0) set_mark();
}

void XorChunkWriter::set_mark() {
  older_mark_ = newer_mark_;
  const size_t bits = bytes_.size() * 8 - bits_.free_bits();
  newer_mark_ = {time_ms_, delta_ms_, value_,   static_cast<uint32_t>(bits),
                 count_,   leading_,  trailing_};
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

// The samples from the third of a chunk on; `decoder` by value, so that it stays in registers.
// Whether there were bytes enough.
bool decode_rest(Decoder decoder, uint32_t count, int64_t* times_ms, double* values) {
  for (uint32_t i = 0; i < count; ++i) {
    decoder.read_delta_of_delta();
    decoder.read_value();
    decoder.time_ms += decoder.delta_ms;
    times_ms[i] = static_cast<int64_t>(decoder.time_ms);
    values[i] = bit_cast<double>(decoder.value);
  }
  return !decoder.bits.is_overrun();
}

bool decode(std::span<const uint8_t> bytes, uint32_t count, int64_t* times_ms, double* values) {
  Decoder decoder{BitReader(bytes)};
  decoder.time_ms = static_cast<uint64_t>(decoder.bits.read_varint());
  decoder.value = decoder.bits.read64();
  times_ms[0] = static_cast<int64_t>(decoder.time_ms);
  values[0] = bit_cast<double>(decoder.value);
  if (count == 1) return !decoder.bits.is_overrun();
  decoder.delta_ms = decoder.bits.read_uvarint();
  decoder.bits.ensure(kWindowBits);
  decoder.read_value();
  decoder.time_ms += decoder.delta_ms;
  times_ms[1] = static_cast<int64_t>(decoder.time_ms);
  values[1] = bit_cast<double>(decoder.value);
  return decode_rest(decoder, count - 2, times_ms + 2, values + 2);
}

}  // namespace

void XorChunkWriter::read_from(int64_t first_ms, SampleColumns& out) const {
  const auto is_before = [&](const Mark& mark) {
    return mark.count > 0 && mark.time_ms < first_ms;
  };
  const Mark* mark = is_before(newer_mark_) ? &newer_mark_ : &older_mark_;
  if (!is_before(*mark)) {
    CHECK(decode_xor_chunk(bytes_, out));
    return;
  }
  Decoder decoder{BitReader(bytes().subspan(mark->bits / 8))};
  decoder.bits.ensure(8);
  decoder.bits.skip(mark->bits % 8);
  decoder.time_ms = static_cast<uint64_t>(mark->time_ms);
  decoder.delta_ms = static_cast<uint64_t>(mark->delta_ms);
  decoder.value = bit_cast<uint64_t>(mark->value);
  if (mark->leading != kNoWindow) {
    decoder.leading = mark->leading;
    decoder.width = 64u - mark->leading - mark->trailing;
  }
  const uint32_t count = count_ - mark->count;
  const size_t first = out.times_ms.size();
  const size_t first_value = out.values.size();
  out.times_ms.resize(first + count);
  out.values.resize(first_value + count);
  CHECK(decode_rest(decoder, count, out.times_ms.data() + first, out.values.data() + first_value));
}

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
