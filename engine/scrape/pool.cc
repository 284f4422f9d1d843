// Targets are told apart by their final labels and URL. Settings are compared by their normalised
// YAML, so that no setting can be forgotten in a comparison.
#include "scrape/pool.h"

#include <fmt/format.h>

#include <utility>

namespace promenade::scrape {
namespace {

config::ScrapeConfig without_discovery(config::ScrapeConfig job) {
  static_cast<config::DiscoveryConfigs&>(job) = {};
  return job;
}

std::string settings_text(const config::ScrapeConfig& job) {
  return config::to_yaml(job, config::Secrets::Show);
}

bool same_discovery(const config::DiscoveryConfigs& a, const config::DiscoveryConfigs& b) {
  return config::to_yaml(a, config::Secrets::Show) == config::to_yaml(b, config::Secrets::Show);
}

// Whether the loops of one can go on under the other.
bool same_loops(const config::ScrapeConfig& a, const config::ScrapeConfig& b) {
  return settings_text(without_discovery(a)) == settings_text(without_discovery(b));
}

// What decides which series a body gives; when it is equal, Prometheus calls the cache reusable.
config::ScrapeConfig series_settings(const config::ScrapeConfig& job) {
  config::ScrapeConfig relevant = without_discovery(job);
  relevant.scrape_interval = relevant.scrape_timeout = Duration{};
  relevant.limits.samples = 0;
  relevant.http = {};
  return relevant;
}

bool same_series(const config::ScrapeConfig& a, const config::ScrapeConfig& b) {
  return settings_text(series_settings(a)) == settings_text(series_settings(b));
}

}  // namespace

ScrapePool::ScrapePool(LoopContext& context, config::ScrapeConfig job, uint64_t offset_seed,
                       OnEnd on_end)
    : context_(context),
      job_(std::make_shared<const config::ScrapeConfig>(std::move(job))),
      offset_seed_(offset_seed),
      on_end_(std::move(on_end)) {
  discover();
}

void ScrapePool::reload(config::ScrapeConfig job, uint64_t offset_seed) {
  const auto previous =
      std::exchange(job_, std::make_shared<const config::ScrapeConfig>(std::move(job)));
  const bool loops_stay = same_loops(*previous, *job_) && offset_seed == offset_seed_;
  offset_seed_ = offset_seed;
  if (!loops_stay) {
    const bool caches_stay = same_series(*previous, *job_);
    for (const auto& [identity, loop] : loops_) {
      if (caches_stay) {
        suspend(identity, *loop);
      } else {
        end_loop(*loop);
      }
    }
    loops_.clear();
    ++context_.statistics.pool_reloads;
  }
  // What servers have told so far stays known as long as the question is the same.
  if (same_discovery(*previous, *job_)) {
    sync();
  } else {
    discover();
  }
}

void ScrapePool::end() {
  for (const auto& [identity, loop] : loops_) end_loop(*loop);
  loops_.clear();
  discovery_.reset();
}

void ScrapePool::discover() {
  discovery_ = std::make_unique<discovery::JobDiscovery>(
      *job_,
      discovery::ProviderContext{context_.clock, context_.transport, context_.files,
                                 context_.logger, context_.user_agent},
      [this] { sync(); });
  sync();
}

ScrapePool::Targets ScrapePool::wanted_targets() {
  Targets wanted;
  dropped_.clear();
  for (const discovery::TargetGroup& group : discovery_->groups()) {
    for (const discovery::LabelSet& labels : group.targets) {
      Labels discovered = discovered_labels(*job_, group.labels, labels);
      auto target = build_target(*job_, discovered);
      if (!target) {
        context_.logger.log(LogLevel::Error, "Creating target failed",
                            {{"scrape_pool", job_->job_name},
                             {"target", discovered.to_string()},
                             {"err", target.error().message}});
      } else if (*target) {
        const std::string identity = (*target)->identity();
        wanted.emplace(identity, std::move(**target));
      } else {
        const uint64_t kept_max = job_->limits.dropped_targets_kept;
        if (kept_max == 0 || dropped_.size() < kept_max) {
          dropped_.push_back({job_->job_name, std::move(discovered)});
        }
      }
    }
  }
  return wanted;
}

void ScrapePool::sync() {
  auto former = std::exchange(loops_, {});
  for (auto& [identity, target] : wanted_targets()) {
    const auto found = former.find(identity);
    if (found == former.end()) {
      start_loop(identity, std::move(target));
      continue;
    }
    const Target& running = found->second->target();
    if (running.interval == target.interval && running.timeout == target.timeout) {
      found->second->set_discovered_labels(std::move(target.discovered_labels));
      loops_.emplace(identity, std::move(found->second));
    } else {
      suspend(identity, *found->second);
      start_loop(identity, std::move(target));
    }
    former.erase(found);
  }
  for (const auto& [identity, loop] : former) end_loop(*loop);
  for (auto& [identity, suspended] : std::exchange(suspended_, {})) {
    on_end_(std::move(suspended.end));
  }
  enforce_target_limit();
}

void ScrapePool::suspend(const std::string& identity, ScrapeLoop& loop) {
  loop.stop();
  EndOfRun end = loop.end_of_run();
  suspended_.emplace(identity, Suspended{loop.take_cache(), std::move(end)});
}

void ScrapePool::start_loop(const std::string& identity, Target target) {
  SeriesCache cache;
  if (const auto suspended = suspended_.find(identity); suspended != suspended_.end()) {
    cache = std::move(suspended->second.cache);
    suspended_.erase(suspended);
  }
  loops_.emplace(identity, std::make_unique<ScrapeLoop>(context_, job_, std::move(target),
                                                        offset_seed_, std::move(cache)));
}

void ScrapePool::enforce_target_limit() {
  const uint64_t limit = job_->limits.targets;
  std::string error;
  if (limit > 0 && loops_.size() > limit) {
    error = fmt::format("target_limit exceeded (number of targets: {}, limit: {})", loops_.size(),
                        limit);
  }
  for (const auto& [identity, loop] : loops_) loop->force_error(error);
}

void ScrapePool::end_loop(ScrapeLoop& loop) {
  loop.stop();
  on_end_(loop.end_of_run());
}

PoolSize ScrapePool::size() const {
  PoolSize size{loops_.size(), 0};
  for (const auto& [identity, loop] : loops_) size.metadata += loop->metadata_count();
  return size;
}

std::vector<TargetStatus> ScrapePool::targets() const {
  std::vector<TargetStatus> all;
  for (const auto& [identity, loop] : loops_) all.push_back(loop->status());
  return all;
}

}  // namespace promenade::scrape
