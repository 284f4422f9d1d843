// Rule groups over a virtual clock and a store: slots, samples, stale markers, reloads, restoring.
#include "rules/manager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/executor.h"
#include "model/number_format.h"
#include "sim/virtual_clock.h"

namespace promenade::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Times are seconds after begin(), which is an instant at which the first group is due.
class RuleManagerTest : public testing::Test {
 protected:
  RuleManagerTest() { restart_empty(); }

  // A new process with an empty store.
  void restart_empty() {
    manager.reset();
    head = std::make_unique<tsdb::Head>();
    manager = std::make_unique<RuleManager>(RuleContext{clock,
                                                        executor,
                                                        *head,
                                                        logger,
                                                        [] { return promql::EngineOptions{}; },
                                                        {},
                                                        [this](std::vector<OutgoingAlert> alerts) {
                                                          for (OutgoingAlert& alert : alerts)
                                                            sent.push_back(std::move(alert));
                                                        },
                                                        options,
                                                        {}});
  }

  // Applies rule files, given as YAML of `groups`, with an evaluation interval of a minute.
  void load(const std::string& groups, const std::string& global = "") {
    const auto config = config::parse_config("p.yml", "global: {" + global + "}\n");
    ASSERT_TRUE(config) << config.error().message;
    RuleFile file = parse_rule_file("r.yml", "groups:\n" + groups);
    ASSERT_THAT(file.errors, testing::IsEmpty());
    manager->apply(*config, std::move(file.groups));
  }

  // Lets time run to just before the first group is due.
  void begin() {
    begun = clock.next_due(clock.now());
    clock.run_until(begun - Duration::milliseconds(1));
  }
  void run_to(int64_t seconds) { clock.run_until(begun + Duration::seconds(seconds)); }

  void put(const Labels& labels, double value, Timestamp at) {
    tsdb::Appender appender = head->appender();
    appender.append(appender.series(labels), at, value);
    appender.commit();
  }
  void put(const Labels& labels, double value) { put(labels, value, clock.now()); }

  // All series of a metric as lines `{labels} time=value ...`, in order of creation.
  std::string samples(const std::string& metric) const {
    const Matcher matchers[] = {Matcher::equal("__name__", metric)};
    std::string text;
    const auto selected = head->select(matchers, kAllTime);
    for (const SelectedSeries& series : *selected) {
      SampleColumns columns;
      EXPECT_TRUE(head->read(series.ref, kAllTime, columns));
      text += series.labels->without_name().to_string();
      for (size_t i = 0; i < columns.times_ms.size(); ++i) {
        text += ' ';
        append_decimal(text, static_cast<double>(columns.times_ms[i] - begun.ms) / 1000.0);
        text += '=';
        if (is_stale_nan(columns.values[i])) {
          text += "stale";
        } else {
          append_decimal(text, columns.values[i]);
        }
      }
      text += '\n';
    }
    return text;
  }

  const Rule& rule(size_t index = 0) const { return manager->groups().at(0)->rules().at(index); }

