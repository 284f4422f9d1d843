// Families in order of their names, as Prometheus writes them.
#include "server/self_metrics.h"

#include <algorithm>
#include <array>

#include "api/api.h"
#include "exposition/writer.h"

namespace promenade::server {
namespace {

using exposition::write_counter;
using exposition::write_gauge;
using exposition::Writer;

constexpr std::string_view kLabelPrefix = "/api/v1/label/";
constexpr std::string_view kLabelRoute = "/api/v1/label/:name/values";
constexpr std::string_view kOtherRoute = "/*";

constexpr std::array<std::string_view, 31> kRoutes = {
    "/-/healthy",
    "/-/ready",
    "/-/reload",
    "/api/v1/alertmanagers",
    "/api/v1/alerts",
    "/api/v1/features",
    "/api/v1/format_query",
    "/api/v1/labels",
    "/api/v1/metadata",
    "/api/v1/notifications",
    "/api/v1/parse_query",
    "/api/v1/query",
    "/api/v1/query_exemplars",
    "/api/v1/query_range",
    "/api/v1/rules",
    "/api/v1/scrape_pools",
    "/api/v1/series",
    "/api/v1/status/buildinfo",
    "/api/v1/status/config",
    "/api/v1/status/flags",
    "/api/v1/status/runtimeinfo",
    "/api/v1/status/tsdb",
    "/api/v1/status/tsdb/blocks",
    "/api/v1/status/walreplay",
    "/api/v1/targets",
    "/api/v1/targets/metadata",
    "/api/v1/targets/relabel_steps",
    "/api/v1/write",
    "/federate",
    "/metrics",
    "/version",
};

void write_own_build(Writer& writer, const SelfMetrics& metrics) {
  writer.family("promenade_build_info", MetricType::Gauge,
                "A metric with a constant '1' value labeled by Promenade's version.");
  writer.sample({{"version", metrics.version}}, 1);
}

void write_build(Writer& writer) {
  writer.family("prometheus_build_info", MetricType::Gauge,
                "A metric with a constant '1' value labeled by the version of Prometheus that this "
                "server stands in for.");
  writer.sample({{"version", api::kPrometheusVersion}}, 1);
}

void write_writes(Writer& writer, const remote::ReceiverStatistics& writes) {
  write_counter(writer, "prometheus_api_remote_write_invalid_labels_samples_total",
                "The total number of received remote write samples and histogram samples which "
                "were rejected due to invalid labels.",
                static_cast<double>(writes.samples_invalid_labels));
}

void write_config(Writer& writer, const SelfMetrics& metrics) {
  write_gauge(writer, "prometheus_config_last_reload_success_timestamp_seconds",
              "Timestamp of the last successful configuration reload.",
              metrics.config_loaded.in_seconds());
  write_gauge(writer, "prometheus_config_last_reload_successful",
              "Whether the last configuration reload attempt was successful.",
              metrics.config_reload_succeeded ? 1 : 0);
}

void write_queries(Writer& writer, const SelfMetrics& metrics) {
  write_gauge(writer, "prometheus_engine_queries",
              "The current number of queries being executed or waiting.",
              static_cast<double>(metrics.queries_present));
  write_gauge(writer, "prometheus_engine_queries_concurrent_max",
              "The max number of concurrent queries.",
              static_cast<double>(metrics.queries_concurrent_max));
  const std::string name = "prometheus_engine_query_duration_seconds";
  const QueryTimings& timings = metrics.query_timings;
  const std::array slices = {
      std::pair("inner_eval", timings.evaluation), std::pair("prepare_time", timings.preparation),
      std::pair("queue_time", timings.queue), std::pair("result_sort", timings.sort)};
  writer.family(name, MetricType::Summary, "Query timings");
  for (const auto& [name_of_slice, slice] : slices) {
    const Label label{"slice", name_of_slice};
    writer.rendered(exposition::render_series(name + "_sum", {&label, 1}),
                    static_cast<double>(slice.sum_ns) / 1e9);
    writer.rendered(exposition::render_series(name + "_count", {&label, 1}),
                    static_cast<double>(slice.count));
  }
}

void write_requests(Writer& writer, const RequestCounters& requests) {
  writer.family("prometheus_http_requests_total", MetricType::Counter, "Counter of HTTP requests.");
  for (const auto& [route_and_status, count] : requests.counts()) {
    const std::string code = std::to_string(route_and_status.second);
    writer.sample({{"code", code}, {"handler", route_and_status.first}},
                  static_cast<double>(count));
  }
}

void write_notifications(Writer& writer, const notifier::Notifier& notifier) {
  using notifier::AlertmanagerStatistics;
  const std::vector<AlertmanagerStatistics> all = notifier.statistics();
  const auto write = [&](std::string_view name, MetricType type, std::string_view help,
                         uint64_t AlertmanagerStatistics::*member) {
    writer.family(name, type, help);
    for (const AlertmanagerStatistics& one : all) {
      writer.sample({{"alertmanager", one.url}}, static_cast<double>(one.*member));
    }
  };
  write_gauge(writer, "prometheus_notifications_alertmanagers_discovered",
              "The number of alertmanagers discovered and active.",
              static_cast<double>(notifier.active().size()));
  write("prometheus_notifications_dropped_total", MetricType::Counter,
        "Total number of alerts dropped due to errors when sending to Alertmanager.",
        &AlertmanagerStatistics::dropped);
  write("prometheus_notifications_errors_total", MetricType::Counter,
        "Total number of sent alerts affected by errors.", &AlertmanagerStatistics::errors);
  const std::string latency = "prometheus_notifications_latency_seconds";
  writer.family(latency, MetricType::Summary, "Latency quantiles for sending alert notifications.");
  for (const AlertmanagerStatistics& one : all) {
    const Label label{"alertmanager", one.url};
    writer.rendered(exposition::render_series(latency + "_sum", {&label, 1}), one.request_seconds);
    writer.rendered(exposition::render_series(latency + "_count", {&label, 1}),
                    static_cast<double>(one.requests));
  }
  write_gauge(writer, "prometheus_notifications_queue_capacity",
              "The capacity of the alert notifications queue.",
              static_cast<double>(notifier.options().queue_capacity));
  write("prometheus_notifications_queue_length", MetricType::Gauge,
        "The number of alert notifications in the queue.", &AlertmanagerStatistics::queue_length);
  write("prometheus_notifications_sent_total", MetricType::Counter, "Total number of alerts sent.",
        &AlertmanagerStatistics::sent);
}

// A summary without quantiles, of one series without labels.
void write_summary(Writer& writer, const std::string& name, std::string_view help, double sum,
                   double count) {
  writer.family(name, MetricType::Summary, help);
  writer.rendered(exposition::render_series(name + "_sum", {}), sum);
  writer.rendered(exposition::render_series(name + "_count", {}), count);
}

struct GroupMetric {
  std::string_view name;
  MetricType type;
  std::string_view help;
  double (*value)(const rules::Group& group);
};

double seconds_of(std::optional<Timestamp> time) {
  return time ? time->in_seconds() : 0;
}

using rules::Group;
constexpr std::array kEvaluationMetrics = {
    GroupMetric{"prometheus_rule_evaluation_failures_total", MetricType::Counter,
                "The total number of rule evaluation failures.",
                [](const Group& group) {
                  return static_cast<double>(group.statistics().evaluation_failures);
                }},
    GroupMetric{
        "prometheus_rule_evaluations_total", MetricType::Counter,
        "The total number of rule evaluations.",
        [](const Group& group) { return static_cast<double>(group.statistics().evaluations); }},
};
constexpr std::array kGroupMetrics = {
    GroupMetric{"prometheus_rule_group_interval_seconds", MetricType::Gauge,
                "The interval of a rule group.",
                [](const Group& group) { return group.interval().in_seconds(); }},
    GroupMetric{"prometheus_rule_group_iterations_missed_total", MetricType::Counter,
                "The total number of rule group evaluations missed due to slow rule group "
                "evaluation.",
                [](const Group& group) {
                  return static_cast<double>(group.statistics().iterations_missed);
                }},
    GroupMetric{
        "prometheus_rule_group_iterations_total", MetricType::Counter,
        "The total number of scheduled rule group evaluations, whether executed or missed.",
        [](const Group& group) { return static_cast<double>(group.statistics().iterations); }},
    GroupMetric{"prometheus_rule_group_last_duration_seconds", MetricType::Gauge,
                "The duration of the last rule group evaluation.",
                [](const Group& group) { return group.last_evaluation_seconds(); }},
    GroupMetric{
        "prometheus_rule_group_last_evaluation_samples", MetricType::Gauge,
        "The number of samples returned during the last rule group evaluation.",
        [](const Group& group) { return static_cast<double>(group.statistics().last_samples); }},
    GroupMetric{"prometheus_rule_group_last_evaluation_timestamp_seconds", MetricType::Gauge,
                "The timestamp of the last rule group evaluation in seconds.",
                [](const Group& group) { return seconds_of(group.last_evaluation()); }},
    GroupMetric{"prometheus_rule_group_last_restore_duration_seconds", MetricType::Gauge,
                "The duration of the last alert rules alerts restoration using the "
                "`ALERTS_FOR_STATE` series.",
                [](const Group& group) { return group.statistics().last_restore_seconds; }},
    GroupMetric{"prometheus_rule_group_last_rule_duration_sum_seconds", MetricType::Gauge,
                "The sum of time in seconds it took to evaluate each rule in the group.",
                [](const Group& group) { return group.statistics().last_rules_seconds; }},
    GroupMetric{"prometheus_rule_group_rules", MetricType::Gauge, "The number of rules.",
                [](const Group& group) { return static_cast<double>(group.rules().size()); }},
};

void write_group_metrics(Writer& writer, const std::vector<const Group*>& groups,
                         std::span<const GroupMetric> metrics) {
  for (const GroupMetric& metric : metrics) {
    writer.family(metric.name, metric.type, metric.help);
    for (const Group* group : groups) {
      const std::string key = group->definition().file + ";" + group->definition().name;
      writer.sample({{"rule_group", key}}, metric.value(*group));
    }
  }
}

void write_rules(Writer& writer, const rules::RuleManager& rules) {
  const std::vector<const Group*> groups = rules.groups();
  double evaluations = 0, evaluation_seconds = 0, iterations = 0, iteration_seconds = 0;
  for (const Group* group : groups) {
    const rules::GroupStatistics& statistics = group->statistics();
    evaluations += static_cast<double>(statistics.evaluations);
    evaluation_seconds += statistics.evaluation_seconds_sum;
    iterations += static_cast<double>(statistics.iterations - statistics.iterations_missed);
    iteration_seconds += statistics.iteration_seconds_sum;
  }
  write_summary(writer, "prometheus_rule_evaluation_duration_seconds",
                "The duration for a rule to execute.", evaluation_seconds, evaluations);
  write_group_metrics(writer, groups, kEvaluationMetrics);
  write_summary(writer, "prometheus_rule_group_duration_seconds",
                "The duration of rule group evaluations.", iteration_seconds, iterations);
  write_group_metrics(writer, groups, kGroupMetrics);
}

void write_pools(Writer& writer, const scrape::ScrapeManager& scrapes) {
  const std::map<std::string, scrape::PoolSize> pools = scrapes.pool_sizes();
  writer.family("prometheus_target_metadata_cache_entries", MetricType::Gauge,
                "Total number of metric metadata entries in the cache");
  for (const auto& [pool, size] : pools) {
    writer.sample({{"scrape_job", pool}}, static_cast<double>(size.metadata));
  }
  writer.family("prometheus_target_scrape_pool_targets", MetricType::Gauge,
                "Current number of targets in this scrape pool.");
  for (const auto& [pool, size] : pools) {
    writer.sample({{"scrape_job", pool}}, static_cast<double>(size.targets));
  }
}

void write_scrapes(Writer& writer, const scrape::ScrapeStatistics& statistics) {
  struct Counter {
    std::string_view name;
    std::string_view help;
    uint64_t value;
  };
  const std::array counters = {
      Counter{"prometheus_target_scrape_pool_reloads_total", "Total number of scrape pool reloads.",
              statistics.pool_reloads},
      Counter{"prometheus_target_scrapes_exceeded_body_size_limit_total",
              "Total number of scrapes that hit the body size limit",
              statistics.body_size_limit_exceeded},
      Counter{"prometheus_target_scrapes_exceeded_sample_limit_total",
              "Total number of scrapes that hit the sample limit and were rejected.",
              statistics.sample_limit_exceeded},
      Counter{"prometheus_target_scrapes_sample_duplicate_timestamp_total",
              "Total number of samples rejected due to duplicate timestamps but different values.",
              statistics.duplicate_timestamp},
      Counter{"prometheus_target_scrapes_sample_out_of_bounds_total",
              "Total number of samples rejected due to timestamp falling outside of the time "
              "bounds.",
              statistics.out_of_bounds},
      Counter{"prometheus_target_scrapes_sample_out_of_order_total",
              "Total number of samples rejected due to not being out of the expected order.",
              statistics.out_of_order},
  };
  for (const Counter& counter : counters) {
    write_counter(writer, counter.name, counter.help, static_cast<double>(counter.value));
  }
}

void write_head(Writer& writer, const SelfMetrics& metrics) {
  writer.family("prometheus_tsdb_head_samples_appended_total", MetricType::Counter,
                "Total number of appended samples.");
  writer.sample({{"type", "float"}},
                static_cast<double>(metrics.scrapes->statistics().samples_appended +
                                    metrics.writes.floats_appended));
  writer.sample({{"type", "histogram"}}, static_cast<double>(metrics.writes.histograms_appended));
  write_gauge(writer, "prometheus_tsdb_head_series", "Total number of series in the head block.",
              static_cast<double>(metrics.head_series));
  write_counter(writer, "prometheus_tsdb_head_truncations_total",
                "Total number of head truncations attempted.",
                static_cast<double>(metrics.head_truncations));
  write_gauge(writer, "prometheus_tsdb_retention_limit_seconds",
              "How long to retain samples in storage.", metrics.retention.in_seconds());
}

}  // namespace

std::string_view route_of(std::string_view path) {
  if (path.starts_with(kLabelPrefix)) return kLabelRoute;
  const auto found = std::find(kRoutes.begin(), kRoutes.end(), path);
  return found != kRoutes.end() ? *found : kOtherRoute;
}

void QueryTimings::add(const api::QueryTimes& times) {
  const std::pair<Slice&, std::optional<int64_t>> slices[] = {{queue, times.queue_ns},
                                                              {preparation, times.preparation_ns},
                                                              {evaluation, times.evaluation_ns},
                                                              {sort, times.sort_ns}};
  for (const auto& [slice, ns] : slices) {
    if (!ns) continue;
    ++slice.count;
    slice.sum_ns += *ns;
  }
}

void RequestCounters::count(std::string_view path, int status) {
  ++counts_[{std::string(route_of(path)), status}];
}

std::string write_self_metrics(const SelfMetrics& metrics) {
  std::string text;
  Writer writer(text);
  write_gauge(writer, "process_start_time_seconds",
              "Start time of the process since unix epoch in seconds.",
              metrics.started.in_seconds());
  write_own_build(writer, metrics);
  write_writes(writer, metrics.writes);
  write_build(writer);
  write_config(writer, metrics);
  write_queries(writer, metrics);
  write_requests(writer, *metrics.requests);
  write_notifications(writer, *metrics.notifier);
  write_rules(writer, *metrics.rules);
  write_pools(writer, *metrics.scrapes);
  write_scrapes(writer, metrics.scrapes->statistics());
  write_head(writer, metrics);
  return text;
}

}  // namespace promenade::server
