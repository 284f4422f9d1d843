#pragma once  // engine/notifier/queue.h
// The way to one Alertmanager: a queue, and at most one request under way. Internal to
// engine/notifier.
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "notifier/notifier.h"

namespace promenade::notifier {

// What all queues share; outlives them.
struct QueueContext {
  Clock& clock;
  Transport& transport;
  const FileSystem& files;
  Logger& logger;
  NotifierOptions options;
};

// An alert as JSON, which waits in the queues of several Alertmanagers at once.
using AlertText = std::shared_ptr<const std::string>;

class Queue {
 public:
  // `config` is that of the Alertmanager's set.
  Queue(QueueContext& context, std::shared_ptr<const config::AlertmanagerEndpoints> config,
        std::string url);
  // Says so in the log when alerts are lost with it.
  ~Queue();
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  // Takes back what is not sent yet, the alerts of a request under way included: sent twice is
  // better than not at all.
  std::vector<AlertText> take();

  // Queues the alerts, and starts to send unless a request is under way already.
  void add(const std::vector<AlertText>& alerts);
  bool is_idle() const { return waiting_.empty() && in_flight_.empty(); }
  AlertmanagerStatistics statistics() const;

 private:
  void make_room(size_t count);
  void send_next();
  void send_batch();
  void on_response(const Result<HttpResponse>& response);
  void fail_batch(const std::string& reason);

  QueueContext& context_;
  const std::shared_ptr<const config::AlertmanagerEndpoints> config_;
  std::deque<AlertText> waiting_;
  std::vector<AlertText> in_flight_;  // The alerts of the request under way.
  RequestId request_{};
  int64_t begun_ns_ = 0;
  AlertmanagerStatistics statistics_;
};

}  // namespace promenade::notifier
