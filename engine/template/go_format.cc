// engine/template/go_format.cc
// Verbs, flags, width and precision as https://pkg.go.dev/fmt has them, for the kinds that
// templates know. A list, map or record applies the verb to each of its elements. Explicit argument
// indexes, "%[1]d", are left out: no template in the field uses them.
#include "template/go_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/strings.h"
#include "model/histogram.h"
#include "model/number_format.h"
#include "template/go_time.h"

namespace promenade::templates {
namespace {

constexpr int kWidthMax = 1'000'000;  // Beyond it Go says BADWIDTH.

struct Directive {
  char verb = 'v';
  bool fields = false;  // %+v: the names of a record's fields.
  bool plus = false, minus = false, sharp = false, space = false, zero = false;
  std::optional<int> width = std::nullopt, precision = std::nullopt;
};

size_t character_count(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

// Appends `text`, filled up to the width. Zeros go between sign and digits.
void append_padded(std::string& out, std::string_view text, const Directive& directive,
                   bool is_number) {
  const size_t width = static_cast<size_t>(directive.width.value_or(0));
  const size_t count = character_count(text);
  const size_t missing = width > count ? width - count : 0;
  if (directive.minus) {
    out += text;
    out.append(missing, ' ');
    return;
  }
  if (directive.zero) {
    const bool has_sign = is_number && !text.empty() && (text[0] == '-' || text[0] == '+');
    if (has_sign) {
      out += text[0];
      text.remove_prefix(1);
    }
    out.append(missing, '0');
  } else {
    out.append(missing, ' ');
  }
  out += text;
}

// Two digits at least in an exponent, and no padding: what C's %g and Go's have in common already.
std::string hex_float(double value, int precision, bool upper) {
  std::string text =
      precision < 0 ? fmt::format("{:a}", value) : fmt::format("{:.{}a}", value, precision);
  const size_t exponent = text.find('p') + 2;
  if (text.size() - exponent == 1) text.insert(exponent, "0");
  if (upper) {
    for (char& c : text) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
  }
  return text;
}

std::string float_text(double value, char verb, std::optional<int> precision, bool plus) {
  std::string text;
  if (plus && !std::signbit(value) && !std::isinf(value)) text += '+';
  // %v and %g are the shortest; %e and %f have six digits.
  const bool shortest = verb == 'v' || verb == 'g' || verb == 'G' || verb == 'x' || verb == 'X';
  append_go_float(text, value, verb == 'v' ? 'g' : verb, precision.value_or(shortest ? -1 : 6));
  return text;
}

std::string integer_text(int64_t value, const Directive& directive) {
  const uint64_t magnitude =
      value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  std::string digits;
  std::string_view prefix;
  switch (directive.verb) {
    case 'b':
      digits = fmt::format("{:b}", magnitude);
      prefix = "0b";
      break;
    case 'o':
    case 'O':
      digits = fmt::format("{:o}", magnitude);
      prefix = directive.verb == 'O' ? "0o" : "0";
      break;
    case 'x':
      digits = fmt::format("{:x}", magnitude);
      prefix = "0x";
      break;
    case 'X':
      digits = fmt::format("{:X}", magnitude);
      prefix = "0X";
      break;
    default:
      digits = std::to_string(magnitude);
  }
  const auto precision = static_cast<size_t>(directive.precision.value_or(0));
  if (digits.size() < precision) digits.insert(0, precision - digits.size(), '0');
  std::string text = value < 0 ? "-" : directive.plus ? "+" : directive.space ? " " : "";
  if (directive.verb == 'O' || (directive.sharp && directive.verb != 'd')) text += prefix;
  return text + digits;
}

std::string code_point_text(int64_t value, const Directive& directive) {
  const bool is_valid = value >= 0 && value <= 0x10ffff && !(value >= 0xd800 && value < 0xe000);
  std::string character;
  append_utf8(character, is_valid ? static_cast<char32_t>(value) : U'\ufffd');
  if (directive.verb == 'c') return character;
  if (directive.verb == 'U') {
    std::string text = fmt::format("U+{:04X}", static_cast<uint64_t>(value));
    return directive.sharp ? text + " '" + character + "'" : text;
  }
  if (character == "'") return "'\\''";
  const std::string quoted = character == "\"" ? character : quote(character);
  return quoted.size() == 1 ? "'\"'" : "'" + quoted.substr(1, quoted.size() - 2) + "'";
}

std::string hex_text(std::string_view bytes, const Directive& directive) {
  const bool upper = directive.verb == 'X';
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0 && directive.space) text += ' ';
    if (directive.sharp && (i == 0 || directive.space)) text += upper ? "0X" : "0x";
    const auto byte = static_cast<uint8_t>(bytes[i]);
    text += upper ? fmt::format("{:02X}", byte) : fmt::format("{:02x}", byte);
  }
  return text;
}

// The first `count` characters.
std::string_view truncated(std::string_view text, int count) {
  size_t at = 0;
  for (; count > 0 && at < text.size(); --count) {
    const std::optional<CodePoint> point = decode_utf8(text, at);
    at += point ? point->size : 1;
  }
  return text.substr(0, at);
}

class Printer {
 public:
  explicit Printer(std::string& out) : out_(out) {}

