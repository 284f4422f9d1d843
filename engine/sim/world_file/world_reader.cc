// engine/sim/world_file/world_reader.cc
// Two passes. The first reads the structure and collects the names; the second compiles the
// formulas, which may mention names that stand further down.
#include "sim/world_file/world_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/hash.h"
#include "base/strings.h"
#include "config/yaml_reader.h"
#include "config/yaml_writer.h"
#include "model/duration.h"
#include "model/number_format.h"
#include "sim/chaos/controls.h"
#include "sim/world_file/library.h"

namespace promenade::sim {
namespace {

using config::Presence;
using config::YamlEntry;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

constexpr size_t kWorldScope = SIZE_MAX;

constexpr double kLatencyBuckets[] = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

bool is_metric_name(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == ':';
  });
}

template <typename Named>
std::optional<size_t> index_of(const std::vector<Named>& list, std::string_view name) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].name == name) return i;
  }
  return std::nullopt;
}

std::optional<size_t> index_of_endpoint(const ServiceDefinition& service, std::string_view id) {
  if (!service.requests) return std::nullopt;
  const auto& endpoints = service.requests->endpoints;
  for (size_t i = 0; i < endpoints.size(); ++i) {
    if (endpoints[i].id == id) return i;
  }
  return std::nullopt;
}

std::optional<uint32_t> local_slot(const ServiceDefinition& service, std::string_view name) {
  for (size_t i = 0; i < service.results.size(); ++i) {
    if (service.results[i].name == name) return static_cast<uint32_t>(service.result_slot(i));
  }
  for (size_t i = 0; i < service.values.size(); ++i) {
    if (service.values[i].name == name) return static_cast<uint32_t>(service.value_slot(i));
  }
  for (size_t i = 0; i < service.constants.size(); ++i) {
    if (service.constants[i] == name) return static_cast<uint32_t>(service.constant_slot(i));
  }
  for (size_t i = 0; i < std::size(kBuiltinNames); ++i) {
    if (kBuiltinNames[i] == name) return static_cast<uint32_t>(i);
  }
  return std::nullopt;
}

Instruction make_instruction(Op op, uint32_t a) {
  Instruction instruction;
  instruction.op = op;
  instruction.a = a;
  return instruction;
}

// The names that a formula of one service, or of the world, may use.
class Scope final : public FormulaScope {
 public:
  Scope(const WorldDefinition& world, size_t service, const std::vector<std::string>& loops)
      : world_(world), service_(service), loops_(loops) {}

  std::optional<Instruction> name(std::string_view name) const override {
    for (size_t i = 0; i < loops_.size(); ++i) {
      if (loops_[i] == name) return make_instruction(Op::Loop, static_cast<uint32_t>(i));
    }
    if (service_ != kWorldScope) {
      const auto slot = local_slot(world_.services[service_], name);
      if (slot) return make_instruction(Op::Local, *slot);
    }
    for (size_t i = 0; i < std::size(kWorldBuiltinNames); ++i) {
      if (kWorldBuiltinNames[i] == name) {
        return make_instruction(Op::Global, static_cast<uint32_t>(i));
      }
    }
    if (const auto i = index_of(world_.values, name)) {
      return make_instruction(Op::Global,
                              static_cast<uint32_t>(std::size(kWorldBuiltinNames) + *i));
    }
    for (size_t i = 0; i < world_.troubles.size(); ++i) {
      if (world_.troubles[i].first == name) {
        return make_instruction(Op::Trouble, static_cast<uint32_t>(i));
      }
    }
    return std::nullopt;
  }

