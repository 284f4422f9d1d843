#pragma once  // engine/sim/world_file/world_definition.h
// A world file as typed data: names resolved to indices, formulas compiled. course/worlds/README.md
// describes the file for who writes one; model/data_centre.h brings it to life.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/metadata.h"
#include "sim/model/formula.h"

namespace promenade::sim {

// Index into WorldDefinition::formulas; kNoFormula where the file says nothing.
using FormulaId = uint32_t;
inline constexpr FormulaId kNoFormula = UINT32_MAX;

using TextPairs = std::vector<std::pair<std::string, std::string>>;

// The first slots of an instance's locals, before its constants and values: what the model knows of
// every process.
enum class Builtin : uint32_t {
  Age,       // Seconds since the process started.
  Number,    // Of the instance within its service, from 1.
  Weight,    // Its part of the traffic relative to the others'.
  Up,        // 1 while the process runs.
  Busy,      // Cores that requests kept busy in the last tick.
  InFlight,  // Requests under way.
  Restarts,  // Of the process since the world began.
  Started,   // Seconds since the epoch.
};
inline constexpr std::string_view kBuiltinNames[] = {"age",  "number",    "weight",   "up",
                                                     "busy", "in_flight", "restarts", "started"};
// The first slots of the world.
enum class WorldBuiltin : uint32_t { Time, Tick, Hour, Weekday };
inline constexpr std::string_view kWorldBuiltinNames[] = {"now", "dt", "hour", "weekday"};

// A named formula, evaluated every tick. Reading a value that stands further down, or itself, gives
// what it was a tick ago.
struct ValueDefinition {
  std::string name;
  FormulaId formula = kNoFormula;
  FormulaId initial = kNoFormula;  // At the start of the process; 0 by default.
  bool is_durable = false;         // Survives a restart: a disk, a catalogue.
};

struct FailureDefinition {
  std::string status;
  FormulaId share = kNoFormula;
  bool is_always_shown = false;  // Also while it is 0.
};

struct EndpointDefinition {
  std::string id;
  TextPairs labels;
  FormulaId rate = kNoFormula;  // Per second, of the whole service. Or:
  // Gets exactly as many requests as another endpoint, `attempts` times.
  std::optional<std::pair<size_t, size_t>> caller;  // Service, endpoint.
  FormulaId attempts = kNoFormula;
  FormulaId median = kNoFormula;  // Of the latency, in the histogram's unit.
  FormulaId cpu = kNoFormula;     // Seconds of processor time for each request.
  std::string success_status = "200";
  std::vector<FailureDefinition> failures;
};

struct RequestsDefinition {
  // Families; an empty name leaves one out.
  std::string counter = "http_requests_total";
  std::string counter_help = "Requests answered, by method, handler and status code.";
  std::string status_label = "status";  // "" for a service that counts without it.
  std::string histogram = "http_request_duration_seconds";
  std::string histogram_help = "Time from reading a request to the end of its answer.";
  std::string in_flight = "http_requests_in_flight";
  std::vector<double> buckets;  // Upper bounds, ascending, without +Inf.
  uint64_t shape = 3;           // Of the latency distribution: 2 has a heavy tail, 4 a light one.
  // Latency doubles when requests keep this many cores busy.
  FormulaId slow_at_cores = kNoFormula;
  std::vector<EndpointDefinition> endpoints;
};

// A label that takes several values; the series are their combinations.
struct LabelLoop {
  std::string name;
  std::vector<std::string> values;
  std::vector<double> shares;    // Parallel to values; empty unless it deals out a count.
  FormulaId count = kNoFormula;  // Instead of values: "0", "1", ... as many as this.
};

enum class MetricKind : uint8_t { Counter, Gauge, Histogram, Summary };
// What a counter's formula says.
enum class Increment : uint8_t {
  Rate,   // Events per second on average; whole events are drawn.
  Exact,  // Added up as it is, per second.
  Count,  // Per second, but known exactly: rounded to whole events.
};

struct MetricDefinition {
  std::string name;
  std::string help;
  MetricKind kind = MetricKind::Gauge;
  MetricType shown_type = MetricType::Gauge;
  Increment increment = Increment::Rate;
  TextPairs labels;  // "{host}" and other attributes are filled in.
  std::vector<LabelLoop> loops;
  FormulaId value = kNoFormula;    // Gauge: the value; else the increment or observations a second.
  FormulaId initial = kNoFormula;  // Counters: what they hold when a process starts.
  FormulaId median = kNoFormula;   // Histogram and summary.
  FormulaId when = kNoFormula;     // The series exist only while this holds.
  std::vector<double> buckets;
  std::vector<double> quantiles;
  uint64_t shape = 3;
  bool is_lazy = false;     // A counter that appears with its first event.
  bool is_durable = false;  // Goes on counting when the process restarts.
  // An exporter's: about each instance of this service, in whose scope the formulas stand.
  std::optional<size_t> about;
};

// Instances of a service that are alike.
struct GroupDefinition {
  uint64_t count = 1;
  uint64_t hidden_count_max = 0;   // How many more other seeds may have.
  std::vector<std::string> names;  // Instead of HOST-1, HOST-2, ...
  TextPairs target_labels;         // In Prometheus's configuration.
  TextPairs attributes;
  std::vector<std::pair<std::string, FormulaId>> constants;
  std::optional<double> apart;  // Gets this share of the service's traffic, outside the balancer.
};

struct ServiceDefinition {
  std::string name;
  std::string job;
  std::string host;  // Pattern: "{service}-{number}"; {id} changes with each deploy.
  uint64_t port = 8080;
  std::string path = "/metrics";
  std::string scrape_yaml;  // Further keys of its scrape configuration.
  bool is_scraped = true;
  bool is_renamed = false;  // Other seeds call its hosts differently.
  std::string version = "1.0.0";
  Duration age_min = Duration::minutes(40);  // Of its processes when the world begins.
  Duration age_max = Duration::hours(9);
  // The process ends when this holds at the end of a tick (out of memory, a crash), and a new one
  // begins after the pause.
  FormulaId dies_when = kNoFormula;
  Duration restart_pause = Duration::seconds(20);
  std::vector<GroupDefinition> groups;
  std::vector<std::string> constants;    // Names; the groups have the formulas.
  std::vector<ValueDefinition> values;   // Before requests.
  std::vector<ValueDefinition> results;  // After requests.
  std::optional<RequestsDefinition> requests;
  std::vector<MetricDefinition> metrics;

