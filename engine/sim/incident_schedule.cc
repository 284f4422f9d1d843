// engine/sim/incident_schedule.cc
// Lessons rely on a few things that every seed provides: in each half hour a process of
// production restarts and a service fails for some minutes, and around each full hour one target
// cannot be reached, so that the queries about them have something to find.
#include "sim/incident_schedule.h"

#include <string>

namespace promenade::sim {
namespace {

// Incidents begin and end on the models' ticks.
constexpr Duration kGrid = Duration::seconds(5);

TimeRange draw_span(Random& random, Timestamp slot_begin, TimeRange begin_within,
                    TimeRange length_within) {
  const auto on_grid = [&random](TimeRange range) {
    return kGrid * random.between(range.start.ms / kGrid.ms, range.end.ms / kGrid.ms);
  };
  const Timestamp begin = slot_begin + on_grid(begin_within);
  return {begin, begin + on_grid(length_within)};
}

constexpr TimeRange minutes(int64_t low, int64_t high) {
  return {{Duration::minutes(low).ms}, {Duration::minutes(high).ms}};
}
constexpr TimeRange seconds(int64_t low, int64_t high) {
  return {{Duration::seconds(low).ms}, {Duration::seconds(high).ms}};
}

// The index of an instance that satisfies `is_wanted`; there always is one.
template <typename Predicate>
size_t draw_instance(Random& random, std::span<const Instance> instances, Predicate is_wanted) {
  std::vector<size_t> wanted;
  for (size_t i = 0; i < instances.size(); ++i) {
    if (is_wanted(instances[i])) wanted.push_back(i);
  }
  return wanted[random.below(wanted.size())];
}

bool is_production(const Instance& instance) {
  return !instance.is_staging;
}

}  // namespace

IncidentSchedule::IncidentSchedule(uint64_t seed, Timestamp start,
                                   std::span<const Instance> instances)
    : seed_(seed), start_(start), instances_(instances) {}

const Incidents& IncidentSchedule::slot(int64_t slot) {
  const auto it = slots_.find(slot);
  if (it != slots_.end()) return it->second;
  return slots_.emplace(slot, draw(slot)).first->second;
}

Incidents IncidentSchedule::draw(int64_t slot) {
  Random random = Random(seed_).fork("incidents " + std::to_string(slot));
  Incidents incidents;
  draw_restarts(random, slot_start(slot), incidents);
  draw_scrape_troubles(random, slot, incidents);
  draw_service_troubles(random, slot_start(slot), incidents);
  return incidents;
}

void IncidentSchedule::draw_restarts(Random& random, Timestamp begin, Incidents& out) const {
  const size_t first = draw_instance(random, instances_, is_production);
  out.restarts.push_back({first, draw_span(random, begin, minutes(6, 21), seconds(20, 50))});
  if (!random.chance(0.4)) return;
  const size_t second = draw_instance(random, instances_, [&](const Instance& instance) {
    return is_production(instance) && instance.host != instances_[first].host;
  });
  out.restarts.push_back({second, draw_span(random, begin, minutes(3, 25), seconds(20, 50))});
}

void IncidentSchedule::draw_scrape_troubles(Random& random, int64_t slot, Incidents& out) const {
  using Kind = ScrapeTrouble::Kind;
  const Timestamp begin = slot_start(slot);
  const size_t staging = instances_.size() - 1;
  // Staging flaps: short gaps, a few minutes apart, over before the slot ends.
  for (int64_t part = 0; part < 3; ++part) {
    const Kind kind = random.chance(0.5) ? Kind::Refused : Kind::TooSlow;
    const TimeRange within = minutes(1 + part * 9, 7 + part * 9);
    out.scrape_troubles.push_back(
        {staging, kind, draw_span(random, begin, within, seconds(25, 75))});
  }
  // Around each full hour: from minutes before it until minutes after it.
  if (slot % 2 == 0) return;
  const size_t victim = draw_instance(random, instances_, [](const Instance& instance) {
    return instance.service->name == ServiceName::Frontend ||
           instance.service->name == ServiceName::Catalog;
  });
  out.scrape_troubles.push_back(
      {victim, Kind::Refused, draw_span(random, begin, minutes(26, 28), minutes(6, 9))});
}

void IncidentSchedule::draw_service_troubles(Random& random, Timestamp begin,
                                             Incidents& out) const {
  using Kind = ServiceTrouble::Kind;
  constexpr Kind kKinds[] = {Kind::PaymentProviderDown, Kind::CatalogDatabaseSlow,
                             Kind::BadRelease};
  const auto add = [&](Kind kind, TimeRange begin_within, TimeRange length_within) {
    const size_t instance = draw_instance(random, instances_, is_production);
    const double strength = 0.5 + 0.5 * random.uniform();
    out.service_troubles.push_back(
        {kind, instance, strength, draw_span(random, begin, begin_within, length_within)});
  };
  add(kKinds[random.below(3)], minutes(2, 12), minutes(3, 8));
  add(kKinds[random.below(3)], minutes(14, 26), minutes(2, 5));
  if (random.chance(0.5)) add(Kind::Campaign, minutes(1, 18), minutes(6, 12));
}

}  // namespace promenade::sim