  std::optional<Instruction> reference(Observation observation,
                                       std::string_view reference) const override {
    Instruction instruction = make_instruction(Op::Observe, kOwn);
    instruction.observation = observation;
    instruction.b = kEverything;
    const bool is_of_value = observation == Observation::Sum || observation == Observation::Mean ||
                             observation == Observation::Max;
    const bool is_of_requests = !is_of_value && observation != Observation::Running;
    if (is_of_requests && service_ != kWorldScope) {
      if (reference.empty()) return instruction;
      if (const auto own = index_of_endpoint(world_.services[service_], reference)) {
        instruction.b = static_cast<uint32_t>(*own);
        return instruction;
      }
    }
    const size_t dot = reference.find('.');
    const auto service = index_of(world_.services, reference.substr(0, dot));
    if (!service) return std::nullopt;
    instruction.a = static_cast<uint32_t>(*service);
    if (dot == std::string_view::npos) {
      return is_of_value ? std::nullopt : std::optional(instruction);
    }
    const std::string_view part = reference.substr(dot + 1);
    if (is_of_value) {
      const auto slot = local_slot(world_.services[*service], part);
      if (!slot) return std::nullopt;
      instruction.b = *slot;
      return instruction;
    }
    const auto endpoint = index_of_endpoint(world_.services[*service], part);
    if (!endpoint || !is_of_requests) return std::nullopt;
    instruction.b = static_cast<uint32_t>(*endpoint);
    return instruction;
  }

  std::vector<std::string_view> names() const override {
    std::vector<std::string_view> names(loops_.begin(), loops_.end());
    if (service_ != kWorldScope) {
      const ServiceDefinition& service = world_.services[service_];
      for (const auto& value : service.values) names.push_back(value.name);
      for (const auto& value : service.results) names.push_back(value.name);
      for (const auto& constant : service.constants) names.push_back(constant);
      names.insert(names.end(), std::begin(kBuiltinNames), std::end(kBuiltinNames));
    }
    for (const auto& value : world_.values) names.push_back(value.name);
    for (const auto& trouble : world_.troubles) names.push_back(trouble.first);
    names.insert(names.end(), std::begin(kWorldBuiltinNames), std::end(kWorldBuiltinNames));
    return names;
  }

  std::vector<std::string> references(Observation observation) const override {
    std::vector<std::string> references;
    for (const ServiceDefinition& service : world_.services) {
      references.push_back(service.name);
      if (observation >= Observation::Sum) {
        for (const auto& value : service.values)
          references.push_back(service.name + "." + value.name);
        for (const auto& value : service.results) {
          references.push_back(service.name + "." + value.name);
        }
      } else if (service.requests) {
        for (const auto& endpoint : service.requests->endpoints) {
          references.push_back(service.name + "." + endpoint.id);
        }
      }
    }
    return references;
  }

 private:
  const WorldDefinition& world_;
  size_t service_;
  const std::vector<std::string>& loops_;
};

// Where a formula stands until all names are known.
struct PendingFormula {
  const YamlFile* file;
  std::string_view file_text;
  const YamlNode* node;
  size_t service;
  std::vector<std::string> loops;
  FormulaId id;
};

// A metric's node, read again for each service that it is about.
struct PendingAbout {
  const YamlFile* file;
  std::string_view file_text;
  const YamlNode* node;
  size_t service;
};

struct PendingCaller {
  const YamlFile* file;
  const YamlNode* node;
  size_t service;
  size_t endpoint;
};

struct OpenFile {
  std::unique_ptr<YamlFile> yaml;
  std::string_view text;
};

class Reader {
 public:
  Result<WorldDefinition> read(std::string name, std::string_view text);

 private:
  Result<void> read_root(const YamlNode& node);
  Result<void> read_service(const YamlNode& key, const YamlNode& node);
  // The keys that services and components share.
  void read_parts(YamlMapping& mapping, size_t service);
  Result<void> use_component(const YamlNode& item, size_t service);
  Result<void> read_values(const YamlNode& name, const YamlNode& node, size_t service,
                           std::vector<ValueDefinition>& out);
  Result<void> read_group(const YamlNode& node, size_t service, GroupDefinition& group);
  void read_group_keys(YamlMapping& mapping, size_t service, GroupDefinition& group);
  Result<void> read_requests(const YamlNode& node, size_t service);
  Result<void> read_endpoint(const YamlNode& node, size_t service, const YamlNode* failures,
                             const YamlNode* rare_failures);
  void read_failures(const YamlNode* node, size_t service, bool is_always_shown,
                     YamlMapping& mapping, EndpointDefinition& endpoint);
  Result<void> read_metric(const YamlNode& node, size_t service, std::optional<size_t> about);
  Result<void> read_labels(const YamlNode& node, size_t scope, MetricDefinition& metric,
                           std::vector<std::string>& loop_names);
  Result<void> read_metric_for_each(const YamlNode& node, size_t service);
  Result<void> read_incident(const YamlNode& node);
  Result<void> read_prometheus(const YamlNode& node);
  Result<void> read_buckets(YamlMapping& mapping, std::vector<double>& out);
  Result<void> resolve_callers();
  Result<void> resolve_abouts();
  Result<void> compile_formulas();
  Result<void> check_sizes();