  sim::VirtualClock clock{Timestamp::from_seconds(1'700'000'000)};
  InlineExecutor executor;
  std::unique_ptr<tsdb::Head> head;
  NullLogger logger;
  RuleOptions options{.external_url = "http://prometheus:9090"};
  std::vector<OutgoingAlert> sent;
  std::unique_ptr<RuleManager> manager;
  Timestamp begun;
};

TEST_F(RuleManagerTest, RecordsAtItsSlotsAndMarksWhatVanished) {
  load("- {name: g, rules: [{record: r, expr: m, labels: {b: x, a: ''}}]}");
  begin();
  put({{"__name__", "m"}, {"a", "1"}, {"b", "2"}}, 5);
  run_to(60);
  put({{"__name__", "m"}, {"a", "1"}, {"b", "2"}}, stale_nan());
  run_to(180);
  EXPECT_EQ(samples("r"), "{b=\"x\"} 0=5 60=5 120=stale\n");
  EXPECT_EQ(rule().health, RuleHealth::Ok);
}

TEST_F(RuleManagerTest, GroupsAreDueAtInstantsOfTheirOwn) {
  load("- {name: g, rules: [{record: r, expr: 1}]}\n- {name: h, rules: [{record: s, expr: 1}]}");
  begin();
  run_to(119);
  const std::string first = samples("r") + samples("s");
  // The same instants after a restart.
  restart_empty();
  load("- {name: g, rules: [{record: r, expr: 1}]}\n- {name: h, rules: [{record: s, expr: 1}]}");
  begun = begun + Duration::minutes(2);
  run_to(119);
  EXPECT_EQ(samples("r") + samples("s"), first);
  EXPECT_THAT(first, HasSubstr("{} 0=1 60=1\n"));
  EXPECT_NE(samples("r"), samples("s"));
}

TEST_F(RuleManagerTest, ARuleSeesWhatThoseAboveItRecorded) {
  load(
      "- name: g\n  rules:\n"
      "  - {record: one, expr: 1}\n"
      "  - {record: two, expr: one + 1}\n"
      "  - {record: four, expr: two * 2}\n");
  begin();
  run_to(0);
  EXPECT_EQ(samples("four"), "{} 0=4\n");
}

TEST_F(RuleManagerTest, TheQueryOffsetShiftsWhatIsSeenAndWritten) {
  load("- {name: g, query_offset: 30s, rules: [{record: r, expr: time()}]}");
  begin();
  run_to(0);
  const double seconds = (begun - Duration::seconds(30)).in_seconds();
  std::string expected = "{} -30=";
  append_decimal(expected, seconds);
  EXPECT_EQ(samples("r"), expected + "\n");
}

TEST_F(RuleManagerTest, AFailedEvaluationWritesNothingAndOthersGoOn) {
  load("- {name: g, rules: [{record: bad, expr: m * on(a) m2}, {record: good, expr: 1}]}");
  begin();
  put({{"__name__", "m"}, {"a", "1"}}, 1);
  put({{"__name__", "m2"}, {"a", "1"}}, 1);
  run_to(0);
  put({{"__name__", "m2"}, {"a", "1"}, {"b", "1"}}, 1);
  run_to(60);
  EXPECT_EQ(samples("bad"), "{a=\"1\"} 0=1\n");
  EXPECT_EQ(samples("good"), "{} 0=1 60=1\n");
  EXPECT_EQ(rule(0).health, RuleHealth::Err);
  EXPECT_THAT(rule(0).last_error, HasSubstr("found duplicate series for the match group"));
  EXPECT_EQ(manager->groups().at(0)->statistics().evaluation_failures, 1u);
  EXPECT_EQ(manager->groups().at(0)->statistics().evaluations, 4u);
}

TEST_F(RuleManagerTest, NamesTheReasonOfEveryFailure) {
  const struct {
    const char* rule;
    const char* error;
  } cases[] = {
      {"record: r, expr: 'm[5m]'", "rule result is not a vector or scalar"},
      {"record: r, expr: '\"text\"'", "rule result is not a vector or scalar"},
      {"record: r, expr: m, labels: {a: x}",
       "vector contains metrics with the same labelset after applying rule labels"},
      {"alert: r, expr: m, labels: {a: x}",
       "vector contains metrics with the same labelset after applying alert labels"},
  };
  for (const auto& [rule_text, error] : cases) {
    load(std::string("- {name: g, rules: [{") + rule_text + "}]}");
    begin();
    put({{"__name__", "m"}, {"a", "1"}}, 1);
    put({{"__name__", "m"}, {"a", "2"}}, 1);
    run_to(1);
    EXPECT_EQ(rule().last_error, error) << rule_text;
    EXPECT_EQ(samples("r"), "") << rule_text;
  }
}

TEST_F(RuleManagerTest, ALimitDropsAllOfARule) {
  load("- {name: g, limit: 1, rules: [{record: r, expr: m}, {alert: A, expr: m}]}");
  begin();
  put({{"__name__", "m"}, {"a", "1"}}, 1);
  run_to(0);
  put({{"__name__", "m"}, {"a", "2"}}, 1);
  run_to(60);
  EXPECT_EQ(rule(0).last_error, "exceeded limit of 1 with 2 series");
  EXPECT_EQ(rule(1).last_error, "exceeded limit of 1 with 2 alerts");
  EXPECT_EQ(samples("r"), "{a=\"1\"} 0=1\n");
  EXPECT_TRUE(rule(1).alerts.alerts().empty());
}

TEST_F(RuleManagerTest, WritesTheStatesOfAlerts) {
  load("- {name: g, rules: [{alert: A, expr: m > 0, for: 2m, labels: {s: page}}]}");
  begin();
  run_to(59);  // Restoring needs two evaluations; the states of alerts are written from then on.
  run_to(119);
  put({{"__name__", "m"}, {"i", "1"}}, 7);
  run_to(299);
  put({{"__name__", "m"}, {"i", "1"}}, 0);
  run_to(360);
  EXPECT_EQ(samples("ALERTS"),
            "{alertname=\"A\", alertstate=\"pending\", i=\"1\", s=\"page\"} 120=1 180=1 240=stale\n"
            "{alertname=\"A\", alertstate=\"firing\", i=\"1\", s=\"page\"} 240=1 300=stale\n");
  std::string for_state = "{alertname=\"A\", i=\"1\", s=\"page\"}";
  for (const char* time : {" 120=", " 180=", " 240="}) {
    for_state += time + std::to_string(begun.ms / 1000 + 120);
  }
  EXPECT_EQ(samples("ALERTS_FOR_STATE"), for_state + " 300=stale\n");
}

TEST_F(RuleManagerTest, SendsAlertsWithTheirTimesAndLinks) {
  load("- {name: g, rules: [{alert: A, expr: m  > 0, annotations: {v: 'is {{ $value }}'}}]}");
  begin();
  put({{"__name__", "m"}, {"i", "1"}}, 3.5);
  run_to(0);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].labels.to_string(), "{alertname=\"A\", i=\"1\"}");
  EXPECT_EQ(sent[0].annotations.at("v"), "is 3.5");
  EXPECT_EQ(sent[0].starts_at, begun);
  EXPECT_EQ(sent[0].ends_at, begun + Duration::minutes(4));
  EXPECT_EQ(sent[0].generator_url, "http://prometheus:9090/graph?g0.expr=m+%3E+0&g0.tab=1");
  put({{"__name__", "m"}, {"i", "1"}}, 0);
  run_to(60);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[1].starts_at, begun);
  EXPECT_EQ(sent[1].ends_at, begun + Duration::minutes(1));
}

