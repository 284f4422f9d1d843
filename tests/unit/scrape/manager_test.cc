// Targets over a virtual clock: labels, reports, failures, reloads, removal.
#include "scrape/manager.h"

#include <gmock/gmock.h>

#include "fixture.h"

namespace promenade::scrape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kJob = "- {job_name: j, static_configs: [{targets: [a:1]}]}\n";
constexpr const char* kNoJob = "";

TEST_F(ScrapeTest, ASampleGetsTheLabelsOfItsTarget) {
  serve("a:1", "m{instance=\"x\",l=\"v\"} 1\n");
  configure("- {job_name: j, static_configs: [{targets: [a:1], labels: {env: prod}}]}\n");
  begin();
  run_to(1);
  EXPECT_EQ(samples("m", false),
            "{env=\"prod\", exported_instance=\"x\", instance=\"a:1\", job=\"j\", l=\"v\"} 0=1\n");
  EXPECT_EQ(samples("up", false), "{env=\"prod\", instance=\"a:1\", job=\"j\"} 0=1\n");
}

TEST_F(ScrapeTest, AScrapeReportsItsOwnFigures) {
  configure(
      "- {job_name: j, extra_scrape_metrics: true, sample_limit: 9, static_configs: [{targets: "
      "[a:1]}], metric_relabel_configs: [{source_labels: [l], regex: drop, action: drop}]}\n");
  serve("a:1", "m 1\nn{l=\"drop\"} 1\nn{l=\"keep\"} 1\n");
  begin();
  run_to(16);
  EXPECT_EQ(samples("scrape_samples_scraped"), "{} 0=3 15=3\n");
  EXPECT_EQ(samples("scrape_samples_post_metric_relabeling"), "{} 0=2 15=2\n");
  EXPECT_EQ(samples("scrape_series_added"), "{} 0=2 15=0\n");
  EXPECT_EQ(samples("scrape_duration_seconds"), "{} 0=0.003 15=0.003\n");
  EXPECT_EQ(samples("scrape_timeout_seconds"), "{} 0=10 15=10\n");
  EXPECT_EQ(samples("scrape_sample_limit"), "{} 0=9 15=9\n");
  EXPECT_EQ(samples("scrape_body_size_bytes"), "{} 0=32 15=32\n");
}

TEST_F(ScrapeTest, AFailedScrapeReportsHowFarItGot) {
  serve("a:1", "m 1\nn 1\n!\n");
  configure(kJob);
  begin();
  run_to(1);
  EXPECT_EQ(samples("scrape_samples_scraped"), "{} 0=2\n");
  EXPECT_EQ(samples("m"), "");
}

TEST_F(ScrapeTest, BeyondTheSampleLimitLinesAreOnlyCounted) {
  serve("a:1", "m 1\nn 1\no{l=\"drop\"} 1\no 1\np 1\n");
  configure(
      "- {job_name: j, sample_limit: 2, static_configs: [{targets: [a:1]}], "
      "metric_relabel_configs: [{source_labels: [l], regex: drop, action: drop}]}\n");
  begin();
  run_to(1);
  EXPECT_EQ(samples("scrape_samples_scraped"), "{} 0=5\n");
  EXPECT_EQ(samples("scrape_samples_post_metric_relabeling"), "{} 0=4\n");
  EXPECT_EQ(samples("scrape_series_added"), "{} 0=2\n");
  EXPECT_EQ(head.series_count(), 2u + 5u);  // m, n and the figures of the scrape.
}

TEST_F(ScrapeTest, ATargetThatSendsRubbishIsDownWithAPlace) {
  serve("a:1", "ok 1\n<html>\n");
  configure(kJob);
  EXPECT_EQ(only_target().health, TargetHealth::Unknown);
  begin();
  run_to(1);
  const TargetStatus target = only_target();
  EXPECT_EQ(target.health, TargetHealth::Down);
  EXPECT_THAT(target.last_error, HasSubstr("line 2, column 1: expected a valid start token"));
  EXPECT_EQ(target.last_scrape, begun);
  EXPECT_EQ(target.last_scrape_seconds, 0.003);

  serve("a:1", "ok 1\n");
  run_to(16);
  EXPECT_EQ(only_target().health, TargetHealth::Up);
  EXPECT_EQ(only_target().last_error, "");
}