  void formula(YamlMapping& mapping, std::string_view key, size_t service, FormulaId& out,
               const std::vector<std::string>& loops = {});
  Result<FormulaId> pend(const YamlNode& node, size_t service, std::vector<std::string> loops = {});
  void text_pairs(YamlMapping& mapping, std::string_view key, TextPairs& out);
  Result<void> duration_range(const YamlNode& node, Duration& low, Duration& high);
  Result<void> number_range(const YamlNode& node, double& low, double& high);

  WorldDefinition world_;
  std::vector<OpenFile> files_;
  const YamlFile* file_ = nullptr;  // That is being read.
  std::string_view text_;
  const YamlFile* main_file_ = nullptr;
  std::vector<PendingFormula> formulas_;
  std::vector<PendingAbout> abouts_;
  std::vector<PendingCaller> callers_;
};

Result<FormulaId> Reader::pend(const YamlNode& node, size_t service,
                               std::vector<std::string> loops) {
  if (node.kind != YamlNode::Kind::Scalar) {
    return file_->error_at(
        node, fmt::format("found {}, expected a formula such as 2 * sessions", describe(node)));
  }
  const auto id = static_cast<FormulaId>(formulas_.size());
  formulas_.push_back({file_, text_, &node, service, std::move(loops), id});
  return id;
}

void Reader::formula(YamlMapping& mapping, std::string_view key, size_t service, FormulaId& out,
                     const std::vector<std::string>& loops) {
  mapping.value(key, [&](const YamlNode& node) -> Result<void> {
    out = TRY(pend(node, service, loops));
    return {};
  });
}

void Reader::text_pairs(YamlMapping& mapping, std::string_view key, TextPairs& out) {
  mapping.entries(key, [&](const YamlNode& name, const YamlNode& value) -> Result<void> {
    if (value.kind != YamlNode::Kind::Scalar) {
      return file_->error_at(value, fmt::format("found {}, expected a text", describe(value)));
    }
    out.emplace_back(name.text, value.text);
    return {};
  });
}

Result<void> Reader::duration_range(const YamlNode& node, Duration& low, Duration& high) {
  const size_t dots = node.text.find("..");
  const std::string_view text = node.text;
  const auto first = parse_duration(text.substr(0, dots));
  const auto last = dots == std::string::npos ? first : parse_duration(text.substr(dots + 2));
  if (node.kind != YamlNode::Kind::Scalar || !first || !last || *last < *first) {
    return file_->error_at(
        node, fmt::format("found {}, expected a duration or a range of them such as 6m..21m",
                          describe(node)));
  }
  low = *first;
  high = *last;
  return {};
}

Result<void> Reader::number_range(const YamlNode& node, double& low, double& high) {
  const size_t dots = node.text.find("..");
  const std::string_view text = node.text;
  const auto first = parse_float(text.substr(0, dots));
  const auto last = dots == std::string::npos ? first : parse_float(text.substr(dots + 2));
  if (node.kind != YamlNode::Kind::Scalar || !first || !last || !(*first <= *last)) {
    return file_->error_at(
        node, fmt::format("found {}, expected a number or a range of them such as 0.5..1",
                          describe(node)));
  }
  low = *first;
  high = *last;
  return {};
}

Result<void> Reader::read_values(const YamlNode& name, const YamlNode& node, size_t service,
                                 std::vector<ValueDefinition>& out) {
  ValueDefinition value;
  value.name = name.text;
  if (!is_metric_name(value.name)) {
    return file_->error_at(
        name, fmt::format("found {}, expected a name of letters, digits and _", quote(value.name)));
  }
  if (node.kind == YamlNode::Kind::Mapping) {
    YamlMapping mapping(*file_, node, "a value");
    formula(mapping, "is", service, value.formula);
    formula(mapping, "starts", service, value.initial);
    mapping.boolean("durable", value.is_durable);
    TRY(mapping.finish());
    if (value.formula == kNoFormula) {
      return file_->error_at(node, "the value lacks the key \"is\"; add its formula");
    }
  } else {
    value.formula = TRY(pend(node, service));
  }
  out.push_back(std::move(value));
  return {};
}

