// Wires the parts together and routes requests. A configuration is parsed as a whole before any
// part sees it, which is why a failed reload changes nothing.
#include "server/server.h"

#include <set>

#include "api/api.h"
#include "api/federate.h"
#include "base/strings.h"
#include "config/config.h"
#include "exposition/writer.h"
#include "model/duration.h"
#include "notifier/notifier.h"
#include "remote/write_receiver.h"
#include "rules/manager.h"
#include "scrape/manager.h"
#include "server/query_queue.h"
#include "server/self_metrics.h"

namespace promenade::server {
namespace {

// How often the head forgets what is older than the retention.
constexpr Duration kTruncateInterval = Duration::minutes(5);

constexpr std::string_view kApiPrefix = "/api/v1/";

}  // namespace

struct Server::Impl {
  Impl(ServerOptions the_options, Environment the_environment)
      : options(std::move(the_options)),
        environment(the_environment),
        started(environment.clock.now()),
        scrapes(environment.clock, environment.transport, environment.files, head,
                environment.logger, "Prometheus/" + options.version),
        writes(head, environment.clock),
        notifier(environment.clock, environment.transport, environment.files, environment.logger,
                 {options.notification_queue_capacity, options.notification_batch_size,
                  "Prometheus/" + options.version}),
        rule_manager(rule_context()),
        running_queries(environment.executor, environment.clock,
                        {options.query_concurrency_max, options.query_waiting_max}),
        api(api_context()) {}

  ~Impl() {
    environment.clock.cancel(truncate_timer);
    stop();
  }

  void stop() {
    rule_manager.stop();
    scrapes.stop();
  }

  api::ApiContext api_context();
  rules::RuleContext rule_context();
  promql::EngineOptions engine_options() const;

  Result<void> load();
  Result<void> load_again();
  void apply(config::Config next, std::vector<rules::GroupDefinition> groups);
  void log_notices(const std::vector<std::string>& notices);
  Duration retention() const { return config.retention.value_or(options.retention); }
  void truncate_regularly();

  HttpResponse route(const HttpRequest& request, std::string_view path);
  HttpResponse handle_api(const HttpRequest& request);
  class QueryTask;
  void answer_query(const HttpRequest& request, HttpReplyTo reply_to);
  HttpResponse handle_reload(const HttpRequest& request);
  HttpResponse handle_metrics() const;

  const ServerOptions options;
  Environment environment;
  const Timestamp started;
  config::Config config;
  Timestamp config_loaded;
  bool config_reload_succeeded = true;
  std::set<std::string> logged_notices;