TEST_F(RuleManagerTest, AReloadKeepsEqualGroupsAndHandsOverChangedOnes) {
  const std::string same = "- {name: same, rules: [{alert: A, expr: vector(1), for: 5m}]}\n";
  load(same +
       "- {name: x, rules: [{alert: B, expr: vector(1), for: 10m}, {record: r, expr: 1},"
       " {record: old, expr: 1}]}\n");
  begin();
  run_to(119);
  const Timestamp since =
      manager->groups().at(1)->rules().at(0).alerts.alerts().begin()->second.active_at;
  load(same + "- {name: x, rules: [{record: r, expr: 2}, {alert: B, expr: vector(2), for: 3m}]}\n");
  EXPECT_EQ(rule().health, RuleHealth::Ok);  // Of the equal group.
  const Rule& changed = manager->groups().at(1)->rules().at(1);
  EXPECT_EQ(changed.health, RuleHealth::Unknown);
  run_to(239);
  const Alert& alert = changed.alerts.alerts().begin()->second;
  EXPECT_EQ(alert.active_at, since);
  EXPECT_EQ(alert.state, AlertState::Firing);
  EXPECT_EQ(alert.value, 2);
  EXPECT_THAT(samples("r"), HasSubstr("=1 "));
  EXPECT_THAT(samples("r"), HasSubstr("=2"));
  EXPECT_THAT(samples("r"), testing::Not(HasSubstr("stale")));
  EXPECT_THAT(samples("old"), HasSubstr("=stale\n"));
}

