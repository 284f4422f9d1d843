// Rule files: what is read, and every kind of mistake with its place.
#include "rules/rule_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/strings.h"
#include "sim/memory_file_system.h"

namespace promenade::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(RuleFile, ReadsGroupsAndRules) {
  const RuleFile file = parse_rule_file("r.yml", R"(
groups:
  - name: node
    interval: 30s
    query_offset: 10s
    limit: 5
    labels: {team: infra, tier: "1"}
    rules:
      - record: instance:cpu:rate5m
        expr: sum by(instance) (rate( cpu_seconds_total[5m] ))
        labels: {tier: 2, gone: ""}
      - alert: Down
        expr: up == 0
        for: 5m
        keep_firing_for: 10m
        labels: {severity: page}
        annotations: {summary: "{{ $labels.instance }} is down"}
  - name: empty
)");
  EXPECT_THAT(file.errors, IsEmpty());
  EXPECT_THAT(file.warnings, IsEmpty());
  ASSERT_EQ(file.groups.size(), 2u);
  const GroupDefinition& group = file.groups[0];
  EXPECT_EQ(group.file, "r.yml");
  EXPECT_EQ(group.interval, Duration::seconds(30));
  EXPECT_EQ(group.query_offset, Duration::seconds(10));
  EXPECT_EQ(group.limit, 5u);
  ASSERT_EQ(group.rules.size(), 2u);
  EXPECT_EQ(group.rules[0].kind, RuleKind::Recording);
  EXPECT_EQ(group.rules[0].expr_text, "sum by (instance) (rate(cpu_seconds_total[5m]))");
  EXPECT_EQ(group.rules[0].labels,
            (config::TextMap{{"team", "infra"}, {"tier", "2"}, {"gone", ""}}));
  EXPECT_EQ(group.rules[1].name, "Down");
  EXPECT_EQ(group.rules[1].hold, Duration::minutes(5));
  EXPECT_EQ(group.rules[1].keep_firing_for, Duration::minutes(10));
  EXPECT_EQ(group.rules[1].annotations.at("summary"), "{{ $labels.instance }} is down");
  EXPECT_EQ(group.rules[1].labels.at("team"), "infra");
  EXPECT_FALSE(file.groups[1].interval);
}

TEST(RuleFile, OnlyTheFirstDocumentCounts) {
  EXPECT_THAT(parse_rule_file("r.yml", "").errors, IsEmpty());
  const RuleFile file = parse_rule_file("r.yml", "groups: [{name: a}]\n---\nanything: [\n");
  EXPECT_THAT(file.errors, IsEmpty());
  EXPECT_EQ(file.groups.size(), 1u);
}

// The errors of one rule, without "r.yml:".
std::string errors_of_rule(const std::string& lines) {
  std::string text = "groups:\n- name: g\n  rules:\n  - ";
  for (const char c : lines) text += c == '\n' ? std::string("\n    ") : std::string(1, c);
  std::vector<std::string> errors = parse_rule_file("r.yml", text).errors;
  for (std::string& error : errors) error = error.substr(6);
  return join(errors, "\n");
}

struct Mistake {
  const char* rule;
  const char* error;  // Its beginning, behind the file's name.
};

