// engine/sim/chaos/timeline.cc
// Each period draws its incidents from (seed, period), so a world may run as far as it likes, and
// chaos that somebody adds changes nothing of the plan.
#include "sim/chaos/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/random.h"
#include "base/strings.h"
#include "model/number_format.h"

namespace promenade::sim {
namespace {

// Between one instance's restart and the next one's in a rolling deploy.
constexpr Duration kDeployPause = Duration::seconds(10);
constexpr double kStrengthMax = 1e6;

Duration draw_duration(Random& random, Duration low, Duration high, Duration grid) {
  return grid * random.between(low.ms / grid.ms, high.ms / grid.ms);
}

bool has_labels(const TargetInfo& target, const TextPairs& labels) {
  return std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
    return std::find(target.labels.begin(), target.labels.end(), label) != target.labels.end();
  });
}

bool is_named(const TargetInfo& target, const std::vector<std::string>& names) {
  if (names.empty()) return true;
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return name == target.service_name || name == target.host || name == target.authority;
  });
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + '"';
}

void append_json(std::string& out, const Disturbance& disturbance,
                 const std::vector<TargetInfo>& targets, Timestamp now) {
  out += fmt::format("{{\"id\":{},\"kind\":{},\"origin\":\"{}\",\"active\":{},\"start\":",
                     disturbance.id, json_text(disturbance.kind),
                     disturbance.is_planned ? "incident" : "chaos", disturbance.is_under_way(now));
  append_json_timestamp(out, disturbance.span.start.ms);
  // When it will end is nobody's to know.
  if (disturbance.span.end <= now || !disturbance.is_planned) {
    out += ",\"end\":";
    append_json_timestamp(out, disturbance.span.end.ms);
  }
  out += ",\"strength\":";
  append_json_value(out, disturbance.strength);
  out += ",\"targets\":[";
  for (size_t i = 0; i < disturbance.targets.size(); ++i) {
    if (i > 0) out += ',';
    out += json_text(targets[disturbance.targets[i]].authority);
  }
  out += "],\"parameters\":{";
  bool is_first = true;
  for (const auto& [name, value] : disturbance.parameters) {
    out += fmt::format("{}{}:{}", is_first ? "" : ",", json_text(name), json_text(value));
    is_first = false;
  }
  out += "}}";
}

}  // namespace

bool Disturbance::hits(size_t instance) const {
  return targets.empty() || std::binary_search(targets.begin(), targets.end(), instance);
}

std::string_view Disturbance::parameter(std::string_view name) const {
  const auto given = parameters.find(std::string(name));
  if (given != parameters.end()) return given->second;
  const ControlEntry* entry = find_control(kind);
  if (entry == nullptr) return "";
  for (const ControlParameter& known : entry->parameters) {
    if (known.name == name) return known.fallback;
  }
  return "";
}

double Disturbance::number(std::string_view name) const {
  const double number = parse_float(parameter(name)).value_or(0);
  return std::isfinite(number) ? number : 0;
}

Timeline::Timeline(const WorldDefinition& definition, uint64_t seed, Timestamp start,
                   std::vector<TargetInfo> targets)
    : definition_(definition), seed_(seed), start_(start), targets_(std::move(targets)) {}

void Timeline::set_listener(std::function<void(const Disturbance&)> listener) {
  listener_ = std::move(listener);
}

std::vector<size_t> Timeline::select(const TargetSelector& selector) const {
  std::vector<size_t> found;
  for (size_t i = 0; i < targets_.size(); ++i) {
    if (is_named(targets_[i], selector.names) && has_labels(targets_[i], selector.labels)) {
      found.push_back(i);
    }
  }
  return found;
}

void Timeline::plan_until(Timestamp until) {
  while (start_ + definition_.incident_period * planned_periods_ <= until) plan(planned_periods_++);
}

void Timeline::plan(int64_t period) {
  Random random = Random(seed_).fork("incidents " + std::to_string(period));
  const Timestamp begin = start_ + definition_.incident_period * period;
  std::optional<size_t> last_target;
  for (const IncidentDefinition& incident : definition_.incidents) {
    // Drawn in any case, so that one incident's chance does not move the others.
    Random own(random.next());
    const auto number = static_cast<uint64_t>(period);
    if (number % incident.every != incident.offset % incident.every) continue;
    if (incident.chance < 1 && !own.chance(incident.chance)) continue;
    plan_incident(incident, own, begin, last_target);
  }
}

