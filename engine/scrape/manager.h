#pragma once  // engine/scrape/manager.h
// Keeps a scrape loop going for every target of the configuration: discovery -> relabelling ->
// targets -> requests -> samples in the head (Prometheus's scrape/manager.go and scrape/scrape.go).
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/log.h"
#include "base/transport.h"
#include "config/config.h"
#include "model/labels.h"
#include "model/metadata.h"
#include "tsdb/head.h"

namespace promenade::scrape {

enum class TargetHealth { Unknown, Up, Down };
std::string_view to_string(TargetHealth health);  // "unknown", "up", "down".

// A target as /api/v1/targets shows it.
struct TargetStatus {
  std::string scrape_pool;  // The job_name of its configuration.
  Labels discovered_labels;
  Labels labels;
  std::string scrape_url;
  TargetHealth health = TargetHealth::Unknown;
  std::string last_error;  // "" when the last scrape went well.
  Timestamp last_scrape;   // {0} when never.
  double last_scrape_seconds = 0;
  Duration scrape_interval;
  Duration scrape_timeout;
  // Family name -> what the target said of it.
  std::map<std::string, MetricMetadata> metadata;
};
struct DroppedTarget {
  std::string scrape_pool;
  Labels discovered_labels;
};

// How many targets a pool has, and metric families that they have described.
struct PoolSize {
  uint64_t targets = 0;
  uint64_t metadata = 0;
};

// What the scrapes of all targets have done so far; for the server's own metrics.
struct ScrapeStatistics {
  uint64_t samples_appended = 0;
  uint64_t out_of_order = 0;
  uint64_t duplicate_timestamp = 0;
  uint64_t out_of_bounds = 0;
  uint64_t sample_limit_exceeded = 0;
  uint64_t body_size_limit_exceeded = 0;
  uint64_t scrapes = 0;
  uint64_t scrapes_failed = 0;
  uint64_t pool_reloads = 0;
};

class ScrapeManager {
 public:
  // All must outlive the manager. `user_agent` is sent with every scrape.
  ScrapeManager(Clock& clock, Transport& transport, const FileSystem& files, tsdb::Head& head,
                Logger& logger, std::string user_agent);
  ~ScrapeManager();

  // Applies a (new) configuration: unchanged targets keep their loops, the others start or stop,
  // and a stopped target's series get stale markers as Prometheus gives them.
  void apply(const config::Config& config);
  // No more scrapes. Nothing is marked stale: the server is going down, not the targets.
  void stop();

  std::vector<TargetStatus> targets() const;           // Sorted by pool, then by URL.
  std::map<std::string, PoolSize> pool_sizes() const;  // By name.
  std::vector<DroppedTarget> dropped_targets() const;
  std::vector<std::string> scrape_pools() const;  // Sorted.
  const ScrapeStatistics& statistics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace promenade::scrape