constexpr Mistake kMistakes[] = {
    {"record: a\nalert: b\nexpr: 1",
     "4:13: group \"g\", rule 1, \"a\": only one of 'record' and 'alert' must be set"},
    {"expr: 1", "4:5: group \"g\", rule 1: one of 'record' or 'alert' must be set"},
    {"record: a", "4:5: group \"g\", rule 1, \"a\": field 'expr' must be set in rule"},
    {"record: a\nexpr: ''", "5:11: group \"g\", rule 1, \"a\": field 'expr' must be set in rule"},
    {"record: a\nexpr: 1\nfor: 5m",
     "6:10: group \"g\", rule 1, \"a\": invalid field 'for' in recording rule"},
    {"record: a\nexpr: 1\nkeep_firing_for: 5m",
     "6:22: group \"g\", rule 1, \"a\": invalid field 'keep_firing_for' in recording rule"},
    {"record: a\nexpr: 1\nannotations: {a: b}",
     "6:18: group \"g\", rule 1, \"a\": invalid field 'annotations' in recording rule"},
    {"record: a{b=\"c\"}\nexpr: 1",
     "4:13: group \"g\", rule 1, \"a{b=\\\"c\\\"}\": braces present in the recording rule name; "
     "should "
     "it be in expr?: a{b=\"c\"}"},
    {"record: a\nexpr: 1\nlabels: {__name__: b}",
     "6:14: group \"g\", rule 1, \"a\": invalid label name: __name__"},
    {"alert: a\nexpr: 1\nfor: 5",
     "6:10: for: found \"5\", expected a duration such as 15s or 1m30s; did you mean 5s?"},
    {"alert: a\nexpr: 1\nlables: {}",
     "6:5: found the unknown key \"lables\" in a rule; did you mean \"labels\"?"},
    {"alert: a\nexpr: 1\nlabels: [b]",
     "6:13: labels: found a list, expected a mapping of \"name: value\" lines"},
    // The place inside the expression, however it is written.
    {"record: a\nexpr: sum(b))",
     "5:17: group \"g\", rule 1, \"a\": could not parse expression: 1:7: parse error: "},
    {"record: a\nexpr: \"sum(b{c=\\\"d\\\"}))\"",
     "5:27: group \"g\", rule 1, \"a\": could not parse"},
    {"record: a\nexpr: 'sum(b{c=''d''}))'", "5:27: group \"g\", rule 1, \"a\": could not parse"},
    {"record: a\nexpr: |\n  sum(b)\n    / / sum(c)", "7:11: group \"g\", rule 1, \"a\": could not"},
    {"record: a\nexpr: >-\n  sum(b)\n  / / sum(c)", "7:9: group \"g\", rule 1, \"a\": could not"},
    {"record: a\nexpr: sum(b)\n  / / sum(c)", "6:9: group \"g\", rule 1, \"a\": could not parse"},
};

TEST(RuleFile, NamesThePlaceOfEveryMistake) {
  for (const Mistake& mistake : kMistakes) {
    EXPECT_THAT(errors_of_rule(mistake.rule), ::testing::StartsWith(mistake.error)) << mistake.rule;
  }
}

TEST(RuleFile, RefusesBrokenTemplatesOfAlerts) {
  for (const char* what : {"label", "annotation"}) {
    EXPECT_THAT(
        errors_of_rule(std::string("alert: a\nexpr: 1\n") + what + "s: {s: \"{{ $value \"}"),
        ::testing::AllOf(::testing::StartsWith("6:"),
                         HasSubstr(std::string("group \"g\", rule 1, \"a\": ") + what +
                                   " \"s\": template: __alert_a:1")));
  }
  // A recording rule's labels are plain text.
  EXPECT_EQ(errors_of_rule("record: a\nexpr: 1\nlabels: {s: \"{{ $value \"}"), "");
}