  tsdb::Head head;
  scrape::ScrapeManager scrapes;
  remote::WriteReceiver writes;
  notifier::Notifier notifier;
  rules::RuleManager rule_manager;
  RequestCounters requests;
  QueryTimings query_timings;
  QueryQueue running_queries;
  uint64_t head_truncations = 0;
  TimerId truncate_timer{};
  api::Api api;
};

api::ApiContext Server::Impl::api_context() {
  api::ApiContext context;
  context.clock = &environment.clock;
  context.executor = &environment.executor;
  context.store = &head;
  context.head = &head;
  context.scrapes = &scrapes;
  if (options.enable_write_receiver) context.write_receiver = &writes;
  context.rules = &rule_manager;
  context.engine_options = [this] { return engine_options(); };
  context.parser_options = options.features.parser_options();
  context.flags = [this] { return options.flags; };
  context.config_yaml = [this] { return config::to_yaml(config); };
  context.config_status = [this] {
    return api::ConfigStatus{config_reload_succeeded, config_loaded};
  };
  context.alertmanagers = [this] {
    return api::Alertmanagers{notifier.active(), notifier.dropped()};
  };
  context.told_alerts = options.told_alerts;
  context.started = started;
  context.version = options.version;
  context.storage_retention = format_duration(options.retention);
  context.working_directory = options.working_directory;
  context.hostname = options.hostname;
  context.external_url = options.external_url;
  context.listen_address = options.listen_address;
  context.cors_origin = options.cors_origin;
  return context;
}

rules::RuleContext Server::Impl::rule_context() {
  rules::RuleOptions rule_options = options.rules;
  rule_options.external_url = options.external_url;
  while (rule_options.external_url.ends_with('/')) rule_options.external_url.pop_back();
  return {environment.clock,
          environment.executor,
          head,
          environment.logger,
          [this] { return engine_options(); },
          options.features.parser_options(),
          [this](std::vector<rules::OutgoingAlert> alerts) { notifier.send(std::move(alerts)); },
          std::move(rule_options),
          {}};
}

promql::EngineOptions Server::Impl::engine_options() const {
  promql::EngineOptions engine;
  engine.lookback = options.lookback;
  engine.subquery_step_default = config.global.evaluation_interval;
  engine.samples_max = options.query_samples_max;
  engine.windows_closed_left = options.prometheus2_rules;
  engine.zero_before_threshold = options.prometheus2_rules;
  engine.timeout = options.query_timeout;
  options.features.apply_to(engine);
  engine.monotonic_ns = [clock = &environment.clock] { return clock->monotonic_ns(); };
  return engine;
}

Result<void> Server::Impl::load() {
  const Result<std::string> text = environment.files.read(options.config_file);
  if (!text) {
    return fail(text.error().code, text.error().message + "; check --config.file");
  }
  config::Config next = TRY(config::parse_config(options.config_file, *text));
  // The rule files belong to the configuration: one that is broken leaves the old one in force.
  auto groups = TRY(rules::load_rule_files(next, environment.files,
                                           options.features.parser_options(), next.notices));
  apply(std::move(next), std::move(groups));
  return {};
}

// As load(), and the failure shows in /metrics and in /status/runtimeinfo.
Result<void> Server::Impl::load_again() {
  Result<void> loaded = load();
  config_reload_succeeded = loaded.has_value();
  return loaded;
}

void Server::Impl::apply(config::Config next, std::vector<rules::GroupDefinition> groups) {
  config = std::move(next);
  config_loaded = environment.clock.now();
  log_notices(config.notices);
  scrapes.apply(config);
  notifier.apply(config);
  rule_manager.apply(config, std::move(groups));
}

void Server::Impl::log_notices(const std::vector<std::string>& notices) {
  for (const std::string& notice : notices) {
    if (!logged_notices.insert(notice).second) continue;
    environment.logger.log(LogLevel::Warn, notice, {{"file", options.config_file}});
  }
}

void Server::Impl::truncate_regularly() {
  truncate_timer = environment.clock.call_at(environment.clock.now() + kTruncateInterval, [this] {
    if (retention().ms > 0) {
      head.truncate(environment.clock.now() - retention());
      ++head_truncations;
    }
    truncate_regularly();
  });
}

HttpResponse Server::Impl::route(const HttpRequest& request, std::string_view path) {
  if (path.starts_with(kApiPrefix)) return handle_api(request);
  if (path == "/metrics") return handle_metrics();
  if (path == "/federate") {
    return api::federate(
        {head, environment.clock.now(), options.lookback, config.global.external_labels}, request);
  }
  if (path == "/version") return text_response(200, api.build_info() + "\n");
  if (path == "/-/healthy") return text_response(200, "Prometheus Server is Healthy.\n");
  if (path == "/-/ready") return text_response(200, "Prometheus Server is Ready.\n");
  if (path == "/-/reload") return handle_reload(request);
  return text_response(404, "404 page not found\n");
}

HttpResponse Server::Impl::handle_api(const HttpRequest& request) {
  api::QueryTimes times;
  HttpResponse response = api.handle(request, &times);
  query_timings.add(times);
  return response;
}

// A query on its way through the queue.
class Server::Impl::QueryTask final : public QueryQueue::Task {
 public:
  QueryTask(Impl& server, std::string path, std::unique_ptr<api::PendingQuery> query,
            std::function<void(HttpResponse)> respond)
      : server_(server),
        path_(std::move(path)),
        query_(std::move(query)),
        respond_(std::move(respond)) {}

