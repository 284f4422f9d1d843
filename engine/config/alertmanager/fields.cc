// Values stay YamlNodes, checked once against their kind: a number is read again when it is asked
// for, which is rare.
#include "config/alertmanager/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "config/sections.h"
#include "config/yaml_writer.h"
#include "model/duration.h"

namespace promenade::config {
namespace {

constexpr std::string_view kFileSuffix = "_file";

std::string twin_of(std::string_view name) {
  if (name.ends_with(kFileSuffix)) {
    return std::string(name.substr(0, name.size() - kFileSuffix.size()));
  }
  return std::string(name) + std::string(kFileSuffix);
}

Result<void> check_integer(const YamlFile& file, const YamlNode& node, std::string_view what) {
  int64_t value = 0;
  const std::string& text = node.text;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_integer = node.kind == YamlNode::Kind::Scalar && error == std::errc() &&
                          end == text.data() + text.size() && !text.empty();
  if (is_integer) return {};
  return file.error_at(node,
                       fmt::format("{}: found {}, expected a whole number", what, describe(node)));
}

Result<void> check_map(const YamlFile& file, const YamlNode& node, std::string_view what) {
  if (node.kind != YamlNode::Kind::Mapping) {
    return file.error_at(node, fmt::format("{}: found {}, expected a mapping of \"name: value\" "
                                           "lines",
                                           what, describe(node)));
  }
  for (const YamlEntry& entry : node.entries) {
    if (entry.value.kind != YamlNode::Kind::Null) TRY(file.text(entry.value, entry.key.text));
  }
  return {};
}

Result<void> check_texts(const YamlFile& file, const YamlNode& node, std::string_view what) {
  if (node.kind != YamlNode::Kind::Sequence) {
    return file.error_at(node, fmt::format("{}: found {}, expected a list", what, describe(node)));
  }
  for (const YamlNode& item : node.items) TRY(file.text(item, what));
  return {};
}

Result<void> check_item(const YamlFile& file, const YamlNode& node, const FieldSpec& spec);

Result<void> check_items(const YamlFile& file, const YamlNode& node, const FieldSpec& spec) {
  if (node.kind != YamlNode::Kind::Sequence) {
    return file.error_at(node,
                         fmt::format("{}: found {}, expected a list", spec.name, describe(node)));
  }
  for (const YamlNode& item : node.items) TRY(check_item(file, item, spec));
  return {};
}

Result<void> check_value(const YamlFile& file, const YamlNode& node, const FieldSpec& spec) {
  const auto without_value = [](auto result) -> Result<void> {
    if (!result) return tl::unexpected<Error>(std::move(result).error());
    return {};
  };
  switch (spec.kind) {
    case FieldKind::Text:
    case FieldKind::Secret:
    case FieldKind::Path:
      return without_value(file.text(node, spec.name));
    case FieldKind::Flag:
      return without_value(file.boolean(node, spec.name));
    case FieldKind::Count:
      return without_value(file.count(node, spec.name));
    case FieldKind::Integer:
      return check_integer(file, node, spec.name);
    case FieldKind::Duration:
      return without_value(file.duration(node, spec.name));
    case FieldKind::Texts:
      return check_texts(file, node, spec.name);
    case FieldKind::Map:
      return check_map(file, node, spec.name);
    case FieldKind::Items:
      return check_items(file, node, spec);
    case FieldKind::Item:
      return check_item(file, node, spec);
  }
  return {};
}

Result<void> check_item(const YamlFile& file, const YamlNode& node, const FieldSpec& spec) {
  YamlMapping mapping(file, node, fmt::format("an item of {}", spec.name));
  for (const FieldSpec& inner : spec.items) {
    mapping.value(inner.name,
                  [&](const YamlNode& value) { return check_value(file, value, inner); });
  }
  return mapping.finish();
}

// Plain words for what has a type of its own, so that `true` is not printed in quotes.
YamlNode fallback_node(const FieldSpec& spec) {
  if (spec.fallback.empty()) return {};
  const bool is_text = spec.kind == FieldKind::Text || spec.kind == FieldKind::Secret;
  return is_text ? yaml_text(std::string(spec.fallback)) : yaml_plain(std::string(spec.fallback));
}

YamlNode with_resolved_paths(ReadContext& context, YamlNode item, const FieldSpec& spec) {
  for (YamlEntry& entry : item.entries) {
    const bool is_path =
        std::any_of(spec.items.begin(), spec.items.end(), [&](const FieldSpec& inner) {
          return inner.kind == FieldKind::Path && inner.name == entry.key.text;
        });
    if (is_path) entry.value.text = resolve_path(context, entry.value.text);
  }
  return item;
}

bool is_default_shown(const YamlNode& node) {
  return node.kind == YamlNode::Kind::Null ||
         (node.kind == YamlNode::Kind::Scalar && node.text.empty()) ||
         (node.kind == YamlNode::Kind::Sequence && node.items.empty()) ||
         (node.kind == YamlNode::Kind::Mapping && node.entries.empty());
}

}  // namespace

size_t Fields::index_of(std::string_view name) const {
  const auto found = std::find_if(specs_.begin(), specs_.end(),
                                  [&](const FieldSpec& spec) { return spec.name == name; });
  CHECK(found != specs_.end());
  return static_cast<size_t>(found - specs_.begin());
}

const YamlNode& Fields::value(std::string_view name) const {
  return values_[index_of(name)];
}

void Fields::set(std::string_view name, YamlNode value) {
  values_[index_of(name)] = std::move(value);
}

const std::string& Fields::text(std::string_view name) const {
  return value(name).text;
}

bool Fields::flag(std::string_view name) const {
  const std::string& word = text(name);
  return word == "true" || word == "yes" || word == "on" || word == "True" || word == "TRUE";
}

uint64_t Fields::count(std::string_view name) const {
  uint64_t number = 0;
  const std::string& digits = text(name);
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

Duration Fields::duration(std::string_view name) const {
  return parse_duration(text(name)).value_or(Duration{});
}

bool Fields::is_set(std::string_view name) const {
  return !is_default_shown(value(name));
}

const std::string& item_text(const YamlNode& item, std::string_view key) {
  static const std::string kNone;
  for (const YamlEntry& entry : item.entries) {
    if (entry.key.text == key) return entry.value.text;
  }
  return kNone;
}

Fields read_fields(ReadContext& context, YamlMapping& mapping, std::span<const FieldSpec> specs,
                   const Fields* global) {
  Fields fields(specs);
  for (const FieldSpec& spec : specs) {
    mapping.value(spec.name, [&](const YamlNode& node) -> Result<void> {
      TRY(check_value(context.file, node, spec));
      fields.set(spec.name, node);
      return {};
    });
  }
  const auto is_given = [&](std::string_view name) {
    return std::any_of(specs.begin(), specs.end(),
                       [&](const FieldSpec& spec) { return spec.name == name; }) &&
           fields.is_set(name);
  };
  std::vector<std::pair<std::string_view, YamlNode>> inherited;
  for (const FieldSpec& spec : specs) {
    const std::string twin = twin_of(spec.name);
    if (spec.kind == FieldKind::Path && fields.is_set(spec.name)) {
      if (is_given(twin)) {
        mapping.require(mapping.error_at(
            spec.name,
            fmt::format("at most one of {} & {} must be configured; remove one", twin, spec.name)));
      }
      YamlNode path = fields.value(spec.name);
      path.text = resolve_path(context, path.text);
      fields.set(spec.name, std::move(path));
    }
    if (spec.kind == FieldKind::Item) {
      fields.set(spec.name, with_resolved_paths(context, fields.value(spec.name), spec));
    }
    if (fields.is_set(spec.name) || is_given(twin)) continue;
    if (is_given(spec.alternative) || is_given(twin_of(spec.alternative))) continue;
    if (global != nullptr && !spec.global.empty()) {
      inherited.emplace_back(spec.name, global->value(spec.global));
    }
  }
  for (auto& [name, value] : inherited) fields.set(name, std::move(value));
  for (const FieldSpec& spec : specs) {
    if (fields.value(spec.name).kind == YamlNode::Kind::Null && !is_given(twin_of(spec.name))) {
      fields.set(spec.name, fallback_node(spec));
    }
  }
  return fields;
}

void show_fields(YamlMapBuilder& out, const Fields& fields) {
  for (const FieldSpec& spec : fields.specs()) {
    const YamlNode& value = fields.value(spec.name);
    if (is_default_shown(value) && spec.show == Show::IfSet) continue;
    const bool is_secret = spec.kind == FieldKind::Secret && !is_default_shown(value);
    out.add(std::string(spec.name), is_secret ? yaml_plain("<secret>") : value);
  }
}

}  // namespace promenade::config
