// engine/sim/model/page.cc
// Families in the order of the file, one text for each series, and digits that never go through
// printf.
#include "sim/model/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "exposition/writer.h"
#include "model/number_format.h"
#include "sim/world_file/world_reader.h"

namespace promenade::sim {
namespace {

std::string escape_help(std::string_view help) {
  std::string out;
  for (const char c : help) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

// The family of a name, made when it is the first of it.
Family& family_of(Instance& instance, std::string_view name, std::string_view help,
                  MetricType type) {
  for (Family& family : instance.families) {
    if (family.name == name) return family;
  }
  Family family;
  family.name = name;
  if (!help.empty()) family.head = fmt::format("# HELP {} {}\n", name, escape_help(help));
  const std::string_view shown = type == MetricType::Unknown ? "untyped" : to_string(type);
  family.head += fmt::format("# TYPE {} {}\n", name, shown);
  instance.families.push_back(std::move(family));
  return instance.families.back();
}

// The same cells for the same series, whatever else changes.
uint32_t cells_for(Instance& instance, const std::string& key, size_t count) {
  const auto [found, is_new] =
      instance.cell_by_series.emplace(key, static_cast<uint32_t>(instance.cells.size()));
  if (is_new) instance.cells.resize(instance.cells.size() + count, 0);
  return found->second;
}

std::string series_text(std::string_view name, const TextPairs& labels, std::string_view last_name,
                        std::string_view last_value) {
  std::vector<Label> all;
  for (const auto& [label, value] : labels) all.push_back({label, value});
  if (!last_name.empty()) all.push_back({last_name, last_value});
  std::string text;
  exposition::append_series(text, name, all);
  return text + ' ';
}

std::string number_text(double value) {
  std::string text;
  append_go_float(text, value);
  return text;
}

void add_histogram_lines(Family& family, std::string_view name, const TextPairs& labels,
                         std::span<const double> bounds, uint32_t cell, uint32_t binding) {
  const std::string bucket = std::string(name) + "_bucket";
  const auto count = static_cast<uint32_t>(bounds.size());
  for (uint32_t i = 0; i <= count; ++i) {
    const std::string bound = i == count ? "+Inf" : number_text(bounds[i]);
    family.lines.push_back({series_text(bucket, labels, "le", bound), cell + i, binding});
  }
  family.lines.push_back({series_text(std::string(name) + "_sum", labels, "", ""), cell + count + 1,
                          binding, CellStyle::Micro});
  family.lines.push_back(
      {series_text(std::string(name) + "_count", labels, "", ""), cell + count, binding});
}

// value / 10^decimals, exactly, without trailing zeros. At most nine decimals.
void append_decimals(std::string& out, uint64_t value, int decimals) {
  constexpr uint32_t kScales[] = {1,       10,        100,        1'000,       10'000,
                                  100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};
  const uint32_t scale = kScales[decimals];
  char text[20 + 1 + 9];
  char* end = std::to_chars(text, text + 20, value / scale).ptr;
  auto fraction = static_cast<uint32_t>(value % scale);
  if (fraction > 0) {
    *end = '.';
    for (char* digit = end + decimals; digit > end; --digit, fraction /= 10) {
      *digit = static_cast<char>('0' + fraction % 10);
    }
    end += decimals;
    while (*end == '0') --end;
    ++end;
  }
  out.append(text, static_cast<size_t>(end - text));
}

}  // namespace

void append_value(std::string& out, double value, CellStyle style) {
  constexpr double kExactMax = 9007199254740992.0;  // 2^53
  if (value < 0) {
    out += '-';
    value = -value;
  }
  if (!(value < kExactMax)) return append_go_float(out, value);
  if (style == CellStyle::Micro) return append_decimals(out, static_cast<uint64_t>(value), 6);
  if (value == std::floor(value)) return append_decimals(out, static_cast<uint64_t>(value), 0);
  // Enough digits to look measured, few enough to be exact as an integer.
  const int decimals = value < 1 ? 9 : value < 1000 ? 6 : value < 1e9 ? 3 : 0;
  const double scale = value < 1 ? 1e9 : value < 1000 ? 1e6 : value < 1e9 ? 1e3 : 1;
  append_decimals(out, static_cast<uint64_t>(value * scale + 0.5), decimals);
}

PageBuilder::PageBuilder(const WorldDefinition& world, const std::vector<Instance>& instances,
                         Evaluate evaluate)
    : world_(world), instances_(instances), evaluate_(std::move(evaluate)) {}

void PageBuilder::build(Instance& instance) {
  const ServiceDefinition& service = world_.services[instance.service];
  instance.families.clear();
  instance.bindings.clear();
  if (service.requests) add_requests(instance, *service.requests);
  for (const MetricDefinition& metric : service.metrics) add_metric(instance, metric);
  instance.is_page_stale = false;
}

void PageBuilder::add_requests(Instance& instance, const RequestsDefinition& requests) {
  if (instance.endpoints.size() != requests.endpoints.size()) {
    instance.endpoints.resize(requests.endpoints.size());
  }
  for (size_t i = 0; i < requests.endpoints.size(); ++i) add_endpoint(instance, requests, i);
  if (requests.in_flight.empty()) return;
  Family& family = family_of(instance, requests.in_flight,
                             "Requests being worked on at this moment.", MetricType::Gauge);
  family.lines.push_back({requests.in_flight + " ", cells_for(instance, requests.in_flight, 1)});
}

void PageBuilder::add_endpoint(Instance& instance, const RequestsDefinition& requests,
                               size_t index) {
  const EndpointDefinition& endpoint = requests.endpoints[index];
  EndpointState& state = instance.endpoints[index];
  const std::string key = fmt::format("{} {}", requests.counter, endpoint.id);
  TextPairs labels;
  for (const auto& [name, value] : endpoint.labels)
    labels.emplace_back(name, instance.fill_in(value));
  if (state.rows.empty()) {
    state.rows.push_back({endpoint.success_status});
    for (const FailureDefinition& failure : endpoint.failures) {
      state.rows.push_back({failure.status, 0, failure.share, failure.is_always_shown});
    }
  }
  for (StatusRow& row : state.rows) row.cell = cells_for(instance, key + " " + row.status, 1);
  state.bucket_cell = cells_for(instance, key + " le", requests.buckets.size() + 2);

  if (!requests.counter.empty()) {
    Family& family =
        family_of(instance, requests.counter, requests.counter_help, MetricType::Counter);
    // Without a status label all rows are one series, which the success row stands for.
    const size_t rows = requests.status_label.empty() ? 0 : state.rows.size();
    for (size_t i = 0; i < rows; ++i) {
      const StatusRow& row = state.rows[i];
      family.lines.push_back(
          {series_text(requests.counter, labels, requests.status_label, row.status), row.cell,
           UINT32_MAX, CellStyle::Number, !row.is_always_shown});
    }
    if (rows == 0) {
      const auto all = static_cast<uint32_t>(state.bucket_cell + requests.buckets.size());
      family.lines.push_back({series_text(requests.counter, labels, "", ""), all});
    }
  }
  if (requests.histogram.empty()) return;
  Family& family =
      family_of(instance, requests.histogram, requests.histogram_help, MetricType::Histogram);
  add_histogram_lines(family, requests.histogram, labels, requests.buckets, state.bucket_cell,
                      UINT32_MAX);
}

void PageBuilder::add_metric(Instance& instance, const MetricDefinition& metric) {
  if (!metric.about) return add_metric_about(instance, metric, instance);
  for (const Instance& target : instances_) {
    if (target.service == *metric.about && target.is_present) {
      add_metric_about(instance, metric, target);
    }
  }
}

void PageBuilder::add_metric_about(Instance& instance, const MetricDefinition& metric,
                                   const Instance& target) {
  // Also a family that has no series yet has its place.
  family_of(instance, metric.name, metric.help, metric.shown_type);
  TextPairs labels;
  for (const auto& [name, value] : metric.labels) labels.emplace_back(name, target.fill_in(value));
  add_series(instance, metric, target, std::move(labels), 0, {});
}

// All combinations of the loops; those that deal out a count stay together.
void PageBuilder::add_series(Instance& instance, const MetricDefinition& metric,
                             const Instance& target, TextPairs labels, size_t loop,
                             std::vector<double> indices) {
  if (instance.bindings.size() >= kSeriesPerInstanceMax) return;
  if (loop == metric.loops.size()) {
    return bind(instance, metric, target, labels, std::move(indices));
  }
  const LabelLoop& dimension = metric.loops[loop];
  if (!dimension.shares.empty()) {
    indices.push_back(0);
    return add_series(instance, metric, target, std::move(labels), loop + 1, std::move(indices));
  }
  size_t count = dimension.values.size();
  if (dimension.count != kNoFormula) {
    const double wanted = evaluate_(dimension.count, target, {});
    count = static_cast<size_t>(std::clamp(wanted, 0.0, double{kSeriesPerMetricMax}));
  }
  for (size_t i = 0; i < count; ++i) {
    TextPairs with = labels;
    with.emplace_back(dimension.name, dimension.count == kNoFormula
                                          ? target.fill_in(dimension.values[i])
                                          : std::to_string(i));
    std::vector<double> next = indices;
    next.push_back(static_cast<double>(i));
    add_series(instance, metric, target, std::move(with), loop + 1, std::move(next));
  }
}

void PageBuilder::bind(Instance& instance, const MetricDefinition& metric, const Instance& target,
                       const TextPairs& labels, std::vector<double> indices) {
  const auto binding = static_cast<uint32_t>(instance.bindings.size());
  Binding bound;
  bound.metric = &metric;
  bound.target = target.index;
  bound.loops = std::move(indices);
  Family& family = family_of(instance, metric.name, metric.help, metric.shown_type);
  const std::string series = series_text(metric.name, labels, "", "");
  const LabelLoop* dealt = nullptr;
  for (const LabelLoop& loop : metric.loops) {
    if (!loop.shares.empty()) dealt = &loop;
  }
  switch (metric.kind) {
    case MetricKind::Counter:
    case MetricKind::Gauge: {
      bound.cell_count = dealt == nullptr ? 1 : static_cast<uint32_t>(dealt->values.size());
      bound.cell = cells_for(instance, series, bound.cell_count);
      for (uint32_t i = 0; i < bound.cell_count; ++i) {
        family.lines.push_back({dealt == nullptr ? series
                                                 : series_text(metric.name, labels, dealt->name,
                                                               target.fill_in(dealt->values[i])),
                                bound.cell + i, binding, CellStyle::Number, metric.is_lazy});
      }
      break;
    }
    case MetricKind::Histogram:
      bound.cell_count = static_cast<uint32_t>(metric.buckets.size()) + 2;
      bound.cell = cells_for(instance, series, bound.cell_count);
      add_histogram_lines(family, metric.name, labels, metric.buckets, bound.cell, binding);
      break;
    case MetricKind::Summary: {
      const auto count = static_cast<uint32_t>(metric.quantiles.size());
      bound.cell_count = count + 2;
      bound.cell = cells_for(instance, series, bound.cell_count);
      for (uint32_t i = 0; i < count; ++i) {
        family.lines.push_back(
            {series_text(metric.name, labels, "quantile", number_text(metric.quantiles[i])),
             bound.cell + i, binding});
      }
      family.lines.push_back({series_text(metric.name + "_sum", labels, "", ""),
                              bound.cell + count + 1, binding, CellStyle::Micro});
      family.lines.push_back(
          {series_text(metric.name + "_count", labels, "", ""), bound.cell + count, binding});
      break;
    }
  }
  instance.bindings.push_back(std::move(bound));
}

void render_page(const Instance& instance, std::string& out) {
  for (const Family& family : instance.families) {
    bool has_head = false;
    for (const Line& line : family.lines) {
      const double value = instance.cells[line.cell];
      if (line.is_lazy && value == 0) continue;
      if (line.binding != UINT32_MAX && !instance.bindings[line.binding].is_shown) continue;
      if (!has_head) out += family.head;
      has_head = true;
      out += line.series;
      append_value(out, value, line.style);
      out += '\n';
    }
  }
}

const std::string& Instance::attribute(const std::string& name) const {
  static const std::string kNone;
  const auto found = attributes.find(name);
  return found == attributes.end() ? kNone : found->second;
}

std::string Instance::fill_in(std::string_view pattern) const {
  std::string out;
  while (!pattern.empty()) {
    const size_t open = pattern.find('{');
    const size_t close = open == std::string_view::npos ? open : pattern.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string name(pattern.substr(open + 1, close - open - 1));
    const auto found = attributes.find(name);
    out += pattern.substr(0, open);
    out += found == attributes.end() ? std::string(pattern.substr(open, close - open + 1))
                                     : found->second;
    pattern.remove_prefix(close + 1);
  }
  return out + std::string(pattern);
}

}  // namespace promenade::sim