void Timeline::plan_incident(const IncidentDefinition& incident, Random& random, Timestamp begin,
                             std::optional<size_t>& last_target) {
  Disturbance disturbance;
  disturbance.is_planned = true;
  disturbance.kind = incident.kinds[random.below(incident.kinds.size())];
  disturbance.parameters = incident.parameters;
  disturbance.strength =
      incident.strength_min + (incident.strength_max - incident.strength_min) * random.uniform();
  const Duration grid = definition_.tick;
  disturbance.span.start =
      begin + draw_duration(random, incident.begin_min, incident.begin_max, grid);
  disturbance.span.end = disturbance.span.start +
                         draw_duration(random, incident.length_min, incident.length_max, grid);
  const TargetSelector& selector = incident.targets;
  const bool is_for_all = selector.names.empty() && selector.labels.empty() && incident.hits_all;
  if (!is_for_all) {
    std::vector<size_t> candidates = select(selector);
    if (incident.is_another && last_target) {
      candidates.erase(std::remove(candidates.begin(), candidates.end(), *last_target),
                       candidates.end());
    }
    if (candidates.empty()) return;
    if (!incident.hits_all) {
      last_target = candidates[random.below(candidates.size())];
      candidates = {*last_target};
    }
    disturbance.targets = std::move(candidates);
  }
  put(std::move(disturbance));
}

Timestamp Timeline::on_grid(Timestamp time) const {
  const int64_t grid = definition_.tick.ms;
  const int64_t past = (time.ms - start_.ms) % grid;
  return past == 0 ? time : Timestamp{time.ms - past + grid};
}

// Fills in what the kind says, and files it.
void Timeline::put(Disturbance disturbance) {
  const ControlEntry* entry = find_control(disturbance.kind);
  if (entry != nullptr) {
    disturbance.control = entry->control;
  } else {
    for (size_t i = 0; i < definition_.troubles.size(); ++i) {
      if (definition_.troubles[i].first == disturbance.kind) disturbance.trouble = i;
    }
  }
  if (ends_process(disturbance.control)) {
    disturbance.span.start = on_grid(disturbance.span.start);
    disturbance.span.end =
        on_grid(std::max(disturbance.span.end, disturbance.span.start + definition_.tick));
  }
  if (disturbance.control == Control::Deploy && disturbance.targets.size() != 1) {
    return put_deploy(disturbance);
  }
  disturbance.id = ++last_id_;
  disturbances_.push_back(std::move(disturbance));
  active_span_ = {{1}, {0}};
  if (listener_) listener_(disturbances_.back());
}

// One disturbance for each instance, one after the other.
void Timeline::put_deploy(const Disturbance& disturbance) {
  std::vector<size_t> targets = disturbance.targets;
  if (targets.empty()) targets = select({});
  const Duration length = disturbance.span.end - disturbance.span.start;
  Disturbance one = disturbance;
  for (const size_t target : targets) {
    one.targets = {target};
    put(one);
    one.span.start = one.span.end + kDeployPause;
    one.span.end = one.span.start + length;
  }
}

std::vector<std::string_view> Timeline::kinds() const {
  std::vector<std::string_view> kinds;
  for (const ControlEntry& entry : controls()) kinds.push_back(entry.name);
  for (const auto& trouble : definition_.troubles) kinds.push_back(trouble.first);
  return kinds;
}

