// Output of known shape: a call is a few appends, and no tree is built. Malformed UTF-8 becomes
// U+FFFD, as in Go, so that a response is always valid JSON.
#include "api/json_writer.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>

#include "base/escape.h"
#include "base/strings.h"
#include "model/number_format.h"

namespace promenade::api {
namespace {

constexpr char32_t kLineSeparator = 0x2028;
constexpr char32_t kParagraphSeparator = 0x2029;

// What each byte of a text may stand for itself in, one bit a kind of text.
constexpr uint8_t kInPlainText = 1;
constexpr uint8_t kInHtml = 2;
constexpr std::array<uint8_t, 256> kOrdinary = [] {
  std::array<uint8_t, 256> ordinary{};
  for (size_t byte = 0x20; byte < 0x80; ++byte) {
    if (byte == '"' || byte == '\\') continue;
    ordinary[byte] = kInPlainText;
    if (byte != '<' && byte != '>' && byte != '&') ordinary[byte] |= kInHtml;
  }
  return ordinary;
}();

bool is_ordinary(char c, uint8_t kind) {
  return (kOrdinary[static_cast<unsigned char>(c)] & kind) != 0;
}

// Go writes only these three control characters of JSON's five short escapes.
void append_ascii_escape(std::string& out, char c) {
  if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t') {
    out += '\\';
    out += escape_letter(c);
  } else {
    append_hex_escape(out, "\\u", static_cast<unsigned char>(c), 4);
  }
}

// Appends the character at `offset`, which is not ordinary, and returns how many bytes it took.
size_t append_special(std::string& out, std::string_view text, size_t offset, bool escape_html) {
  if (static_cast<unsigned char>(text[offset]) < 0x80) {
    append_ascii_escape(out, text[offset]);
    return 1;
  }
  const auto decoded = decode_utf8(text, offset);
  if (!decoded) {
    out += "\\ufffd";
    return 1;
  }
  // Legal in JSON but line ends in old JavaScript; encoding/json escapes them with the HTML ones.
  if (escape_html && (decoded->value == kLineSeparator || decoded->value == kParagraphSeparator)) {
    out += decoded->value == kLineSeparator ? "\\u2028" : "\\u2029";
  } else {
    out += text.substr(offset, decoded->size);
  }
  return decoded->size;
}

}  // namespace

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  needs_comma_ = false;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  separate();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  needs_comma_ = false;
}

void JsonWriter::name(std::string_view name) {
  plain_string(name);
  out_ += ':';
  needs_comma_ = false;
}

void JsonWriter::quoted(std::string_view text, bool escape_html) {
  out_ += '"';
  size_t written = 0;
  for (size_t i = 0; i < text.size();) {
    if (is_ordinary(text[i], escape_html ? kInHtml : kInPlainText)) {
      ++i;
      continue;
    }
    out_ += text.substr(written, i - written);
    i += append_special(out_, text, i, escape_html);
    written = i;
  }
  out_ += text.substr(written);
  out_ += '"';
}

void JsonWriter::string(std::string_view text) {
  separate();
  quoted(text, true);
}

void JsonWriter::plain_string(std::string_view text) {
  separate();
  quoted(text, false);
}

void JsonWriter::integer(int64_t value) {
  separate();
  out_ += fmt::format_int(value).c_str();
}

void JsonWriter::unsigned_integer(uint64_t value) {
  separate();
  out_ += fmt::format_int(value).c_str();
}

void JsonWriter::number(double value) {
  if (!std::isfinite(value)) return null();
  separate();
  append_json_value(out_, value);
}

void JsonWriter::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
}

void JsonWriter::null() {
  separate();
  out_ += "null";
}

namespace {

// "text", as long as all of it is ordinary; null otherwise. `out` has room for two bytes more than
// the text.
char* write_ordinary(char* out, std::string_view text) {
  *out++ = '"';
  for (const char c : text) {
    if (!is_ordinary(c, kInPlainText)) return nullptr;
    *out++ = c;
  }
  *out++ = '"';
  return out;
}

// The whole object, as long as all is ordinary; null otherwise. `out` has room for
// `labels_size_max(labels)`.
char* write_ordinary_labels(char* out, const Labels& labels) {
  *out++ = '{';
  for (const Label& label : labels) {
    out = write_ordinary(out, label.name);
    if (out == nullptr) return nullptr;
    *out++ = ':';
    out = write_ordinary(out, label.value);
    if (out == nullptr) return nullptr;
    *out++ = ',';
  }
  if (out[-1] == ',') --out;
  *out++ = '}';
  return out;
}

// A label takes two bytes for lengths besides its texts, where its JSON takes six for
// punctuation.
size_t labels_size_max(const Labels& labels) {
  return 2 + labels.bytes().size() * 3;
}

}  // namespace

void JsonWriter::labels(const Labels& labels) {
  // Nearly all label sets are short and ordinary; appending them piece by piece takes longer.
  std::array<char, 1024> text;
  if (labels_size_max(labels) <= text.size()) {
    if (const char* end = write_ordinary_labels(text.data(), labels)) {
      return elements({text.data(), static_cast<size_t>(end - text.data())});
    }
  }
  begin_object();
  for (const Label& label : labels) {
    name(label.name);
    plain_string(label.value);
  }
  end_object();
}

void JsonWriter::map(const Labels& labels) {
  begin_object();
  for (const Label& label : labels) {
    name(label.name);
    string(label.value);
  }
  end_object();
}

void JsonWriter::map(const std::map<std::string, std::string>& texts) {
  begin_object();
  for (const auto& [key, text] : texts) {
    name(key);
    string(text);
  }
  end_object();
}

void JsonWriter::sample_value(double value) {
  separate();
  out_ += '"';
  append_json_value(out_, value);
  out_ += '"';
}

void JsonWriter::sample_time(int64_t time_ms) {
  separate();
  append_json_timestamp(out_, time_ms);
}

}  // namespace promenade::api