Result<void> Reader::read_buckets(YamlMapping& mapping, std::vector<double>& out) {
  mapping.list("buckets", [&](const YamlNode& item) -> Result<void> {
    const double bound = TRY(file_->number(item, "a bucket"));
    if (!out.empty() && bound <= out.back()) {
      return file_->error_at(item, "buckets have to ascend; put them in order");
    }
    out.push_back(bound);
    return {};
  });
  return {};
}

void Reader::read_failures(const YamlNode* node, size_t service, bool is_always_shown,
                           YamlMapping& mapping, EndpointDefinition& endpoint) {
  if (node == nullptr) return;
  if (node->kind != YamlNode::Kind::Mapping) {
    mapping.require(file_->error_at(
        *node, fmt::format("found {}, expected statuses and their shares: {{\"500\": 0.1%}}",
                           describe(*node))));
    return;
  }
  for (const YamlEntry& entry : node->entries) {
    FailureDefinition failure;
    failure.status = entry.key.text;
    failure.is_always_shown = is_always_shown;
    const auto share = pend(entry.value, service);
    if (!share) return mapping.require(tl::unexpected(share.error()));
    failure.share = *share;
    endpoint.failures.push_back(std::move(failure));
  }
}

Result<void> Reader::read_endpoint(const YamlNode& node, size_t service, const YamlNode* failures,
                                   const YamlNode* rare_failures) {
  RequestsDefinition& requests = *world_.services[service].requests;
  EndpointDefinition endpoint;
  YamlMapping mapping(*file_, node, "an endpoint");
  mapping.text("id", endpoint.id);
  text_pairs(mapping, "labels", endpoint.labels);
  formula(mapping, "rate", service, endpoint.rate);
  formula(mapping, "median", service, endpoint.median);
  formula(mapping, "cpu", service, endpoint.cpu);
  formula(mapping, "attempts", service, endpoint.attempts);
  mapping.text("success", endpoint.success_status);
  const YamlNode* caller = mapping.find("called_by");
  const YamlNode* own = mapping.find("failures");
  const YamlNode* own_rare = mapping.find("rare_failures");
  const bool has_own = own != nullptr || own_rare != nullptr;
  read_failures(has_own ? own : failures, service, true, mapping, endpoint);
  read_failures(has_own ? own_rare : rare_failures, service, false, mapping, endpoint);
  if (caller != nullptr) callers_.push_back({file_, caller, service, requests.endpoints.size()});
  if ((endpoint.rate == kNoFormula) == (caller == nullptr)) {
    mapping.require(file_->error_at(
        node, "an endpoint has either \"rate\" or \"called_by\": SERVICE.ENDPOINT"));
  }
  if (endpoint.id.empty()) endpoint.id = fmt::format("e{}", requests.endpoints.size() + 1);
  requests.endpoints.push_back(std::move(endpoint));
  return mapping.finish();
}

Result<void> Reader::read_requests(const YamlNode& node, size_t service) {
  RequestsDefinition& requests = world_.services[service].requests.emplace();
  YamlMapping mapping(*file_, node, "requests");
  mapping.text("counter", requests.counter);
  mapping.text("counter_help", requests.counter_help);
  mapping.text("status_label", requests.status_label);
  mapping.text("histogram", requests.histogram);
  mapping.text("histogram_help", requests.histogram_help);
  mapping.text("in_flight", requests.in_flight);
  mapping.count("shape", requests.shape);
  requests.shape = std::clamp<uint64_t>(requests.shape, 2, 4);
  formula(mapping, "slow_at_cores", service, requests.slow_at_cores);
  TRY(read_buckets(mapping, requests.buckets));
  if (requests.buckets.empty()) {
    requests.buckets.assign(std::begin(kLatencyBuckets), std::end(kLatencyBuckets));
  }
  const YamlNode* failures = mapping.find("failures");
  const YamlNode* rare_failures = mapping.find("rare_failures");
  mapping.list(
      "endpoints",
      [&](const YamlNode& item) { return read_endpoint(item, service, failures, rare_failures); },
      Presence::Required);
  return mapping.finish();
}

