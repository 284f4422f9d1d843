#pragma once  // engine/sim/world_file/world_file_reader.h
// Reads one world file with its components. Two passes: the first reads the structure and collects
// the names, the second compiles the formulas, which may mention names that stand further down.
// Internal to this folder; each section of the file has a source file of its own.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/yaml_reader.h"
#include "sim/world_file/world_definition.h"

namespace promenade::sim {

using config::Presence;
using config::YamlEntry;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

inline constexpr double kLatencyBuckets[] = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                             0.5,   1,    2.5,   5,    10};

bool is_metric_name(std::string_view name);

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

class WorldFileReader {
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
  void read_increment(const YamlNode& node, YamlMapping& mapping, size_t scope,
                      const std::vector<std::string>& loops, MetricDefinition& metric);
  Result<void> read_labels(const YamlNode& node, size_t scope, MetricDefinition& metric,
                           std::vector<std::string>& loop_names);
  Result<void> read_metric_for_each(const YamlNode& node, size_t service);
  Result<void> read_incident(const YamlNode& node);
  Result<void> read_other_server(const YamlNode& name, const YamlNode& node);
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

}  // namespace promenade::sim
