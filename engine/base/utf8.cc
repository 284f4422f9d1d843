// engine/base/utf8.cc
// UTF-8 after RFC 3629: at most four bytes, no surrogates, no overlong forms; and Go's way of
// quoting text, which shows anything else as \x bytes.
#include <cstring>

#include "base/escape.h"
#include "base/strings.h"

namespace promenade {
namespace {

constexpr char32_t kCodePointMax = 0x10ffff;

// Bytes in the sequence that `lead` starts, or 0 when it can't start one.
uint32_t sequence_size(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

bool is_scalar(char32_t value, uint32_t size) {
  if (size == 3) return value >= 0x800 && !(value >= 0xd800 && value < 0xe000);
  if (size == 4) return value >= 0x10000 && value <= kCodePointMax;
  return true;
}

// How many bytes at the start of `text` are plain ASCII, looking at eight at a time.
size_t ascii_prefix(std::string_view text) {
  size_t at = 0;
  for (uint64_t word; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & 0x8080808080808080) != 0) break;
  }
  while (at < text.size() && static_cast<uint8_t>(text[at]) < 0x80) ++at;
  return at;
}

// The code points that Go's strconv.Quote escapes although they are valid, of those that occur
// in practice: C1 controls, odd blanks, direction marks, line separators, private use.
bool is_printable(char32_t value) {
  if (value < 0xa1 || value == 0xad) return false;
  if (value >= 0x2000 && value <= 0x200f) return false;
  if (value >= 0x2028 && value <= 0x202f) return false;
  if (value >= 0x205f && value <= 0x206f) return false;
  if (value >= 0xe000 && value <= 0xf8ff) return false;
  return value != 0x1680 && value != 0x3000 && value != 0xfeff && value < 0xe0000;
}

void append_quoted(std::string& out, std::string_view bytes, const CodePoint& point) {
  if (point.value >= 0x80) {
    if (is_printable(point.value)) {
      out += bytes;
    } else if (point.value < 0x10000) {
      append_hex_escape(out, "\\u", point.value, 4);
    } else {
      append_hex_escape(out, "\\U", point.value, 8);
    }
    return;
  }
  if (const char letter = escape_letter(static_cast<char>(point.value))) {
    out += '\\';
    out += letter;
    return;
  }
  if (point.value < 0x20 || point.value == 0x7f) {
    append_hex_escape(out, "\\x", point.value, 2);
  } else {
    out += bytes;
  }
}

}  // namespace

char escape_letter(char c) {
  if (c == '"' || c == '\\') return c;
  return c >= '\a' && c <= '\r' ? "abtnvfr"[c - '\a'] : '\0';
}

void append_hex_escape(std::string& out, std::string_view prefix, uint32_t value, int digits) {
  constexpr char kDigits[] = "0123456789abcdef";
  out += prefix;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += kDigits[(value >> shift) & 15];
}

std::optional<CodePoint> decode_utf8(std::string_view text, size_t offset) {
  if (offset >= text.size()) return std::nullopt;
  const auto lead = static_cast<uint8_t>(text[offset]);
  const uint32_t size = sequence_size(lead);
  if (size == 0 || size > text.size() - offset) return std::nullopt;
  if (size == 1) return CodePoint{lead, 1};
  char32_t value = lead & (0x7f >> size);
  for (uint32_t i = 1; i < size; ++i) {
    const auto byte = static_cast<uint8_t>(text[offset + i]);
    if ((byte & 0xc0) != 0x80) return std::nullopt;
    value = value << 6 | (byte & 0x3f);
  }
  if (!is_scalar(value, size)) return std::nullopt;
  return CodePoint{value, size};
}

bool is_utf8(std::string_view text) {
  for (;;) {
    text.remove_prefix(ascii_prefix(text));
    if (text.empty()) return true;
    const std::optional<CodePoint> point = decode_utf8(text, 0);
    if (!point) return false;
    text.remove_prefix(point->size);
  }
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto continuation = [&](int shift) {
    out += static_cast<char>(0x80 | ((code_point >> shift) & 0x3f));
  };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xc0 | (code_point >> 6));
    continuation(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xe0 | (code_point >> 12));
    continuation(6);
    continuation(0);
  } else {
    out += static_cast<char>(0xf0 | (code_point >> 18));
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (size_t at = 0; at < text.size();) {
    if (const std::optional<CodePoint> point = decode_utf8(text, at)) {
      append_quoted(out, text.substr(at, point->size), *point);
      at += point->size;
    } else {
      append_hex_escape(out, "\\x", static_cast<uint8_t>(text[at]), 2);
      ++at;
    }
  }
  out += '"';
  return out;
}

}  // namespace promenade
