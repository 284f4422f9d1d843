// tests/unit/sim/incident_schedule_test.cc
#include "sim/incident_schedule.h"

#include <gtest/gtest.h>

#include <set>

namespace promenade::sim {
namespace {

constexpr Timestamp kStart = Timestamp::from_seconds(1'767'225'600);
constexpr uint64_t kSeeds[] = {1, 2, 3, 42, 101, 202, 303};

TEST(ShopInstances, LessonSeedsRunWhatTheLessonsName) {
  std::string hosts;
  for (const Instance& instance : shop_instances(1)) hosts += instance.authority + " ";
  EXPECT_EQ(hosts,
            "frontend-1:8080 frontend-2:8080 frontend-3:8080 catalog-1:8080 catalog-2:8080 "
            "checkout-1:8080 checkout-2:8080 checkout-3:8080 payments-1:8080 payments-2:8080 "
            "checkout-staging-1:8080 ");
  EXPECT_EQ(shop_instances(kLessonSeedsEnd - 1).size(), 11u);
}

TEST(ShopInstances, HiddenSeedsTogetherAddToEveryServiceButTheFrontend) {
  std::set<std::string> hosts;
  for (const uint64_t seed : {101, 202, 303}) {
    EXPECT_GT(shop_instances(seed).size(), 11u) << seed;
    for (const Instance& instance : shop_instances(seed)) hosts.insert(instance.host);
  }
  for (const char* host : {"catalog-3", "checkout-4", "payments-3"}) {
    EXPECT_EQ(hosts.count(host), 1u) << host;
  }
}

TEST(IncidentSchedule, DrawsTheSameWhateverTheOrderOfAsking) {
  const auto instances = shop_instances(5);
  IncidentSchedule forwards(5, kStart, instances);
  IncidentSchedule backwards(5, kStart, instances);
  for (int64_t slot = 5; slot >= 0; --slot) backwards.slot(slot);
  for (int64_t slot = 0; slot <= 5; ++slot) {
    const Incidents& a = forwards.slot(slot);
    const Incidents& b = backwards.slot(slot);
    ASSERT_EQ(a.restarts.size(), b.restarts.size());
    EXPECT_EQ(a.restarts[0].instance, b.restarts[0].instance);
    EXPECT_EQ(a.restarts[0].span.start, b.restarts[0].span.start);
    EXPECT_EQ(a.service_troubles[0].strength, b.service_troubles[0].strength);
  }
}

TEST(IncidentSchedule, EveryHalfHourARestartOfProductionAndATroubleInAService) {
  for (const uint64_t seed : kSeeds) {
    const auto instances = shop_instances(seed);
    IncidentSchedule schedule(seed, kStart, instances);
    for (int64_t slot = 0; slot < 12; ++slot) {
      const Incidents& incidents = schedule.slot(slot);
      EXPECT_FALSE(incidents.restarts.empty());
      EXPECT_GE(incidents.service_troubles.size(), 2u);
      for (const Restart& restart : incidents.restarts) {
        EXPECT_FALSE(instances[restart.instance].is_staging);
      }
    }
  }
}

TEST(IncidentSchedule, SomeTargetCannotBeReachedAtEveryFullHour) {
  for (const uint64_t seed : kSeeds) {
    const auto instances = shop_instances(seed);
    IncidentSchedule schedule(seed, kStart, instances);
    for (int64_t hour = 1; hour < 5; ++hour) {
      int refused = 0;
      schedule.for_each_at(kStart + Duration::hours(hour), &Incidents::scrape_troubles,
                           [&](const ScrapeTrouble& trouble) {
                             EXPECT_EQ(trouble.kind, ScrapeTrouble::Kind::Refused);
                             EXPECT_FALSE(instances[trouble.instance].is_staging);
                             ++refused;
                           });
      EXPECT_EQ(refused, 1) << "seed " << seed << " hour " << hour;
    }
  }
}

TEST(IncidentSchedule, NoIncidentOutlivesTheNextSlot) {
  const auto instances = shop_instances(9);
  IncidentSchedule schedule(9, kStart, instances);
  const auto check = [&](int64_t slot, TimeRange span) {
    EXPECT_GE(span.start, schedule.slot_start(slot));
    EXPECT_LT(span.start, schedule.slot_start(slot + 1));
    EXPECT_LT(span.end, schedule.slot_start(slot + 2));
    EXPECT_LT(span.start, span.end);
    EXPECT_EQ((span.start - kStart).ms % 5000, 0);
    EXPECT_EQ((span.end - kStart).ms % 5000, 0);
  };
  for (int64_t slot = 0; slot < 48; ++slot) {
    for (const auto& incident : schedule.slot(slot).restarts) check(slot, incident.span);
    for (const auto& incident : schedule.slot(slot).scrape_troubles) check(slot, incident.span);
    for (const auto& incident : schedule.slot(slot).service_troubles) check(slot, incident.span);
  }
}

TEST(IncidentSchedule, AnIncidentBelongsToItsStartAndNotToItsEnd) {
  const auto instances = shop_instances(3);
  IncidentSchedule schedule(3, kStart, instances);
  const Restart restart = schedule.slot(0).restarts[0];
  const auto is_under_way = [&](Timestamp at) {
    bool found = false;
    schedule.for_each_at(at, &Incidents::restarts, [&](const Restart& other) {
      found |= other.instance == restart.instance;
    });
    return found;
  };
  EXPECT_FALSE(is_under_way(restart.span.start - Duration::milliseconds(1)));
  EXPECT_TRUE(is_under_way(restart.span.start));
  EXPECT_TRUE(is_under_way(restart.span.end - Duration::milliseconds(1)));
  EXPECT_FALSE(is_under_way(restart.span.end));
}

}  // namespace
}  // namespace promenade::sim
