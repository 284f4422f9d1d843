// Merging, relabelling and the limits on labels: tables.
#include "scrape/sample_labels.h"

#include <gtest/gtest.h>

namespace promenade::scrape {
namespace {

// As Prometheus's scrape/scrape_test.go has it for honor_labels.
TEST(MergeLabels, TheTargetWinsAndConflictsAreRenamed) {
  const Labels target = {{"instance", "i1"}, {"job", "j"}};
  const Labels exposed = {
      {"__name__", "m"}, {"instance", "x"}, {"exported_instance", "y"}, {"job", "z"}};
  EXPECT_EQ(merge_labels(exposed, "", target, false).build().to_string(),
            R"(m{exported_exported_instance="x", exported_instance="y", exported_job="z", )"
            R"(instance="i1", job="j"})");
  EXPECT_EQ(merge_labels(exposed, "", target, true).build().to_string(),
            R"(m{exported_instance="y", instance="x", job="z"})");
}

TEST(MergeLabels, AnExposedEmptyLabelKeepsTheTargetsAwayWhenHonored) {
  const Labels target = {{"instance", "i1"}, {"job", "j"}};
  const Labels exposed = {{"__name__", "m"}};
  const struct {
    const char* series;
    const char* result;
  } cases[] = {
      {R"(m{instance=""})", R"(m{job="j"})"},
      {R"(m{ x = "a" , instance = "" , })", R"(m{job="j"})"},
      {R"({"m","instance"=""})", R"(m{job="j"})"},
      {R"(m{x="instance", y=""})", R"(m{instance="i1", job="j"})"},
      {R"(m{x="instance=\"\""})", R"(m{instance="i1", job="j"})"},
      {R"(m{my_instance=""})", R"(m{instance="i1", job="j"})"},
      {"m", R"(m{instance="i1", job="j"})"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(merge_labels(exposed, c.series, target, true).build().to_string(), c.result)
        << c.series;
  }
}

std::string stored(const std::string& job_lines, const Labels& exposed) {
  const auto config =
      config::parse_config("p.yml", "scrape_configs:\n- job_name: x\n  " + job_lines + "\n");
  EXPECT_TRUE(config) << config.error().message;
  const auto labels =
      stored_labels(config->scrape_configs.at(0), exposed, "", Labels{{"job", "j"}});
  if (!labels) return labels.error().message;
  return *labels ? (*labels)->to_string() : "dropped";
}

TEST(StoredLabels, RelabellingAndLimits) {
  const Labels exposed = {{"__name__", "metric"}, {"a", "1"}, {"long_label", "long value"}};
  const struct {
    const char* job_lines;
    const char* result;
  } cases[] = {
      {"", R"(metric{a="1", job="j", long_label="long value"})"},
      {"metric_relabel_configs: [{source_labels: [__name__, job], regex: metric;j, action: drop}]",
       "dropped"},
      {"metric_relabel_configs: [{regex: __name__, action: labeldrop}]",
       "missing metric name (__name__ label)"},
      {"metric_relabel_configs: [{target_label: __name__, replacement: 'a.b'}]",
       R"({"a.b", a="1", job="j", long_label="long value"})"},
      {"metric_name_validation_scheme: legacy\n"
       "  metric_relabel_configs: [{target_label: __name__, replacement: 'a.b'}]",
       R"(invalid metric name or label names: {"a.b", a="1", job="j", long_label="long value"})"},
      {"label_limit: 4", R"(metric{a="1", job="j", long_label="long value"})"},
      {"label_limit: 3", "label_limit exceeded (metric: metric, number of labels: 4, limit: 3)"},
      {"label_name_length_limit: 9",
       "label_name_length_limit exceeded (metric: metric, label name: long_label, length: 10, "
       "limit: 9)"},
      {"label_value_length_limit: 9",
       "label_value_length_limit exceeded (metric: metric, label name: long_label, value: \"long "
       "value\", length: 10, limit: 9)"},
  };
  for (const auto& c : cases) EXPECT_EQ(stored(c.job_lines, exposed), c.result) << c.job_lines;
}

}  // namespace
}  // namespace promenade::scrape
