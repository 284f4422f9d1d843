#pragma once  // engine/sim/incident_schedule.h
// What goes wrong in the web shop, and when: restarts, unreachable or slow targets, failing
// services, campaigns. Every half hour draws its own incidents from (seed, half hour), so what
// happens is a function of the time, and a world may run as far as it likes.
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "sim/shop_topology.h"

namespace promenade::sim {

// A process ends at `span.start` and a new one answers from `span.end` on, its counters at 0.
struct Restart {
  size_t instance;
  TimeRange span;
};

// The process lives, but who asks for its metrics gets no answer, or a late one.
struct ScrapeTrouble {
  enum class Kind { Refused, TooSlow };
  size_t instance;
  Kind kind;
  TimeRange span;
};

// Something that hurts a service, and through it those that depend on it.
struct ServiceTrouble {
  enum class Kind {
    PaymentProviderDown,  // Charges fail; orders fail behind them and pile up.
    CatalogDatabaseSlow,  // Product pages take ten times as long, some time out.
    BadRelease,           // One instance answers every tenth request with 500.
    Campaign,             // Not an error: everybody comes at once.
  };
  Kind kind;
  size_t instance;  // For BadRelease.
  double strength;  // In [0.5, 1].
  TimeRange span;
};

struct Incidents {
  std::vector<Restart> restarts;
  std::vector<ScrapeTrouble> scrape_troubles;
  std::vector<ServiceTrouble> service_troubles;
};

class IncidentSchedule {
 public:
  static constexpr Duration kSlot = Duration::minutes(30);

  // `instances` must outlive the schedule.
  IncidentSchedule(uint64_t seed, Timestamp start, std::span<const Instance> instances);

  // The incidents that begin in the slot'th half hour after the start. Valid as long as this.
  const Incidents& slot(int64_t slot);
  int64_t slot_at(Timestamp time) const { return (time - start_).ms / kSlot.ms; }
  Timestamp slot_start(int64_t slot) const { return start_ + kSlot * slot; }

  // Calls visit(incident) for those of `member` (a pointer to one of Incidents' lists) that are
  // under way at `time`; an incident's end is not part of it.
  template <typename Incident, typename Visit>
  void for_each_at(Timestamp time, std::vector<Incident> Incidents::*member, Visit visit) {
    const int64_t now = slot_at(time);
    // No incident lasts longer than a slot, so those under way began in this one or the last.
    for (int64_t index = now > 0 ? now - 1 : 0; index <= now; ++index) {
      for (const Incident& incident : slot(index).*member) {
        if (incident.span.start <= time && time < incident.span.end) visit(incident);
      }
    }
  }

 private:
  Incidents draw(int64_t slot);
  void draw_restarts(Random& random, Timestamp begin, Incidents& out) const;
  void draw_scrape_troubles(Random& random, int64_t slot, Incidents& out) const;
  void draw_service_troubles(Random& random, Timestamp begin, Incidents& out) const;

  uint64_t seed_;
  Timestamp start_;
  std::span<const Instance> instances_;
  std::map<int64_t, Incidents> slots_;  // Drawn so far; references stay valid.
};

}  // namespace promenade::sim