// A text is a label's value; a list makes a series of each; a mapping deals out a count by shares,
// or counts: {count: 4} is "0" to "3".
Result<void> Reader::read_labels(const YamlNode& node, size_t scope, MetricDefinition& metric,
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

Result<void> Reader::read_metric(const YamlNode& node, size_t service,
                                 std::optional<size_t> about) {
  constexpr std::string_view kKinds[] = {"counter", "gauge", "histogram", "summary"};
  constexpr MetricType kTypes[] = {MetricType::Counter, MetricType::Gauge, MetricType::Histogram,
                                   MetricType::Summary};
  constexpr std::string_view kTypeNames[] = {"counter", "gauge", "histogram", "summary", "unknown"};
  const size_t scope = about.value_or(service);
  MetricDefinition metric;
  metric.about = about;
  YamlMapping mapping(*file_, node, "a metric");
  size_t kinds = 0;
  for (size_t i = 0; i < std::size(kKinds); ++i) {
    const YamlNode* name = mapping.find(kKinds[i]);
    if (name == nullptr) continue;
    ++kinds;
    metric.kind = static_cast<MetricKind>(i);
    metric.shown_type = kTypes[i];
    metric.name = name->text;
    if (!is_metric_name(metric.name)) {
      mapping.require(file_->error_at(
          *name, fmt::format("found {}, expected the name of a metric", describe(*name))));
    }
  }
  if (kinds != 1) {
    mapping.require(file_->error_at(
        node, "a metric has one of the keys counter, gauge, histogram, summary with its name"));
  }
  mapping.text("help", metric.help);
  std::vector<std::string> loops;
  mapping.value("labels",
                [&](const YamlNode& labels) { return read_labels(labels, scope, metric, loops); });
  size_t shown = std::size(kTypeNames);
  mapping.choice("shown_as", kTypeNames, shown);
  if (shown < std::size(kTypes)) metric.shown_type = kTypes[shown];
  if (shown == std::size(kTypes)) metric.shown_type = MetricType::Unknown;
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

Result<void> Reader::read_metric_for_each(const YamlNode& node, size_t service) {
  for (const YamlEntry& entry : node.entries) {
    if (entry.key.text != "about") continue;
    abouts_.push_back({file_, text_, &node, service});
    return {};
  }
  return read_metric(node, service, std::nullopt);
}

void Reader::read_group_keys(YamlMapping& mapping, size_t service, GroupDefinition& group) {
  mapping.count("instances", group.count);
  mapping.count("hidden_instances", group.hidden_count_max);
  mapping.text_list("names", group.names);
  if (!group.names.empty()) group.count = group.names.size();
  text_pairs(mapping, "labels", group.target_labels);
  text_pairs(mapping, "attributes", group.attributes);
  mapping.entries("let", [&](const YamlNode& name, const YamlNode& node) -> Result<void> {
    std::vector<std::string>& constants = world_.services[service].constants;
    if (std::find(constants.begin(), constants.end(), name.text) == constants.end()) {
      constants.push_back(name.text);
    }
    group.constants.emplace_back(name.text, TRY(pend(node, service)));
    return {};
  });
}

Result<void> Reader::read_group(const YamlNode& node, size_t service, GroupDefinition& group) {
  YamlMapping mapping(*file_, node, "a group of instances");
  read_group_keys(mapping, service, group);
  mapping.value("apart", [&](const YamlNode& share) -> Result<void> {
    group.apart = TRY(file_->number(share, "apart"));
    return {};
  });
  return mapping.finish();
}

void Reader::read_parts(YamlMapping& mapping, size_t service) {
  mapping.entries("values", [&](const YamlNode& name, const YamlNode& node) {
    return read_values(name, node, service, world_.services[service].values);
  });
  mapping.value("requests", [&](const YamlNode& node) { return read_requests(node, service); });
  mapping.entries("results", [&](const YamlNode& name, const YamlNode& node) {
    return read_values(name, node, service, world_.services[service].results);
  });
  formula(mapping, "dies_when", service, world_.services[service].dies_when);
  mapping.duration("restart_pause", world_.services[service].restart_pause);
  mapping.list("metrics",
               [&](const YamlNode& node) { return read_metric_for_each(node, service); });
}

Result<void> Reader::use_component(const YamlNode& item, size_t service) {
  const std::string name = TRY(file_->text(item, "use"));
  const LibraryFile* component = find_file(component_library(), name);
  if (component == nullptr) {
    std::vector<std::string_view> names;
    for (const LibraryFile& file : component_library()) names.push_back(file.name);
    const auto near = nearest(name, names);
    return file_->error_at(
        item, fmt::format("there is no component {}; {}", quote(name),
                          near ? fmt::format("did you mean \"{}\"?", *near)
                               : fmt::format("expected one of {}", fmt::join(names, ", "))));
  }
  files_.push_back({std::make_unique<YamlFile>(TRY(
                        YamlFile::parse(fmt::format("components/{}.yaml", name), component->text))),
                    component->text});
  const YamlFile* outer_file = file_;
  const std::string_view outer_text = text_;
  file_ = files_.back().yaml.get();
  text_ = component->text;
  YamlMapping mapping(*file_, file_->root(), "a component");
  GroupDefinition defaults;
  mapping.count("port", world_.services[service].port);
  text_pairs(mapping, "attributes", defaults.attributes);
  TextPairs troubles;
  text_pairs(mapping, "troubles", troubles);
  for (const auto& trouble : troubles) {
    const bool is_known =
        std::any_of(world_.troubles.begin(), world_.troubles.end(),
                    [&](const auto& known) { return known.first == trouble.first; });
    if (!is_known) world_.troubles.push_back(trouble);
  }
  // Constants of a component are defaults: the service's own come later and win.
  mapping.entries("let", [&](const YamlNode& key, const YamlNode& node) -> Result<void> {
    std::vector<std::string>& constants = world_.services[service].constants;
    if (std::find(constants.begin(), constants.end(), key.text) == constants.end()) {
      constants.push_back(key.text);
    }
    defaults.constants.emplace_back(key.text, TRY(pend(node, service)));
    return {};
  });
  read_parts(mapping, service);
  auto& groups = world_.services[service].groups;
  // The first group stands for the defaults until the service's own are read.
  groups[0].constants.insert(groups[0].constants.end(), defaults.constants.begin(),
                             defaults.constants.end());
  groups[0].attributes.insert(groups[0].attributes.end(), defaults.attributes.begin(),
                              defaults.attributes.end());
  const Result<void> finished = mapping.finish();
  file_ = outer_file;
  text_ = outer_text;
  return finished;
}

Result<void> Reader::read_service(const YamlNode& key, const YamlNode& node) {
  const size_t index = world_.services.size();
  world_.services.emplace_back();
  {
    ServiceDefinition& service = world_.services[index];
    service.name = service.job = key.text;
    service.host = "{service}-{number}";
    service.groups.emplace_back();
  }
  YamlMapping mapping(*file_, node, "a service");
  mapping.list("use", [&](const YamlNode& item) { return use_component(item, index); });
  ServiceDefinition& service = world_.services[index];
  mapping.text("job", service.job);
  mapping.text("host", service.host);
  mapping.count("port", service.port);
  mapping.text("path", service.path);
  mapping.text("version", service.version);
  mapping.boolean("scraped", service.is_scraped);
  mapping.boolean("renamed", service.is_renamed);
  mapping.value("age", [&](const YamlNode& age) {
    return duration_range(age, service.age_min, service.age_max);
  });
  mapping.value("scrape", [&](const YamlNode& scrape) -> Result<void> {
    if (scrape.kind != YamlNode::Kind::Mapping) {
      return file_->error_at(scrape, "scrape: expected keys of a scrape configuration");
    }
    service.scrape_yaml = write_yaml(scrape);
    return {};
  });
  GroupDefinition defaults = std::move(service.groups[0]);
  service.groups.clear();
  read_group_keys(mapping, index, defaults);
  mapping.list("groups", [&](const YamlNode& item) -> Result<void> {
    GroupDefinition group = defaults;
    group.names.clear();
    group.hidden_count_max = 0;
    group.target_labels.clear();
    TRY(read_group(item, index, group));
    world_.services[index].groups.push_back(std::move(group));
    return {};
  });
  if (service.groups.empty()) service.groups.push_back(std::move(defaults));
  read_parts(mapping, index);
  return mapping.finish();
}

Result<void> Reader::read_incident(const YamlNode& node) {
  IncidentDefinition incident;
  YamlMapping mapping(*file_, node, "an incident");
  mapping.value(
      "kind",
      [&](const YamlNode& kind) -> Result<void> {
        const auto add = [&](const YamlNode& item) -> Result<void> {
          std::vector<std::string_view> known;
          for (const ControlEntry& entry : controls()) known.push_back(entry.name);
          for (const auto& trouble : world_.troubles) known.push_back(trouble.first);
          if (std::find(known.begin(), known.end(), item.text) == known.end()) {
            const auto near = nearest(item.text, known);
            return file_->error_at(
                item,
                fmt::format("found {}, expected a chaos control or one of this world's troubles{}",
                            describe(item),
                            near ? fmt::format("; did you mean \"{}\"?", *near)
                                 : std::string("; add it to \"troubles\"")));
          }
          incident.kinds.push_back(item.text);
          return {};
        };
        if (kind.kind == YamlNode::Kind::Scalar) return add(kind);
        for (const YamlNode& item : kind.items) TRY(add(item));
        return {};
      },
      Presence::Required);
  mapping.text_list("of", incident.targets.names);
  text_pairs(mapping, "where", incident.targets.labels);
  mapping.boolean("all", incident.hits_all);
  mapping.value(
      "begin",
      [&](const YamlNode& range) {
        return duration_range(range, incident.begin_min, incident.begin_max);
      },
      Presence::Required);
  mapping.value("length", [&](const YamlNode& range) {
    return duration_range(range, incident.length_min, incident.length_max);
  });
  mapping.value("strength", [&](const YamlNode& range) {
    return number_range(range, incident.strength_min, incident.strength_max);
  });
  mapping.number("chance", incident.chance);
  mapping.count("every", incident.every);
  mapping.count("offset", incident.offset);
  incident.every = std::max<uint64_t>(incident.every, 1);
  mapping.boolean("another", incident.is_another);
  mapping.text_map("with", incident.parameters);
  world_.incidents.push_back(std::move(incident));
  return mapping.finish();
}

Result<void> Reader::read_prometheus(const YamlNode& node) {
  YamlMapping mapping(*file_, node, "prometheus");
  mapping.duration("scrape_interval", world_.scrape_interval);
  mapping.duration("scrape_timeout", world_.scrape_timeout);
  mapping.duration("evaluation_interval", world_.evaluation_interval);
  text_pairs(mapping, "external_labels", world_.external_labels);
  mapping.boolean("scrapes_itself", world_.scrapes_itself);
  mapping.text("config", world_.config);
  mapping.text_map("files", world_.files);
  return mapping.finish();
}

Result<void> Reader::read_root(const YamlNode& node) {
  YamlMapping mapping(*file_, node, "a world");
  mapping.text("world", world_.name, Presence::Required);
  mapping.text("about", world_.about);
  mapping.duration("tick", world_.tick);
  text_pairs(mapping, "troubles", world_.troubles);
  mapping.entries("values", [&](const YamlNode& name, const YamlNode& value) {
    return read_values(name, value, kWorldScope, world_.values);
  });
  mapping.entries("services", [&](const YamlNode& name, const YamlNode& value) {
    return read_service(name, value);
  });
  mapping.value("incidents", [&](const YamlNode& incidents) -> Result<void> {
    YamlMapping plan(*file_, incidents, "incidents");
    plan.duration("every", world_.incident_period);
    plan.list("plan", [&](const YamlNode& item) { return read_incident(item); });
    return plan.finish();
  });
  mapping.value("prometheus", [&](const YamlNode& value) { return read_prometheus(value); });
  if (world_.tick < Duration::seconds(1) || world_.incident_period < world_.tick) {
    mapping.require(mapping.error_at("tick",
                                     "a tick takes at least 1s, and no longer than the "
                                     "period of the incidents"));
  }
  return mapping.finish();
}

Result<void> Reader::resolve_callers() {
  for (const PendingCaller& pending : callers_) {
    const std::string_view text = pending.node->text;
    const size_t dot = text.find('.');
    const auto service = index_of(world_.services, text.substr(0, dot));
    const auto endpoint = service && dot != std::string_view::npos
                              ? index_of_endpoint(world_.services[*service], text.substr(dot + 1))
                              : std::nullopt;
    if (!endpoint || *service >= pending.service) {
      return pending.file->error_at(
          *pending.node, fmt::format("found {}, expected SERVICE.ENDPOINT of a service that stands "
                                     "further up in the file",
                                     describe(*pending.node)));
    }
    world_.services[pending.service].requests->endpoints[pending.endpoint].caller = {*service,
                                                                                     *endpoint};
  }
  return {};
}

Result<void> Reader::resolve_abouts() {
  for (const PendingAbout& pending : abouts_) {
    file_ = pending.file;
    text_ = pending.file_text;
    const YamlNode* about = nullptr;
    for (const YamlEntry& entry : pending.node->entries) {
      if (entry.key.text == "about") about = &entry.value;
    }
    const std::vector<YamlNode> one(1, *about);
    for (const YamlNode& item : about->kind == YamlNode::Kind::Sequence ? about->items : one) {
      const auto service = index_of(world_.services, item.text);
      if (!service) {
        std::vector<std::string_view> names;
        for (const ServiceDefinition& known : world_.services) names.push_back(known.name);
        const auto near = nearest(item.text, names);
        return file_->error_at(
            *about, fmt::format("found {}, expected services of this world{}", describe(item),
                                near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
      }
      TRY(read_metric(*pending.node, pending.service, *service));
    }
  }
  return {};
}

Result<void> Reader::compile_formulas() {
  world_.formulas.resize(formulas_.size());
  // What a formula draws depends on its text and its service, not on what stands around it.
  std::map<std::string, uint64_t> occurrences;
  for (const PendingFormula& pending : formulas_) {
    const Scope scope(world_, pending.service, pending.loops);
    const std::string_view owner = pending.service == kWorldScope
                                       ? ""
                                       : std::string_view(world_.services[pending.service].name);
    const std::string key = fmt::format("{}/{}", owner, pending.node->text);
    auto formula = compile_formula(pending.node->text, scope, xxh64(key) + occurrences[key]++);
    if (!formula) {
      const size_t offset = formula.error().span ? formula.error().span->begin : 0;
      const LineColumn at = position_in_scalar(pending.file_text, *pending.node, offset);
      return bad_data(fmt::format("{}:{}:{}: {} in the formula {}", pending.file->name(), at.line,
                                  at.column, formula.error().message, quote(pending.node->text)));
    }
    world_.formulas[pending.id] = std::move(*formula);
  }
  return {};
}

Result<void> Reader::check_sizes() {
  uint64_t instances = 0;
  for (const ServiceDefinition& service : world_.services) {
    for (const GroupDefinition& group : service.groups) {
      instances += std::min(group.count, kInstancesMax + 1) +
                   std::min(group.hidden_count_max, kInstancesMax + 1);
    }
  }
  if (instances > kInstancesMax) {
    return main_file_->error_at(
        main_file_->root(),
        fmt::format("the world has more than {} instances; let services have fewer",
                    kInstancesMax));
  }
  return {};
}

Result<WorldDefinition> Reader::read(std::string name, std::string_view text) {
  files_.push_back({std::make_unique<YamlFile>(TRY(YamlFile::parse(std::move(name), text))), text});
  file_ = main_file_ = files_.back().yaml.get();
  text_ = text;
  TRY(read_root(file_->root()));
  TRY(resolve_callers());
  TRY(resolve_abouts());
  TRY(compile_formulas());
  TRY(check_sizes());
  return std::move(world_);
}

}  // namespace

Result<WorldDefinition> read_world(std::string file, std::string_view text) {
  return Reader().read(std::move(file), text);
}

}  // namespace promenade::sim