TEST_F(ScrapeTest, ATargetShowsWhereItCameFrom) {
  serve("a:1", "# HELP m Meters.\n# TYPE m counter\nm 1\n");
  configure(
      "- {job_name: j, params: {x: [y]}, static_configs: [{targets: [a:1]}], relabel_configs: "
      "[{target_label: zone, replacement: z}]}\n");
  begin();
  run_to(1);
  const TargetStatus target = only_target();
  EXPECT_EQ(target.scrape_pool, "j");
  EXPECT_EQ(target.scrape_url, "http://a:1/metrics?x=y");
  EXPECT_EQ(target.labels.to_string(), R"({instance="a:1", job="j", zone="z"})");
  EXPECT_EQ(target.discovered_labels.get("__address__"), "a:1");
  EXPECT_EQ(target.metadata.at("m"), (MetricMetadata{MetricType::Counter, "Meters.", ""}));
  EXPECT_EQ(requests.at(0).headers.get("User-Agent"), "Prometheus/test");
}

TEST_F(ScrapeTest, ASlowTargetIsDownAfterItsTimeout) {
  serve("a:1", "m 1\n");
  net.set_behaviour("a:1", {Duration::seconds(11), true});
  configure(kJob);
  begin();
  run_to(9);
  EXPECT_EQ(only_target().health, TargetHealth::Unknown);
  run_to(10);
  EXPECT_EQ(only_target().last_error, "Get \"http://a:1/metrics\": context deadline exceeded");
  EXPECT_EQ(samples("up"), "{} 0=0\n");
  EXPECT_EQ(samples("scrape_duration_seconds"), "{} 0=10\n");
}

// A scrape that takes the whole interval must neither overlap the next nor push it back.
TEST_F(ScrapeTest, ScrapesDoNotOverlap) {
  serve("a:1", "m 1\n");
  net.set_behaviour("a:1", {Duration::seconds(15), true});
  configure("- {job_name: j, scrape_timeout: 15s, static_configs: [{targets: [a:1]}]}\n");
  begin();
  run_to(60);
  EXPECT_EQ(samples("up"), "{} 0=1 15=1 30=1 45=1\n");
}

// Removed at 37, after the scrape at 30.
TEST_F(ScrapeTest, TheSeriesOfARemovedTargetEndAtTheFirstMissedTick) {
  serve("a:1", "m 1\n");
  configure(kJob);
  begin();
  run_to(37);
  configure(kNoJob);
  EXPECT_TRUE(manager.targets().empty());
  run_to(61);
  EXPECT_EQ(samples("m"), "{} 0=1 15=1 30=1\n");
  run_to(62);
  EXPECT_EQ(samples("m"), "{} 0=1 15=1 30=1 45=stale\n");
  EXPECT_EQ(samples("up"), "{} 0=1 15=1 30=1 45=stale\n");
  EXPECT_EQ(samples("scrape_series_added"), "{} 0=1 15=0 30=0 45=stale\n");
}

TEST_F(ScrapeTest, ATargetThatComesBackInTimeHasNoGap) {
  serve("a:1", "m 1\n");
  configure(kJob);
  begin();
  run_to(37);
  configure(kNoJob);
  run_to(40);
  configure(kJob);
  run_to(75);
  EXPECT_EQ(samples("m"), "{} 0=1 15=1 30=1 45=1 60=1 75=1\n");
}

TEST_F(ScrapeTest, ATargetNeverScrapedLeavesNothing) {
  configure(kJob);
  begin();
  configure(kNoJob);
  run_to(100);
  EXPECT_EQ(head.series_count(), 0u);
}