Result<uint64_t> Timeline::add(const Request& request, Timestamp now) {
  const auto known = kinds();
  if (std::find(known.begin(), known.end(), request.kind) == known.end()) {
    const auto near = nearest(request.kind, known);
    return bad_data(fmt::format("there is no chaos control {}; {}", quote(request.kind),
                                near ? fmt::format("did you mean \"{}\"?", *near)
                                     : fmt::format("expected one of {}", fmt::join(known, ", "))));
  }
  Disturbance disturbance;
  disturbance.kind = request.kind;
  disturbance.strength = request.strength.value_or(1);
  if (!(disturbance.strength >= -1 && disturbance.strength <= kStrengthMax)) {
    return bad_data("the strength of a disturbance is a number from -1 to 1000000");
  }
  disturbance.parameters = request.parameters;
  const ControlEntry* entry = find_control(request.kind);
  std::vector<std::string_view> names;
  for (size_t i = 0; entry != nullptr && i < std::size(entry->parameters); ++i) {
    if (!entry->parameters[i].name.empty()) names.push_back(entry->parameters[i].name);
  }
  for (const auto& [name, value] : request.parameters) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    return bad_data(
        fmt::format("{} has no parameter {}; it has {}", request.kind, quote(name),
                    names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }
  if (entry != nullptr && concerns_servers(entry->control) && !request.targets.empty()) {
    return bad_data(request.kind + " is about the world's servers; leave the target out");
  }
  for (const std::string& name : request.targets) {
    const std::vector<size_t> found = select({{name}, {}});
    if (found.empty()) {
      std::vector<std::string_view> hosts;
      for (const TargetInfo& target : targets_) {
        hosts.push_back(target.host);
        hosts.push_back(target.service_name);
      }
      const auto near = nearest(name, hosts);
      return bad_data(fmt::format("there is no service or host {}{}", quote(name),
                                  near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
    }
    disturbance.targets.insert(disturbance.targets.end(), found.begin(), found.end());
  }
  std::sort(disturbance.targets.begin(), disturbance.targets.end());
  disturbance.targets.erase(std::unique(disturbance.targets.begin(), disturbance.targets.end()),
                            disturbance.targets.end());
  const Duration fallback = entry != nullptr ? entry->length : Duration::minutes(5);
  disturbance.span = {now, now + request.length.value_or(fallback)};
  put(std::move(disturbance));
  return last_id_;
}

void Timeline::add_crash(size_t instance, TimeRange span) {
  Disturbance disturbance;
  disturbance.kind = "restart";
  disturbance.targets = {instance};
  disturbance.span = span;
  disturbance.is_planned = true;
  put(std::move(disturbance));
}

Result<void> Timeline::revert(uint64_t id, Timestamp now) {
  for (Disturbance& disturbance : disturbances_) {
    if (disturbance.id != id) continue;
    if (disturbance.span.end <= now) return {};
    disturbance.span.end = ends_process(disturbance.control) ? on_grid(now) : now;
    // What has not begun by then never will.
    disturbance.span.start = std::min(disturbance.span.start, disturbance.span.end);
    active_span_ = {{1}, {0}};
    if (listener_) listener_(disturbance);
    return {};
  }
  return fail(ErrorCode::NotFound, fmt::format("there is no event {} on the timeline; GET "
                                               "http://world/timeline lists them",
                                               id));
}

const std::vector<const Disturbance*>& Timeline::active_at(Timestamp at) {
  if (active_span_.start <= at && at < active_span_.end) return active_;
  std::vector<const Disturbance*> active;
  // Nothing begins or ends within this span.
  active_span_ = {{INT64_MIN}, {INT64_MAX}};
  for (const Disturbance& disturbance : disturbances_) {
    for (const Timestamp edge : {disturbance.span.start, disturbance.span.end}) {
      if (edge <= at) active_span_.start = std::max(active_span_.start, edge);
      if (edge > at) active_span_.end = std::min(active_span_.end, edge);
    }
    if (disturbance.is_under_way(at)) active.push_back(&disturbance);
  }
  active_ = std::move(active);
  ++active_version_;
  return active_;
}

std::string Timeline::to_json(Timestamp now) const {
  std::string out = "{\"events\":[";
  bool is_first = true;
  for (const Disturbance& disturbance : disturbances_) {
    if (disturbance.span.start > now || disturbance.span.start == disturbance.span.end) continue;
    if (!is_first) out += ',';
    is_first = false;
    append_json(out, disturbance, targets_, now);
  }
  return out + "]}";
}

void Timeline::rename_target(size_t index, const std::string& host, const std::string& authority) {
  targets_[index].host = host;
  targets_[index].authority = authority;
}

}  // namespace promenade::sim
