// The manager keeps a pool for each job, and writes the stale markers of targets that have gone
// when their time has come.
#include "scrape/manager.h"

#include <algorithm>
#include <set>

#include "scrape/loop.h"
#include "scrape/pool.h"

namespace promenade::scrape {
namespace {

// Differs between replicas, which have different external labels. Prometheus adds the host's name,
// which nothing in here knows.
uint64_t offset_seed(const config::Config& config) {
  LabelsBuilder labels;
  for (const auto& [name, value] : config.global.external_labels) labels.set(name, value);
  return fnv1a(labels.build().to_string());
}

}  // namespace

std::string_view to_string(TargetHealth health) {
  switch (health) {
    case TargetHealth::Unknown:
      return "unknown";
    case TargetHealth::Up:
      return "up";
    case TargetHealth::Down:
      return "down";
  }
  return "unknown";
}

struct ScrapeManager::Impl {
  LoopContext context;
  std::map<std::string, std::unique_ptr<ScrapePool>> pools;  // By job_name.
  // The markers to write, under numbers of our own, as a timer's id is known only after it is set.
  std::map<uint64_t, TimerId> endings;
  uint64_t last_ending = 0;

  void apply(const config::Config& config) {
    const uint64_t seed = offset_seed(config);
    std::set<std::string> names;
    for (const config::ScrapeConfig& job : config.scrape_configs) {
      names.insert(job.job_name);
      std::unique_ptr<ScrapePool>& pool = pools[job.job_name];
      if (pool != nullptr) {
        pool->reload(job, seed);
      } else {
        pool = std::make_unique<ScrapePool>(context, job, seed,
                                            [this](EndOfRun end) { mark_later(std::move(end)); });
      }
    }
    for (auto pool = pools.begin(); pool != pools.end();) {
      if (names.count(pool->first) > 0) {
        ++pool;
        continue;
      }
      pool->second->end();
      pool = pools.erase(pool);
    }
  }

  void mark_later(EndOfRun end) {
    if (end.series.empty()) return;
    const uint64_t number = ++last_ending;
    const Timestamp due = end.due;
    endings[number] = context.clock.call_at(due, [this, number, end = std::move(end)] {
      endings.erase(number);
      // Where the target came back meanwhile, its own samples are newer and the head refuses these.
      tsdb::Appender appender = context.head.appender();
      append_stale_markers(appender, end.series, end.at);
      appender.commit();
    });
  }

  void stop() {
    pools.clear();
    for (const auto& [number, timer] : endings) context.clock.cancel(timer);
    endings.clear();
  }
};

ScrapeManager::ScrapeManager(Clock& clock, Transport& transport, const FileSystem& files,
                             tsdb::Head& head, Logger& logger, std::string user_agent)
    : impl_(std::make_unique<Impl>(
          Impl{{clock, transport, files, head, logger, std::move(user_agent), {}}, {}, {}, 0})) {}

ScrapeManager::~ScrapeManager() {
  impl_->stop();
}

void ScrapeManager::apply(const config::Config& config) {
  impl_->apply(config);
}

void ScrapeManager::stop() {
  impl_->stop();
}

std::vector<TargetStatus> ScrapeManager::targets() const {
  std::vector<TargetStatus> all;
  for (const auto& [name, pool] : impl_->pools) {
    std::vector<TargetStatus> targets = pool->targets();
    std::stable_sort(
        targets.begin(), targets.end(),
        [](const TargetStatus& a, const TargetStatus& b) { return a.scrape_url < b.scrape_url; });
    std::move(targets.begin(), targets.end(), std::back_inserter(all));
  }
  return all;
}

std::map<std::string, PoolSize> ScrapeManager::pool_sizes() const {
  std::map<std::string, PoolSize> sizes;
  for (const auto& [name, pool] : impl_->pools) sizes[name] = pool->size();
  return sizes;
}

std::vector<DroppedTarget> ScrapeManager::dropped_targets() const {
  std::vector<DroppedTarget> all;
  for (const auto& [name, pool] : impl_->pools) {
    const std::vector<DroppedTarget>& dropped = pool->dropped_targets();
    all.insert(all.end(), dropped.begin(), dropped.end());
  }
  return all;
}

std::vector<std::string> ScrapeManager::scrape_pools() const {
  std::vector<std::string> names;
  for (const auto& [name, pool] : impl_->pools) names.push_back(name);
  return names;
}

const ScrapeStatistics& ScrapeManager::statistics() const {
  return impl_->context.statistics;
}

}  // namespace promenade::scrape
