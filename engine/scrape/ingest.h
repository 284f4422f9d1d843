#pragma once  // engine/scrape/ingest.h
// From the body of a scrape to samples in an appender (Prometheus's scrape/scrape.go, scrapeLoop).
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "config/config.h"
#include "model/labels.h"
#include "scrape/manager.h"
#include "scrape/series_cache.h"
#include "tsdb/head.h"

namespace promenade::scrape {

// The figures that a scrape reports about itself.
struct ScrapeCounts {
  uint64_t scraped = 0;       // scrape_samples_scraped
  uint64_t post_relabel = 0;  // scrape_samples_post_metric_relabeling
  uint64_t series_added = 0;  // scrape_series_added
};

struct IngestContext {
  const config::ScrapeConfig& job;
  const Labels& target_labels;
  SeriesCache& cache;
  tsdb::Appender& appender;
  ScrapeStatistics& statistics;
};

// Parses `body` and appends its samples; `counts` grows as far as it gets. On failure the caller
// must roll the appender back. The caller begins and ends the cache's generation.
Result<void> ingest(IngestContext context, std::string_view body, Timestamp at,
                    ScrapeCounts& counts);

// Appends a stale marker to each series that is still there.
void append_stale_markers(tsdb::Appender& appender, const std::vector<SeriesRef>& series,
                          Timestamp at);

}  // namespace promenade::scrape