  bool is_over() const override { return query_->is_over(); }

  bool start() override {
    auto response = query_->start();
    if (!response) return true;
    response_ = std::move(*response);
    finish();
    return false;
  }

  void run() override { response_ = query_->run(); }

  void finish() override {
    server_.query_timings.add(query_->times());
    query_ = nullptr;
    server_.requests.count(path_, response_.status);
    respond_(std::move(response_));
  }

 private:
  Impl& server_;
  std::string path_;
  std::unique_ptr<api::PendingQuery> query_;
  std::function<void(HttpResponse)> respond_;
  HttpResponse response_;
};

void Server::Impl::answer_query(const HttpRequest& request, HttpReplyTo reply_to) {
  const std::string path(split_url(request.url).path);
  const auto respond = [&](HttpResponse response) {
    requests.count(path, response.status);
    reply_to.respond(std::move(response));
  };
  api::Answer answer = api.begin(request, reply_to.is_canceled);
  if (auto* response = std::get_if<HttpResponse>(&answer)) return respond(std::move(*response));
  auto& query = std::get<std::unique_ptr<api::PendingQuery>>(answer);
  const auto task = std::make_shared<QueryTask>(*this, path, std::move(query), reply_to.respond);
  if (running_queries.submit(task)) return;
  respond(
      api.refuse(request, running_queries.is_closed()
                              ? "the server is shutting down"
                              : "too many queries are waiting for their turn; try again later"));
}

HttpResponse Server::Impl::handle_metrics() const {
  SelfMetrics metrics;
  metrics.version = options.version;
  metrics.started = started;
  metrics.config_loaded = config_loaded;
  metrics.config_reload_succeeded = config_reload_succeeded;
  metrics.head_series = head.series_count();
  metrics.head_truncations = head_truncations;
  metrics.retention = retention();
  metrics.queries_concurrent_max = running_queries.running_max();
  metrics.queries_present = running_queries.running_count() + running_queries.waiting_count();
  metrics.query_timings = query_timings;
  metrics.requests = &requests;
  metrics.scrapes = &scrapes;
  metrics.writes = writes.statistics();
  metrics.rules = &rule_manager;
  metrics.notifier = &notifier;
  HttpResponse response;
  response.headers.set("Content-Type", std::string(exposition::kTextContentType));
  response.body = write_self_metrics(metrics);
  return response;
}

HttpResponse Server::Impl::handle_reload(const HttpRequest& request) {
  if (!options.enable_lifecycle) return text_response(403, "Lifecycle API is not enabled.");
  if (request.method != "POST" && request.method != "PUT") {
    return text_response(405, "Only POST or PUT requests allowed");
  }
  const Result<void> reloaded = load_again();
  if (reloaded) return text_response(200, "");
  return text_response(500, "failed to reload config: " + reloaded.error().message + "\n");
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::create(ServerOptions options, Environment environment) {
  auto impl = std::make_unique<Impl>(std::move(options), environment);
  TRY(impl->load());
  impl->truncate_regularly();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

HttpResponse Server::handle(const HttpRequest& request) {
  const std::string_view path = split_url(request.url).path;
  HttpResponse response = impl_->route(request, path);
  impl_->requests.count(path, response.status);
  return response;
}

void Server::answer(const HttpRequest& request, HttpReplyTo reply_to) {
  if (api::may_take_long(split_url(request.url).path)) {
    return impl_->answer_query(request, std::move(reply_to));
  }
  reply_to.respond(handle(request));
}

void Server::refuse_queries() {
  impl_->running_queries.close();
}

Result<void> Server::reload() {
  return impl_->load_again();
}

void Server::stop() {
  impl_->stop();
}

bool Server::has_pending_notifications() const {
  return !impl_->notifier.is_idle();
}

void Server::set_write_fault(std::string reason) {
  impl_->head.set_write_fault(std::move(reason));
}

const tsdb::Head& Server::head() const {
  return impl_->head;
}

promql::EngineOptions Server::engine_options() const {
  return impl_->engine_options();
}

}  // namespace promenade::server
