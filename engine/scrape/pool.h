#pragma once  // engine/scrape/pool.h
// All targets of one job: keeps its set of loops in step with what discovery finds.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "discovery/discovery.h"
#include "scrape/loop.h"
#include "scrape/manager.h"

namespace promenade::scrape {

class ScrapePool {
 public:
  // Told of each loop that stops for good while the server goes on.
  using OnEnd = std::function<void(EndOfRun)>;

  ScrapePool(LoopContext& context, config::ScrapeConfig job, uint64_t offset_seed, OnEnd on_end);

  // Takes over new settings. Loops go on when nothing but the discovery sections changed; they
  // start anew with their caches when the change can't alter what is stored; else their series end.
  void reload(config::ScrapeConfig job, uint64_t offset_seed);
  // Stops all loops; their series end.
  void end();

  std::vector<TargetStatus> targets() const;
  PoolSize size() const;
  const std::vector<DroppedTarget>& dropped_targets() const { return dropped_; }
  size_t target_count() const { return loops_.size(); }

 private:
  // A loop that a reload stopped, and that may go on as a new one.
  struct Suspended {
    SeriesCache cache;
    EndOfRun end;
  };
  // By Target::identity().
  using Targets = std::map<std::string, Target>;

  void discover();
  Targets wanted_targets();
  void sync();
  void suspend(const std::string& identity, ScrapeLoop& loop);
  void start_loop(const std::string& identity, Target target);
  void enforce_target_limit();
  void end_loop(ScrapeLoop& loop);

  LoopContext& context_;
  std::shared_ptr<const config::ScrapeConfig> job_;
  uint64_t offset_seed_;
  OnEnd on_end_;
  std::map<std::string, std::unique_ptr<ScrapeLoop>> loops_;
  std::map<std::string, Suspended> suspended_;
  std::vector<DroppedTarget> dropped_;
  std::unique_ptr<discovery::JobDiscovery> discovery_;
};

}  // namespace promenade::scrape
