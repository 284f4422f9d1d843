// The state machine as timelines: a character a minute.
#include "rules/alert_table.h"

#include <gtest/gtest.h>

#include <string>

namespace promenade::rules {
namespace {

// How an alert stands after an evaluation: '-' unknown, 'p' pending, 'f' firing, 'r' resolved.
char state_letter(const AlertTable& table) {
  if (table.alerts().empty()) return '-';
  switch (table.alerts().begin()->second.state) {
    case AlertState::Inactive:
      return 'r';
    case AlertState::Pending:
      return 'p';
    case AlertState::Firing:
      return 'f';
  }
  return '?';
}

// What Alertmanager is told: '.' nothing, 'F' it fires, 'R' it is resolved.
char sent_letter(const std::vector<Alert>& due) {
  if (due.empty()) return '.';
  return due[0].resolved_at ? 'R' : 'F';
}

struct Timeline {
  const char* name;
  int hold_minutes;
  int keep_firing_minutes;
  const char* found;  // 'x' found, '.' not found, 'E' the evaluation failed.
  const char* states;
  const char* sent;
};

constexpr Timeline kTimelines[] = {
    {"the reference's rule A", 2, 3,  //
     ".xxxx.......x.",                //
     "-ppfffffrrrrp-",                // With keep_firing_for until minute 8.
     "...F.F.FR.R..."},
    {"the reference's rule B", 0, 0,  //
     ".xxxx.......x.",                //
     "-ffffrrrrrrrfr",                //
     ".F.F.R.R.R.RFR"},
    {"a pending alert that goes is never told of", 3, 0,  //
     "xx.xxx.",                                           //
     "pp-ppp-",                                           //
     "......."},
    {"flapping starts anew each time", 1, 0,  //
     "xx.xx.xx.",                             //
     "pfrpfrpfr",                             //
     ".FR.FR.FR"},
    {"keep_firing_for starts anew when the alert comes back", 0, 2,  //
     "x.x..x....",                                                   //
     "ffffffffrr",                                                   //
     "F.F.F.F.R."},
    {"keep_firing_for does not keep a pending alert", 2, 5,  //
     "xx...",                                                //
     "pp---",                                                //
     "....."},
    {"time passes while evaluations fail", 3, 0,  //
     "xEEx.E.",                                   //
     "pppfrrr",                                   //
     "...FR.R"},
    {"a resolved alert is told of for a quarter of an hour", 0, 0,  //
     "x.................",                                          //
     "frrrrrrrrrrrrrrrr-",                                          //
     "FR.R.R.R.R.R.R.R.."},
};

TEST(AlertTable, FollowsTimelines) {
  for (const Timeline& timeline : kTimelines) {
    AlertTable table;
    std::string states, sent;
    const AlertTiming timing{Duration::minutes(timeline.hold_minutes),
                             Duration::minutes(timeline.keep_firing_minutes), 0};
    const std::string found = timeline.found;
    for (size_t minute = 0; minute < found.size(); ++minute) {
      const Timestamp at = Timestamp::from_seconds(static_cast<int64_t>(minute) * 60);
      std::vector<Alert> due;
      if (found[minute] != 'E') {
        std::vector<FoundAlert> alerts;
        if (found[minute] == 'x') alerts.push_back({Labels{{"alertname", "A"}}, {}, 1});
        ASSERT_TRUE(table.update(std::move(alerts), at, timing));
        due = table.take_due(at, Duration::minutes(1));
      }
      states += state_letter(table);
      sent += sent_letter(due);
    }
    EXPECT_EQ(states, timeline.states) << timeline.name;
    EXPECT_EQ(sent, timeline.sent) << timeline.name;
  }
}

FoundAlert found(const char* instance, double value = 1) {
  return {Labels{{"alertname", "A"}, {"instance", instance}}, {{"summary", instance}}, value};
}

TEST(AlertTable, KeepsValueAndAnnotationsUpToDate) {
  AlertTable table;
  ASSERT_TRUE(table.update({found("a", 1)}, Timestamp::from_seconds(0), {}));
  FoundAlert again = found("a", 2);
  again.annotations["summary"] = "new";
  ASSERT_TRUE(table.update({again}, Timestamp::from_seconds(60), {}));
  const Alert& alert = table.alerts().begin()->second;
  EXPECT_EQ(alert.value, 2);
  EXPECT_EQ(alert.annotations.at("summary"), "new");
  EXPECT_EQ(alert.active_at, Timestamp::from_seconds(0));
  EXPECT_EQ(alert.fired_at, Timestamp::from_seconds(0));
}

TEST(AlertTable, RefusesTwoAlertsWithTheSameLabelsAndKeepsItsOwn) {
  AlertTable table;
  ASSERT_TRUE(table.update({found("a")}, Timestamp::from_seconds(0), {}));
  const auto result = table.update({found("b"), found("b")}, Timestamp::from_seconds(60), {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message,
            "vector contains metrics with the same labelset after applying alert labels");
  EXPECT_EQ(table.alerts().size(), 1u);
  EXPECT_EQ(table.state(), AlertState::Firing);
}

TEST(AlertTable, PastItsLimitForgetsAllAlerts) {
  AlertTable table;
  const AlertTiming timing{{}, {}, 2};
  EXPECT_TRUE(table.update({found("a"), found("b")}, Timestamp::from_seconds(0), timing));
  // One resolved alert does not count.
  EXPECT_TRUE(table.update({found("b"), found("c")}, Timestamp::from_seconds(60), timing));
  const auto result =
      table.update({found("a"), found("b"), found("c")}, Timestamp::from_seconds(120), timing);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "exceeded limit of 2 with 3 alerts");
  EXPECT_TRUE(table.alerts().empty());
}

TEST(AlertTable, ALongerHoldMakesAFiringAlertPendingAgain) {
  AlertTable table;
  ASSERT_TRUE(table.update({found("a")}, Timestamp::from_seconds(0), {}));
  EXPECT_EQ(table.take_due(Timestamp::from_seconds(0), {}).size(), 1u);
  const AlertTiming longer{Duration::minutes(2), {}, 0};
  ASSERT_TRUE(table.update({found("a")}, Timestamp::from_seconds(60), longer));
  EXPECT_EQ(table.state(), AlertState::Pending);
  ASSERT_TRUE(table.update({found("a")}, Timestamp::from_seconds(120), longer));
  EXPECT_EQ(table.state(), AlertState::Firing);
  EXPECT_EQ(table.take_due(Timestamp::from_seconds(120), Duration::minutes(9)).size(), 1u);
}

}  // namespace
}  // namespace promenade::rules
