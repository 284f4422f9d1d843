#pragma once  // engine/scrape/loop.h
// One target's scrape loop: at its own place in each interval a request, then a batch of samples.
// Timestamps are the aligned ticks, so that they compress and line up (Prometheus's
// scrape/scrape.go, scrapeLoop.run).
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/log.h"
#include "base/transport.h"
#include "config/config.h"
#include "model/queryable.h"
#include "scrape/http_exchange.h"
#include "scrape/ingest.h"
#include "scrape/manager.h"
#include "scrape/series_cache.h"
#include "scrape/target.h"
#include "tsdb/head.h"

namespace promenade::scrape {

// What all loops share; outlives them.
struct LoopContext {
  Clock& clock;
  Transport& transport;
  const FileSystem& files;
  tsdb::Head& head;
  Logger& logger;
  std::string user_agent;
  ScrapeStatistics statistics;
};

// The series of a stopped target, which end at `at` unless somebody else has gone on by `due`.
struct EndOfRun {
  std::vector<SeriesRef> series;
  Timestamp at;
  Timestamp due;
};

class ScrapeLoop {
 public:
  // Starts scraping. `cache` is empty, or that of a former loop of the same target. The settings
  // are shared, since a reload may replace those of the job and let the loop go on.
  ScrapeLoop(LoopContext& context, std::shared_ptr<const config::ScrapeConfig> job, Target target,
             uint64_t offset_seed, SeriesCache cache = {});
  ~ScrapeLoop();
  ScrapeLoop(const ScrapeLoop&) = delete;
  ScrapeLoop& operator=(const ScrapeLoop&) = delete;

  const Target& target() const { return target_; }
  TargetStatus status() const;
  size_t metadata_count() const { return cache_.metadata_count(); }

  // What discovery says of the same target by now.
  void set_discovered_labels(Labels labels) { target_.discovered_labels = std::move(labels); }
  // From now on every scrape fails with this, without a request; "" ends that.
  void force_error(std::string error) { forced_error_ = std::move(error); }

  // No more scrapes; one under way is cancelled.
  void stop();
  // After stop(): what has to be marked as ended. Empty when nothing was ever scraped.
  EndOfRun end_of_run() const;
  // After stop(): the cache, for a loop that goes on.
  SeriesCache take_cache() { return std::move(cache_); }

 private:
  void schedule(Timestamp tick);
  void schedule_next();
  Timestamp aligned_tick() const;
  void begin_scrape();
  void on_response(Result<HttpResponse> response);
  Result<void> ingest_response(const Result<HttpResponse>& response, ScrapeCounts& counts);
  void finish_scrape(const Result<void>& result, const ScrapeCounts& counts);
  void report(const Result<void>& result, const ScrapeCounts& counts);
  void append_report(tsdb::Appender& appender, size_t index, double value);

  LoopContext& context_;
  const std::shared_ptr<const config::ScrapeConfig> job_;
  Target target_;
  SeriesCache cache_;
  std::string forced_error_;

  Timestamp tick_;  // The aligned time of the next scrape, or of the one under way.
  Timestamp at_;    // The timestamp of the scrape under way.
  int64_t begun_ns_ = 0;
  uint64_t body_size_ = 0;
  TimerId timer_{};
  RequestId request_{};
  bool is_scraping_ = false;

  std::vector<SeriesRef> report_series_;  // up and its fellows, once they exist.
  TargetHealth health_ = TargetHealth::Unknown;
  std::string last_error_;
  Timestamp last_scrape_;
  double last_scrape_seconds_ = 0;
};

}  // namespace promenade::scrape
