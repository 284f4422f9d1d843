// Two lifetimes: alerts, silences and the notification log live as long as the Alertmanager, while
// routes, groups and timers belong to one configuration and are made anew from the alerts when it
// changes.
#include "alertmanager/alertmanager.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "alertmanager/alert_store.h"
#include "alertmanager/api/api_v2.h"
#include "alertmanager/dispatcher.h"
#include "alertmanager/inhibitor.h"
#include "alertmanager/metrics.h"
#include "alertmanager/notification_history.h"
#include "alertmanager/notification_log.h"
#include "alertmanager/pipeline.h"
#include "alertmanager/receivers/text_expander.h"
#include "alertmanager/silences.h"
#include "alertmanager/storage.h"
#include "base/hash.h"
#include "base/strings.h"
#include "exposition/writer.h"

namespace promenade::alertmanager {
namespace {

constexpr std::string_view kSilencesFile = "silences";
constexpr std::string_view kLogFile = "nflog";

std::string without_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

// Everything that one configuration determines.
struct Routing {
  Routing(Environment environment, config::AlertmanagerConfig read_config, TextExpander templates,
          const AlertmanagerOptions& options, const Silences& silences, NotificationLog& log,
          NotificationHistory& history, Metrics& metrics, Random& random)
      : config(std::move(read_config)),
        config_text(config::to_yaml(config)),
        expander(std::move(templates)),
        routes(config.route),
        inhibitor(config.inhibit_rules),
        pipeline(environment, PipelineParts{config, inhibitor, silences, log, history, metrics,
                                            expander, random, without_slash(options.external_url),
                                            fmt::format("Alertmanager/{}", kAlertmanagerVersion)}),
        dispatcher(environment.clock, routes, pipeline,
                   {options.dispatch_maintenance_interval, options.dispatch_start_delay}) {}

  void add(const AlertPtr& alert) {
    inhibitor.add(alert);
    dispatcher.add(alert);
  }

  config::AlertmanagerConfig config;
  std::string config_text;
  TextExpander expander;
  RouteTree routes;
  Inhibitor inhibitor;
  Pipeline pipeline;
  Dispatcher dispatcher;
};

}  // namespace

struct Alertmanager::Impl {
  Impl(AlertmanagerOptions given_options, Environment given_environment)
      : options(std::move(given_options)),
        environment(given_environment),
        random(options.seed),
        silences({options.retention, options.silences_max, options.silence_bytes_max},
                 random.fork("silences")),
        log(options.retention),
        started(environment.clock.now()) {
    options.route_prefix = without_slash(options.route_prefix);
  }
  Impl(const Impl&) = delete;  // Timers point here.
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    environment.clock.cancel(maintenance_timer);
    environment.clock.cancel(gc_timer);
  }

  Result<void> load_config();
  Result<void> load_storage();
  Result<void> store();
  void maintain();
  void collect_alerts();
  void put(Alert alert);
  bool is_over_limit(const Alert& alert) const;
  HttpResponse handle(const HttpRequest& request);
  HttpResponse handle_reload(const HttpRequest& request);
  HttpResponse handle_metrics() const;
  HttpResponse handle_api_request(const HttpRequest& request);

  AlertmanagerOptions options;
  Environment environment;
  Random random;
  AlertStore alerts;
  Silences silences;
  NotificationLog log;
  NotificationHistory history;
  Metrics metrics;
  Timestamp started;
  std::set<std::string> logged_notices;  // Each is said once, however often the file is loaded.
  TimerId maintenance_timer{};
  TimerId gc_timer{};
  std::unique_ptr<Routing> routing;  // Last, for it refers to the others.
};

