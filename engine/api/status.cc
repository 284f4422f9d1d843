// What the server is and how it does
// (https://prometheus.io/docs/prometheus/latest/querying/api/#status).
#include <cstdint>

#include "api/handlers.h"
#include "api/rfc3339.h"
#include "promql/functions/functions.h"
#include "tsdb/head.h"

namespace promenade::api {
namespace {

constexpr int64_t kStatisticsLimitDefault = 10;
constexpr int64_t kStatisticsLimitMax = 10'000;

Result<int64_t> statistics_limit(const Parameters& parameters) {
  const std::string_view text = parameters.get("limit");
  if (text.empty()) return kStatisticsLimitDefault;
  const auto limit = parse_integer(text);
  if (!limit || *limit < 1) return bad_data("limit must be a positive number");
  if (*limit > kStatisticsLimitMax) return bad_data("limit must not exceed 10000");
  return *limit;
}

void write_integer(JsonWriter& data, std::string_view key, uint64_t value) {
  data.key(key);
  data.unsigned_integer(value);
}

// An empty head has the times that Prometheus starts its minimum and maximum from.
void write_head_statistics(JsonWriter& data, const tsdb::HeadStatistics& head) {
  const bool is_empty = head.time_range.end < head.time_range.start;
  data.begin_object();
  write_integer(data, "numSeries", head.series_count);
  write_integer(data, "numLabelPairs", head.label_pair_count);
  write_integer(data, "chunkCount", head.chunk_count);
  data.key("minTime");
  data.integer(is_empty ? INT64_MAX : head.time_range.start.ms);
  data.key("maxTime");
  data.integer(is_empty ? INT64_MIN : head.time_range.end.ms);
  data.end_object();
}

void write_counts(JsonWriter& data, std::string_view key,
                  const std::vector<tsdb::LabelCount>& counts) {
  data.key(key);
  data.begin_array();
  for (const tsdb::LabelCount& count : counts) {
    data.begin_object();
    data.field("name", count.name);
    write_integer(data, "value", count.value);
    data.end_object();
  }
  data.end_array();
}

void write_function(JsonWriter& data, const promql::FunctionSignature& function) {
  data.begin_object();
  data.field("name", function.name);
  data.key("args");
  data.begin_array();
  for (const promql::ValueType type : function.args) data.string(promql::api_name(type));
  data.end_array();
  data.key("required");
  data.unsigned_integer(function.required);
  data.key("variadic");
  data.integer(function.variadic);
  data.field("returns", promql::api_name(function.returns));
  data.field("help", function.help);
  data.key("experimental");
  data.boolean(function.experimental);
  data.end_object();
}

}  // namespace

Result<Reply> status_config(const Call& call, JsonWriter& data) {
  data.begin_object();
  data.field("yaml", call.context.config_yaml ? call.context.config_yaml() : std::string());
  data.end_object();
  return Reply{};
}

Result<Reply> status_flags(const Call& call, JsonWriter& data) {
  data.begin_object();
  if (call.context.flags) {
    for (const auto& [name, value] : call.context.flags()) {
      data.name(name);
      data.string(value);
    }
  }
  data.end_object();
  return Reply{};
}

// The members about Go's runtime stay, because clients parse the object as a whole; what has no
// equivalent here is empty.
Result<Reply> status_runtime(const Call& call, JsonWriter& data) {
  const ApiContext& context = call.context;
  const ConfigStatus config = context.config_status ? context.config_status() : ConfigStatus{};
  const auto concurrency = context.executor ? context.executor->concurrency() : 1;
  data.begin_object();
  data.field("startTime", format_rfc3339(context.started));
  data.field("CWD", context.working_directory);
  data.field("hostname", context.hostname);
  data.field("serverTime", format_rfc3339(call.now));
  data.key("reloadConfigSuccess");
  data.boolean(config.reload_succeeded);
  data.field("lastConfigTime",
             format_rfc3339(config.loaded.ms == 0 ? context.started : config.loaded));
  write_integer(data, "corruptionCount", 0);
  write_integer(data, "goroutineCount", 0);
  write_integer(data, "GOMAXPROCS", concurrency);
  write_integer(data, "GOMEMLIMIT", 0);
  data.field("GOGC", "");
  data.field("GODEBUG", "");
  data.field("storageRetention", context.storage_retention);
  data.end_object();
  return Reply{};
}

// `version` is the Prometheus that clients may take this server for: Grafana and others switch
// features by it. What it really is stands in `application` and `revision`.
void write_build_info(const ApiContext& context, JsonWriter& data) {
  data.begin_object();
  data.field("version", kPrometheusVersion);
  data.field("revision", "promenade-" + context.version);
  data.field("branch", "");
  data.field("buildUser", "");
  data.field("buildDate", "");
  data.field("goVersion", "");
  data.field("application", "Promenade");
  data.end_object();
}

Result<Reply> status_build(const Call& call, JsonWriter& data) {
  write_build_info(call.context, data);
  return Reply{};
}

Result<Reply> status_tsdb(const Call& call, JsonWriter& data) {
  const int64_t limit = TRY(statistics_limit(call.parameters));
  if (!call.context.head) return fail(ErrorCode::Unavailable, "TSDB not ready");
  const tsdb::HeadStatistics head = call.context.head->statistics(static_cast<size_t>(limit));
  data.begin_object();
  data.key("headStats");
  write_head_statistics(data, head);
  write_counts(data, "seriesCountByMetricName", head.series_by_metric_name);
  write_counts(data, "labelValueCountByLabelName", head.values_by_label_name);
  write_counts(data, "memoryInBytesByLabelName", head.memory_by_label_name);
  write_counts(data, "seriesCountByLabelValuePair", head.series_by_label_pair);
  data.end_object();
  return Reply{};
}

// Nothing is replayed: the store is in memory.
Result<Reply> status_wal_replay(const Call&, JsonWriter& data) {
  data.begin_object();
  for (const std::string_view key : {"min", "max", "current"}) write_integer(data, key, 0);
  data.end_object();
  return Reply{};
}

// Ours: the functions of PromQL, for completion and for documentation beside the editor.
Result<Reply> status_functions(const Call&, JsonWriter& data) {
  data.begin_array();
  for (const promql::FunctionSignature& function : promql::functions()) {
    write_function(data, function);
  }
  data.end_array();
  return Reply{};
}

}  // namespace promenade::api
