// tests/unit/sim/workloads_test.cc
// The workloads that the course's modules use, W01 to W30: each has to load, live for two hours and
// show the metrics that lessons and exercises ask for. W20 also holds the two names that are
// absent on purpose.
#include <gtest/gtest.h>

#include <cstdio>
#include <set>

#include "base/strings.h"
#include "sim/model/data_centre.h"
#include "sim/world.h"

namespace promenade::sim {
namespace {

struct WorkloadRow {
  const char* id;
  const char* name;
  const char* metrics;  // Separated by blanks; a histogram by its base name.
};

constexpr WorkloadRow kWorkloads[] = {
    {"W01", "hypercode",
     "http_requests_total http_request_duration_seconds feature_usage_total requests_total "
     "requests "
     "process_cpu_seconds_total process_resident_memory_bytes process_start_time_seconds up"},
    {"W02", "predictor",
     "predictions_total prediction_duration_seconds active_requests active_predictions "
     "api_requests_total api_requests_in_flight errors_total api_errors_total "
     "request_duration_seconds prediction_confidence model_confidence model_accuracy_ratio "
     "cpu_usage_percent memory_used_bytes memory_usage_bytes cache_hits_total cache_misses_total "
     "redis_cache_hits_total redis_cache_misses_total http_requests_total "
     "http_request_duration_seconds process_cpu_seconds_total process_resident_memory_bytes "
     "user_requests pred total_predictions_made_count prediction_duration_ms"},
    {"W03", "sse",
     "sse_requests_total sse_errors_total sse_active_connections sse_request_duration_seconds "
     "sse_circuit_breaker_state active_connections cpu_usage memory_usage"},
    {"W04", "nodes",
     "node_cpu_seconds_total node_load1 node_memory_MemTotal_bytes node_memory_MemAvailable_bytes "
     "node_filesystem_size_bytes node_filesystem_free_bytes node_filesystem_avail_bytes "
     "node_network_receive_bytes_total node_network_transmit_bytes_total "
     "node_context_switches_total node_disk_io_time_seconds_total node_boot_time_seconds "
     "node_uname_info"},
    {"W05", "promself",
     "prometheus_http_requests_total prometheus_http_request_duration_seconds "
     "prometheus_tsdb_head_series prometheus_tsdb_head_series_created_total "
     "prometheus_tsdb_wal_page_flushes_total prometheus_rule_evaluation_failures_total "
     "prometheus_rule_group_iterations_missed_total prometheus_rule_group_last_duration_seconds "
     "prometheus_notifications_sent_total prometheus_notifications_errors_total "
     "prometheus_notifications_dropped_total "
     "prometheus_target_scrapes_sample_duplicate_timestamp_total "
     "prometheus_config_last_reload_successful go_goroutines go_memstats_alloc_bytes "
     "process_cpu_seconds_total promhttp_metric_handler_requests_total"},
    {"W06", "kubernetes",
     "kube_pod_status_phase kube_pod_owner kube_pod_info kube_pod_container_status_waiting_reason "
     "kube_pod_container_status_restarts_total kube_node_status_condition "
     "kube_deployment_spec_replicas kube_deployment_status_replicas_available "
     "kube_pod_container_resource_limits kube_pod_container_resource_requests "
     "kube_horizontalpodautoscaler_status_current_replicas container_memory_working_set_bytes "
     "container_memory_usage_bytes container_cpu_usage_seconds_total"},
    {"W07", "mesh", "istio_requests_total istio_request_duration_milliseconds pilot_xds_pushes"},
    {"W08", "hystrix",
     "hystrix_command_total hystrix_circuit_breaker_open hystrix_circuit_breaker_open_time"},
    {"W09", "gateway",
     "http_requests_total http_request_duration_seconds slo:http_requests:total:rate5m "
     "slo:http_requests:success:rate5m slo:availability:ratio_rate5m slo:availability:burn_rate:1h "
     "slo:availability:burn_rate:6h"},
    {"W10", "mlexp", "ml_model_loaded ml_model_version_info ml_model_last_load_timestamp_seconds"},
    {"W11", "bizapp",
     "http_requests_total http_request_duration_seconds active_users_total active_users "
     "queue_size"},
    {"W12", "goexp",
     "application_health_status database_connections_active cache_operations_total"},
    {"W13", "jvm",
     "jvm_memory_heap_used jvm_memory_heap_committed jvm_memory_heap_max jvm_memory_heap_init "
     "jvm_gc_CollectionCount jvm_gc_CollectionTime myapp_requests_total myapp_db_pool_active"},
    {"W14", "postgres",
     "pg_up pg_stat_database_xact_commit active_sessions slow_query_time slow_query_calls "
     "pg_stat_statements_mean_exec_time_seconds redis_keyspace_hits_total"},
    {"W15", "batch",
     "batch_last_success_timestamp_seconds batch_duration_seconds batch_records_processed "
     "push_time_seconds push_failure_time_seconds"},
    {"W16", "blackbox",
     "probe_success probe_duration_seconds probe_http_status_code probe_ssl_earliest_cert_expiry"},
    {"W17", "docker",
     "container_memory_usage_bytes container_memory_working_set_bytes "
     "container_cpu_usage_seconds_total container_last_seen"},
    {"W18", "noisy", "user_requests http_requests_total predictions_total"},
    {"W19", "flappy", "ok_total"},
    {"W20", "regions",
     "job:http_request_rate:5m job:http_error_rate:5m job:http_request_latency_p95:5m "
     "instance:node_cpu_utilization:rate5m instance:node_memory_utilization:ratio "
     "instance:node_filesystem_utilization:ratio cluster:cpu_usage:rate5m "
     "cluster:memory_usage:bytes"},
    {"W21", "churn", "app_build_info http_requests_total"},
    {"W22", "sdworld", "up ok_total"},
    {"W23", "alertstorm",
     "ALERTS ALERTS_FOR_STATE alertmanager_notifications_total alertmanager_alerts"},
    {"W24", "otel",
     "otelcol_receiver_accepted_metric_points otelcol_exporter_send_failed_spans "
     "otel_http_requests_total target_info"},
    {"W25", "jaeger",
     "jaeger_collector_spans_received_total jaeger_query_requests_total requests "
     "http_request_duration_seconds"},
    {"W26", "cloud",
     "function_invocations_total function_duration_seconds asg_desired_capacity "
     "asg_in_service_instances"},
    {"W27", "remote",
     "prometheus_remote_storage_highest_timestamp_in_seconds "
     "prometheus_remote_storage_queue_highest_sent_timestamp_seconds "
     "prometheus_remote_storage_samples_pending prometheus_remote_storage_samples_failed_total "
     "prometheus_remote_storage_shards"},
    {"W28", "toy", "mpg predictions_total temperature_celsius requests_total"},
    {"W29", "network", "ifHCInOctets ifHCOutOctets ifHighSpeed ifOperStatus"},
    {"W30", "pipeline",
     "namespace:pod_memory_usage:sum namespace:pod_cpu_usage:sum container:cpu_usage:percent "
     "sli:http_success_rate:5m sli:http_latency_p99:5m sli:gateway_success_rate:5m "
     "sli:service_success_rate:5m sli:service_latency_p99:5m circuit_breaker:failure_rate:5m "
     "circuit_breaker:open_duration:current"},
};

std::set<std::string> metric_names(World& world) {
  const auto names = world.prometheus().head().label_values("__name__", {}, kAllTime);
  return names ? std::set<std::string>(names->begin(), names->end()) : std::set<std::string>();
}

bool has_metric(const std::set<std::string>& names, std::string_view name) {
  const std::string text(name);
  return names.count(text) + names.count(text + "_count") > 0;
}

TEST(Workloads, EachShowsTheMetricsThatTheCourseAsksFor) {
  size_t wanted = 0;
  size_t found = 0;
  for (const WorkloadRow& row : kWorkloads) {
    WorldOptions options;
    options.workload = row.name;
    options.seed = 7;
    auto world = World::create(options);
    ASSERT_TRUE(world) << row.id << ": " << world.error().message;
    const auto names = metric_names(**world);
    for (const std::string_view metric : split(row.metrics, ' ')) {
      ++wanted;
      found += has_metric(names, metric) ? 1 : 0;
      EXPECT_TRUE(has_metric(names, metric)) << row.id << " " << row.name << " lacks " << metric;
    }
  }
  std::printf("%zu workloads show %zu of %zu metrics\n", std::size(kWorkloads), found, wanted);
}

TEST(Workloads, AnotherSeedHasOtherValuesAndTheSameMetrics) {
  for (const WorkloadRow& row : kWorkloads) {
    if (std::string_view(row.name) == "toy") continue;  // The same for every seed.
    WorldOptions options;
    options.workload = row.name;
    options.history = Duration::minutes(30);
    options.seed = 1;
    auto one = World::create(options);
    auto same = World::create(options);
    options.seed = 101;
    auto other = World::create(options);
    ASSERT_TRUE(one && same && other) << row.name;
    EXPECT_EQ((*one)->state_hash(), (*same)->state_hash()) << row.name;
    EXPECT_NE((*one)->state_hash(), (*other)->state_hash()) << row.name;
    EXPECT_EQ((*one)->data_centre().definition().services.size(),
              (*other)->data_centre().definition().services.size());
  }
}

struct MistakeRow {
  const char* code;  // PRODUCT's list of misconceptions.
  const char* right;
  const char* wrong;
};

constexpr MistakeRow kMistakes[] = {
    {"M1", "sum(rate(http_requests_total[5m]))", "sum(http_requests_total)"},
    {"M2", "sum by (job) (rate(http_requests_total[5m]))",
     "rate(sum by (job) (http_requests_total)[5m:15s])"},
    {"M3", "delta(queue_length[10m])", "rate(queue_length[10m])"},
    {"M4", "sum(rate(http_requests_total[5m]))", "sum(rate(http_requests_total[1m]))"},
    {"M5", "sum(rate(http_requests_total[5m]))", "sum(irate(http_requests_total[5m]))"},
    {"M6", "sum(increase(jobs_failed_total[10m]))", "sum(round(increase(jobs_failed_total[10m])))"},
    {"M7",
     "sum by (job) (rate(http_requests_total{status=\"500\"}[5m])) / sum by (job) "
     "(rate(http_requests_total[5m]))",
     "avg by (job) (sum by (job, instance) (rate(http_requests_total{status=\"500\"}[5m])) / sum "
     "by "
     "(job, instance) (rate(http_requests_total[5m])))"},
    {"M8",
     "histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[5m])))",
     "avg by (job) (histogram_quantile(0.95, sum by (job, instance, le) "
     "(rate(http_request_duration_seconds_bucket[5m]))))"},
    {"M8",
     "histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[5m])))",
     "histogram_quantile(0.95, sum by (job, le) (http_request_duration_seconds_bucket))"},
    {"M9", "sum by (job) (rate(http_requests_total[5m]))",
     "sum without (instance) (rate(http_requests_total[5m]))"},
    {"M10", "up == 1", "up == bool 1"},
    {"M11", "absent(lease_expires_timestamp_seconds{job=\"worker\"})",
     "lease_expires_timestamp_seconds{job=\"worker\"} == 0"},
    {"M11", "sum by (job) (rate(http_requests_total{status=\"503\"}[5m]))",
     "sum by (job) (rate(http_requests_total{status=\"503\"}[5m])) or vector(0)"},
    {"M13", "count(up{job=\"api\"})", "count(up{job=~\".*api.*\"})"},
    {"M14", "count(up{team=~\".+\",team!=\"green\"})", "count(up{team!=\"green\"})"},
    {"M15", "count(up == 1)", "count(last_over_time(up[5m]))"},
    {"M16", "min_over_time(up[5m]) == 0", "up == 0"},
    {"M18", "max_over_time(sum(rate(http_requests_total[1m]))[10m:15s])",
     "max_over_time(sum(rate(http_requests_total[1m]))[10m:5m])"},
    {"M20", "topk(1, sum by (kind) (rate(jobs_total[5m])))",
     "topk(1, sum by (kind) (rate(jobs_total[5m] offset 5m)))"},
};

std::string range(World& world, std::string_view promql) {
  const std::string end = std::to_string(world.now().ms / 1000);
  const std::string start = std::to_string(world.now().ms / 1000 - 5400);
  HttpRequest request;
  request.url = "http://prometheus:9090/api/v1/query_range?query=" + url_encode(promql) +
                "&start=" + start + "&end=" + end + "&step=60";
  return world.handle(request).body;
}

TEST(ProvingGround, TellsTheUsualMistakesFromTheRightQueryOnEverySeed) {
  for (const uint64_t seed : {1, 101, 202, 303}) {
    WorldOptions options;
    options.workload = "proving-ground";
    options.seed = seed;
    auto world = World::create(options);
    ASSERT_TRUE(world) << world.error().message;
    for (const MistakeRow& row : kMistakes) {
      const std::string right = range(**world, row.right);
      const std::string wrong = range(**world, row.wrong);
      EXPECT_EQ(right.rfind("{\"status\":\"success\"", 0), 0u) << row.right << right.substr(0, 300);
      EXPECT_NE(right.find("\"values\":["), std::string::npos) << seed << " " << row.right;
      EXPECT_NE(right, wrong) << "seed " << seed << ", " << row.code << ": " << row.wrong;
    }
    // One key, two infos: a join that forgets it fails.
    EXPECT_NE(
        range(**world, "up * on(instance) group_left(version) build_info").find("many-to-many"),
        std::string::npos)
        << seed;
  }
}

}  // namespace
}  // namespace promenade::sim
