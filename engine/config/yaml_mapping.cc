// YamlMapping: one pass over the keys that the caller names, then a look for those it did not.
#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "config/yaml_reader.h"

namespace promenade::config {
namespace {

std::string wrong_shape(const YamlNode& node, std::string_view what, std::string_view expected) {
  return fmt::format("{}: found {}, expected {}", what, describe(node), expected);
}

// Runs `read` over the items of a list; stops at the first error.
Result<void> for_each_item(const YamlFile& file, const YamlNode& node, std::string_view what,
                           const YamlMapping::NodeReader& read) {
  if (node.kind != YamlNode::Kind::Sequence) {
    return file.error_at(node, wrong_shape(node, what, "a list; start each item with \"- \""));
  }
  for (const YamlNode& item : node.items) {
    if (item.kind == YamlNode::Kind::Null) {
      return file.error_at(item, fmt::format("{}: found an empty list item; fill it in or remove "
                                             "the \"-\"",
                                             what));
    }
    TRY(read(item));
  }
  return {};
}

}  // namespace

YamlMapping::YamlMapping(const YamlFile& file, const YamlNode& node, std::string_view what)
    : file_(file), node_(node), what_(what) {
  if (node.kind == YamlNode::Kind::Mapping || node.kind == YamlNode::Kind::Null) return;
  keep(file.error_at(node, fmt::format("found {}, expected {}: a mapping of \"key: value\" lines",
                                       describe(node), what))
           .value());
}

const YamlNode* YamlMapping::find(std::string_view key, Presence presence) {
  known_keys_.push_back(key);
  for (const YamlEntry& entry : node_.entries) {
    if (entry.key.text == key && entry.value.kind != YamlNode::Kind::Null) return &entry.value;
  }
  const bool is_mapping =
      node_.kind == YamlNode::Kind::Mapping || node_.kind == YamlNode::Kind::Null;
  if (presence == Presence::Required && is_mapping) {
    keep(file_.error_at(node_, fmt::format("{} lacks the key \"{}\"; add it", what_, key)).value());
  }
  return nullptr;
}

template <typename T, typename Read>
void YamlMapping::read_into(std::string_view key, T& out, Presence presence, Read read) {
  const YamlNode* node = find(key, presence);
  if (node == nullptr) return;
  auto result = read(*node);
  if (result) {
    out = std::move(*result);
  } else {
    keep(result.error());
  }
}

void YamlMapping::text(std::string_view key, std::string& out, Presence presence) {
  read_into(key, out, presence, [&](const YamlNode& node) { return file_.text(node, key); });
}

void YamlMapping::boolean(std::string_view key, bool& out) {
  read_into(key, out, Presence::Optional,
            [&](const YamlNode& node) { return file_.boolean(node, key); });
}

void YamlMapping::count(std::string_view key, uint64_t& out) {
  read_into(key, out, Presence::Optional,
            [&](const YamlNode& node) { return file_.count(node, key); });
}

void YamlMapping::number(std::string_view key, double& out) {
  read_into(key, out, Presence::Optional,
            [&](const YamlNode& node) { return file_.number(node, key); });
}

void YamlMapping::duration(std::string_view key, Duration& out) {
  read_into(key, out, Presence::Optional,
            [&](const YamlNode& node) { return file_.duration(node, key); });
}

void YamlMapping::duration(std::string_view key, std::optional<Duration>& out) {
  read_into(key, out, Presence::Optional,
            [&](const YamlNode& node) { return file_.duration(node, key); });
}

void YamlMapping::byte_count(std::string_view key, uint64_t& out) {
  read_into(key, out, Presence::Optional,
            [&](const YamlNode& node) { return file_.byte_count(node, key); });
}

void YamlMapping::choice(std::string_view key, std::span<const std::string_view> choices,
                         size_t& out) {
  read_into(key, out, Presence::Optional,
            [&](const YamlNode& node) { return file_.choice(node, key, choices); });
}

void YamlMapping::text_list(std::string_view key, std::vector<std::string>& out,
                            Presence presence) {
  list(
      key,
      [&](const YamlNode& item) -> Result<void> {
        out.push_back(TRY(file_.text(item, key)));
        return {};
      },
      presence);
}

void YamlMapping::text_map(std::string_view key, std::map<std::string, std::string>& out) {
  entries(key, [&](const YamlNode& name, const YamlNode& value) -> Result<void> {
    const bool is_absent = value.kind == YamlNode::Kind::Null;
    out[name.text] = is_absent ? "" : TRY(file_.text(value, name.text));
    return {};
  });
}

void YamlMapping::value(std::string_view key, const NodeReader& read, Presence presence) {
  if (const YamlNode* node = find(key, presence)) require(read(*node));
}

void YamlMapping::list(std::string_view key, const NodeReader& read, Presence presence) {
  if (const YamlNode* node = find(key, presence)) {
    require(for_each_item(file_, *node, key, read));
  }
}

void YamlMapping::entries(std::string_view key, const EntryReader& read) {
  const YamlNode* node = find(key);
  if (node == nullptr) return;
  if (node->kind != YamlNode::Kind::Mapping) {
    keep(file_.error_at(*node, wrong_shape(*node, key, "a mapping of \"name: value\" lines"))
             .value());
    return;
  }
  for (const YamlEntry& entry : node->entries) require(read(entry.key, entry.value));
}

tl::unexpected<Error> YamlMapping::error_at(std::string_view key, std::string_view message) const {
  for (const YamlEntry& entry : node_.entries) {
    if (entry.key.text == key) return file_.error_at(entry.value, message);
  }
  return file_.error_at(node_, message);
}

void YamlMapping::require(Result<void> result) {
  if (!result) keep(result.error());
}

void YamlMapping::keep(const Error& error) {
  const auto begin = [](const Error& e) { return e.span ? e.span->begin : 0; };
  if (!first_error_ || begin(error) < begin(*first_error_)) first_error_ = error;
}

void YamlMapping::reject_unknown_keys() {
  for (const YamlEntry& entry : node_.entries) {
    const std::string& key = entry.key.text;
    if (std::find(known_keys_.begin(), known_keys_.end(), key) != known_keys_.end()) continue;
    std::string message = fmt::format("found the unknown key \"{}\" in {}", key, what_);
    const size_t dot = key.find('.');
    const std::string_view before_dot = std::string_view(key).substr(0, dot);
    if (dot != std::string::npos &&
        std::find(known_keys_.begin(), known_keys_.end(), before_dot) != known_keys_.end()) {
      // A path, as documentation writes it.
      message += fmt::format("; write \"{}:\" and below it, indented, \"{}:\"", before_dot,
                             std::string_view(key).substr(dot + 1));
    } else if (const auto near = nearest(key, known_keys_)) {
      message += fmt::format("; did you mean \"{}\"?", *near);
    } else {
      std::sort(known_keys_.begin(), known_keys_.end());
      message += fmt::format("; expected one of {}", fmt::join(known_keys_, ", "));
    }
    keep(file_.error_at(entry.key, message).value());
    return;
  }
}

Result<void> YamlMapping::finish() {
  reject_unknown_keys();
  if (first_error_) return tl::unexpected<Error>(std::move(*first_error_));
  return {};
}

}  // namespace promenade::config