  void print(const Value& value, const Directive& directive, bool nested = false);

 private:
  bool print_text(std::string_view text, const Directive& directive);
  bool print_integer(const Value& value, const Directive& directive);
  bool print_float(double value, const Directive& directive);
  bool print_bool(bool value, const Directive& directive);
  // With the String method of its type, if there is one and the verb is for texts.
  bool print_with_method(const Value& value, const Directive& directive);
  bool print_basic(const Value& value, const Directive& directive);
  void print_list(const Value& value, const Directive& directive);
  void print_map(const Value& value, const Directive& directive);
  void print_record(const Value& value, const Directive& directive);
  void bad_verb(const Value& value, const Directive& directive);

  std::string& out_;
};

void Printer::print(const Value& value, const Directive& directive, bool nested) {
  if (directive.verb == 'T') {
    append_padded(out_, value.type_name(), directive, false);
    return;
  }
  switch (value.kind()) {
    case Kind::Nil:
      if (directive.verb == 'v') {
        append_padded(out_, "<nil>", directive, false);
      } else {
        out_ += fmt::format("%!{}(<nil>)", directive.verb);
      }
      return;
    case Kind::List:
      return print_list(value, directive);
    case Kind::Map:
      return print_map(value, directive);
    case Kind::Record:
      // Go prints a pointer's address within other values; no two runs would agree.
      if (nested && value.type_name().substr(0, 1) == "*") {
        out_ += "0xc000000000";
        return;
      }
      return print_record(value, directive);
    default:
      if (!print_basic(value, directive)) bad_verb(value, directive);
  }
}

bool Printer::print_basic(const Value& value, const Directive& directive) {
  if (print_with_method(value, directive)) return true;
  switch (value.kind()) {
    case Kind::Bool:
      return print_bool(value.as_bool(), directive);
    case Kind::Int:
    case Kind::Duration:
      return print_integer(value, directive);
    case Kind::Float:
      return print_float(value.as_number(), directive);
    case Kind::String:
      return print_text(value.as_text(), directive);
    default:
      return false;
  }
}

bool Printer::print_with_method(const Value& value, const Directive& directive) {
  std::string text;
  switch (value.kind()) {
    case Kind::Time:
      text = to_go_string(value.as_time());
      break;
    case Kind::Duration:
      text = format_go_duration(value.as_int());
      break;
    case Kind::Histogram:
      text = value.as_histogram()->to_string();
      break;
    case Kind::Int:
      text = calendar_name(*value.type(), value.as_int());
      if (!text.empty()) break;
      return false;
    default:
      return false;
  }
  return print_text(text, directive);
}

bool Printer::print_text(std::string_view text, const Directive& directive) {
  if (directive.precision && directive.verb != 'x' && directive.verb != 'X') {
    text = truncated(text, *directive.precision);
  }
  switch (directive.verb) {
    case 'v':
    case 's':
      append_padded(out_, text, directive, false);
      return true;
    case 'q':
      if (directive.sharp && text.find_first_of("`\n\r") == std::string_view::npos) {
        append_padded(out_, "`" + std::string(text) + "`", directive, false);
      } else {
        append_padded(out_, quote(text), directive, false);
      }
      return true;
    case 'x':
    case 'X':
      if (directive.precision) {
        text = text.substr(0, static_cast<size_t>(*directive.precision));
      }
      append_padded(out_, hex_text(text, directive), directive, false);
      return true;
    default:
      return false;
  }
}

bool Printer::print_integer(const Value& value, const Directive& directive) {
  static constexpr std::string_view kNumeric = "vdboOxX";
  static constexpr std::string_view kCharacter = "cqU";
  Directive padding = directive;
  if (kNumeric.find(directive.verb) != std::string_view::npos) {
    if (directive.precision) padding.zero = false;
    append_padded(out_, integer_text(value.as_int(), directive), padding, true);
    return true;
  }
  if (kCharacter.find(directive.verb) == std::string_view::npos) return false;
  append_padded(out_, code_point_text(value.as_int(), directive), padding, false);
  return true;
}

bool Printer::print_float(double value, const Directive& directive) {
  static constexpr std::string_view kVerbs = "vgGeEfFxX";
  if (kVerbs.find(directive.verb) == std::string_view::npos) return false;
  std::string text = float_text(value, directive.verb, directive.precision, directive.plus);
  if (directive.space && !directive.plus && text[0] != '-') text.insert(0, " ");
  Directive padding = directive;
  if (!std::isfinite(value)) {
    padding.zero = false;
    // %v says "+Inf"; only a float asked for without a sign does, too.
    if (text == " +Inf") text = " Inf";
  }
  append_padded(out_, text, padding, true);
  return true;
}

bool Printer::print_bool(bool value, const Directive& directive) {
  if (directive.verb != 'v' && directive.verb != 't') return false;
  append_padded(out_, value ? "true" : "false", directive, false);
  return true;
}

void Printer::print_list(const Value& value, const Directive& directive) {
  out_ += '[';
  bool first = true;
  for (const Value& element : value.as_list()) {
    if (!std::exchange(first, false)) out_ += ' ';
    print(element, directive, true);
  }
  out_ += ']';
}

void Printer::print_map(const Value& value, const Directive& directive) {
  out_ += "map[";
  bool first = true;
  for (const auto& [key, element] : value.as_entries()) {
    if (!std::exchange(first, false)) out_ += ' ';
    print(Value::text(key), directive, true);
    out_ += ':';
    print(element, directive, true);
  }
  out_ += ']';
}

void Printer::print_record(const Value& value, const Directive& directive) {
  // A pointer to a struct prints as &{...}, except in an action, which prints what it points to.
  const bool is_pointer = value.type_name().substr(0, 1) == "*";
  if (is_pointer) out_ += '&';
  out_ += '{';
  for (size_t i = 0; i < value.as_fields().size(); ++i) {
    if (i > 0) out_ += ' ';
    if (directive.fields) {
      out_ += value.type()->fields[i];
      out_ += ':';
    }
    print(value.as_fields()[i], directive, true);
  }
  out_ += '}';
}

void Printer::bad_verb(const Value& value, const Directive& directive) {
  out_ += fmt::format("%!{}({}=", directive.verb, value.type_name());
  print(value, Directive{});
  out_ += ')';
}

// --- Sprintf.

class FormatReader {
 public:
  FormatReader(std::string_view format, std::span<const Value> arguments)
      : rest_(format), arguments_(arguments) {}

