#pragma once  // engine/server/server.h
// The composition root: a configuration and the outside world's interfaces become a running
// Prometheus. Everything happens on the loop that drives the Clock.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/told_alert.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/file_system.h"
#include "base/log.h"
#include "base/result.h"
#include "base/transport.h"
#include "promql/engine.h"
#include "promql/features.h"
#include "rules/manager.h"
#include "tsdb/head.h"

namespace promenade::server {

// The outside world. All of it must outlive the Server.
struct Environment {
  Clock& clock;
  Transport& transport;
  FileSystem& files;
  Executor& executor;
  Logger& logger;
};

struct ServerOptions {
  std::string config_file = "prometheus.yml";  // Read through Environment::files.
  std::string external_url;                    // --web.external-url; "" is the listen address.
  std::string version = "0.1.0";
  Duration retention = Duration::hours(24 * 15);  // --storage.tsdb.retention.time
  Duration lookback = Duration::minutes(5);       // --query.lookback-delta
  Duration query_timeout = Duration::minutes(2);  // --query.timeout
  uint64_t query_samples_max = 50'000'000;        // --query.max-samples
  promql::Features features;                      // --enable-feature
  bool prometheus2_rules = false;                 // --query.prometheus2-rules, ours
  rules::RuleOptions rules;                       // --rules.alert.*; external_url comes from above.
  uint64_t notification_queue_capacity = 10'000;  // --alertmanager.notification-queue-capacity
  uint64_t notification_batch_size = 256;         // --alertmanager.notification-batch-size
  uint64_t query_concurrency_max = 20;            // --query.max-concurrency
  // How many more may wait for their turn. Each has its connection, so this is less than
  // --web.max-connections: half of it natively, that there is one left to say no on.
  uint64_t query_waiting_max = 256;
  bool enable_lifecycle = false;       // --web.enable-lifecycle
  bool enable_write_receiver = false;  // --web.enable-remote-write-receiver
  // What /api/v1/status/flags shows.
  std::vector<std::pair<std::string, std::string>> flags;
  // Where the server runs, for the API's answers (api::ApiContext has the same members).
  std::string listen_address;  // host:port of our own listener; "" when there is none.
  std::string working_directory;
  std::string hostname;
  std::string cors_origin = ".*";  // --web.cors.origin
  // Of the Alertmanager in this process, if there is one, for /api/v1/alert_lifeline.
  api::ToldAlerts told_alerts;
};

class Server {
 public:
  // Loads the configuration with its rule files, and starts scraping and evaluating. The error
  // names file, line and column.
  static Result<std::unique_ptr<Server>> create(ServerOptions options, Environment environment);
  ~Server();

  // Every path that Prometheus itself answers: /api/v1/..., /-/healthy, /-/ready, /-/reload,
  // /federate, /metrics, /version. Other paths are 404. `request.url` is path and query.
  HttpResponse handle(const HttpRequest& request);
  // As above, but long queries run beside the loop: at most query_concurrency_max at a time, others
  // wait for their turn, and when too many do, the next ones are refused with 503. The executor
  // must have finished them before the Server is destroyed.
  void answer(const HttpRequest& request, HttpReplyTo reply_to);
  // From now on nothing is given to the executor any more: the queries that wait for their turn are
  // given up without an answer, new ones are refused.
  void refuse_queries();

  // Loads the configuration file and its rule files again. On failure, be it in any of them, the
  // running configuration stays as a whole.
  Result<void> reload();

  // No more scrapes and no more evaluations, for good. Alerts that are under way still go out.
  void stop();
  bool has_pending_notifications() const;

  // From now on nothing can be stored, as with a disk that is full, for the reason that the log
  // then gives; "" ends that. Scrapes, queries and alerts go on.
  void set_write_fault(std::string reason);

  const tsdb::Head& head() const;
  promql::EngineOptions engine_options() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace promenade::server