TEST_F(ScrapeTest, NewTargetLabelsStartNewSeriesAndEndTheOld) {
  serve("a:1", "m 1\n");
  configure(kJob);
  begin();
  run_to(37);
  configure("- {job_name: j, static_configs: [{targets: [a:1], labels: {l: new}}]}\n");
  run_to(75);
  const std::string up = samples("up");
  EXPECT_THAT(up, HasSubstr("{} 0=1 15=1 30=1 45=stale\n"));
  EXPECT_THAT(up, HasSubstr("{l=\"new\"} "));
}

TEST_F(ScrapeTest, AReloadWithoutAChangeKeepsTheLoops) {
  serve("a:1", "m 1\n");
  serve("b:1", "m 1\n");
  configure(kJob);
  begin();
  run_to(20);
  configure("- {job_name: j, static_configs: [{targets: [a:1, b:1]}]}\n");
  EXPECT_EQ(manager.statistics().pool_reloads, 0u);
  EXPECT_EQ(manager.targets().at(0).health, TargetHealth::Up);
  EXPECT_EQ(manager.targets().at(1).health, TargetHealth::Unknown);
}

TEST_F(ScrapeTest, AReloadThatLeavesTheSeriesAloneKeepsTheCache) {
  serve("a:1", "m 1\n");
  configure(kJob);
  begin();
  run_to(20);
  serve("a:1", "other 1\n");
  configure("- {job_name: j, scrape_timeout: 5s, static_configs: [{targets: [a:1]}]}\n");
  run_to(31);
  EXPECT_EQ(manager.statistics().pool_reloads, 1u);
  EXPECT_EQ(samples("m"), "{} 0=1 15=1 30=stale\n");  // The new loop missed what the old one knew.
  run_to(100);
  EXPECT_EQ(samples("up"), "{} 0=1 15=1 30=1 45=1 60=1 75=1 90=1\n");
}

TEST_F(ScrapeTest, AReloadThatChangesRelabellingEndsTheOldSeries) {
  serve("a:1", "m 1\n");
  configure(kJob);
  begin();
  run_to(20);
  configure(
      "- {job_name: j, static_configs: [{targets: [a:1]}], metric_relabel_configs: "
      "[{target_label: l, replacement: v}]}\n");
  run_to(50);
  EXPECT_EQ(samples("m"), "{} 0=1 15=1 30=stale\n{l=\"v\"} 30=1 45=1\n");
  EXPECT_EQ(samples("up"), "{} 0=1 15=1 30=1 45=1\n");
}

TEST_F(ScrapeTest, StopLeavesNoMarkers) {
  serve("a:1", "m 1\n");
  configure(kJob);
  begin();
  run_to(20);
  manager.stop();
  run_to(100);
  EXPECT_EQ(samples("m"), "{} 0=1 15=1\n");
  EXPECT_EQ(clock.next_due({}), Timestamp{});  // No timer is left behind.
}

TEST_F(ScrapeTest, TooManyTargetsFailWithoutARequest) {
  serve("a:1", "m 1\n");
  serve("b:1", "m 1\n");
  configure("- {job_name: j, target_limit: 1, static_configs: [{targets: [a:1, b:1]}]}\n");
  begin();
  run_to(20);
  EXPECT_TRUE(requests.empty());
  for (const TargetStatus& target : manager.targets()) {
    EXPECT_EQ(target.last_error, "target_limit exceeded (number of targets: 2, limit: 1)");
  }
}

TEST_F(ScrapeTest, DroppedAndUnusableTargetsAreToldApart) {
  configure(
      "- {job_name: j, static_configs: [{targets: [a:1, b:1, c:1]}], relabel_configs: "
      "[{source_labels: [__address__], regex: a:1, action: drop}, {source_labels: [__address__], "
      "regex: b:1, target_label: __address__, replacement: ''}]}\n");
  ASSERT_EQ(manager.dropped_targets().size(), 1u);
  EXPECT_EQ(manager.dropped_targets()[0].discovered_labels.get("__address__"), "a:1");
  EXPECT_EQ(only_target().scrape_url, "http://c:1/metrics");
  EXPECT_THAT(logger.text, HasSubstr("Creating target failed scrape_pool=j"));
  EXPECT_THAT(logger.text, HasSubstr("err=no address"));
}

