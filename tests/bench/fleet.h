#pragma once  // tests/bench/fleet.h
// The samples that the query benchmark runs over: a fleet of services as one Prometheus would
// scrape it. Counters that restart, classic histograms, gauges, CPU seconds with decimals,
// instances that are away for a while, and one info series a service. The same seed gives the same
// samples on every platform.
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "model/labels.h"

namespace promenade::bench {

struct FleetOptions {
  uint64_t seed = 1;
  size_t service_count = 20;
  size_t instances_per_service = 25;  // With 20 series each: 10,000 in all, and the info series.
  Timestamp end;
  Duration length = Duration::hours(6);
  Duration interval = Duration::seconds(15);
};

class Fleet {
 public:
  struct Sample {
    uint32_t series;
    int64_t time_ms;
    double value;
  };

  explicit Fleet(const FleetOptions& options);

  const std::vector<Labels>& series() const { return series_; }
  // Scrapes everything once more; false when that would be after the end.
  bool scrape();
  // Of the last scrape, by series. Valid until the next.
  std::span<const Sample> samples() const { return samples_; }

 private:
  static constexpr size_t kBucketCount = 8;
  static constexpr size_t kCodeCount = 4;
  static constexpr size_t kModeCount = 3;

  struct Instance {
    uint32_t first_series;
    int64_t offset_ms;  // Within the interval: when it is scraped.
    double requests_mean;
    double slowness;
    // Scrapes, counted from the first: the instance is away in [away_from, away_until), and its
    // counters begin again afterwards.
    uint64_t away_from;
    uint64_t away_until;
    double requests[kCodeCount] = {};
    double buckets[kBucketCount] = {};  // Not cumulative.
    double seconds_sum = 0;
    double cpu_seconds[kModeCount] = {};
    double memory_bytes = 0;
    double queue_depth = 0;
  };

  void add_instance(size_t service, size_t number);
  void add_service_info(size_t service);
  void restart(Instance& instance);
  void work(Instance& instance);
  void expose(const Instance& instance, int64_t time_ms);
  void expose_absence(const Instance& instance, int64_t time_ms);
  void put(uint32_t series, int64_t time_ms, double value) {
    samples_.push_back({series, time_ms, value});
  }

  FleetOptions options_;
  Random random_;
  std::vector<Labels> series_;
  std::vector<Instance> instances_;
  uint32_t first_info_ = 0;
  uint64_t scrape_count_ = 0;
  std::vector<Sample> samples_;
};

}  // namespace promenade::bench
