#pragma once  // engine/alertmanager/metrics.h
// What the Alertmanager counts about itself. The names on /metrics are Alertmanager's, so that
// existing dashboards and alerts work.
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "base/time.h"

namespace promenade::alertmanager {

struct Metrics {
  struct PerIntegration {
    uint64_t notifications = 0;
    std::map<std::string, uint64_t> failures;  // By reason.
    uint64_t requests = 0;
    uint64_t failed_requests = 0;
    uint64_t latency_count = 0;
    double latency_seconds = 0;
  };
  std::map<std::string, PerIntegration> integrations;  // By kind.
  std::map<std::string, uint64_t> suppressed;          // By reason.
  uint64_t alerts_received_firing = 0;
  uint64_t alerts_received_resolved = 0;
  uint64_t alerts_invalid = 0;
  uint64_t alerts_processed = 0;  // By the dispatcher.
  uint64_t log_queries = 0;
  uint64_t silence_queries = 0;
  uint64_t silences_snapshot_bytes = 0;
  uint64_t log_snapshot_bytes = 0;
  Timestamp config_loaded;
  bool config_reload_succeeded = true;
  uint64_t config_hash = 0;
};

// The state of things at the moment, for the gauges.
struct MetricsState {
  std::string version;
  uint64_t alerts_active = 0;
  uint64_t alerts_suppressed = 0;
  uint64_t silences_active = 0;
  uint64_t silences_pending = 0;
  uint64_t silences_expired = 0;
  uint64_t groups = 0;
  uint64_t receivers = 0;
  uint64_t integrations = 0;
};

// The exposition text.
std::string write_metrics(const Metrics& metrics, const MetricsState& state);

}  // namespace promenade::alertmanager
