#pragma once  // engine/api/api.h
// Prometheus's HTTP API v1 as a function from request to response
// (https://prometheus.io/docs/prometheus/latest/querying/api/). The native server puts a socket in
// front of it, the page a worker's message port.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/told_alert.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/transport.h"
#include "model/queryable.h"
#include "promql/engine.h"
#include "promql/parser/parser.h"

namespace promenade::remote {
class WriteReceiver;
}
namespace promenade::rules {
class RuleManager;
}
namespace promenade::scrape {
class ScrapeManager;
}
namespace promenade::tsdb {
class Head;
}

namespace promenade::api {

// The Prometheus whose API this is; clients ask /status/buildinfo for it to learn what they can
// use.
inline constexpr std::string_view kPrometheusVersion = "3.14.0";

// How the last load of the configuration went, for /status/runtimeinfo.
struct ConfigStatus {
  bool reload_succeeded = true;
  Timestamp loaded;  // {0}: when the server started.
};

// URLs, for /alertmanagers.
struct Alertmanagers {
  std::vector<std::string> active;
  std::vector<std::string> dropped;  // By relabelling.
};

// What the handlers look at. All of it is owned by the server and outlives the Api.
struct ApiContext {
  const Clock* clock = nullptr;
  Executor* executor = nullptr;
  const Queryable* store = nullptr;
  const tsdb::Head* head = nullptr;                // For /status/tsdb and begin(). May be null.
  const scrape::ScrapeManager* scrapes = nullptr;  // For targets and metadata. May be null: none.
  // For /write. Null when the server was started without it.
  remote::WriteReceiver* write_receiver = nullptr;
  const rules::RuleManager* rules = nullptr;  // May be null: none.
  std::function<promql::EngineOptions()> engine_options;
  promql::ParserOptions parser_options;  // Of queries.
  // Ordered name -> value of every command line flag, for /status/flags.
  std::function<std::vector<std::pair<std::string, std::string>>()> flags;
  std::function<std::string()> config_yaml;  // For /status/config.
  Timestamp started;
  std::string version;  // Promenade's own.

  // From here on all may be left as they are.
  std::function<ConfigStatus()> config_status;
  std::function<Alertmanagers()> alertmanagers;
  ToldAlerts told_alerts;  // Of the Alertmanager in this process, if there is one.
  std::string storage_retention = "15d";
  std::string working_directory;
  std::string hostname;
  // --web.external-url, which takes the place of loopback addresses in globalUrl; "" leaves them.
  std::string external_url;
  std::string listen_address;      // host:port of our own listener; "" when there is none.
  std::string cors_origin = ".*";  // --web.cors.origin: an anchored regular expression.
};

// How long a query took, in the slices that Prometheus tells of. A slice that it didn't come to is
// absent: all are for a request that is no query.
struct QueryTimes {
  std::optional<int64_t> queue_ns;        // Waiting for its turn and for a thread.
  std::optional<int64_t> preparation_ns;  // Working out what it needs, and fetching that.
  std::optional<int64_t> evaluation_ns;
  std::optional<int64_t> sort_ns;  // Of a matrix.
};

// Whether begin() may hand back a request for the path.
bool may_take_long(std::string_view path);

// A query that has been read and checked, and waits for its turn. Until that has come it holds no
// samples: only what was asked, parsed, and the headers of the request.
class PendingQuery {
 public:
  // On the event loop.
  virtual ~PendingQuery() = default;

  // Whether waiting has become pointless, because the query was canceled or its time has run out.
  // start() then gives the response that says so.
  virtual bool is_over() const = 0;
  // On the loop, once: gives the query the samples that are there now. A response when nothing is
  // left to do, as the query failed, or was so small that it has been answered at once.
  virtual std::optional<HttpResponse> start() = 0;
  // After a start() that gave none. Evaluates the query and writes the response: once, on any
  // thread, while the loop goes on.
  virtual HttpResponse run() = 0;
  // Complete when there is a response.
  virtual QueryTimes times() const = 0;
};

using Answer = std::variant<HttpResponse, std::unique_ptr<PendingQuery>>;

class Api {
 public:
  explicit Api(ApiContext context);

  // Any request whose path starts with /api/v1. `request.url` is path and query. Never fails:
  // errors are responses in Prometheus's envelope. The same request over the same samples at
  // the same time gives the same bytes on every platform. A query's times go to `times`, unless
  // that is null.
  HttpResponse handle(const HttpRequest& request, QueryTimes* times = nullptr) const;

  // As handle(), except that a valid request that may_take_long() is handed back. `is_canceled` is
  // asked now and then, by several threads; true ends the evaluation. Null: never.
  Answer begin(const HttpRequest& request, std::function<bool()> is_canceled = nullptr) const;

  // What to answer when there is too much to do already: 503 with the reason.
  HttpResponse refuse(const HttpRequest& request, std::string_view reason) const;

  // The object of /api/v1/status/buildinfo without its envelope, for the path /version.
  std::string build_info() const;

 private:
  ApiContext context_;
};

}  // namespace promenade::api
