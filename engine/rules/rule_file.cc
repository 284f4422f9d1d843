// Reads rule files. Each group and each rule is read by itself, so that an error in one doesn't
// hide those in the others. The texts of errors start as promtool's do
// (https://prometheus.io/docs/prometheus/latest/command-line/promtool/), because people search
// for them.
#include "rules/rule_file.h"

#include <fmt/format.h>

#include <set>

#include "base/strings.h"
#include "config/yaml_reader.h"
#include "model/labels.h"
#include "promql/parser/printer.h"
#include "template/prometheus_functions.h"

namespace promenade::rules {
namespace {

using config::Presence;
using config::YamlEntry;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

const YamlNode* value_of(const YamlNode& mapping, std::string_view key) {
  for (const YamlEntry& entry : mapping.entries) {
    if (entry.key.text == key && entry.value.kind != YamlNode::Kind::Null) return &entry.value;
  }
  return nullptr;
}

class Reader {
 public:
  Reader(const YamlFile& file, std::string_view text, const RuleFileOptions& options,
         RuleFile& found)
      : file_(file), text_(text), options_(options), found_(found) {}

  void read() {
    if (is_other_kind_of_file(file_.root())) return;
    YamlMapping mapping(file_, file_.root(), "a rule file");
    mapping.list("groups", [&](const YamlNode& node) -> Result<void> {
      read_group(node);
      return {};
    });
    keep(mapping.finish());
  }

 private:
  void keep(const Result<void>& result) {
    if (!result) found_.errors.push_back(result.error().message);
  }

  void error(const YamlNode& node, std::string_view message) {
    found_.errors.push_back(file_.error_at(node, message).value().message);
  }

  // Two mistakes that are made a lot, and that the list of unknown keys would not explain.
  bool is_other_kind_of_file(const YamlNode& root) {
    if (value_of(root, "kind") != nullptr && value_of(root, "spec") != nullptr) {
      error(root,
            fmt::format("this is a Kubernetes object (kind: {}), which an operator turns into rule "
                        "files; a rule file itself holds what stands under \"spec:\"",
                        value_of(root, "kind")->text));
      return true;
    }
    if (root.kind == YamlNode::Kind::Sequence) {
      error(root,
            "found a list, expected \"groups:\"; rules stand in groups: write \"groups:\", "
            "\"- name: ...\" and \"rules:\" above them");
      return true;
    }
    return false;
  }

  std::string at(LineColumn place, std::string_view message) const {
    return fmt::format("{}:{}:{}: {}", file_.name(), place.line, place.column, message);
  }

  void read_group(const YamlNode& node) {
    GroupDefinition group;
    group.file = file_.name();
    YamlMapping mapping(file_, node, "a rule group");
    mapping.text("name", group.name);
    mapping.duration("interval", group.interval);
    mapping.duration("query_offset", group.query_offset);
    mapping.count("limit", group.limit);
    config::TextMap labels;
    mapping.text_map("labels", labels);
    const YamlNode* rules = mapping.find("rules");
    keep(mapping.finish());
    if (group.interval && group.interval->ms == 0) group.interval.reset();

    const YamlNode* name = value_of(node, "name");
    if (group.name.empty()) {
      error(name != nullptr ? *name : node, "Groupname must not be empty; give the group a name");
    } else if (!names_.insert(group.name).second) {
      error(*name, fmt::format("groupname: {} is repeated in the same file; rename one, or put all "
                               "its rules into one group",
                               quote(group.name)));
    }
    prefix_ = fmt::format("group {}", quote(group.name));
    check_labels(value_of(node, "labels"));
    if (rules != nullptr) read_rules(*rules, labels, group);
    found_.groups.push_back(std::move(group));
  }

