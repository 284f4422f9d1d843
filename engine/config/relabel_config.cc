// Reads one relabelling rule and refuses the combinations that Prometheus refuses (model/relabel).
#include "config/relabel_config.h"

#include <fmt/format.h>

#include <array>

#include "base/strings.h"
#include "model/matcher.h"

namespace promenade::config {
namespace {

// In the order of RelabelAction.
constexpr std::array<std::string_view, 11> kActionNames = {
    "replace",  "keep",      "drop",      "keepequal", "dropequal", "hashmod",
    "labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase"};

bool needs_target_label(RelabelAction action) {
  switch (action) {
    case RelabelAction::Replace:
    case RelabelAction::HashMod:
    case RelabelAction::Lowercase:
    case RelabelAction::Uppercase:
    case RelabelAction::KeepEqual:
    case RelabelAction::DropEqual:
      return true;
    default:
      return false;
  }
}

// What the rule sets besides its defaults.
struct Deviations {
  bool regex, separator, modulus, replacement, target_label, source_labels;

  explicit Deviations(const RelabelConfig& rule) {
    const RelabelConfig defaults;
    regex = rule.regex != defaults.regex;
    separator = rule.separator != defaults.separator;
    modulus = rule.modulus != defaults.modulus;
    replacement = rule.replacement != defaults.replacement;
    target_label = !rule.target_label.empty();
    source_labels = !rule.source_labels.empty();
  }
};

Result<void> check_equal_action(const RelabelConfig& rule, const YamlMapping& mapping) {
  const Deviations set(rule);
  if (set.replacement) {
    return mapping.error_at("replacement", fmt::format("'replacement' can not be set for {} action",
                                                       to_string(rule.action)));
  }
  if (set.regex || set.modulus || set.separator) {
    return mapping.error_at(
        set.regex     ? "regex"
        : set.modulus ? "modulus"
                      : "separator",
        fmt::format("{} action requires only 'source_labels' and 'target_label', and no other "
                    "fields; remove this one",
                    to_string(rule.action)));
  }
  return {};
}

Result<void> check_label_name_action(const RelabelConfig& rule, const YamlMapping& mapping) {
  const Deviations set(rule);
  if (!set.source_labels && !set.target_label && !set.modulus && !set.separator &&
      !set.replacement) {
    return {};
  }
  return mapping.error_at(
      set.source_labels  ? "source_labels"
      : set.target_label ? "target_label"
      : set.modulus      ? "modulus"
      : set.separator    ? "separator"
                         : "replacement",
      fmt::format("{} action requires only 'regex', and no other fields; remove this one",
                  to_string(rule.action)));
}

Result<void> check_target_label(const RelabelConfig& rule, const YamlMapping& mapping) {
  if (!needs_target_label(rule.action)) return {};
  if (rule.target_label.empty()) {
    return mapping.error_at(
        "target_label",
        fmt::format("relabel configuration for {} action requires 'target_label' value; add the "
                    "name of the label to write",
                    to_string(rule.action)));
  }
  if (!is_utf8(rule.target_label)) {
    return mapping.error_at("target_label",
                            fmt::format("{} is invalid 'target_label' for {} action",
                                        quote(rule.target_label), to_string(rule.action)));
  }
  return {};
}

Result<void> check_rule(const RelabelConfig& rule, const YamlMapping& mapping) {
  TRY(check_target_label(rule, mapping));
  switch (rule.action) {
    case RelabelAction::HashMod:
      if (rule.modulus == 0) {
        return mapping.error_at("modulus",
                                "relabel configuration for hashmod requires non-zero modulus");
      }
      return {};
    case RelabelAction::LabelMap:
      if (rule.replacement.empty() || !is_utf8(rule.replacement)) {
        return mapping.error_at("replacement",
                                fmt::format("{} is invalid 'replacement' for labelmap action",
                                            quote(rule.replacement)));
      }
      return {};
    case RelabelAction::Lowercase:
    case RelabelAction::Uppercase:
      if (Deviations(rule).replacement) {
        return mapping.error_at(
            "replacement",
            fmt::format("'replacement' can not be set for {} action", to_string(rule.action)));
      }
      return {};
    case RelabelAction::KeepEqual:
    case RelabelAction::DropEqual:
      return check_equal_action(rule, mapping);
    case RelabelAction::LabelDrop:
    case RelabelAction::LabelKeep:
      return check_label_name_action(rule, mapping);
    default:
      return {};
  }
}

Result<RelabelAction> read_action(const YamlFile& file, const YamlNode& node) {
  YamlNode lower = node;
  lower.text = to_lower(node.text);  // Prometheus ignores case here.
  if (node.kind == YamlNode::Kind::Scalar && node.text.empty()) {
    return file.error_at(node, "relabel action cannot be empty");
  }
  return static_cast<RelabelAction>(TRY(file.choice(lower, "action", kActionNames)));
}

}  // namespace

std::string_view to_string(RelabelAction action) {
  return kActionNames[static_cast<size_t>(action)];
}

Result<RelabelConfig> parse_relabel_config(const YamlFile& file, const YamlNode& node) {
  RelabelConfig rule;
  YamlMapping mapping(file, node, "a relabelling rule");
  mapping.text_list("source_labels", rule.source_labels);
  mapping.text("separator", rule.separator);
  mapping.text("regex", rule.regex);
  mapping.count("modulus", rule.modulus);
  mapping.text("target_label", rule.target_label);
  mapping.text("replacement", rule.replacement);
  mapping.value("action", [&](const YamlNode& action) -> Result<void> {
    rule.action = TRY(read_action(file, action));
    return {};
  });
  auto compiled = compile_anchored(rule.regex);
  if (compiled) {
    rule.compiled = std::move(*compiled);
  } else {
    mapping.require(mapping.error_at(
        "regex", fmt::format("regex: found {}, expected an RE2 regular expression: {}",
                             quote(rule.regex), compiled.error().message)));
  }
  TRY(mapping.finish());
  TRY(check_rule(rule, mapping));
  return rule;
}

}  // namespace promenade::config
