#pragma once  // engine/tsdb/xor_chunk.h
// Prometheus's chunk encoding 1: up to 65,535 float samples, timestamps as deltas of deltas, values
// XORed with their predecessor (Pelkonen et al., "Gorilla", VLDB 2015). The bytes equal
// Prometheus's (tsdb/chunkenc/xor.go), which begin with the sample count in two bytes, big-endian.
//
//   sample 0     varint t0, 64 bits v0
//   sample 1     uvarint t1 - t0, value
//   sample n     delta of delta, value
//   delta of delta d:  0                d = 0
//                      10   14 bits     d in [-8191, 8192]
//                      110  17 bits     d in [-65535, 65536]
//                      1110 20 bits     d in [-524287, 524288]
//                      1111 64 bits
//   value, x = v XOR the one before:
//                      0                x = 0
//                      10 + the bits of x inside the present window
//                      11 + 5 bits leading zeros + 6 bits width (0 is 64) + the bits: a new window
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "model/sample.h"
#include "tsdb/bit_stream.h"

namespace promenade::tsdb {

inline constexpr uint32_t kXorChunkSamplesMax = UINT16_MAX;

// A chunk that is still growing. It remembers the state of its encoding at two places not far from
// its end, so that a query for the newest samples, as every rule asks one, need not decode it from
// its beginning.
class XorChunkWriter {
 public:
  // At most kXorChunkSamplesMax samples, in ascending order of time.
  void append(int64_t time_ms, double value);
  // Starts over, keeping the memory.
  void clear();

  uint32_t count() const { return count_; }
  // The whole encoded chunk; empty without samples. Valid until the next append.
  std::span<const uint8_t> bytes() const { return bytes_; }
  // Of the newest sample. Only with count() > 0.
  int64_t last_time_ms() const { return time_ms_; }
  double last_value() const { return value_; }

  // Appends all samples from `first_ms` on to `out`, and maybe some before.
  void read_from(int64_t first_ms, SampleColumns& out) const;

 private:
  // Between two samples.
  struct Mark {
    int64_t time_ms = 0;
    int64_t delta_ms = 0;
    double value = 0;
    uint32_t bits = 0;   // That stand before it.
    uint16_t count = 0;  // Of samples before it; 0: not set.
    uint8_t leading = 0;
    uint8_t trailing = 0;
  };

  void set_mark();
  void write_delta_of_delta(int64_t delta_of_delta);
  void write_value(double value);

  static constexpr uint8_t kNoWindow = 0xff;

  std::vector<uint8_t> bytes_;
  int64_t time_ms_ = 0;
  int64_t delta_ms_ = 0;
  double value_ = 0;
  uint16_t count_ = 0;
  BitWriter bits_;
  uint8_t leading_ = kNoWindow;  // The window: zero bits before ...
  uint8_t trailing_ = 0;         // ... and after it.
  Mark newer_mark_, older_mark_;
};

// Appends the samples of an encoded chunk to `times_ms` and `values` of `out`. Fails with BadData
// when the bytes end too early; `out` is then unchanged.
Result<void> decode_xor_chunk(std::span<const uint8_t> bytes, SampleColumns& out);

}  // namespace promenade::tsdb
