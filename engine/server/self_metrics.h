#pragma once  // engine/server/self_metrics.h
// What the server counts about itself, and its own /metrics: the names are Prometheus's, so that
// existing dashboards and alerts work.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "api/api.h"
#include "base/time.h"
#include "notifier/notifier.h"
#include "remote/write_receiver.h"
#include "rules/manager.h"
#include "scrape/manager.h"

namespace promenade::server {

// The route a path belongs to, with its variable parts as names: "/api/v1/label/:name/values".
// Paths that nobody answers share one name, so that they can't make series without end.
std::string_view route_of(std::string_view path);

class RequestCounters {
 public:
  void count(std::string_view path, int status);
  // By handler and status.
  const std::map<std::pair<std::string, int>, uint64_t>& counts() const { return counts_; }

 private:
  std::map<std::pair<std::string, int>, uint64_t> counts_;
};

// Of all queries that were answered: how many came to each slice of their time, and how long they
// spent there.
struct QueryTimings {
  struct Slice {
    uint64_t count = 0;
    int64_t sum_ns = 0;
  };
  Slice queue;
  Slice preparation;
  Slice evaluation;
  Slice sort;

  void add(const api::QueryTimes& times);
};

struct SelfMetrics {
  std::string version;
  Timestamp started;
  Timestamp config_loaded;
  bool config_reload_succeeded = true;
  uint64_t head_series = 0;
  uint64_t head_truncations = 0;
  Duration retention;
  uint64_t queries_present = 0;  // Running or waiting.
  uint64_t queries_concurrent_max = 0;
  QueryTimings query_timings;
  const RequestCounters* requests = nullptr;
  const scrape::ScrapeManager* scrapes = nullptr;
  remote::ReceiverStatistics writes;
  const rules::RuleManager* rules = nullptr;
  const notifier::Notifier* notifier = nullptr;
};

// The exposition text.
std::string write_self_metrics(const SelfMetrics& metrics);

}  // namespace promenade::server
