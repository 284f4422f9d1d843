// After RFC 1321, section 3: pad to whole blocks of 64 bytes, then fold each into four words.
#include "scrape/md5.h"

#include <string>

namespace promenade::scrape {
namespace {

constexpr size_t kBlockSize = 64;
constexpr size_t kLengthSize = 8;

// floor(2^32 * abs(sin(i + 1))), as the RFC tabulates them.
constexpr std::array<uint32_t, 64> kSines = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

constexpr std::array<std::array<unsigned, 4>, 4> kShifts = {
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

using State = std::array<uint32_t, 4>;

uint32_t rotate_left(uint32_t word, unsigned bits) {
  return word << bits | word >> (32 - bits);
}

uint32_t load_word(std::string_view bytes, size_t index) {
  uint32_t word = 0;
  for (size_t i = 4; i-- > 0;) word = word << 8 | static_cast<uint8_t>(bytes[index * 4 + i]);
  return word;
}

// The four rounds' functions F, G, H, I, and which word of the block step `i` uses.
struct Step {
  uint32_t mix;
  size_t word;
};
Step step_of(size_t i, uint32_t b, uint32_t c, uint32_t d) {
  switch (i / 16) {
    case 0:
      return {(b & c) | (~b & d), i};
    case 1:
      return {(b & d) | (c & ~d), (5 * i + 1) % 16};
    case 2:
      return {b ^ c ^ d, (3 * i + 5) % 16};
    default:
      return {c ^ (b | ~d), (7 * i) % 16};
  }
}

void fold_block(State& state, std::string_view block) {
  auto [a, b, c, d] = state;
  for (size_t i = 0; i < kSines.size(); ++i) {
    const Step step = step_of(i, b, c, d);
    const uint32_t sum = a + step.mix + kSines[i] + load_word(block, step.word);
    a = d;
    d = c;
    c = b;
    b += rotate_left(sum, kShifts[i / 16][i % 4]);
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
}

std::string pad(std::string_view bytes) {
  std::string padded(bytes);
  padded += '\x80';
  while (padded.size() % kBlockSize != kBlockSize - kLengthSize) padded += '\0';
  const uint64_t bit_count = static_cast<uint64_t>(bytes.size()) * 8;
  for (unsigned i = 0; i < kLengthSize; ++i) {
    padded += static_cast<char>(bit_count >> (8 * i) & 0xff);
  }
  return padded;
}

}  // namespace

std::array<uint8_t, 16> md5(std::string_view bytes) {
  const std::string padded = pad(bytes);
  State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  for (size_t at = 0; at < padded.size(); at += kBlockSize) {
    fold_block(state, std::string_view(padded).substr(at, kBlockSize));
  }
  std::array<uint8_t, 16> digest;
  for (size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<uint8_t>(state[i / 4] >> (8 * (i % 4)));
  }
  return digest;
}

}  // namespace promenade::scrape
