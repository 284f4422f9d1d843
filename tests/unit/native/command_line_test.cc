// Arguments to commands, and the words for those that make none.
#include "native/command_line.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "native/flags.h"

namespace promenade::native {
namespace {

Result<Command> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "promenade");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

ServeCommand served(std::vector<const char*> arguments) {
  const auto command = parse(std::move(arguments));
  EXPECT_TRUE(command.has_value()) << command.error().message;
  return command ? std::get<ServeCommand>(*command) : ServeCommand{};
}

TEST(CommandLine, DefaultsArePrometheusButForTheAddress) {
  const ServeCommand command = served({});
  EXPECT_EQ(command.config_file, "prometheus.yml");
  EXPECT_EQ(command.listen_addresses, std::vector<std::string>{"127.0.0.1:9090"});
  EXPECT_EQ(command.retention, Duration::hours(15 * 24));
  EXPECT_EQ(command.lookback, Duration::minutes(5));
  EXPECT_EQ(command.query_timeout, Duration::minutes(2));
  EXPECT_EQ(command.query_samples_max, 50'000'000u);
  EXPECT_EQ(command.connections_max, 512u);
  EXPECT_FALSE(command.enable_lifecycle);
  EXPECT_TRUE(command.inert_flags.empty());
}

TEST(CommandLine, FlagsAreTakenInBothForms) {
  const ServeCommand command =
      served({"--config.file", "a.yml", "--query.timeout=30s", "--web.enable-lifecycle",
              "--web.listen-address=:1", "--web.listen-address", "[::1]:2"});
  EXPECT_EQ(command.config_file, "a.yml");
  EXPECT_EQ(command.query_timeout, Duration::seconds(30));
  EXPECT_TRUE(command.enable_lifecycle);
  EXPECT_EQ(command.listen_addresses, (std::vector<std::string>{":1", "[::1]:2"}));
}

TEST(CommandLine, FeaturesAreEnabledByName) {
  const ServeCommand command =
      served({"--enable-feature=promql-experimental-functions,exemplar-storage", "--enable-feature",
              "use-start-timestamps,promql-duration-expr"});
  EXPECT_TRUE(command.features.experimental_functions);
  EXPECT_TRUE(command.features.use_start_timestamps);
  EXPECT_FALSE(command.features.delayed_name_removal);
  EXPECT_EQ(command.inert_flags, std::vector<std::string>{"enable-feature=exemplar-storage"});
}

TEST(CommandLine, AValueMayBeEmpty) {
  const ServeCommand command = served({"--web.external-url=", "--log.level", "warn"});
  EXPECT_EQ(command.external_url, "");
  EXPECT_EQ(command.log.level, "warn");
}

TEST(CommandLine, SwitchesCanBeTurnedOff) {
  const ServeCommand command = served({"--no-web.enable-lifecycle", "--no-auto-gomaxprocs"});
  EXPECT_FALSE(command.enable_lifecycle);
  EXPECT_EQ(command.inert_flags, std::vector<std::string>{"auto-gomaxprocs"});
}

// A value that every flag of a kind can take, so that none is forgotten by the parser.
TEST(CommandLine, EveryFlagOfTheTableIsAccepted) {
  for (const FlagSpec& spec : flag_specs()) {
    std::string argument("--");
    argument += spec.name;
    if (spec.kind != FlagKind::Switch) argument.append("=").append(spec.default_value);
    const auto command = parse({argument.c_str()});
    ASSERT_TRUE(command.has_value()) << argument << ": " << command.error().message;
    const auto& serve = std::get<ServeCommand>(*command);
    EXPECT_EQ(serve.inert_flags.size(), spec.effect == FlagEffect::None ? 1u : 0u) << argument;
    EXPECT_EQ(serve.flags.size(), flag_specs().size());
  }
}

TEST(CommandLine, TheTableIsSortedAndUnique) {
  const auto specs = flag_specs();
  for (size_t i = 1; i < specs.size(); ++i) EXPECT_LT(specs[i - 1].name, specs[i].name);
}

TEST(CommandLine, CommandsTakeFiles) {
  const auto config = parse({"check", "config", "a", "b"});
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(std::get<CheckConfigCommand>(*config).files, (std::vector<std::string>{"a", "b"}));
  const auto exercises = parse({"exercises", "check", "dir"});
  ASSERT_TRUE(exercises.has_value()) << exercises.error().message;
  EXPECT_EQ(std::get<CheckExercisesCommand>(*exercises).directories,
            std::vector<std::string>{"dir"});
}

TEST(CommandLine, TheAlertmanagerHasCommandsOfItsOwn) {
  const auto check = parse({"check", "alertmanager", "a"});
  ASSERT_TRUE(check.has_value()) << check.error().message;
  EXPECT_EQ(std::get<CheckAlertmanagerCommand>(*check).files, std::vector<std::string>{"a"});
  const auto server = parse({"alertmanager", "--config.file=a.yml", "--data.retention=1h",
                             "--cluster.listen-address=", "--cluster.peer=b"});
  ASSERT_TRUE(server.has_value()) << server.error().message;
  const auto& command = std::get<AlertmanagerCommand>(*server);
  EXPECT_EQ(command.service.server.config_file, "a.yml");
  EXPECT_EQ(command.service.server.retention, Duration::hours(1));
  EXPECT_EQ(command.inert_flags, std::vector<std::string>{"cluster.peer"});
  const auto routes =
      parse({"alertmanager", "routes", "test", "--config.file=a.yml", "--tree", "a=b", "c=d"});
  ASSERT_TRUE(routes.has_value()) << routes.error().message;
  EXPECT_EQ(std::get<AlertmanagerRoutesCommand>(*routes).labels,
            (std::vector<std::string>{"a=b", "c=d"}));
  EXPECT_FALSE(parse({"alertmanager", "--data.retention=x"}).has_value());
  EXPECT_FALSE(parse({"alertmanager", "routes", "test"}).has_value());
}

TEST(CommandLine, FaultsAreNamed) {
  const std::map<std::vector<const char*>, std::string> cases = {
      {{"--web.enable-lifecycl"},
       "unknown long flag '--web.enable-lifecycl': did you mean --web.enable-lifecycle?"},
      {{"--zzzzzzzz=1"}, "unknown long flag '--zzzzzzzz': --help lists all flags"},
      {{"serve"},
       "unexpected \"serve\": the commands are `check config`, `check rules`, `check "
       "alertmanager`, "
       "`test rules`, `alertmanager` and `exercises check`; flags start with --"},
      {{"--query.max-concurrency=0"}, "--query.max-concurrency=0: a number above 0 is expected"},
      {{"--query.max-concurrency=1001"}, "--query.max-concurrency=1001: 1000 is the most"},
      {{"--web.max-connections=-1"}, "--web.max-connections=-1: a whole number is expected"},
      {{"--query.lookback-delta=x"}, "--query.lookback-delta=x: "},
  };
  for (const auto& [arguments, message] : cases) {
    const auto command = parse(arguments);
    ASSERT_FALSE(command.has_value()) << message;
    EXPECT_EQ(command.error().message.substr(0, message.size()), message);
  }
  EXPECT_FALSE(parse({"check"}).has_value());
  EXPECT_FALSE(parse({"check", "config"}).has_value());
  EXPECT_FALSE(parse({"--config.file"}).has_value());
}

TEST(CommandLine, HelpAndVersionArePrinted) {
  const auto help = parse({"--help"});
  ASSERT_TRUE(help.has_value());
  EXPECT_NE(std::get<PrintCommand>(*help).text.find("--storage.tsdb.retention.time"),
            std::string::npos);
  const auto version = parse({"--version"});
  ASSERT_TRUE(version.has_value());
  EXPECT_EQ(std::get<PrintCommand>(*version).text.find("promenade, version "), 0u);
}

}  // namespace
}  // namespace promenade::native