Result<void> Alertmanager::Impl::load_config() {
  const std::string text = TRY(environment.files.read(options.config_file));
  config::AlertmanagerConfig config = TRY(config::parse_alertmanager_config(
      options.config_file, text,
      {TimeZones(&environment.files, options.zoneinfo_directory), options.grammar}));
  TextExpander expander =
      TRY(TextExpander::create(config, environment.files, options.zoneinfo_directory));
  for (const std::string& notice : config.notices) {
    if (!logged_notices.insert(notice).second) continue;
    environment.logger.log(LogLevel::Warn, notice, {});
  }
  routing.reset();  // The old groups' timers end before the new ones' start.
  routing = std::make_unique<Routing>(environment, std::move(config), std::move(expander), options,
                                      silences, log, history, metrics, random);
  for (const auto& [id, alert] : alerts.alerts()) routing->add(alert);
  metrics.config_loaded = environment.clock.now();
  metrics.config_hash = xxh64(text) >> 16;  // Fits into a float64, as Alertmanager's does.
  return {};
}

Result<void> Alertmanager::Impl::store() {
  if (options.storage_path.empty()) return {};
  const std::string silence_bytes = silences.snapshot();
  const std::string log_bytes = log.snapshot();
  metrics.silences_snapshot_bytes = silence_bytes.size();
  metrics.log_snapshot_bytes = log_bytes.size();
  TRY(store_file(environment.files, options.storage_path, kSilencesFile, silence_bytes));
  return store_file(environment.files, options.storage_path, kLogFile, log_bytes);
}

Result<void> Alertmanager::Impl::load_storage() {
  if (options.storage_path.empty()) return {};
  options.storage_path = without_slash(options.storage_path);
  TRY(environment.files.create_directories(options.storage_path));
  const auto load = [&](std::string_view name, auto& part) {
    return load_file(environment.files, options.storage_path, name,
                     [&](std::string_view bytes) { return part.load(bytes); });
  };
  TRY(load(kSilencesFile, silences));
  return load(kLogFile, log);
}

void Alertmanager::Impl::maintain() {
  const Timestamp now = environment.clock.now();
  silences.collect_garbage(now);
  log.collect_garbage(now);
  if (const auto stored = store(); !stored) {
    environment.logger.log(LogLevel::Error, "Storing silences and notification log failed",
                           {{"err", stored.error().message}});
  }
  maintenance_timer =
      environment.clock.call_at(now + options.maintenance_interval, [this] { maintain(); });
}

void Alertmanager::Impl::collect_alerts() {
  const Timestamp now = environment.clock.now();
  alerts.collect_garbage(now);
  routing->inhibitor.collect_garbage(now);
  gc_timer =
      environment.clock.call_at(now + options.alerts_gc_interval, [this] { collect_alerts(); });
}

bool Alertmanager::Impl::is_over_limit(const Alert& alert) const {
  if (options.alerts_per_name_max == 0 || alerts.has(alert.id)) return false;
  return alerts.count_named(alert.labels.get("alertname")) >= options.alerts_per_name_max;
}

void Alertmanager::Impl::put(Alert alert) {
  if (is_over_limit(alert)) return;
  ++metrics.alerts_processed;
  routing->add(alerts.put(std::move(alert)));
}

HttpResponse Alertmanager::Impl::handle_reload(const HttpRequest& request) {
  if (request.method != "POST") return text_response(405, "Method Not Allowed\n");
  const auto loaded = load_config();
  metrics.config_reload_succeeded = loaded.has_value();
  if (loaded) return text_response(200, "");
  environment.logger.log(LogLevel::Error, "Loading configuration file failed",
                         {{"file", options.config_file}, {"err", loaded.error().message}});
  return text_response(500, fmt::format("failed to reload config: {}\n", loaded.error().message));
}

HttpResponse Alertmanager::Impl::handle_metrics() const {
  const Timestamp now = environment.clock.now();
  MetricsState state;
  state.version = std::string(kAlertmanagerVersion);
  state.groups = routing->dispatcher.group_count();
  state.receivers = routing->config.receivers.size();
  for (const auto& receiver : routing->config.receivers) {
    state.integrations += receiver.integrations.size();
  }
  for (const auto& [id, alert] : alerts.alerts()) {
    if (alert->is_resolved_at(now)) continue;
    const bool is_suppressed = routing->inhibitor.inhibited_by(alert->labels, now).has_value() ||
                               !silences.silenced_by(alert->labels, now).empty();
    ++(is_suppressed ? state.alerts_suppressed : state.alerts_active);
  }
  for (const auto& [id, silence] : silences.all()) {
    const SilenceState one = silence.state_at(now);
    ++(one == SilenceState::Active    ? state.silences_active
       : one == SilenceState::Pending ? state.silences_pending
                                      : state.silences_expired);
  }
  HttpResponse response{.body = write_metrics(metrics, state)};
  response.headers.set("Content-Type", std::string(exposition::kTextContentType));
  return response;
}