  void read_rules(const YamlNode& node, const config::TextMap& group_labels,
                  GroupDefinition& group) {
    if (node.kind != YamlNode::Kind::Sequence) {
      error(node, fmt::format("{}: rules: found {}, expected a list; start each rule with \"- \"",
                              prefix_, describe(node)));
      return;
    }
    const std::string group_prefix = prefix_;
    for (size_t i = 0; i < node.items.size(); ++i) {
      prefix_ = fmt::format("{}, rule {}", group_prefix, i + 1);
      group.rules.push_back(read_rule(node.items[i], group_labels));
    }
  }

  RuleDefinition read_rule(const YamlNode& node, const config::TextMap& group_labels) {
    std::string record, alert, expr;
    RuleDefinition rule;
    config::TextMap labels;
    YamlMapping mapping(file_, node, "a rule");
    mapping.text("record", record);
    mapping.text("alert", alert);
    mapping.text("expr", expr);
    mapping.duration("for", rule.hold);
    mapping.duration("keep_firing_for", rule.keep_firing_for);
    mapping.text_map("labels", labels);
    mapping.text_map("annotations", rule.annotations);
    const Result<void> finished = mapping.finish();
    keep(finished);

    rule.kind = record.empty() ? RuleKind::Alerting : RuleKind::Recording;
    rule.name = record.empty() ? alert : record;
    if (!rule.name.empty()) prefix_ += fmt::format(", {}", quote(rule.name));
    labels.insert(group_labels.begin(), group_labels.end());  // What is there already stays.
    rule.labels = std::move(labels);
    // A misspelt key would make "must be set" a second message about one mistake.
    if (finished) check_names(node, record, alert);
    if (finished || !expr.empty()) read_expr(node, expr, rule);
    if (!record.empty()) check_recording_rule(node, rule);
    check_labels(value_of(node, "labels"));
    check_annotations(value_of(node, "annotations"));
    if (rule.kind == RuleKind::Alerting) {
      check_templates(value_of(node, "labels"), "label", rule.name);
      check_templates(value_of(node, "annotations"), "annotation", rule.name);
    }
    return rule;
  }

  void check_names(const YamlNode& node, const std::string& record, const std::string& alert) {
    if (!record.empty() && !alert.empty()) {
      error(*value_of(node, "record"), prefix_ +
                                           ": only one of 'record' and 'alert' must be set; make "
                                           "two rules of it");
    }
    if (record.empty() && alert.empty()) {
      error(node, prefix_ +
                      ": one of 'record' or 'alert' must be set; name the metric to record, or "
                      "the alert");
    }
  }

  void read_expr(const YamlNode& node, const std::string& text, RuleDefinition& rule) {
    const YamlNode* value = value_of(node, "expr");
    if (text.empty()) {
      error(value != nullptr ? *value : node,
            prefix_ + ": field 'expr' must be set in rule; write the PromQL expression there");
      return;
    }
    auto expr = promql::parse(text, options_.parser);
    if (!expr) {
      const uint32_t offset = expr.error().span ? expr.error().span->begin : 0;
      found_.errors.push_back(at(position_in_scalar(text_, *value, offset),
                                 fmt::format("{}: could not parse expression: {}", prefix_,
                                             promql::describe_parse_error(text, expr.error()))));
      return;
    }
    rule.expr = std::move(*expr);
    rule.expr_text = promql::to_string(*rule.expr);
    if (rule.expr->type != promql::ValueType::Vector &&
        rule.expr->type != promql::ValueType::Scalar) {
      warn(*value, fmt::format("{}: the expression is a {}, so every evaluation will fail; a rule "
                               "needs an instant vector or a scalar",
                               prefix_, promql::document_name(rule.expr->type)));
    }
  }

  void warn(const YamlNode& node, const std::string& message) {
    found_.warnings.push_back(file_.error_at(node, message).value().message);
  }

