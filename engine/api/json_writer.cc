// Output of known shape: a call is a few appends, and no tree is built. Malformed UTF-8 becomes
// U+FFFD, as in Go, so that a response is always valid JSON.
#include "api/json_writer.h"

#include <fmt/format.h>

#include <cmath>

#include "base/escape.h"
#include "base/strings.h"
#include "model/number_format.h"

namespace promenade::api {
namespace {

constexpr char32_t kLineSeparator = 0x2028;
constexpr char32_t kParagraphSeparator = 0x2029;

bool is_ordinary(unsigned char byte, bool escape_html) {
  if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') return false;
  return !escape_html || (byte != '<' && byte != '>' && byte != '&');
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
    if (is_ordinary(static_cast<unsigned char>(text[i]), escape_html)) {
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

void JsonWriter::labels(const Labels& labels) {
  begin_object();
  for (const Label& label : labels) {
    name(label.name);
    plain_string(label.value);
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