HttpResponse Alertmanager::Impl::handle_api_request(const HttpRequest& request) {
  return handle_api({.now = environment.clock.now(),
                     .config = routing->config,
                     .config_text = routing->config_text,
                     .alerts = alerts,
                     .routes = routing->routes,
                     .inhibitor = routing->inhibitor,
                     .dispatcher = routing->dispatcher,
                     .pipeline = routing->pipeline,
                     .silences = silences,
                     .metrics = metrics,
                     .grammar = options.grammar,
                     .started = started,
                     .version = kAlertmanagerVersion,
                     .put = [this](Alert alert) { put(std::move(alert)); }},
                    request);
}

HttpResponse Alertmanager::Impl::handle(const HttpRequest& request) {
  HttpRequest inner = request;
  const size_t prefix_size = options.route_prefix.size();
  const bool is_ours = inner.url.starts_with(options.route_prefix) &&
                       (inner.url.size() == prefix_size || inner.url[prefix_size] == '/');
  if (!is_ours) return text_response(404, "404 page not found\n");
  inner.url.erase(0, prefix_size);
  const std::string path(split_url(inner.url).path);
  const bool is_read = request.method == "GET" || request.method == "HEAD";
  if (path.starts_with(std::string(kApiPrefix) + "/")) return handle_api_request(inner);
  if (path.starts_with("/api/v1/")) {
    HttpResponse response = text_response(
        410,
        "{\"status\":\"deprecated\",\"error\":\"The Alertmanager v1 API was deprecated in "
        "version 0.16.0 and is removed as of version 0.27.0 - please use the equivalent route "
        "in the v2 API\"}\n");
    response.headers.set("Content-Type", "application/json");
    return response;
  }
  if (path == "/-/reload") return handle_reload(request);
  if (!is_read) return text_response(405, "Method Not Allowed\n");
  if (path == "/-/healthy" || path == "/-/ready") return text_response(200, "OK");
  if (path == "/metrics") return handle_metrics();
  if (path == "/" || path.empty()) {
    return text_response(200,
                         "This is an Alertmanager. Its API is at api/v2/; amtool speaks it.\n");
  }
  return text_response(404, "404 page not found\n");
}

Alertmanager::Alertmanager(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Alertmanager::~Alertmanager() {
  if (const auto stored = impl_->store(); !stored) {
    impl_->environment.logger.log(LogLevel::Error, "Storing silences and notification log failed",
                                  {{"err", stored.error().message}});
  }
}

Result<std::unique_ptr<Alertmanager>> Alertmanager::create(AlertmanagerOptions options,
                                                           Environment environment) {
  auto impl = std::make_unique<Impl>(std::move(options), environment);
  TRY(impl->load_storage());
  TRY(impl->load_config());
  const Timestamp now = environment.clock.now();
  Impl* const self = impl.get();
  impl->maintenance_timer = environment.clock.call_at(now + impl->options.maintenance_interval,
                                                      [self] { self->maintain(); });
  impl->gc_timer = environment.clock.call_at(now + impl->options.alerts_gc_interval,
                                             [self] { self->collect_alerts(); });
  return std::unique_ptr<Alertmanager>(new Alertmanager(std::move(impl)));
}

HttpResponse Alertmanager::handle(const HttpRequest& request) {
  return impl_->handle(request);
}

std::vector<api::ToldAlert> Alertmanager::told(const Labels& labels, TimeRange range) const {
  return impl_->history.find(labels, range);
}

Result<void> Alertmanager::reload() {
  auto loaded = impl_->load_config();
  impl_->metrics.config_reload_succeeded = loaded.has_value();
  return loaded;
}

Result<void> Alertmanager::store() {
  return impl_->store();
}

}  // namespace promenade::alertmanager
