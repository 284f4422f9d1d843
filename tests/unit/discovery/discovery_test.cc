// Groups from the configuration and from files that change, break and vanish.
#include "discovery/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "sim/sim_net.h"

namespace promenade::discovery {
namespace {

using ::testing::HasSubstr;

// One timer at a time is all that discovery sets here.
class OneTimerClock final : public Clock {
 public:
  Timestamp now() const override { return now_; }
  int64_t monotonic_ns() const override { return 0; }
  TimerId call_at(Timestamp when, std::function<void()> callback) override {
    due_ = when;
    callback_ = std::move(callback);
    return TimerId{1};
  }
  void cancel(TimerId) override { callback_ = nullptr; }

  // Moves to the timer and runs it; false when there is none.
  bool tick() {
    if (!callback_) return false;
    now_ = due_;
    const auto callback = std::move(callback_);
    callback();
    return true;
  }

 private:
  Timestamp now_;
  Timestamp due_;
  std::function<void()> callback_;
};

// Files in one flat folder "t"; a null text is a file that can't be read.
class FlatFiles final : public FileSystem {
 public:
  Result<std::string> read(const std::string& path) const override {
    const auto found = files.find(path);
    if (found == files.end()) return fail(ErrorCode::NotFound, path + ": no such file");
    if (!found->second) return fail(ErrorCode::Internal, path + ": permission denied");
    return *found->second;
  }
  Result<std::vector<FileEntry>> list(const std::string& path) const override {
    std::vector<FileEntry> entries;
    for (const auto& [name, text] : files) {
      if (path == "t/" && name.substr(0, 2) == "t/") entries.push_back({name.substr(2), false, 0});
    }
    return entries;
  }
  Result<std::unique_ptr<MappedFile>> map(const std::string&) const override { return refuse(); }
  Result<std::unique_ptr<AppendFile>> append_to(const std::string&) override { return refuse(); }
  Result<void> rename(const std::string&, const std::string&) override { return refuse(); }
  Result<void> remove(const std::string&) override { return refuse(); }
  Result<void> create_directories(const std::string&) override { return refuse(); }
  Result<std::unique_ptr<FileLock>> lock(const std::string&) override { return refuse(); }

  std::map<std::string, std::optional<std::string>> files;

 private:
  static tl::unexpected<Error> refuse() { return fail(ErrorCode::Internal, "read only"); }
};

class TextLogger final : public Logger {
 public:
  void log(LogLevel, std::string_view message, std::initializer_list<LogField> fields) override {
    text += message;
    for (const auto& [key, value] : fields) text += ' ' + value;
    text += '\n';
  }
  std::string text;
};

std::string print(const std::vector<TargetGroup>& groups) {
  std::string text;
  for (const TargetGroup& group : groups) {
    text += group.source + " {";
    for (const auto& [name, value] : group.labels) text += name + "=" + value + " ";
    text += "}";
    for (const LabelSet& target : group.targets) text += " " + target.at("__address__");
    text += "\n";
  }
  return text;
}

struct DiscoveryTest : testing::Test {
  OneTimerClock clock;
  sim::SimNet net{clock};
  FlatFiles files;
  TextLogger logger;
  int changes = 0;
  std::unique_ptr<JobDiscovery> discovery;