  std::string run(uint64_t bytes_max);

 private:
  void directive();
  void flags(Directive& directive);
  std::optional<int> number(std::string_view what, bool is_width, Directive& directive);

  std::string_view rest_;
  std::span<const Value> arguments_;
  size_t next_argument_ = 0;
  std::string out_;
};

std::string FormatReader::run(uint64_t bytes_max) {
  while (!rest_.empty() && out_.size() <= bytes_max) {
    const size_t percent = std::min(rest_.find('%'), rest_.size());
    out_ += rest_.substr(0, percent);
    rest_.remove_prefix(percent);
    if (!rest_.empty()) directive();
  }
  if (next_argument_ < arguments_.size()) {
    out_ += "%!(EXTRA ";
    for (size_t i = next_argument_; i < arguments_.size(); ++i) {
      if (i > next_argument_) out_ += ", ";
      out_ += arguments_[i].type_name();
      if (arguments_[i].is_nil()) continue;
      out_ += '=';
      append_value(out_, arguments_[i]);
    }
    out_ += ')';
  }
  return std::move(out_);
}

void FormatReader::directive() {
  rest_.remove_prefix(1);
  Directive directive;
  flags(directive);
  directive.width = number("%!(BADWIDTH)", true, directive);
  if (!rest_.empty() && rest_.front() == '.') {
    rest_.remove_prefix(1);
    directive.precision = number("%!(BADPREC)", false, directive).value_or(0);
  }
  if (rest_.empty()) {
    out_ += "%!(NOVERB)";
    return;
  }
  const std::optional<CodePoint> point = decode_utf8(rest_, 0);
  const std::string_view verb = rest_.substr(0, point ? point->size : 1);
  rest_.remove_prefix(verb.size());
  if (verb == "%") {
    out_ += '%';
    return;
  }
  if (next_argument_ >= arguments_.size()) {
    out_ += fmt::format("%!{}(MISSING)", verb);
    return;
  }
  directive.verb = verb.size() == 1 ? verb.front() : '?';
  if (directive.verb == 'v') directive.fields = std::exchange(directive.plus, false);
  Printer(out_).print(arguments_[next_argument_++], directive);
}

void FormatReader::flags(Directive& directive) {
  for (; !rest_.empty(); rest_.remove_prefix(1)) {
    switch (rest_.front()) {
      case '+':
        directive.plus = true;
        break;
      case '-':
        directive.minus = true;
        directive.zero = false;
        break;
      case '#':
        directive.sharp = true;
        break;
      case ' ':
        directive.space = true;
        break;
      case '0':
        directive.zero = !directive.minus;
        break;
      default:
        return;
    }
  }
}

// Digits, or '*' for the next argument.
std::optional<int> FormatReader::number(std::string_view complaint, bool is_width,
                                        Directive& directive) {
  if (!rest_.empty() && rest_.front() == '*') {
    rest_.remove_prefix(1);
    const Value* argument =
        next_argument_ < arguments_.size() ? &arguments_[next_argument_++] : nullptr;
    const bool is_int = argument != nullptr && argument->kind() == Kind::Int;
    int64_t value = is_int ? argument->as_int() : INT64_MAX;
    if (is_width && value < 0 && value >= -kWidthMax) {
      directive.minus = true;
      directive.zero = false;
      value = -value;
    }
    if (value >= -kWidthMax && value < 0) return std::nullopt;  // As if it were not there.
    if (value >= 0 && value <= kWidthMax) return static_cast<int>(value);
    out_ += complaint;
    return std::nullopt;
  }
  std::optional<int> value;
  while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
    value = std::min(value.value_or(0) * 10 + (rest_.front() - '0'), kWidthMax + 1);
    rest_.remove_prefix(1);
  }
  if (value && *value > kWidthMax) {
    out_ += complaint;
    return std::nullopt;
  }
  return value;
}

