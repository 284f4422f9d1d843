// The typed readings of one YAML value, each with a message that helps to mend it.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/strings.h"
#include "config/yaml_reader.h"
#include "model/duration.h"
#include "model/number_format.h"

namespace promenade::config {
namespace {

constexpr size_t kShownTextMax = 60;

bool is_plain_scalar(const YamlNode& node) {
  return node.kind == YamlNode::Kind::Scalar && !node.is_quoted;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// Nothing when it does not fit into 64 bits.
std::optional<uint64_t> parse_digits(std::string_view digits) {
  uint64_t value = 0;
  for (const char c : digits) {
    const auto digit = static_cast<uint64_t>(c - '0');
    if (value > (UINT64_MAX - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

std::string found_expected(const YamlNode& node, std::string_view what, std::string_view expected) {
  return fmt::format("{}: found {}, expected {}", what, describe(node), expected);
}

// For values that YAML itself types: in quotes they are text, and the reader should know.
std::string_view quotes_hint(const YamlNode& node) {
  return node.is_quoted ? "; remove the quotes" : "";
}

struct ByteUnit {
  std::string_view name;
  unsigned shift;
};
constexpr std::array kByteUnits = {ByteUnit{"B", 0},    ByteUnit{"KB", 10},  ByteUnit{"KiB", 10},
                                   ByteUnit{"MB", 20},  ByteUnit{"MiB", 20}, ByteUnit{"GB", 30},
                                   ByteUnit{"GiB", 30}, ByteUnit{"TB", 40},  ByteUnit{"TiB", 40},
                                   ByteUnit{"PB", 50},  ByteUnit{"PiB", 50}};

std::optional<uint64_t> parse_byte_count(std::string_view text) {
  if (text == "0") return 0;
  const size_t unit_at = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto unit = std::find_if(kByteUnits.begin(), kByteUnits.end(), [&](const ByteUnit& known) {
    return known.name == text.substr(unit_at);
  });
  if (unit_at == 0 || unit == kByteUnits.end()) return std::nullopt;
  const std::optional<uint64_t> number = parse_digits(text.substr(0, unit_at));
  if (!number || *number > UINT64_MAX >> unit->shift) return std::nullopt;
  return *number << unit->shift;
}

}  // namespace

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::Null:
      return "nothing";
    case YamlNode::Kind::Sequence:
      return "a list";
    case YamlNode::Kind::Mapping:
      return "a mapping";
    case YamlNode::Kind::Scalar:
      break;
  }
  if (node.text.size() <= kShownTextMax) return quote(node.text);
  size_t cut = kShownTextMax;
  while ((static_cast<unsigned char>(node.text[cut]) & 0xC0) == 0x80) --cut;
  return quote(node.text.substr(0, cut)) + "...";
}

Result<std::string> YamlFile::text(const YamlNode& node, std::string_view what) const {
  if (node.kind == YamlNode::Kind::Scalar) return node.text;
  return error_at(node, found_expected(node, what, "text"));
}

Result<bool> YamlFile::boolean(const YamlNode& node, std::string_view what) const {
  if (is_plain_scalar(node)) {
    const std::string word = to_lower(node.text);
    if (word == "true" || word == "yes" || word == "on") return true;
    if (word == "false" || word == "no" || word == "off") return false;
  }
  return error_at(node,
                  found_expected(node, what, "true or false") + std::string(quotes_hint(node)));
}

Result<uint64_t> YamlFile::count(const YamlNode& node, std::string_view what) const {
  if (is_plain_scalar(node) && is_digits(node.text)) {
    if (const auto value = parse_digits(node.text)) return *value;
  }
  return error_at(node, found_expected(node, what, "a whole number that is not negative") +
                            std::string(quotes_hint(node)));
}

Result<double> YamlFile::number(const YamlNode& node, std::string_view what) const {
  if (is_plain_scalar(node)) {
    if (const Result<double> value = parse_float(node.text)) return *value;
  }
  return error_at(node, found_expected(node, what, "a number") + std::string(quotes_hint(node)));
}

Result<Duration> YamlFile::duration(const YamlNode& node, std::string_view what) const {
  if (node.kind == YamlNode::Kind::Scalar) {
    if (const Result<Duration> value = parse_duration(node.text)) return *value;
  }
  std::string message = found_expected(node, what, "a duration such as 15s or 1m30s");
  if (is_digits(node.text)) message += fmt::format("; did you mean {}s?", node.text);
  return error_at(node, message);
}

Result<uint64_t> YamlFile::byte_count(const YamlNode& node, std::string_view what) const {
  if (node.kind == YamlNode::Kind::Scalar) {
    if (const auto value = parse_byte_count(node.text)) return *value;
  }
  std::string message = found_expected(node, what, "a size such as 512KB or 10MB");
  if (is_digits(node.text)) message += fmt::format("; did you mean {}B?", node.text);
  return error_at(node, message);
}

Result<size_t> YamlFile::choice(const YamlNode& node, std::string_view what,
                                std::span<const std::string_view> choices) const {
  std::string expected;
  for (size_t i = 0; i < choices.size(); ++i) {
    if (node.kind == YamlNode::Kind::Scalar && node.text == choices[i]) return i;
    if (i > 0) expected += i + 1 == choices.size() ? " or " : ", ";
    expected += choices[i];
  }
  std::string message = found_expected(node, what, expected);
  if (const auto near = nearest(node.text, choices); near && !node.text.empty()) {
    message += fmt::format("; did you mean {}?", *near);
  }
  return error_at(node, message);
}

}  // namespace promenade::config
