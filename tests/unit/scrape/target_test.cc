// From discovered labels to URL, timing and phase.
#include "scrape/target.h"

#include <gtest/gtest.h>

namespace promenade::scrape {
namespace {

config::ScrapeConfig job(const std::string& lines) {
  auto config = config::parse_config(
      "p.yml", "global: {scrape_interval: 15s}\nscrape_configs:\n- job_name: web\n" + lines);
  EXPECT_TRUE(config) << config.error().message;
  return config ? config->scrape_configs.at(0) : config::ScrapeConfig{};
}

Result<std::optional<Target>> build(const config::ScrapeConfig& config,
                                    const discovery::LabelSet& target,
                                    const discovery::LabelSet& group = {}) {
  return build_target(config, discovered_labels(config, group, target));
}

TEST(Target, HasJobInstanceAndUrl) {
  const auto target = build(job(""), {{"__address__", "a:80"}}, {{"env", "prod"}});
  ASSERT_TRUE(target && *target);
  EXPECT_EQ((*target)->labels.to_string(), R"({env="prod", instance="a:80", job="web"})");
  EXPECT_EQ((*target)->url, "http://a:80/metrics");
  EXPECT_EQ((*target)->interval, Duration::seconds(15));
  EXPECT_EQ((*target)->timeout, Duration::seconds(10));
  EXPECT_EQ((*target)->discovered_labels.to_string(),
            R"({__address__="a:80", __metrics_path__="/metrics", __scheme__="http", )"
            R"(__scrape_interval__="15s", __scrape_timeout__="10s", env="prod", job="web"})");
}

TEST(Target, NoDefaultPortIsAdded) {
  const auto target = build(job("  scheme: https\n"), {{"__address__", "a"}});
  ASSERT_TRUE(target && *target);
  EXPECT_EQ((*target)->url, "https://a/metrics");
  EXPECT_EQ((*target)->labels.get("instance"), "a");
}

TEST(Target, LabelsOfTheTargetWinOverThoseOfTheGroupAndTheJob) {
  const auto target = build(job(""), {{"__address__", "a"}, {"env", "dev"}, {"instance", "mine"}},
                            {{"env", "prod"}, {"job", "other"}, {"__meta_x", "y"}});
  ASSERT_TRUE(target && *target);
  EXPECT_EQ((*target)->labels.to_string(), R"({env="dev", instance="mine", job="other"})");
}

TEST(Target, RelabellingCanSetEveryPartOfTheUrl) {
  const auto target = build(job(R"(
  params: {module: [a, b], q: ["x y&z"]}
  relabel_configs:
  - {target_label: __scheme__, replacement: https}
  - {target_label: __metrics_path__, replacement: "probe/é d"}
  - {source_labels: [__address__], target_label: __param_target}
  - {target_label: __param_module, replacement: icmp}
  - {target_label: __address__, replacement: "blackbox:9115"}
  - {target_label: __scrape_interval__, replacement: 30s}
  - {target_label: __scrape_timeout__, replacement: 20s}
)"),
                            {{"__address__", "a:80"}});
  ASSERT_TRUE(target && *target);
  EXPECT_EQ((*target)->url,
            "https://blackbox:9115/probe/%C3%A9%20d?module=icmp&module=b&q=x+y%26z&target=a%3A80");
  EXPECT_EQ((*target)->interval, Duration::seconds(30));
  EXPECT_EQ((*target)->timeout, Duration::seconds(20));
}

TEST(Target, DroppedByRelabelling) {
  const auto target =
      build(job("  relabel_configs: [{source_labels: [__address__], regex: a, action: drop}]\n"),
            {{"__address__", "a"}});
  ASSERT_TRUE(target);
  EXPECT_FALSE(target->has_value());
}

TEST(Target, WhatCanNotBeScrapedIsAnError) {
  const struct {
    discovery::LabelSet labels;
    const char* error;
  } cases[] = {
      {{{"env", "x"}}, "no address"},
      {{{"__address__", "a/b"}}, "\"a/b\" is not a valid hostname"},
      {{{"__address__", "a"}, {"__scrape_interval__", "x"}},
       "error parsing scrape interval: not a valid duration string: \"x\""},
      {{{"__address__", "a"}, {"__scrape_interval__", "0s"}}, "scrape interval cannot be 0"},
      {{{"__address__", "a"}, {"__scrape_timeout__", "0"}}, "scrape timeout cannot be 0"},
      {{{"__address__", "a"}, {"__scrape_timeout__", "20s"}},
       "scrape timeout cannot be greater than scrape interval (\"20s\" > \"15s\")"},
      {{{"__address__", "a"}, {"env", "\xff"}}, R"(invalid label value for "env": "\xff")"},
  };
  for (const auto& c : cases) {
    const auto target = build(job(""), c.labels);
    ASSERT_FALSE(target) << c.error;
    EXPECT_EQ(target.error().message, c.error);
  }
}

TEST(Target, OffsetsAreStableWithinTheIntervalAndSpreadOut) {
  const auto config = job("");
  std::map<int64_t, int> by_second;
  for (int i = 0; i < 150; ++i) {
    const auto target = build(config, {{"__address__", "host-" + std::to_string(i)}});
    const Duration offset = (*target)->offset(7);
    EXPECT_EQ(offset, (*target)->offset(7));
    EXPECT_GE(offset.ms, 0);
    EXPECT_LT(offset.ms, 15'000);
    ++by_second[offset.ms / 1000];
  }
  EXPECT_EQ(by_second.size(), 15u);
}

TEST(Target, Fnv1aGivesTheKnownValues) {
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325u);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8u);
}

}  // namespace
}  // namespace promenade::scrape