TEST_F(RuleManagerTest, TheSeriesOfARemovedGroupEndTwoIntervalsLater) {
  load("- {name: g, rules: [{record: r, expr: 1}]}");
  begin();
  run_to(70);
  load("- {name: other}");
  run_to(189);
  EXPECT_EQ(samples("r"), "{} 0=1 60=1\n");
  run_to(190);
  EXPECT_EQ(samples("r"), "{} 0=1 60=1 70=stale\n");
}

TEST_F(RuleManagerTest, AGroupThatComesBackInTimeGoesOn) {
  load("- {name: g, rules: [{record: r, expr: 1}]}");
  begin();
  run_to(70);
  load("- {name: other}");
  run_to(80);
  load("- {name: g, rules: [{record: r, expr: 1}]}");
  run_to(200);
  EXPECT_EQ(samples("r"), "{} 0=1 60=1 120=1 180=1\n");
}

// A process that comes back: the store has the last sample of ALERTS_FOR_STATE, taken 10 minutes
// before the present, of an alert that had been pending for `spent` then.
struct Restoring {
  const char* name;
  int64_t spent_minutes;
  const char* hold;
  int64_t fires_after_minutes;  // After the second evaluation.
};

constexpr Restoring kRestoring[] = {
    {"the outage does not count", 20, "1h", 40},
    {"the grace period is waited for", 55, "1h", 10},
    {"it was firing", 70, "1h", 1},
    {"shorter than the grace period: from scratch", 4, "9m", 8},
};

TEST_F(RuleManagerTest, RestoresPendingAlertsAfterARestart) {
  for (const Restoring& one : kRestoring) {
    restart_empty();
    load(std::string("- {name: g, rules: [{alert: A, expr: vector(1), for: ") + one.hold +
         ", labels: {s: '{{ 1 }}', t: u}}]}");
    begin();
    const Timestamp restored = begun + Duration::minutes(1);
    const Timestamp down = restored - Duration::minutes(10);
    // The alert has the expanded label; the store's series came from a rule without a template.
    Labels labels{{"__name__", "ALERTS_FOR_STATE"}, {"alertname", "A"}, {"t", "u"}};
    run_to(0);
    const Labels expanded = rule().alerts.alerts().begin()->first;
    labels = LabelsBuilder(expanded).set("__name__", "ALERTS_FOR_STATE").build();
    put(labels, (down - Duration::minutes(one.spent_minutes)).in_seconds(), down);
    run_to(60);
    EXPECT_EQ(samples("ALERTS"), "") << one.name;  // Not before it is restored.
    run_to(60 + one.fires_after_minutes * 60 - 1);
    EXPECT_EQ(rule().alerts.state(), AlertState::Pending) << one.name;
    run_to(60 + one.fires_after_minutes * 60);
    EXPECT_EQ(rule().alerts.state(), AlertState::Firing) << one.name;
  }
}

TEST_F(RuleManagerTest, ADeadSeriesOrALongOutageRestoresNothing) {
  for (const bool is_stale : {true, false}) {
    restart_empty();
    load("- {name: g, rules: [{alert: A, expr: vector(1), for: 1h}]}");
    begin();
    const Labels labels{{"__name__", "ALERTS_FOR_STATE"}, {"alertname", "A"}};
    const Timestamp down = begun - (is_stale ? Duration::minutes(5) : Duration::minutes(61));
    put(labels, (down - Duration::minutes(30)).in_seconds(), down);
    if (is_stale) put(labels, stale_nan(), down + Duration::seconds(1));
    run_to(120);
    EXPECT_EQ(rule().alerts.alerts().begin()->second.active_at, begun);
  }
}

TEST_F(RuleManagerTest, StopsWithoutMarksAndLeavesNoTimer) {
  load("- {name: g, rules: [{record: r, expr: 1}]}");
  begin();
  run_to(0);
  load("- {name: h, rules: [{record: s, expr: 1}]}");
  manager->stop();
  EXPECT_EQ(clock.next_due({}), Timestamp{});
  EXPECT_EQ(samples("r"), "{} 0=1\n");
}

}  // namespace
}  // namespace promenade::rules
