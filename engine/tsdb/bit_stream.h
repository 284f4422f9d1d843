#pragma once  // engine/tsdb/bit_stream.h
// Bits in and out of bytes, the most significant first, as all of Prometheus's chunks are written.
// The reader keeps up to 64 bits in a register and refills it with one unaligned load; it never
// touches memory past the end and supplies zeros there, so that a decoder can check once, at its
// end, whether it was given enough.
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace promenade::tsdb {

// Appends bits to a byte vector. The last byte is padded with zeros.
class BitWriter {
 public:
  // The lowest `count` bits of `value`; count <= 64.
  void write(std::vector<uint8_t>& bytes, uint64_t value, unsigned count) {
    if (count == 0) return;
    uint64_t left = value << (64 - count);  // What is not written yet, left-aligned.
    if (free_bits_ > 0) {
      bytes.back() = static_cast<uint8_t>(bytes.back() | left >> (64 - free_bits_));
      if (count <= free_bits_) {
        free_bits_ = static_cast<uint8_t>(free_bits_ - count);
        return;
      }
      left <<= free_bits_;
      count -= free_bits_;
    }
    const size_t at = bytes.size();
    const size_t whole = (count + 7) / 8;
    bytes.resize(at + whole);
    for (size_t i = 0; i < whole; ++i, left <<= 8) bytes[at + i] = static_cast<uint8_t>(left >> 56);
    free_bits_ = static_cast<uint8_t>(whole * 8 - count);
  }

  // Of the last byte of what was written.
  unsigned free_bits() const { return free_bits_; }

  void write_uvarint(std::vector<uint8_t>& bytes, uint64_t value) {
    for (; value >= 0x80; value >>= 7) write(bytes, (value & 0x7f) | 0x80, 8);
    write(bytes, value, 8);
  }

  void write_varint(std::vector<uint8_t>& bytes, int64_t value) {
    const uint64_t shifted = static_cast<uint64_t>(value) << 1;
    write_uvarint(bytes, value < 0 ? ~shifted : shifted);
  }

 private:
  uint8_t free_bits_ = 0;
};

class BitReader {
 public:
  explicit BitReader(std::span<const uint8_t> bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // After this, peek() shows at least 56 valid bits.
  void refill() {
    if (end_ - at_ >= 8) {
      // The bits beyond available_ + 56 are loaded, too; the next refill ORs the same ones in.
      buffer_ |= load_big_endian(at_) >> available_;
      at_ += (63 - available_) >> 3;
      available_ |= 56;
    } else {
      // By value: an object whose address is taken nowhere is kept in registers.
      *this = refilled_at_end(*this);
    }
  }
  // After this, peek() shows at least `count` valid bits; count <= 56.
  void ensure(unsigned count) {
    if (available_ < count) refill();
  }

  // The next bits, left-aligned. How many are valid depends on the last refill().
  uint64_t peek() const { return buffer_; }
  // Only within what refill() promised, and count <= 63.
  void skip(unsigned count) {
    buffer_ <<= count;
    available_ -= count;
  }

  // Reads 1 to 56 bits, refilling first if need be.
  uint64_t read(unsigned count) {
    ensure(count);
    const uint64_t value = buffer_ >> (64 - count);
    skip(count);
    return value;
  }

  uint64_t read64() {
    const uint64_t high = read(32);
    return high << 32 | read(32);
  }

  uint64_t read_uvarint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const uint64_t byte = read(8);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value;
  }

  int64_t read_varint() {
    const uint64_t value = read_uvarint();
    return static_cast<int64_t>(value >> 1 ^ (0 - (value & 1)));
  }

  // Whether more bits were skipped than there were.
  bool is_overrun() const { return missing_bytes_ > available_ / 8; }

 private:
  static uint64_t load_big_endian(const uint8_t* bytes) {
#ifdef __wasm_simd128__
    // WebAssembly swaps bytes in vectors only; the compiler would make 20 instructions of it.
    const v128_t word = wasm_v128_load64_zero(bytes);
    return static_cast<uint64_t>(wasm_i64x2_extract_lane(
        wasm_i8x16_shuffle(word, word, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0));
#else
    uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
#endif
  }

  [[gnu::noinline]] static BitReader refilled_at_end(BitReader reader) {
    while (reader.available_ <= 56) {
      if (reader.at_ != reader.end_) {
        reader.buffer_ |= static_cast<uint64_t>(*reader.at_++) << (56 - reader.available_);
      } else {
        ++reader.missing_bytes_;
      }
      reader.available_ += 8;
    }
    return reader;
  }

  const uint8_t* at_;
  const uint8_t* end_;
  uint64_t buffer_ = 0;
  unsigned available_ = 0;
  uint64_t missing_bytes_ = 0;  // Zero bytes supplied past the end.
};

}  // namespace promenade::tsdb
