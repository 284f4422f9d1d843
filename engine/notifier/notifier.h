#pragma once  // engine/notifier/notifier.h
// Tells Alertmanagers of alerts: POST /api/v2/alerts, in batches, to each of them from a queue of
// its own, so that one that is slow or down doesn't hold up the others. What fails is not tried
// again: the rules tell of an alert again and again as long as it fires (Prometheus's notifier/).
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/log.h"
#include "base/transport.h"
#include "config/config.h"
#include "rules/rule.h"

namespace promenade::notifier {

struct NotifierOptions {
  uint64_t queue_capacity = 10'000;  // Alerts; when it is full, the oldest go.
  uint64_t batch_size = 256;         // Alerts in one request.
  std::string user_agent;
};

// What has been done for one Alertmanager; for the server's own metrics. Alerts are counted, not
// batches.
struct AlertmanagerStatistics {
  std::string url;
  uint64_t sent = 0;
  uint64_t errors = 0;
  uint64_t dropped = 0;  // Because of errors, or as the queue was full.
  uint64_t queue_length = 0;
  uint64_t requests = 0;
  double request_seconds = 0;
};

class Notifier {
 public:
  // All must outlive the notifier.
  Notifier(Clock& clock, Transport& transport, const FileSystem& files, Logger& logger,
           NotifierOptions options);
  ~Notifier();

  // Applies a (new) configuration. Alerts that wait for an Alertmanager still do when it is in the
  // new configuration as well; others are dropped, and the log says so.
  void apply(const config::Config& config);

  // Adds the external labels, relabels, and queues; sends as soon as an Alertmanager is free.
  void send(std::vector<rules::OutgoingAlert> alerts);

  // Whether every queue is empty and no request is under way.
  bool is_idle() const;
  // Forgets what has not been sent.
  void stop();

  // URLs of those in use, and of those that relabelling dropped; sets in order of the
  // configuration.
  std::vector<std::string> active() const;
  std::vector<std::string> dropped() const;
  // Sorted by URL.
  std::vector<AlertmanagerStatistics> statistics() const;
  const NotifierOptions& options() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace promenade::notifier