  size_t constant_slot(size_t index) const { return std::size(kBuiltinNames) + index; }
  size_t value_slot(size_t index) const { return constant_slot(constants.size()) + index; }
  size_t result_slot(size_t index) const { return value_slot(values.size()) + index; }
  size_t slot_count() const { return result_slot(results.size()); }
};

// Which instances an incident or a chaos control may hit.
struct TargetSelector {
  std::vector<std::string> names;  // Services, hosts or authorities; empty means all.
  TextPairs labels;                // And all of these target labels or attributes.
};

// One line of the seeded plan of what goes wrong.
struct IncidentDefinition {
  std::vector<std::string> kinds;  // One of them is drawn.
  TargetSelector targets;
  bool hits_all = false;  // Not one instance but all that the selector finds.
  Duration begin_min, begin_max;
  Duration length_min = Duration::minutes(2), length_max = Duration::minutes(5);
  double strength_min = 1, strength_max = 1;
  double chance = 1;
  uint64_t every = 1;       // In each n-th period,
  uint64_t offset = 0;      // counted from this one.
  bool is_another = false;  // Not the instance that the incident before hit.
  std::map<std::string, std::string> parameters;
};

// A Prometheus beside the world's main one, at NAME:9090.
struct PrometheusDefinition {
  std::string name;
  std::string config;         // "": as the main one, but for the external labels.
  TextPairs external_labels;  // Of a server without a config of its own.
};

struct WorldDefinition {
  std::string name;
  std::string about;
  Duration tick = Duration::seconds(5);
  std::vector<std::pair<std::string, std::string>> troubles;  // Name, what it does.
  std::vector<ValueDefinition> values;
  std::vector<ServiceDefinition> services;
  Duration incident_period = Duration::minutes(30);
  std::vector<IncidentDefinition> incidents;
  std::vector<Formula> formulas;

  Duration scrape_interval = Duration::seconds(15);
  Duration scrape_timeout = Duration::seconds(10);
  Duration evaluation_interval = Duration::seconds(15);
  TextPairs external_labels;
  bool scrapes_itself = true;
  std::string config;                        // The whole prometheus.yml instead of ours.
  std::map<std::string, std::string> files;  // Path -> text; rules/*.yml are rule files.
  std::vector<PrometheusDefinition> other_servers;
};

}  // namespace promenade::sim
