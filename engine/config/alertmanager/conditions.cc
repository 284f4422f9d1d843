// match, match_re and matchers: three ways to write the same thing.
#include <fmt/format.h>

#include "base/strings.h"
#include "config/alertmanager/alertmanager_sections.h"
#include "model/labels.h"

namespace promenade::config {
namespace {

// Reads one of the two old mappings; `value_text` makes the matcher's value of the text.
template <typename MakeMatcher>
void read_old(ReadContext& context, YamlMapping& mapping, std::string_view key, TextMap& out,
              std::vector<Matcher>& all, MakeMatcher make) {
  mapping.entries(key, [&](const YamlNode& name, const YamlNode& value) -> Result<void> {
    const std::string text =
        value.kind == YamlNode::Kind::Null ? "" : TRY(context.file.text(value, name.text));
    if (!is_legacy_label_name(name.text)) {
      return context.file.error_at(
          name, fmt::format("invalid label name {}: expected letters, digits and _; other names "
                            "can stand in matchers",
                            quote(name.text)));
    }
    auto matcher = make(name.text, text);
    if (!matcher) return context.file.error_at(value, matcher.error().message);
    out[name.text] = text;
    all.push_back(std::move(*matcher));
    return {};
  });
}

Result<void> read_entry(const YamlFile& file, const YamlNode& node, std::string_view key,
                        MatcherGrammar grammar, std::vector<Matcher>& out) {
  const std::string text = TRY(file.text(node, key));
  auto matchers = parse_label_matchers(text, grammar);
  if (!matchers) {
    return file.error_at(node, fmt::format("{}: found {}: {}; expected something such as "
                                           "severity=~\"page|ticket\"",
                                           key, quote(text), matchers.error().message));
  }
  out.insert(out.end(), matchers->begin(), matchers->end());
  return {};
}

}  // namespace

void read_conditions(ReadContext& context, YamlMapping& mapping, const MatcherKeys& keys,
                     MatcherGrammar grammar, MatcherConfig& out) {
  read_old(context, mapping, keys.match, out.match, out.all,
           [](const std::string& name, const std::string& value) -> Result<Matcher> {
             return Matcher::equal(name, value);
           });
  read_old(context, mapping, keys.match_re, out.match_re, out.all,
           [](const std::string& name, const std::string& value) {
             // First as written, for the sake of the message.
             const auto checked = compile_anchored(value);
             if (!checked) return Result<Matcher>(tl::unexpected(checked.error()));
             return Matcher::create(MatchType::Regex, name, "^(?:" + value + ")$");
           });
  // A single text is a list of one.
  if (const YamlNode* node = mapping.find(keys.matchers);
      node != nullptr && node->kind == YamlNode::Kind::Scalar) {
    mapping.require(read_entry(context.file, *node, keys.matchers, grammar, out.matchers));
  } else {
    mapping.list(keys.matchers, [&](const YamlNode& item) {
      return read_entry(context.file, item, keys.matchers, grammar, out.matchers);
    });
  }
  sort_label_matchers(out.matchers);
  out.all.insert(out.all.end(), out.matchers.begin(), out.matchers.end());
  sort_label_matchers(out.all);
}

Result<InhibitRuleConfig> read_inhibit_rule(ReadContext& context, const YamlNode& node,
                                            MatcherGrammar grammar) {
  InhibitRuleConfig rule;
  YamlMapping mapping(context.file, node, "an inhibition rule");
  mapping.text("name", rule.name);
  read_conditions(context, mapping, {"source_match", "source_match_re", "source_matchers"}, grammar,
                  rule.source);
  read_conditions(context, mapping, {"target_match", "target_match_re", "target_matchers"}, grammar,
                  rule.target);
  mapping.text_list("equal", rule.equal);
  TRY(mapping.finish());
  return rule;
}

}  // namespace promenade::config
