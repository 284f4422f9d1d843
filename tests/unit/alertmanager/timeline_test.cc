// Every file in timelines/ is a configuration, a list of events at virtual instants, and the
// notifications that have to follow, each at its instant. After a wanted change of behaviour,
// UPDATE_TIMELINES=1 writes the last part anew, to be read in the diff.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "fixture.h"

namespace promenade::alertmanager {
namespace {

constexpr std::string_view kFolder = "tests/unit/alertmanager/timelines";
constexpr std::string_view kConfigMark = "== config\n";
constexpr std::string_view kEventsMark = "== events\n";
constexpr std::string_view kNotificationsMark = "== notifications\n";

struct Timeline {
  std::string head;  // All but the notifications.
  std::string config;
  std::string events;
  std::string notifications;
};

Timeline read_timeline(const std::string& path) {
  std::ifstream stream(path);
  std::stringstream buffer;
  buffer << stream.rdbuf();
  const std::string text = buffer.str();
  const size_t config = text.find(kConfigMark);
  const size_t events = text.find(kEventsMark);
  const size_t notifications = text.find(kNotificationsMark);
  if (config == text.npos || events == text.npos || notifications == text.npos) {
    ADD_FAILURE() << path << " lacks one of its three parts";
    return {};
  }
  const size_t config_begin = config + kConfigMark.size();
  const size_t events_begin = events + kEventsMark.size();
  const size_t notifications_begin = notifications + kNotificationsMark.size();
  return {text.substr(0, notifications_begin), text.substr(config_begin, events - config_begin),
          text.substr(events_begin, notifications - events_begin),
          text.substr(notifications_begin)};
}

class Player {
 public:
  explicit Player(const std::string& config) : bench_(config) {}

  // "30s fire alertname=A job=x"
  void play(std::string_view event) {
    const size_t first = event.find(' ');
    const size_t second = std::min(event.find(' ', first + 1), event.size());
    const auto at = parse_duration(event.substr(0, first));
    ASSERT_TRUE(at) << event;
    bench_.run_to(*at);
    const std::string_view verb = event.substr(first + 1, second - first - 1);
    const std::string_view rest = trim(event.substr(second));
    if (verb == "fire") {  // Until it is resolved.
      bench_.push(rest, Duration::hours(1000));
    } else if (verb == "late") {  // Has fired for ten minutes already.
      bench_.push(rest, Duration::hours(1000), Duration::minutes(10));
    } else if (verb == "push") {  // Without an end.
      bench_.push(rest, std::nullopt);
    } else if (verb == "resolve") {
      bench_.push(rest, Duration{});
    } else if (verb == "silence") {  // For an hour.
      silences_[std::string(rest)] = bench_.silence(rest, Duration::hours(1));
    } else if (verb == "unsilence") {
      bench_.ask("DELETE", "/api/v2/silence/" + silences_[std::string(rest)]);
    } else if (verb == "refuse") {
      bench_.refusals = std::atoi(std::string(rest).c_str());
    } else if (verb == "restart") {
      bench_.restart();
    } else if (verb == "reload") {
      ASSERT_TRUE(bench_.server->reload());
    } else {
      ASSERT_EQ(verb, "end") << event;
    }
  }

  std::string notifications() const { return bench_.notifications; }

 private:
  Bench bench_;
  std::map<std::string, std::string> silences_;
};

class TimelineTest : public ::testing::TestWithParam<std::string> {};

TEST_P(TimelineTest, NotifiesAtTheseInstants) {
  const std::string path = std::string(kFolder) + "/" + GetParam() + ".txt";
  const Timeline timeline = read_timeline(path);
  Player player(timeline.config);
  for (const std::string_view line : split(timeline.events, '\n')) {
    const std::string_view event = trim(line.substr(0, line.find('#')));
    if (!event.empty()) player.play(event);
  }
  if (std::getenv("UPDATE_TIMELINES") != nullptr) {
    std::ofstream(path) << timeline.head << player.notifications();
    return;
  }
  EXPECT_EQ(player.notifications(), timeline.notifications);
}

std::vector<std::string> names() {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    found.push_back(entry.path().stem().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

INSTANTIATE_TEST_SUITE_P(All, TimelineTest, ::testing::ValuesIn(names()),
                         [](const auto& info) { return info.param; });

}  // namespace

}  // namespace promenade::alertmanager