  void check_recording_rule(const YamlNode& node, const RuleDefinition& rule) {
    for (const std::string_view key : {"annotations", "for", "keep_firing_for"}) {
      const YamlNode* value = value_of(node, key);
      const bool is_set =
          value != nullptr && (key == "for"           ? rule.hold.ms != 0
                               : key == "annotations" ? !rule.annotations.empty()
                                                      : rule.keep_firing_for.ms != 0);
      if (!is_set) continue;
      error(*value, fmt::format("{}: invalid field '{}' in recording rule; only alerts have it",
                                prefix_, key));
    }
    const YamlNode& record = *value_of(node, "record");
    if (rule.name.find_first_of("{}") != std::string::npos) {
      error(record, fmt::format("{}: braces present in the recording rule name; should it be in "
                                "expr?: {}",
                                prefix_, rule.name));
    } else if (options_.legacy_names ? !is_legacy_metric_name(rule.name) : !is_utf8(rule.name)) {
      error(record, fmt::format("{}: invalid recording rule name: {}", prefix_, rule.name));
    } else if (!is_legacy_metric_name(rule.name)) {
      warn(record, fmt::format("{}: the name needs quotes in every query: {{{}}}; letters, digits, "
                               "_ and : don't",
                               prefix_, quote(rule.name)));
    }
  }

  bool is_label_name(const std::string& name) const {
    return options_.legacy_names ? is_legacy_label_name(name) : !name.empty() && is_utf8(name);
  }

  void check_labels(const YamlNode* labels) {
    if (labels == nullptr) return;
    for (const YamlEntry& label : labels->entries) {
      if (!is_label_name(label.key.text) || label.key.text == kMetricName) {
        error(label.key, fmt::format("{}: invalid label name: {}", prefix_, label.key.text));
      }
      if (!is_utf8(label.value.text)) {
        error(label.value, fmt::format("{}: invalid label value: {}", prefix_, label.value.text));
      }
    }
  }

  void check_annotations(const YamlNode* annotations) {
    if (annotations == nullptr) return;
    for (const YamlEntry& annotation : annotations->entries) {
      if (is_label_name(annotation.key.text)) continue;
      error(annotation.key,
            fmt::format("{}: invalid annotation name: {}", prefix_, annotation.key.text));
    }
  }

  void check_templates(const YamlNode* texts, std::string_view what, const std::string& alert) {
    if (texts == nullptr) return;
    for (const YamlEntry& entry : texts->entries) {
      const auto checked = templates::check_alert_template(alert, entry.value.text);
      if (checked) continue;
      const uint32_t offset = checked.error().span ? checked.error().span->begin : 0;
      found_.errors.push_back(at(position_in_scalar(text_, entry.value, offset),
                                 fmt::format("{}: {} {}: {}", prefix_, what, quote(entry.key.text),
                                             checked.error().message)));
    }
  }

  const YamlFile& file_;
  std::string_view text_;
  const RuleFileOptions& options_;
  RuleFile& found_;
  std::set<std::string> names_;
  std::string prefix_;  // What the messages are about: group "g", rule 1, "Down".
};

}  // namespace

bool operator==(const RuleDefinition& a, const RuleDefinition& b) {
  return a.kind == b.kind && a.name == b.name && a.expr_text == b.expr_text &&
         a.labels == b.labels && a.annotations == b.annotations && a.hold == b.hold &&
         a.keep_firing_for == b.keep_firing_for;
}

bool operator==(const GroupDefinition& a, const GroupDefinition& b) {
  return a.name == b.name && a.file == b.file && a.interval == b.interval &&
         a.query_offset == b.query_offset && a.limit == b.limit && a.rules == b.rules;
}

RuleFile parse_rule_file(const std::string& file_name, std::string_view text,
                         const RuleFileOptions& options) {
  RuleFile found;
  const auto file = YamlFile::parse(file_name, text, config::FurtherDocuments::Ignore);
  if (!file) {
    found.errors.push_back(file.error().message);
    return found;
  }
  Reader(*file, text, options, found).read();
  return found;
}

}  // namespace promenade::rules