TEST(RuleFile, CollectsAllErrorsOfAFile) {
  const RuleFile file = parse_rule_file("r.yml", R"(groups:
- name: a
  interval: soon
  rules:
  - record: r
    expr: sum(
  - alert: A
- name: a
- rules: []
- name: b
  labels: {"": x}
  rules: {record: c}
surprise: 1
)");
  std::vector<std::string> places;
  for (const std::string& error : file.errors) places.push_back(error.substr(0, error.find(": ")));
  EXPECT_THAT(places, ElementsAre("r.yml:3:13", "r.yml:6:15", "r.yml:7:5", "r.yml:8:9", "r.yml:9:3",
                                  "r.yml:11:12", "r.yml:12:10", "r.yml:13:1"));
}

TEST(RuleFile, BadYamlIsOneError) {
  EXPECT_THAT(parse_rule_file("r.yml", "groups: [").errors,
              ElementsAre(HasSubstr("r.yml:1:1: not valid YAML")));
  EXPECT_THAT(
      parse_rule_file("r.yml", "- a\n").errors,
      ElementsAre(HasSubstr("r.yml:1:1: found a list, expected \"groups:\"; rules stand in")));
  EXPECT_THAT(
      parse_rule_file("r.yml", "kind: PrometheusRule\nspec: {groups: []}\n").errors,
      ElementsAre(HasSubstr("r.yml:1:1: this is a Kubernetes object (kind: PrometheusRule)")));
}

TEST(RuleFile, WarnsOfWhatIsValidAndWillNotWork) {
  const RuleFile file = parse_rule_file("r.yml",
                                        "groups: [{name: g, rules: [{record: a, expr: 'b[5m]'}, "
                                        "{record: a-b, expr: 1}]}]");
  EXPECT_THAT(file.errors, IsEmpty());
  EXPECT_THAT(
      file.warnings,
      ElementsAre(HasSubstr("r.yml:1:46: group \"g\", rule 1, \"a\": the expression is a range "
                            "vector, so every evaluation will fail"),
                  HasSubstr("the name needs quotes in every query: {\"a-b\"}")));
}

TEST(RuleFile, LegacyNamesAreStricter) {
  const std::string text =
      "groups: [{name: g, rules: [{alert: a, expr: 1, labels: {a.b: c}, annotations: {d.e: f}}, "
      "{record: a-b, expr: 1}]}]";
  EXPECT_THAT(parse_rule_file("r.yml", text).errors, IsEmpty());
  EXPECT_THAT(
      parse_rule_file("r.yml", text, {.legacy_names = true}).errors,
      ElementsAre(HasSubstr("invalid label name: a.b"), HasSubstr("invalid annotation name: d.e"),
                  HasSubstr("invalid recording rule name: a-b")));
}

TEST(RuleFiles, AreFoundByPattern) {
  sim::MemoryFileSystem files;
  for (const char* name : {"a.yml", "b.yml", "c.yaml", "ab.yml", "sub/d.yml"}) {
    files.write(std::string("r/") + name, "");
  }
  const struct {
    const char* pattern;
    std::vector<std::string> paths;
  } cases[] = {
      {"r/*.yml", {"r/a.yml", "r/ab.yml", "r/b.yml"}},
      {"r/?.y*ml", {"r/a.yml", "r/b.yml", "r/c.yaml"}},
      {"r/[a-b].yml", {"r/a.yml", "r/b.yml"}},
      {"r/[^a].yml", {"r/b.yml"}},
      {"r/a.yml", {"r/a.yml"}},
      {"r/\\a.yml", {"r/a.yml"}},
      {"r/*a*b*.yml", {"r/ab.yml"}},
      {"r/missing.yml", {}},
      {"missing/*.yml", {}},
      {"r/sub", {}},
  };
  for (const auto& [pattern, paths] : cases) {
    const auto found = expand_rule_files(files, pattern);
    ASSERT_TRUE(found) << pattern;
    EXPECT_EQ(*found, paths) << pattern;
  }
  for (const char* pattern : {"r/[a", "r/[]", "r/[a-]", "r/a\\"}) {
    const auto found = expand_rule_files(files, pattern);
    ASSERT_FALSE(found) << pattern;
    EXPECT_THAT(found.error().message, HasSubstr("syntax error in pattern"));
  }
}

TEST(RuleFiles, AreLoadedTogetherOrNotAtAll) {
  sim::MemoryFileSystem files;
  files.write("r/a.yml", "groups: [{name: g, rules: [{record: a, expr: 1}]}]");
  files.write("r/b.yml", "groups: [{name: g, rules: [{record: b, expr: 1}]}]");
  config::Config config;
  config.rule_files = {"r/*.yml", "r/a.yml"};
  std::vector<std::string> warnings;
  const auto groups = load_rule_files(config, files, {}, warnings);
  ASSERT_TRUE(groups) << groups.error().message;
  EXPECT_EQ(groups->size(), 2u);

  files.write("r/b.yml", "groups: [{name: g, rules: [{record: b, expr: +}]}]");
  files.write("r/c.yml", "groups: 1");
  const auto broken = load_rule_files(config, files, {}, warnings);
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().message, HasSubstr("r/b.yml:1:"));
  EXPECT_THAT(broken.error().message, HasSubstr("\nr/c.yml:1:9: "));
}

}  // namespace
}  // namespace promenade::rules
