// engine/sim/world_file/read_metrics.cc
// The section `metrics` of a service.
#include <fmt/format.h>

#include <algorithm>

#include "sim/world_file/world_file_reader.h"

namespace promenade::sim {
namespace {

constexpr std::string_view kKinds[] = {"counter", "gauge", "histogram", "summary"};
constexpr MetricType kTypes[] = {MetricType::Counter, MetricType::Gauge, MetricType::Histogram,
                                 MetricType::Summary};
constexpr std::string_view kTypeNames[] = {"counter", "gauge", "histogram", "summary", "unknown"};

// The key that says what the metric is, with its name.
void read_metric_kind(const YamlFile& file, const YamlNode& node, YamlMapping& mapping,
                      MetricDefinition& metric) {
  size_t kinds = 0;
  for (size_t i = 0; i < std::size(kKinds); ++i) {
    const YamlNode* name = mapping.find(kKinds[i]);
    if (name == nullptr) continue;
    ++kinds;
    metric.kind = static_cast<MetricKind>(i);
    metric.shown_type = kTypes[i];
    metric.name = name->text;
    if (!is_metric_name(metric.name)) {
      mapping.require(file.error_at(
          *name, fmt::format("found {}, expected the name of a metric", describe(*name))));
    }
  }
  if (kinds != 1) {
    mapping.require(file.error_at(
        node, "a metric has one of the keys counter, gauge, histogram, summary with its name"));
  }
}

void read_shown_type(YamlMapping& mapping, MetricDefinition& metric) {
  size_t shown = std::size(kTypeNames);
  mapping.choice("shown_as", kTypeNames, shown);
  if (shown < std::size(kTypes)) metric.shown_type = kTypes[shown];
  if (shown == std::size(kTypes)) metric.shown_type = MetricType::Unknown;
}

}  // namespace

// A text is a label's value; a list makes a series of each; a mapping deals out a count by shares,
// or counts: {count: 4} is "0" to "3".
Result<void> WorldFileReader::read_labels(const YamlNode& node, size_t scope,
                                          MetricDefinition& metric,
                                          std::vector<std::string>& loop_names) {
  if (node.kind != YamlNode::Kind::Mapping) {
    return file_->error_at(node,
                           fmt::format("labels: found {}, expected a mapping", describe(node)));
  }
  for (const YamlEntry& entry : node.entries) {
    const YamlNode& value = entry.value;
    if (value.kind == YamlNode::Kind::Scalar) {
      metric.labels.emplace_back(entry.key.text, value.text);
      continue;
    }
    LabelLoop loop;
    loop.name = entry.key.text;
    if (value.kind == YamlNode::Kind::Sequence) {
      for (const YamlNode& item : value.items) loop.values.push_back(item.text);
    } else if (value.entries.size() == 1 && value.entries[0].key.text == "count") {
      loop.count = TRY(pend(value.entries[0].value, scope));
    } else {
      for (const YamlEntry& share : value.entries) {
        loop.values.push_back(share.key.text);
        loop.shares.push_back(TRY(file_->number(share.value, "a share")));
      }
    }
    loop_names.push_back(loop.name);
    metric.loops.push_back(std::move(loop));
  }
  return {};
}

// The one formula of a metric; its key says what it means.
void WorldFileReader::read_increment(const YamlNode& node, YamlMapping& mapping, size_t scope,
                                     const std::vector<std::string>& loops,
                                     MetricDefinition& metric) {
  struct Entry {
    std::string_view key;
    Increment increment;
  };
  size_t formulas = 0;
  for (const Entry& entry : {Entry{"value", Increment::Exact}, Entry{"rate", Increment::Rate},
                             Entry{"exact", Increment::Exact}, Entry{"count", Increment::Count}}) {
    FormulaId id = kNoFormula;
    formula(mapping, entry.key, scope, id, loops);
    if (id == kNoFormula) continue;
    ++formulas;
    metric.value = id;
    metric.increment = entry.increment;
  }
  if (formulas != 1) {
    mapping.require(file_->error_at(
        node,
        "a metric has one formula: value (gauges), rate (events a second, drawn), exact (an amount "
        "a second) or count (events a second, known exactly)"));
  }
}

Result<void> WorldFileReader::read_metric(const YamlNode& node, size_t service,
                                          std::optional<size_t> about) {
  const size_t scope = about.value_or(service);
  MetricDefinition metric;
  metric.about = about;
  YamlMapping mapping(*file_, node, "a metric");
  read_metric_kind(*file_, node, mapping, metric);
  mapping.text("help", metric.help);
  std::vector<std::string> loops;
  mapping.value("labels",
                [&](const YamlNode& labels) { return read_labels(labels, scope, metric, loops); });
  read_shown_type(mapping, metric);
  read_increment(node, mapping, scope, loops, metric);
  formula(mapping, "starts", scope, metric.initial, loops);
  formula(mapping, "median", scope, metric.median, loops);
  formula(mapping, "when", scope, metric.when, loops);
  mapping.boolean("lazy", metric.is_lazy);
  mapping.boolean("durable", metric.is_durable);
  mapping.count("shape", metric.shape);
  metric.shape = std::clamp<uint64_t>(metric.shape, 2, 4);
  TRY(read_buckets(mapping, metric.buckets));
  mapping.list("quantiles", [&](const YamlNode& item) -> Result<void> {
    const double quantile = TRY(file_->number(item, "a quantile"));
    if (!(quantile > 0 && quantile < 1)) {
      return file_->error_at(item, "a quantile is between 0 and 1, as in 0.9");
    }
    metric.quantiles.push_back(quantile);
    return {};
  });
  (void)mapping.find("about");
  if (metric.kind == MetricKind::Histogram && metric.buckets.empty()) {
    metric.buckets.assign(std::begin(kLatencyBuckets), std::end(kLatencyBuckets));
  }
  const bool needs_median =
      metric.kind == MetricKind::Histogram || metric.kind == MetricKind::Summary;
  if (needs_median && metric.median == kNoFormula) {
    mapping.require(file_->error_at(node, "a histogram or summary needs the key \"median\""));
  }
  TRY(mapping.finish());
  world_.services[service].metrics.push_back(std::move(metric));
  return {};
}

Result<void> WorldFileReader::read_metric_for_each(const YamlNode& node, size_t service) {
  for (const YamlEntry& entry : node.entries) {
    if (entry.key.text != "about") continue;
    abouts_.push_back({file_, text_, &node, service});
    return {};
  }
  return read_metric(node, service, std::nullopt);
}

}  // namespace promenade::sim
