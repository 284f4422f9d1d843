// Families in order of their names, as Alertmanager writes them. Every kind of integration has its
// series from the start, so that an alert on a rate sees the first failure.
#include "alertmanager/metrics.h"

#include "config/alertmanager/integration_specs.h"
#include "exposition/writer.h"

namespace promenade::alertmanager {
namespace {

using exposition::write_counter;
using exposition::write_gauge;
using exposition::Writer;

constexpr const char* kFailureReasons[] = {"clientError", "other", "serverError"};
constexpr const char* kSuppressReasons[] = {"active_time_interval", "inhibition",
                                            "mute_time_interval", "silence"};

double number(uint64_t count) {
  return static_cast<double>(count);
}

class MetricsPage {
 public:
  MetricsPage(const Metrics& metrics, const MetricsState& state)
      : writer_(text_), metrics_(metrics), state_(state) {}

  std::string write() && {
    write_alerts();
    write_config();
    write_gauge(writer_, "alertmanager_dispatcher_aggregation_groups",
                "Number of active aggregation groups", number(state_.groups));
    write_summary("alertmanager_dispatcher_alert_processing_duration_seconds",
                  "Summary of latencies for the processing of alerts.", 0,
                  metrics_.alerts_processed);
    write_gauge(writer_, "alertmanager_integrations", "Number of configured integrations.",
                number(state_.integrations));
    write_marked("alertmanager_marked_alerts",
                 "How many alerts by state are currently marked in "
                 "the Alertmanager regardless of their expiry.");
    write_counter(writer_, "alertmanager_nflog_queries_total",
                  "Number of notification log queries were received.",
                  number(metrics_.log_queries));
    write_gauge(writer_, "alertmanager_nflog_snapshot_size_bytes",
                "Size of the last notification log snapshot in bytes.",
                number(metrics_.log_snapshot_bytes));
    write_notifications();
    write_gauge(writer_, "alertmanager_receivers", "Number of configured receivers.",
                number(state_.receivers));
    write_silences();
    return std::move(text_);
  }

 private:
  void write_marked(std::string_view name, std::string_view help) {
    writer_.family(name, MetricType::Gauge, help);
    writer_.sample({{"state", "active"}}, number(state_.alerts_active));
    writer_.sample({{"state", "suppressed"}}, number(state_.alerts_suppressed));
    writer_.sample({{"state", "unprocessed"}}, 0);
  }

  void write_alerts() {
    write_marked("alertmanager_alerts", "How many alerts by state.");
    writer_.family("alertmanager_alerts_invalid_total", MetricType::Counter,
                   "The total number of received alerts that were invalid.");
    writer_.sample({{"version", "v2"}}, number(metrics_.alerts_invalid));
    writer_.family("alertmanager_alerts_received_total", MetricType::Counter,
                   "The total number of received alerts.");
    writer_.sample({{"status", "firing"}, {"version", "v2"}},
                   number(metrics_.alerts_received_firing));
    writer_.sample({{"status", "resolved"}, {"version", "v2"}},
                   number(metrics_.alerts_received_resolved));
    writer_.family("alertmanager_build_info", MetricType::Gauge,
                   "A metric with a constant '1' value labeled by the version that this server "
                   "stands in for.");
    writer_.sample({{"version", state_.version}}, 1);
    write_gauge(writer_, "alertmanager_cluster_enabled",
                "Indicates whether the clustering is enabled or not.", 0);
  }

  void write_config() {
    write_gauge(writer_, "alertmanager_config_hash",
                "Hash of the currently loaded alertmanager configuration.",
                number(metrics_.config_hash));
    write_gauge(writer_, "alertmanager_config_last_reload_success_timestamp_seconds",
                "Timestamp of the last successful configuration reload.",
                metrics_.config_loaded.in_seconds());
    write_gauge(writer_, "alertmanager_config_last_reload_successful",
                "Whether the last configuration reload attempt was successful.",
                metrics_.config_reload_succeeded ? 1 : 0);
  }

