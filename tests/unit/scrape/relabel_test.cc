// Inputs and outputs after Prometheus's model/relabel/relabel_test.go and
// https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config.
#include "scrape/relabel.h"

#include <gtest/gtest.h>

#include "config/config.h"

namespace promenade::scrape {
namespace {

std::vector<config::RelabelConfig> rules(const std::string& yaml) {
  const auto config = config::parse_config(
      "p.yml", "scrape_configs: [{job_name: x, relabel_configs: [" + yaml + "]}]");
  EXPECT_TRUE(config) << config.error().message;
  return config ? config->scrape_configs[0].relabel_configs : std::vector<config::RelabelConfig>();
}

// The labels after the rules, or "dropped".
std::string relabelled(const Labels& labels, const std::string& yaml) {
  LabelsBuilder builder(labels);
  return relabel(builder, rules(yaml)) ? builder.build().to_string() : "dropped";
}

const Labels kAbc = {{"a", "foo"}, {"b", "bar"}, {"c", "baz"}};

TEST(Relabel, TableOfActions) {
  const struct {
    const char* rules;
    const char* result;
  } cases[] = {
      // replace
      {"{source_labels: [a], regex: 'f(.*)', target_label: d, replacement: 'ch${1}-ch${1}'}",
       R"({a="foo", b="bar", c="baz", d="choo-choo"})"},
      {"{source_labels: [a, b], regex: 'foo;bar', target_label: a, replacement: x}",
       R"({a="x", b="bar", c="baz"})"},
      {"{source_labels: [a], regex: 'oo', target_label: d, replacement: x}",  // Anchored.
       R"({a="foo", b="bar", c="baz"})"},
      {"{source_labels: [a], target_label: d}", R"({a="foo", b="bar", c="baz", d="foo"})"},
      {"{target_label: d, replacement: x}", R"({a="foo", b="bar", c="baz", d="x"})"},
      {"{source_labels: [missing], target_label: a}", R"({b="bar", c="baz"})"},
      {"{source_labels: [a], regex: '(?P<first>.).*', target_label: d, replacement: '$first'}",
       R"({a="foo", b="bar", c="baz", d="f"})"},
      {"{source_labels: [a], regex: '(.)(.*)', target_label: 'l_$1', replacement: '$2'}",
       R"({a="foo", b="bar", c="baz", l_f="oo"})"},
      {"{source_labels: [a], regex: '(.).*', target_label: d, replacement: '$1_x'}",  // Group
                                                                                      // "1_x".
       R"({a="foo", b="bar", c="baz"})"},
      {"{source_labels: [a], regex: '(.).*', target_label: d, replacement: '$$1 ${ $9|'}",
       R"({a="foo", b="bar", c="baz", d="$1 ${ |"})"},
      {"{source_labels: [a], regex: '(f)|(g)', target_label: d, replacement: '$2'}",
       R"({a="foo", b="bar", c="baz"})"},
      {"{source_labels: [a], separator: '-', regex: '', target_label: d, replacement: x}",
       R"({a="foo", b="bar", c="baz"})"},
      // keep, drop
      {"{source_labels: [a], regex: 'f.*', action: keep}", R"({a="foo", b="bar", c="baz"})"},
      {"{source_labels: [a], regex: 'f', action: keep}", "dropped"},
      {"{source_labels: [a], regex: '.*o.*', action: drop}", "dropped"},
      {"{source_labels: [missing], regex: '', action: drop}", "dropped"},
      // A drop ends it: the later rule would fail to match anyway, the order matters.
      {"{source_labels: [a], regex: foo, action: drop}, {target_label: a, replacement: x}",
       "dropped"},
      {"{target_label: a, replacement: x}, {source_labels: [a], regex: foo, action: drop}",
       R"({a="x", b="bar", c="baz"})"},
      // keepequal, dropequal
      {"{source_labels: [a], target_label: b, action: keepequal}", "dropped"},
      {"{source_labels: [a], target_label: a, action: keepequal}",
       R"({a="foo", b="bar", c="baz"})"},
      {"{source_labels: [a], target_label: a, action: dropequal}", "dropped"},
      {"{source_labels: [a], target_label: b, action: dropequal}",
       R"({a="foo", b="bar", c="baz"})"},
      // hashmod: the figures of Prometheus's own test.
      {"{source_labels: [c], target_label: d, action: hashmod, modulus: 1000}",
       R"({a="foo", b="bar", c="baz", d="976"})"},
      // labelmap, labeldrop, labelkeep
      {"{regex: '(a|b)', replacement: 'x_$1', action: labelmap}",
       R"({a="foo", b="bar", c="baz", x_a="foo", x_b="bar"})"},
      {"{regex: '[ab]', action: labeldrop}", R"({c="baz"})"},
      {"{regex: '[ab]', action: labelkeep}", R"({a="foo", b="bar"})"},
      // lowercase, uppercase
      {"{source_labels: [a, b], separator: ' ', target_label: d, action: uppercase}",
       R"({a="foo", b="bar", c="baz", d="FOO BAR"})"},
      {"{target_label: d, replacement: 'AÜβЖж'}, "
       "{source_labels: [d], target_label: d, action: lowercase}",
       R"({a="foo", b="bar", c="baz", d="aüβжж"})"},
      {"{target_label: d, replacement: 'aüβЖж1ß'}, "
       "{source_labels: [d], target_label: d, action: uppercase}",
       R"({a="foo", b="bar", c="baz", d="AÜΒЖЖ1ß"})"},
  };
  for (const auto& c : cases) EXPECT_EQ(relabelled(kAbc, c.rules), c.result) << c.rules;
}

TEST(Relabel, ADotMatchesALineEnd) {
  EXPECT_EQ(relabelled({{"a", "x\ny"}}, "{source_labels: [a], regex: 'x.y', action: drop}"),
            "dropped");
}

TEST(Relabel, LabelmapReadsTheLabelsAsTheyWere) {
  EXPECT_EQ(relabelled({{"a", "1"}, {"aa", "2"}},
                       "{regex: '(a+)', replacement: 'a$1', action: labelmap}"),
            R"({a="1", aa="1", aaa="2"})");
}

}  // namespace
}  // namespace promenade::scrape