// --- JSON.

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (size_t at = 0; at < text.size();) {
    const std::optional<CodePoint> point = decode_utf8(text, at);
    const std::string_view bytes = text.substr(at, point ? point->size : 1);
    at += bytes.size();
    const char32_t value = point ? point->value : U'\ufffd';
    if (value == '"' || value == '\\') {
      out += '\\';
      out += bytes;
    } else if (value == '\n') {
      out += "\\n";
    } else if (value == '\r') {
      out += "\\r";
    } else if (value == '\t') {
      out += "\\t";
    } else if (value < 0x20 || value == '<' || value == '>' || value == '&' || value == 0x2028 ||
               value == 0x2029 || !point) {
      out += fmt::format("\\u{:04x}", static_cast<uint32_t>(value));
    } else {
      out += bytes;
    }
  }
  out += '"';
}

// Go's JSON numbers are Prometheus's, but "1e-07" is "1e-7".
void append_json_number(std::string& out, double value) {
  append_json_value(out, value);
  const size_t size = out.size();
  if (size >= 4 && out[size - 4] == 'e' && out[size - 3] == '-' && out[size - 2] == '0') {
    out.erase(size - 2, 1);
  }
}

Result<void> append_json(std::string& out, const Value& value);

Result<void> append_json_fields(std::string& out, const Value& record) {
  for (size_t i = 0; i < record.as_fields().size(); ++i) {
    if (i > 0) out += ',';
    std::string name(record.type()->fields[i]);
    if (record.type()->json_in_camel_case) name[0] = static_cast<char>(name[0] - 'A' + 'a');
    append_json_string(out, name);
    out += ':';
    TRY(append_json(out, record.as_fields()[i]));
  }
  return {};
}

