// Writing YAML, and hiding what must not be shown.
#include "config/yaml_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "model/duration.h"
#include "model/number_format.h"

namespace promenade::config {
namespace {

constexpr std::string_view kHidden = "<secret>";

constexpr std::array<std::string_view, 10> kSecretKeys = {
    "password",   "credentials", "bearer_token", "client_secret", "client_certificate_key",
    "secret_key", "auth_token",  "token",        "key",           "secrets"};

// Words and numbers that would not come back as text.
bool reads_as_other_type(std::string_view text) {
  static constexpr std::array<std::string_view, 10> kWords = {"true", "false", "yes", "no", "on",
                                                              "off",  "null",  "~",   "y",  "n"};
  const std::string word = to_lower(text);
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end() ||
         parse_float(text).has_value();
}

bool is_safe_plain(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`=<").find(text.front()) != std::string_view::npos) {
    return false;
  }
  const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  return !has_control && text.find(": ") == std::string_view::npos &&
         text.find(" #") == std::string_view::npos && !reads_as_other_type(text);
}

// YAML's double-quoted form. \x stands for a code point there, so valid UTF-8 goes in as it is.
std::string quote_yaml(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string scalar_text(const YamlNode& node) {
  if (!node.is_quoted || is_safe_plain(node.text)) return node.text;
  return quote_yaml(node.text);
}

std::string key_text(const YamlNode& key) {
  return is_safe_plain(key.text) ? key.text : quote_yaml(key.text);
}

bool is_empty(const YamlNode& node) {
  return node.items.empty() && node.entries.empty();
}

class Writer {
 public:
  // The value of a key or of a list item whose "key:" or "-" has just been written.
  void inline_value(const YamlNode& node, size_t indent) {
    switch (node.kind) {
      case YamlNode::Kind::Null:
        out += " null\n";
        return;
      case YamlNode::Kind::Scalar:
        out += ' ';
        out += scalar_text(node);
        out += '\n';
        return;
      case YamlNode::Kind::Sequence:
        out += is_empty(node) ? " []\n" : "\n";
        sequence(node, indent);
        return;
      case YamlNode::Kind::Mapping:
        out += is_empty(node) ? " {}\n" : "\n";
        mapping(node, indent + 2);
        return;
    }
  }

  void sequence(const YamlNode& node, size_t indent) {
    for (const YamlNode& item : node.items) {
      out.append(indent, ' ');
      out += '-';
      if (item.kind == YamlNode::Kind::Mapping && !is_empty(item)) {
        out += ' ';
        mapping(item, indent + 2, true);
      } else {
        inline_value(item, indent + 2);
      }
    }
  }

  // `is_begun`: the first key goes on the line that is there already.
  void mapping(const YamlNode& node, size_t indent, bool is_begun = false) {
    for (const YamlEntry& entry : node.entries) {
      if (!is_begun) out.append(indent, ' ');
      is_begun = false;
      out += key_text(entry.key) + ":";
      inline_value(entry.value, indent);
    }
  }

  std::string out;
};

// http://user:password@host -> http://user:xxxxx@host
void hide_url_password(std::string& text) {
  const size_t start = text.find("://");
  if (start == std::string::npos) return;
  const size_t at = text.find('@', start);
  const size_t slash = text.find('/', start + 3);
  if (at == std::string::npos || slash < at) return;
  const size_t colon = text.find(':', start + 3);
  if (colon < at) text.replace(colon + 1, at - colon - 1, "xxxxx");
}

void hide_all(YamlNode& node) {
  if (node.kind == YamlNode::Kind::Scalar) {
    node.text = kHidden;
    node.is_quoted = false;
  }
  for (YamlNode& item : node.items) hide_all(item);
  for (YamlEntry& entry : node.entries) hide_all(entry.value);
}

}  // namespace

YamlNode yaml_plain(std::string text) {
  YamlNode node;
  node.kind = YamlNode::Kind::Scalar;
  node.text = std::move(text);
  return node;
}

YamlNode yaml_text(std::string text) {
  YamlNode node = yaml_plain(std::move(text));
  node.is_quoted = true;
  return node;
}

YamlNode yaml_list(const std::vector<std::string>& texts) {
  YamlNode node;
  node.kind = YamlNode::Kind::Sequence;
  for (const std::string& text : texts) node.items.push_back(yaml_text(text));
  return node;
}

YamlNode yaml_map(const std::map<std::string, std::string>& texts) {
  YamlMapBuilder builder;
  for (const auto& [name, value] : texts) builder.add_text(name, value);
  return std::move(builder).build();
}

YamlNode yaml_duration(Duration duration) {
  return yaml_plain(format_duration(duration));
}

YamlMapBuilder& YamlMapBuilder::add(std::string key, YamlNode value) {
  node_.entries.push_back({yaml_text(std::move(key)), std::move(value)});
  return *this;
}

YamlMapBuilder& YamlMapBuilder::add_text(std::string key, std::string text) {
  return add(std::move(key), yaml_text(std::move(text)));
}

YamlMapBuilder& YamlMapBuilder::add_if_set(std::string key, const std::string& text) {
  return text.empty() ? *this : add_text(std::move(key), text);
}

YamlMapBuilder& YamlMapBuilder::add_flag(std::string key, bool flag) {
  return add(std::move(key), yaml_plain(flag ? "true" : "false"));
}

YamlMapBuilder& YamlMapBuilder::add_limit(std::string key, uint64_t count) {
  return count == 0 ? *this : add(std::move(key), yaml_plain(std::to_string(count)));
}

std::string write_yaml(const YamlNode& node) {
  Writer writer;
  switch (node.kind) {
    case YamlNode::Kind::Mapping:
      if (is_empty(node)) return "{}\n";
      writer.mapping(node, 0);
      break;
    case YamlNode::Kind::Sequence:
      if (is_empty(node)) return "[]\n";
      writer.sequence(node, 0);
      break;
    case YamlNode::Kind::Scalar:
      return scalar_text(node) + "\n";
    case YamlNode::Kind::Null:
      return "null\n";
  }
  return std::move(writer.out);
}

void hide_secrets(YamlNode& node) {
  hide_url_password(node.text);
  for (YamlNode& item : node.items) hide_secrets(item);
  for (YamlEntry& entry : node.entries) {
    const std::string& key = entry.key.text;
    if (std::find(kSecretKeys.begin(), kSecretKeys.end(), key) != kSecretKeys.end()) {
      hide_all(entry.value);
    } else {
      hide_secrets(entry.value);
    }
  }
}

}  // namespace promenade::config
