// Which routes an alert takes, what they inherit, and the keys of their groups.
#include "alertmanager/route_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/strings.h"

namespace promenade::alertmanager {
namespace {

constexpr std::string_view kConfig = R"(
route:
  receiver: def
  group_by: [cluster]
  group_wait: 1s
  routes:
    - matchers: [service=~"mysql|pg"]
      receiver: db
      group_by: [b, a]
      repeat_interval: 1h
      routes:
        - {matchers: [owner="x", service!="pg"], receiver: ownerx, continue: true}
        - {matchers: [sev="page"], receiver: page, group_by: ['...']}
    - {matchers: [sev="page"], receiver: page, continue: true}
    - {matchers: [team=""], receiver: noteam, group_by: []}
receivers: [{name: def}, {name: db}, {name: ownerx}, {name: page}, {name: noteam}]
)";

class RouteTreeTest : public ::testing::Test {
 protected:
  RouteTreeTest() : routes_(parse().route) {}

  static config::AlertmanagerConfig parse() {
    auto config = config::parse_alertmanager_config("a.yml", kConfig);
    EXPECT_TRUE(config) << config.error().message;
    return config ? std::move(*config) : config::AlertmanagerConfig{};
  }

  std::string receivers(Labels labels) const { return join(routes_.receivers(labels), ","); }

  RouteTree routes_;
};

TEST_F(RouteTreeTest, TheDeepestMatchTakesTheAlert) {
  EXPECT_EQ(receivers({{"service", "mysql"}}), "db");
  EXPECT_EQ(receivers({{"service", "mysql"}, {"owner", "x"}}), "ownerx");
  EXPECT_EQ(receivers({{"service", "mysql"}, {"owner", "x"}, {"sev", "page"}}), "ownerx,page");
  EXPECT_EQ(receivers({{"service", "pg"}, {"owner", "x"}}), "db");
  EXPECT_EQ(receivers({{"sev", "page"}}), "page,noteam");
  EXPECT_EQ(receivers({{"sev", "page"}, {"team", "t"}}), "page");
  EXPECT_EQ(receivers({{"team", "t"}}), "def");
  EXPECT_EQ(receivers({}), "noteam");
}

TEST_F(RouteTreeTest, ChildrenInheritWhatTheyDoNotSay) {
  const Route& db = *routes_.root().children().at(0);
  EXPECT_EQ(db.options().group_wait, Duration::seconds(1));
  EXPECT_EQ(db.options().group_interval, Duration::minutes(5));
  EXPECT_EQ(db.options().repeat_interval, Duration::hours(1));
  EXPECT_EQ(db.children().at(0)->options().repeat_interval, Duration::hours(1));
  EXPECT_THAT(db.children().at(0)->options().group_by, ::testing::ElementsAre("a", "b"));
  EXPECT_TRUE(db.children().at(1)->options().group_by_all);
  EXPECT_TRUE(routes_.root().children().at(2)->options().group_by.empty());
}

TEST_F(RouteTreeTest, KeysNameTheWayFromTheRoot) {
  const Route& owner = *routes_.root().children().at(0)->children().at(0);
  EXPECT_EQ(owner.key(), R"({}/{service=~"mysql|pg"}/{owner="x",service!="pg"})");
  const Labels labels{{"a", "1"}, {"b", "\"2\""}, {"c", "3"}};
  EXPECT_EQ(owner.group_key(owner.group_labels(labels)),
            R"({}/{service=~"mysql|pg"}/{owner="x",service!="pg"}:{a="1", b="\"2\""})");
  EXPECT_EQ(routes_.root().group_key(routes_.root().group_labels(labels)), "{}:{}");
}

TEST(Alert, FingerprintsAreAlertmanagers) {
  EXPECT_EQ(fingerprint_text(fingerprint({{"alertname", "AlwaysOn"},
                                          {"ext", "e1"},
                                          {"instance", "foo"},
                                          {"job", "hl"},
                                          {"sev", "hl"}})),
            "6492836268bdcf03");
  EXPECT_EQ(fingerprint_text(fingerprint({{"alertname", "A"}, {"job", "j"}})), "59693fc3068e9acc");
}

Alert alert(int64_t starts_s, int64_t ends_s, int64_t updated_s, bool has_timeout = false) {
  Alert alert;
  alert.labels = Labels{{"a", "b"}};
  alert.starts_at = Timestamp::from_seconds(starts_s);
  alert.ends_at = Timestamp::from_seconds(ends_s);
  alert.updated_at = Timestamp::from_seconds(updated_s);
  alert.has_timeout = has_timeout;
  return alert;
}

TEST(Alert, PushesOfOneAlertAreMerged) {
  // Still firing: the earlier start, the later end.
  Alert merged = merge(alert(10, 100, 50), alert(20, 120, 60));
  EXPECT_EQ(merged.starts_at, Timestamp::from_seconds(10));
  EXPECT_EQ(merged.ends_at, Timestamp::from_seconds(120));
  // A later end that was told counts more than an earlier one ...
  EXPECT_EQ(merge(alert(10, 200, 50), alert(20, 120, 60)).ends_at, Timestamp::from_seconds(200));
  // ... but not one that was only a guess.
  EXPECT_EQ(merge(alert(10, 200, 50, true), alert(20, 120, 60)).ends_at,
            Timestamp::from_seconds(120));
  // Resolved is resolved.
  EXPECT_EQ(merge(alert(10, 200, 50), alert(10, 60, 60)).ends_at, Timestamp::from_seconds(60));
  // What does not overlap replaces.
  EXPECT_EQ(merge(alert(10, 20, 15), alert(30, 40, 35)).starts_at, Timestamp::from_seconds(30));
}

TEST(Alert, MessagesListThemByJobInstanceAndSize) {
  const Labels none{{"alertname", "A"}};
  const Labels job{{"alertname", "A"}, {"job", "x"}};
  const Labels instance{{"alertname", "A"}, {"instance", "1"}, {"job", "x"}};
  EXPECT_TRUE(comes_before(job, none));
  EXPECT_TRUE(comes_before(instance, job));
  EXPECT_TRUE(comes_before(none, Labels{{"alertname", "B"}}));
  EXPECT_FALSE(comes_before(none, none));
}

}  // namespace
}  // namespace promenade::alertmanager
