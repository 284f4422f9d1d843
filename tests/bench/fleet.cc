// tests/bench/fleet.cc
// Every instance draws from one stream of random numbers in turn, so the fleet is reproducible as a
// whole; there is no need to make it so in parts.
#include "fleet.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "model/sample.h"

namespace promenade::bench {
namespace {

constexpr std::array<std::string_view, 20> kServices = {
    "checkout", "cart",   "search",  "catalog",  "payment",   "shipping", "email",
    "account",  "review", "gateway", "frontend", "inventory", "pricing",  "tax",
    "fraud",    "ads",    "session", "image",    "export",    "audit"};
constexpr std::array<std::string_view, 5> kTeams = {"shop", "money", "reach", "platform", "data"};
constexpr std::array<std::string_view, 4> kCodes = {"200", "404", "500", "503"};
constexpr std::array<double, 4> kCodeShares = {0.965, 0.02, 0.01, 0.005};
constexpr std::array<std::string_view, 8> kBounds = {"0.005", "0.025", "0.1", "0.25",
                                                     "0.5",   "1",     "2.5", "+Inf"};
constexpr std::array<double, 8> kSeconds = {0.003, 0.015, 0.06, 0.17, 0.37, 0.72, 1.6, 3.1};
constexpr std::array<double, 8> kBucketShares = {0.2, 0.3, 0.25, 0.12, 0.07, 0.04, 0.015, 0.005};
constexpr std::array<std::string_view, 3> kModes = {"user", "system", "idle"};
constexpr std::array<double, 3> kModeShares = {0.25, 0.08, 0.67};
constexpr double kPage = 4096;

std::string service_name(size_t number) {
  const std::string name(kServices[number % kServices.size()]);
  const size_t round = number / kServices.size();
  return round == 0 ? name : name + std::to_string(round);
}

// Whole hundredths, as the kernel counts CPU time.
double hundredths(double value) {
  return std::round(value * 100) / 100;
}

}  // namespace

Fleet::Fleet(const FleetOptions& options) : options_(options), random_(options.seed) {
  for (size_t service = 0; service < options_.service_count; ++service) {
    for (size_t i = 0; i < options_.instances_per_service; ++i) add_instance(service, i);
  }
  first_info_ = static_cast<uint32_t>(series_.size());
  for (size_t service = 0; service < options_.service_count; ++service) add_service_info(service);
}

void Fleet::add_instance(size_t service, size_t number) {
  const std::string name = service_name(service);
  const std::string address = name + "-" + std::to_string(number) + ":8080";
  const auto add = [&](std::string_view metric, std::string_view label = "",
                       std::string_view value = "") {
    std::vector<Label> labels = {
        {"__name__", metric}, {"instance", address}, {"job", "fleet"}, {"service", name}};
    if (!label.empty()) labels.push_back({label, value});
    series_.push_back(Labels::from(std::move(labels)));
  };
  Instance instance;
  instance.first_series = static_cast<uint32_t>(series_.size());
  add("up");
  for (const std::string_view code : kCodes) add("http_requests_total", "code", code);
  for (const std::string_view bound : kBounds) {
    add("http_request_duration_seconds_bucket", "le", bound);
  }
  add("http_request_duration_seconds_sum");
  add("http_request_duration_seconds_count");
  for (const std::string_view mode : kModes) add("node_cpu_seconds_total", "mode", mode);
  add("process_resident_memory_bytes");
  add("queue_depth");

  instance.offset_ms = random_.between(0, options_.interval.ms - 1);
  instance.requests_mean = 20 + random_.exponential(150);
  instance.slowness = 0.5 + random_.uniform();
  // Every tenth instance goes away once, for a quarter of an hour at most.
  const auto scrapes = static_cast<uint64_t>(options_.length.ms / options_.interval.ms);
  instance.away_from = instance.away_until = UINT64_MAX;
  if (random_.chance(0.1)) {
    instance.away_from = random_.below(scrapes);
    instance.away_until = instance.away_from + 2 + random_.below(60);
  }
  restart(instance);
  instances_.push_back(instance);
}

void Fleet::add_service_info(size_t service) {
  const std::string name = service_name(service);
  series_.push_back(Labels::from({{"__name__", "service_info"},
                                  {"job", "catalogue"},
                                  {"service", name},
                                  {"team", kTeams[service % kTeams.size()]},
                                  {"tier", service % 3 == 0 ? "1" : "2"}}));
}

void Fleet::restart(Instance& instance) {
  std::fill_n(instance.requests, kCodeCount, 0);
  std::fill_n(instance.buckets, kBucketCount, 0);
  std::fill_n(instance.cpu_seconds, kModeCount, 0);
  instance.seconds_sum = 0;
  instance.memory_bytes = kPage * static_cast<double>(random_.between(20'000, 60'000));
  instance.queue_depth = static_cast<double>(random_.between(0, 30));
}

// What an instance does between two scrapes.
void Fleet::work(Instance& instance) {
  const double hour = static_cast<double>(scrape_count_) / 240;
  const double load = instance.requests_mean * (1 + 0.4 * std::sin(hour + instance.slowness));
  for (size_t i = 0; i < kCodeCount; ++i) {
    instance.requests[i] += static_cast<double>(random_.poisson(load * kCodeShares[i]));
  }
  for (size_t i = 0; i < kBucketCount; ++i) {
    const auto count = static_cast<double>(random_.poisson(load * kBucketShares[i]));
    instance.buckets[i] += count;
    instance.seconds_sum += count * kSeconds[i] * (0.8 + 0.4 * random_.uniform());
  }
  for (size_t i = 0; i < kModeCount; ++i) {
    const double seconds = 15 * kModeShares[i] * (0.9 + 0.2 * random_.uniform());
    instance.cpu_seconds[i] = hundredths(instance.cpu_seconds[i] + seconds);
  }
  instance.memory_bytes += kPage * static_cast<double>(random_.between(-40, 44));
  instance.queue_depth =
      std::clamp(instance.queue_depth + static_cast<double>(random_.between(-4, 4)), 0.0, 60.0);
}

void Fleet::expose(const Instance& instance, int64_t time_ms) {
  uint32_t series = instance.first_series;
  put(series++, time_ms, 1);
  for (const double count : instance.requests) put(series++, time_ms, count);
  double cumulative = 0;
  for (const double count : instance.buckets) put(series++, time_ms, cumulative += count);
  put(series++, time_ms, instance.seconds_sum);
  put(series++, time_ms, cumulative);
  for (const double seconds : instance.cpu_seconds) put(series++, time_ms, seconds);
  put(series++, time_ms, instance.memory_bytes);
  put(series++, time_ms, instance.queue_depth);
}

// A failed scrape: up is 0, and stale markers end the other series.
void Fleet::expose_absence(const Instance& instance, int64_t time_ms) {
  constexpr uint32_t kSeriesPerInstance = 20;
  put(instance.first_series, time_ms, 0);
  if (scrape_count_ != instance.away_from) return;
  for (uint32_t i = 1; i < kSeriesPerInstance; ++i) {
    put(instance.first_series + i, time_ms, stale_nan());
  }
}

bool Fleet::scrape() {
  const auto total = static_cast<uint64_t>(options_.length.ms / options_.interval.ms);
  if (scrape_count_ == total) return false;
  samples_.clear();
  const int64_t start_ms =
      options_.end.ms - static_cast<int64_t>(total - scrape_count_) * options_.interval.ms;
  for (Instance& instance : instances_) {
    // Most scrapes are punctual; some are a few milliseconds late.
    const int64_t late_ms = random_.chance(0.05) ? random_.between(1, 3) : 0;
    const int64_t time_ms = start_ms + instance.offset_ms + late_ms;
    if (scrape_count_ >= instance.away_from && scrape_count_ < instance.away_until) {
      expose_absence(instance, time_ms);
      continue;
    }
    if (scrape_count_ == instance.away_until) restart(instance);
    work(instance);
    expose(instance, time_ms);
  }
  for (uint32_t i = first_info_; i < series_.size(); ++i) put(i, start_ms, 1);
  ++scrape_count_;
  return true;
}

}  // namespace promenade::bench