Result<void> append_json(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::Nil:
      out += "null";
      return {};
    case Kind::Bool:
      out += value.as_bool() ? "true" : "false";
      return {};
    case Kind::Int:
    case Kind::Duration:
      out += std::to_string(value.as_int());
      return {};
    case Kind::Float: {
      if (!std::isfinite(value.as_number())) {
        std::string shown;
        append_value(shown, value);
        return bad_data("json: unsupported value: " + shown);
      }
      append_json_number(out, value.as_number());
      return {};
    }
    case Kind::String:
      append_json_string(out, value.as_text());
      return {};
    case Kind::Time:
      append_json_string(out, format_rfc3339_nano(value.as_time()));
      return {};
    case Kind::Histogram:
      append_json_string(out, value.as_histogram()->to_string());
      return {};
    case Kind::List:
      out += '[';
      for (const Value& element : value.as_list()) {
        if (&element != &value.as_list().front()) out += ',';
        TRY(append_json(out, element));
      }
      out += ']';
      return {};
    case Kind::Map:
      out += '{';
      for (const auto& [key, element] : value.as_entries()) {
        if (out.back() != '{') out += ',';
        append_json_string(out, key);
        out += ':';
        TRY(append_json(out, element));
      }
      out += '}';
      return {};
    case Kind::Record:
      out += '{';
      TRY(append_json_fields(out, value));
      out += '}';
      return {};
  }
  return {};
}

}  // namespace

void append_go_float(std::string& out, double value, char verb, int precision) {
  if (!std::isfinite(value) || (verb == 'g' && precision < 0)) {
    promenade::append_go_float(out, value);
    return;
  }
  switch (verb) {
    case 'x':
    case 'X':
      out += hex_float(value, precision, verb == 'X');
      return;
    case 'e':
      out += precision < 0 ? fmt::format("{:e}", value) : fmt::format("{:.{}e}", value, precision);
      return;
    case 'E':
      out += fmt::format("{:.{}E}", value, precision);
      return;
    case 'f':
    case 'F':
      if (precision < 0) {
        append_decimal(out, value);
      } else {
        out += fmt::format("{:.{}f}", value, precision);
      }
      return;
    case 'G': {
      std::string text;
      append_go_float(text, value, 'g', precision);
      std::replace(text.begin(), text.end(), 'e', 'E');
      out += text;
      return;
    }
    default:
      out += fmt::format("{:.{}g}", value, precision);
  }
}

void append_value(std::string& out, const Value& value) {
  Printer(out).print(value, Directive{});
}

std::string go_sprint(std::span<const Value> arguments) {
  std::string out;
  bool text_before = true;
  for (const Value& argument : arguments) {
    const bool is_text = argument.kind() == Kind::String;
    if (&argument != &arguments.front() && !is_text && !text_before) out += ' ';
    append_value(out, argument);
    text_before = is_text;
  }
  return out;
}

std::string go_sprintln(std::span<const Value> arguments) {
  std::string out;
  for (const Value& argument : arguments) {
    if (&argument != &arguments.front()) out += ' ';
    append_value(out, argument);
  }
  return out + '\n';
}

std::string go_sprintf(std::string_view format, std::span<const Value> arguments,
                       uint64_t bytes_max) {
  return FormatReader(format, arguments).run(bytes_max);
}

Result<std::string> go_json(const Value& value) {
  std::string out;
  TRY(append_json(out, value));
  return out;
}

}  // namespace promenade::templates