  void discover(const std::string& section) {
    const auto config =
        config::parse_config("p.yml", "scrape_configs:\n- job_name: x\n  " + section);
    ASSERT_TRUE(config) << config.error().message;
    discovery = std::make_unique<JobDiscovery>(config->scrape_configs.at(0),
                                               ProviderContext{clock, net, files, logger, "test"},
                                               [this] { ++changes; });
  }
};

TEST_F(DiscoveryTest, StaticConfigsAreGroupsByTheirNumber) {
  discover("static_configs: [{targets: [a:1, b:1], labels: {env: prod}}, {targets: [c:1]}]");
  EXPECT_EQ(print(discovery->groups()), "0 {env=prod } a:1 b:1\n1 {} c:1\n");
  EXPECT_FALSE(clock.tick());  // Nothing to watch.
}

TEST_F(DiscoveryTest, FilesAreReadAtOnceAndAgain) {
  files.files["t/a.json"] = R"([{"targets": ["a:1"], "labels": {"env": "prod"}}])";
  files.files["t/b.yml"] = "- targets: [b:1]\n";
  files.files["t/note.txt"] = "not a target file";
  discover("file_sd_configs: [{files: [t/*.json, t/b.yml]}]");
  EXPECT_EQ(print(discovery->groups()),
            "t/a.json:0 {__meta_filepath=t/a.json env=prod } a:1\n"
            "t/b.yml:0 {__meta_filepath=t/b.yml } b:1\n");
  clock.tick();
  EXPECT_EQ(changes, 0);
  EXPECT_EQ(clock.now(), Timestamp::from_seconds(5));

  files.files["t/c.json"] = R"([{"targets": ["c:1"]}, {"targets": ["c:2"]}])";
  files.files.erase("t/b.yml");
  clock.tick();
  EXPECT_EQ(changes, 1);
  EXPECT_EQ(print(discovery->groups()),
            "t/a.json:0 {__meta_filepath=t/a.json env=prod } a:1\n"
            "t/c.json:0 {__meta_filepath=t/c.json } c:1\n"
            "t/c.json:1 {__meta_filepath=t/c.json } c:2\n");
}

TEST_F(DiscoveryTest, ABrokenFileKeepsItsGroupsAndIsReportedOnce) {
  files.files["t/a.json"] = R"([{"targets": ["a:1"]}])";
  discover("file_sd_configs: [{files: [t/a.json]}]");
  const std::string before = print(discovery->groups());
  files.files["t/a.json"] = R"([{"target": ["a:1"]}])";
  clock.tick();
  clock.tick();
  EXPECT_EQ(print(discovery->groups()), before);
  EXPECT_EQ(logger.text,
            "Error reading target file; its last targets stay t/a.json t/a.json:1:3: found the "
            "unknown key \"target\" in a target group; did you mean \"targets\"?\n");

  files.files["t/a.json"] = std::nullopt;
  clock.tick();
  EXPECT_EQ(print(discovery->groups()), before);
  EXPECT_THAT(logger.text, HasSubstr("permission denied"));

  files.files["t/a.json"] = "[]";
  clock.tick();
  EXPECT_EQ(print(discovery->groups()), "");
  EXPECT_EQ(changes, 1);
}

TEST_F(DiscoveryTest, OverlappingPatternsFindAFileOnce) {
  files.files["t/a.json"] = R"([{"targets": ["a:1"]}])";
  discover("file_sd_configs: [{files: [t/*.json, t/a.json, t/a*.json]}]");
  const std::string before = "t/a.json:0 {__meta_filepath=t/a.json } a:1\n";
  EXPECT_EQ(print(discovery->groups()), before);
  files.files["t/a.json"] = "broken: [";
  clock.tick();
  EXPECT_EQ(print(discovery->groups()), before);
  EXPECT_EQ(changes, 0);
}

TEST_F(DiscoveryTest, AReadErrorThatComesBackIsReportedAgain) {
  const std::string text = R"([{"targets": ["a:1"]}])";
  files.files["t/a.json"] = text;
  discover("file_sd_configs: [{files: [t/a.json]}]");
  const std::string report =
      "Error reading target file; its last targets stay t/a.json t/a.json: permission denied\n";
  files.files["t/a.json"] = std::nullopt;
  clock.tick();
  clock.tick();
  EXPECT_EQ(logger.text, report);
  files.files["t/a.json"] = text;
  clock.tick();
  files.files["t/a.json"] = std::nullopt;
  clock.tick();
  EXPECT_EQ(logger.text, report + report);
}

TEST_F(DiscoveryTest, AShortRefreshIntervalIsKept) {
  discover("file_sd_configs: [{files: [t/a.json], refresh_interval: 1s}]");
  clock.tick();
  EXPECT_EQ(clock.now(), Timestamp::from_seconds(1));
}

TEST_F(DiscoveryTest, TheTimerEndsWithTheDiscovery) {
  discover("file_sd_configs: [{files: [t/a.json]}]");
  discovery.reset();
  EXPECT_FALSE(clock.tick());
}

}  // namespace
}  // namespace promenade::discovery