TEST_F(ScrapeTest, EqualTargetsAreScrapedOnce) {
  serve("a:1", "m 1\n");
  configure("- {job_name: j, static_configs: [{targets: [a:1, a:1]}, {targets: [a:1]}]}\n");
  begin();
  run_to(1);
  EXPECT_EQ(manager.targets().size(), 1u);
  EXPECT_EQ(requests.size(), 1u);
}

TEST_F(ScrapeTest, TargetsAreSortedByPoolAndUrl) {
  configure(
      "- {job_name: z, static_configs: [{targets: [b:1, a:1]}]}\n"
      "- {job_name: y, static_configs: [{targets: [c:1]}]}\n");
  std::vector<std::string> urls;
  for (const TargetStatus& target : manager.targets()) urls.push_back(target.scrape_url);
  EXPECT_THAT(urls, ElementsAre("http://c:1/metrics", "http://a:1/metrics", "http://b:1/metrics"));
  EXPECT_THAT(manager.scrape_pools(), ElementsAre("y", "z"));
}

TEST_F(ScrapeTest, TargetFilesAreFollowed) {
  serve("a:1", "m 1\n");
  serve("b:1", "m 1\n");
  files.write("t/one.json", R"([{"targets": ["a:1"]}])");
  configure("- {job_name: j, file_sd_configs: [{files: ['t/*.json']}]}\n");
  EXPECT_EQ(only_target().scrape_url, "http://a:1/metrics");
  begin();
  run_to(20);
  files.write("t/one.json", R"([{"targets": ["b:1"]}])");
  run_to(26);
  EXPECT_EQ(only_target().scrape_url, "http://b:1/metrics");
  EXPECT_EQ(only_target().discovered_labels.get("__meta_filepath"), "t/one.json");
}

// The head forgets series that the cache still knows.
TEST_F(ScrapeTest, ASeriesThatWasTruncatedIsCreatedAnew) {
  serve("a:1", "m 1\n");
  configure(kJob);
  begin();
  run_to(16);
  head.truncate(clock.now() + Duration::hours(1));
  EXPECT_EQ(head.series_count(), 0u);
  run_to(31);
  EXPECT_EQ(samples("m"), "{} 30=1\n");
  EXPECT_EQ(samples("up"), "{} 30=1\n");
}

TEST_F(ScrapeTest, TheSameBucketUnderAnotherTypeIsAnotherSeries) {
  serve("a:1", "# TYPE h histogram\nh_bucket{le=\"1\"} 1\n");
  configure(kJob);
  begin();
  run_to(1);
  serve("a:1", "h_bucket{le=\"1\"} 2\n");
  run_to(16);
  EXPECT_EQ(samples("h_bucket"), "{le=\"1.0\"} 0=1 15=stale\n{le=\"1\"} 15=2\n");
}

TEST_F(ScrapeTest, CountsWhatItDoes) {
  serve("a:1", "m 1\nm 2\nn 1 1\n");
  configure(kJob);
  begin();
  run_to(1);
  EXPECT_EQ(manager.statistics().scrapes, 1u);
  EXPECT_EQ(manager.statistics().samples_appended, 1u);
  EXPECT_EQ(manager.statistics().duplicate_timestamp, 1u);
  EXPECT_EQ(manager.statistics().out_of_bounds, 1u);
  serve("a:1", "m 1\n!");
  run_to(16);
  EXPECT_EQ(manager.statistics().scrapes_failed, 1u);
  EXPECT_EQ(manager.statistics().samples_appended, 1u);  // Rolled back.
}

}  // namespace
}  // namespace promenade::scrape