  void write_summary(std::string name, std::string_view help, double sum, uint64_t count) {
    writer_.family(name, MetricType::Summary, help);
    writer_.rendered(name + "_sum", sum);
    writer_.rendered(name + "_count", number(count));
  }

  Metrics::PerIntegration of(const config::IntegrationSpec& spec) const {
    const auto found = metrics_.integrations.find(std::string(spec.kind));
    return found == metrics_.integrations.end() ? Metrics::PerIntegration{} : found->second;
  }

  template <typename Value>
  void per_integration(std::string_view name, std::string_view help, Value value) {
    writer_.family(name, MetricType::Counter, help);
    for (const config::IntegrationSpec& spec : config::integration_specs()) {
      writer_.sample({{"integration", spec.kind}}, number(value(of(spec))));
    }
  }

  void write_notifications() {
    const std::string latency = "alertmanager_notification_latency_seconds";
    writer_.family(latency, MetricType::Histogram, "The latency of notifications in seconds.");
    for (const config::IntegrationSpec& spec : config::integration_specs()) {
      const Metrics::PerIntegration one = of(spec);
      const Label bucket[] = {{"integration", spec.kind}, {"le", "+Inf"}};
      const Label plain[] = {{"integration", spec.kind}};
      using exposition::render_series;
      writer_.rendered(render_series(latency + "_bucket", bucket), number(one.latency_count));
      writer_.rendered(render_series(latency + "_sum", plain), one.latency_seconds);
      writer_.rendered(render_series(latency + "_count", plain), number(one.latency_count));
    }
    using One = Metrics::PerIntegration;
    per_integration("alertmanager_notification_requests_failed_total",
                    "The total number of failed notification requests.",
                    [](const One& one) { return one.failed_requests; });
    per_integration("alertmanager_notification_requests_total",
                    "The total number of attempted notification requests.",
                    [](const One& one) { return one.requests; });
    write_failures();
    write_suppressed();
    per_integration("alertmanager_notifications_total",
                    "The total number of attempted notifications.",
                    [](const One& one) { return one.notifications; });
  }

  void write_failures() {
    writer_.family("alertmanager_notifications_failed_total", MetricType::Counter,
                   "The total number of failed notifications.");
    for (const config::IntegrationSpec& spec : config::integration_specs()) {
      const Metrics::PerIntegration one = of(spec);
      for (const char* reason : kFailureReasons) {
        const auto found = one.failures.find(reason);
        writer_.sample({{"integration", spec.kind}, {"reason", reason}},
                       found == one.failures.end() ? 0 : number(found->second));
      }
    }
  }

  void write_suppressed() {
    writer_.family("alertmanager_notifications_suppressed_total", MetricType::Counter,
                   "The total number of notifications suppressed for being silenced, inhibited, "
                   "outside of active time intervals or within muted time intervals.");
    for (const char* reason : kSuppressReasons) {
      const auto found = metrics_.suppressed.find(reason);
      writer_.sample({{"reason", reason}},
                     found == metrics_.suppressed.end() ? 0 : number(found->second));
    }
  }

  void write_silences() {
    writer_.family("alertmanager_silences", MetricType::Gauge, "How many silences by state.");
    writer_.sample({{"state", "active"}}, number(state_.silences_active));
    writer_.sample({{"state", "expired"}}, number(state_.silences_expired));
    writer_.sample({{"state", "pending"}}, number(state_.silences_pending));
    write_counter(writer_, "alertmanager_silences_queries_total",
                  "How many silence queries were received.", number(metrics_.silence_queries));
    write_gauge(writer_, "alertmanager_silences_snapshot_size_bytes",
                "Size of the last silence snapshot in bytes.",
                number(metrics_.silences_snapshot_bytes));
  }

  std::string text_;
  Writer writer_;
  const Metrics& metrics_;
  const MetricsState& state_;
};

}  // namespace

std::string write_metrics(const Metrics& metrics, const MetricsState& state) {
  return MetricsPage(metrics, state).write();
}

}  // namespace promenade::alertmanager
