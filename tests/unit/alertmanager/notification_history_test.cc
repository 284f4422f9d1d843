// What is found of an alert, and what is forgotten.
#include "alertmanager/notification_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promenade::alertmanager {
namespace {

using ::testing::ElementsAre;

ToldNotification told(int64_t seconds, size_t alerts, const std::string& name = "A") {
  ToldNotification notification{.at = Timestamp::from_seconds(seconds), .receiver = "r"};
  for (size_t i = 0; i < alerts; ++i) {
    Alert alert;
    alert.labels = Labels{{"alertname", name}, {"instance", std::to_string(i)}};
    notification.alerts.push_back({std::make_shared<const Alert>(std::move(alert)), false});
  }
  return notification;
}

std::vector<int64_t> times(const NotificationHistory& history, const Labels& labels,
                           TimeRange range = {{}, Timestamp::from_seconds(1000)}) {
  std::vector<int64_t> seconds;
  for (const api::ToldAlert& alert : history.find(labels, range)) {
    seconds.push_back(alert.at.ms / 1000);
  }
  return seconds;
}

TEST(NotificationHistory, FindsByLabelsAndTime) {
  NotificationHistory history;
  history.add(told(1, 3));
  history.add(told(2, 1));
  history.add(told(3, 2, "B"));
  EXPECT_THAT(times(history, {{"alertname", "A"}, {"instance", "0"}}), ElementsAre(1, 2));
  EXPECT_THAT(times(history, {{"instance", "1"}}), ElementsAre(1, 3));
  EXPECT_THAT(times(history, {{"alertname", "A"}, {"team", "x"}}), ElementsAre());
  EXPECT_THAT(
      times(history, {{"instance", "0"}}, {Timestamp::from_seconds(2), Timestamp::from_seconds(2)}),
      ElementsAre(2));
}

TEST(NotificationHistory, ForgetsTheOldestWhenThereAreTooManyAlerts) {
  NotificationHistory history;
  history.add(told(1, 1));
  history.add(told(2, kHistoryAlertsMax - 1));
  EXPECT_THAT(times(history, {{"instance", "0"}}), ElementsAre(1, 2));
  history.add(told(3, 1));
  EXPECT_THAT(times(history, {{"instance", "0"}}), ElementsAre(2, 3));
  history.add(told(4, kHistoryAlertsMax + 1));
  EXPECT_THAT(times(history, {{"instance", "0"}}), ElementsAre(4));
}

}  // namespace
}  // namespace promenade::alertmanager
