// CLI11 splits the arguments by the table of flags; what they mean is decided here. Unknown flags
// are left over by the parser, so that their message can name a known one.
#include "native/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <map>

#include "api/api.h"
#include "base/strings.h"
#include "model/duration.h"
#include "native/flags.h"

namespace promenade::native {
namespace {

// A flag as it was given.
struct GivenFlag {
  const FlagSpec* spec;
  CLI::Option* option;
  bool is_on = false;               // For a switch.
  std::string value;                // For a value.
  std::vector<std::string> values;  // For a list.

  bool is_given() const { return option->count() > 0; }

  std::string text() const {
    if (spec->kind == FlagKind::Switch) return is_on ? "true" : "false";
    return spec->kind == FlagKind::Value ? value : join(values, ",");
  }
};

// A deque, because the parser keeps pointers to the members.
using GivenFlags = std::deque<GivenFlag>;

void add_flag(CLI::App& app, const FlagSpec& spec, GivenFlags& flags) {
  GivenFlag& flag = flags.emplace_back(GivenFlag{&spec, nullptr});
  const std::string name(spec.name);
  const std::string help(spec.help);
  switch (spec.kind) {
    case FlagKind::Switch:
      flag.is_on = spec.default_value == "true";
      flag.option = app.add_flag("--" + name + ",!--no-" + name, flag.is_on, help);
      break;
    case FlagKind::Value:
      flag.value = std::string(spec.default_value);
      flag.option = app.add_option("--" + name, flag.value, help);
      break;
    case FlagKind::List:
      if (!spec.default_value.empty()) flag.values = {std::string(spec.default_value)};
      flag.option = app.add_option("--" + name, flag.values, help)->allow_extra_args(false);
      break;
  }
  flag.option->default_str(std::string(spec.default_value));
  const bool works = spec.effect == FlagEffect::Works;
  flag.option->group(works ? "Flags" : "Flags of Prometheus that have no effect yet");
}

// Each query at work has a thread.
constexpr uint64_t kQueryConcurrencyMax = 1000;

// Typed access to the flags; the first value that makes no sense is kept as the error.
class FlagReader {
 public:
  explicit FlagReader(const GivenFlags& flags) {
    for (const GivenFlag& flag : flags) flags_.emplace(flag.spec->name, &flag);
  }

  std::string text(std::string_view name) const { return flags_.at(name)->value; }
  bool is_on(std::string_view name) const { return flags_.at(name)->is_on; }
  std::vector<std::string> list(std::string_view name) const { return flags_.at(name)->values; }

  Result<Duration> duration(std::string_view name) const {
    const auto parsed = parse_duration(text(name));
    if (parsed) return *parsed;
    return bad_data(fmt::format("--{}={}: {}", name, text(name), parsed.error().message));
  }

  Result<uint64_t> count(std::string_view name) const {
    constexpr size_t kDigitsMax = 18;
    const std::string digits = text(name);
    const bool is_number = !digits.empty() && digits.size() <= kDigitsMax &&
                           digits.find_first_not_of("0123456789") == digits.npos;
    if (is_number) return static_cast<uint64_t>(std::stoull(digits));
    return bad_data(fmt::format("--{}={}: a whole number is expected", name, digits));
  }

  Result<uint64_t> positive(std::string_view name) const {
    const uint64_t value = TRY(count(name));
    if (value > 0) return value;
    return bad_data(fmt::format("--{}=0: a number above 0 is expected", name));
  }

  Result<uint64_t> positive_up_to(uint64_t max, std::string_view name) const {
    const uint64_t value = TRY(positive(name));
    if (value <= max) return value;
    return bad_data(fmt::format("--{}={}: {} is the most", name, value, max));
  }

 private:
  std::map<std::string_view, const GivenFlag*> flags_;
};

// --enable-feature=a,b --enable-feature=c
void enable_features(const std::vector<std::string>& lists, ServeCommand& command) {
  for (const std::string& list : lists) {
    for (const std::string_view name : split(list, ',')) {
      if (name.empty() || command.features.enable(name)) continue;
      command.inert_flags.push_back("enable-feature=" + std::string(name));
    }
  }
}

Result<ServeCommand> serve_command(const GivenFlags& flags) {
  const FlagReader reader(flags);
  ServeCommand command;
  command.config_file = reader.text("config.file");
  command.listen_addresses = reader.list("web.listen-address");
  command.external_url = reader.text("web.external-url");
  command.route_prefix = reader.text("web.route-prefix");
  command.site_directory = reader.text("web.site");
  command.cors_origin = reader.text("web.cors.origin");
  command.enable_lifecycle = reader.is_on("web.enable-lifecycle");
  command.enable_write_receiver = reader.is_on("web.enable-remote-write-receiver");
  command.read_timeout = TRY(reader.duration("web.read-timeout"));
  command.connections_max = TRY(reader.count("web.max-connections"));
  command.retention = TRY(reader.duration("storage.tsdb.retention.time"));
  command.lookback = TRY(reader.duration("query.lookback-delta"));
  command.query_timeout = TRY(reader.duration("query.timeout"));
  command.query_samples_max = TRY(reader.count("query.max-samples"));
  enable_features(reader.list("enable-feature"), command);
  command.prometheus2_rules = reader.is_on("query.prometheus2-rules");
  command.rules.for_grace_period = TRY(reader.duration("rules.alert.for-grace-period"));
  command.rules.outage_tolerance = TRY(reader.duration("rules.alert.for-outage-tolerance"));
  command.rules.resend_delay = TRY(reader.duration("rules.alert.resend-delay"));
  command.notification_queue_capacity =
      TRY(reader.positive("alertmanager.notification-queue-capacity"));
  command.notification_batch_size = TRY(reader.positive("alertmanager.notification-batch-size"));
  command.drains_notifications = reader.is_on("alertmanager.drain-notification-queue-on-shutdown");
  command.query_concurrency_max =
      TRY(reader.positive_up_to(kQueryConcurrencyMax, "query.max-concurrency"));
  command.alertmanager_config_file = reader.text("alertmanager.config.file");
  command.alertmanager_storage_path = reader.text("alertmanager.storage.path");
  command.alertmanager_listen_addresses = reader.list("alertmanager.web.listen-address");
  command.log = {.level = reader.text("log.level"), .format = reader.text("log.format")};
  for (const GivenFlag& flag : flags) {
    command.flags.emplace_back(flag.spec->name, flag.text());
    if (flag.is_given() && flag.spec->effect == FlagEffect::None) {
      command.inert_flags.emplace_back(flag.spec->name);
    }
  }
  std::sort(command.flags.begin(), command.flags.end());
  return command;
}

// In the order that the parser wants them, the last one first. `--name=` is given as two arguments:
// the parser would miss the empty value, which unit files often have.
std::vector<std::string> reversed_arguments(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  for (int i = argc - 1; i > 0; --i) {
    std::string argument = argv[i];
    const bool has_empty_value =
        argument.substr(0, 2) == "--" && argument.find('=') == argument.size() - 1;
    if (has_empty_value) {
      arguments.emplace_back();
      argument.pop_back();
    }
    arguments.push_back(std::move(argument));
  }
  return arguments;
}

tl::unexpected<Error> unknown_argument(const std::string& argument) {
  if (argument.substr(0, 2) != "--") {
    return bad_data(
        fmt::format("unexpected {}: the commands are `check config`, `check rules`, `check "
                    "alertmanager`, `test rules`, `alertmanager` and `exercises check`; flags "
                    "start with --",
                    quote(argument)));
  }
  const std::string name = argument.substr(2, argument.find('=') - 2);
  std::vector<std::string_view> known;
  for (const FlagSpec& spec : flag_specs()) known.push_back(spec.name);
  const auto near = nearest(name, known);
  return bad_data(near ? fmt::format("unknown long flag '--{}': did you mean --{}?", name, *near)
                       : fmt::format("unknown long flag '--{}': --help lists all flags", name));
}

std::string version_text() {
  return fmt::format("promenade, version {} (HTTP API of Prometheus {})\n", PROMENADE_VERSION,
                     api::kPrometheusVersion);
}

// For `check confg FILE`: the word that is unknown there, and those that are known.
tl::unexpected<Error> unreadable(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  if (chosen.empty() || chosen.front()->get_require_subcommand_min() == 0 ||
      !chosen.front()->get_subcommands().empty()) {
    return bad_data(error.what());
  }
  std::vector<std::string> known;
  for (const CLI::App* next : chosen.front()->get_subcommands([](const CLI::App*) { return true; }))
    known.push_back(next->get_name());
  const auto left = chosen.front()->remaining(true);
  const std::string found = left.empty() ? "nothing" : fmt::format("\"{}\"", left.front());
  return bad_data(fmt::format("after `{}` comes {}; found {}", chosen.front()->get_name(),
                              join(known, ", "), found));
}

}  // namespace

Result<Command> parse_command_line(int argc, const char* const* argv) {
  if (argc > 1 && std::string_view(argv[1]) == "alertmanager") {
    auto command = TRY(parse_alertmanager_command_line({argv + 2, argv + argc}));
    if (auto* text = std::get_if<std::string>(&command)) return PrintCommand{std::move(*text)};
    if (auto* routes = std::get_if<AlertmanagerRoutesCommand>(&command)) return std::move(*routes);
    return std::get<AlertmanagerCommand>(std::move(command));
  }
  CLI::App app("Promenade: a monitoring server that speaks Prometheus.", "promenade");
  app.allow_extras();
  bool wants_version = false;
  app.add_flag("--version", wants_version, "Print the version and exit.");
  GivenFlags flags;
  for (const FlagEffect effect : {FlagEffect::Works, FlagEffect::None}) {  // The order of --help.
    for (const FlagSpec& spec : flag_specs()) {
      if (spec.effect == effect) add_flag(app, spec, flags);
    }
  }

  CheckConfigCommand check_config;
  CLI::App* check = app.add_subcommand("check", "Check files before they are used.");
  check->require_subcommand(1);
  CLI::App* config = check->add_subcommand("config", "Check configuration files.");
  config->add_option("FILE", check_config.files, "The files to check.")->required();

  CheckRulesCommand check_rules;
  CLI::App* rules = check->add_subcommand("rules", "Check rule files.");
  rules->add_option("FILE", check_rules.files, "The files to check; standard input by default.");

  TestRulesCommand test_rules;
  CLI::App* test = app.add_subcommand("test", "Run unit tests.");
  test->require_subcommand(1);
  CLI::App* rule_tests = test->add_subcommand("rules", "Run unit tests of rules.");
  rule_tests->add_option("FILE", test_rules.files, "The test files.")->required();
  CheckAlertmanagerCommand check_alertmanager;
  CLI::App* alertmanager =
      check->add_subcommand("alertmanager", "Check an Alertmanager's configuration files.");
  alertmanager->add_option("FILE", check_alertmanager.files, "The files to check.")->required();

  CheckExercisesCommand check_exercises;
  CLI::App* exercises = app.add_subcommand("exercises", "Work with the course's exercises.");
  exercises->require_subcommand(1);
  CLI::App* exercises_check =
      exercises->add_subcommand("check", "Prove every exercise below the given folders.");
  exercises_check->add_option("DIR", check_exercises.directories, "Folders.")->required();
  GradeAnswerCommand grade_answer;
  CLI::App* exercises_grade =
      exercises->add_subcommand("grade", "Judge one answer; the verdict is printed as JSON.");
  exercises_grade->add_option("FILE", grade_answer.exercise, "The exercise.")->required();
  exercises_grade->add_option("--answer", grade_answer.answer, "The answer.");
  exercises_grade->add_option("--answer-file", grade_answer.answer_file, "A file with the answer.");

  try {
    app.parse(reversed_arguments(argc, argv));
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    return PrintCommand{chosen.empty() ? app.help() : chosen.front()->help()};
  } catch (const CLI::ParseError& error) {
    return unreadable(app, error);
  }
  if (wants_version) return PrintCommand{version_text()};
  if (const auto left = app.remaining(true); !left.empty()) return unknown_argument(left.front());
  if (config->parsed()) return check_config;
  if (rules->parsed()) return check_rules;
  if (rule_tests->parsed()) return test_rules;
  if (alertmanager->parsed()) return check_alertmanager;
  if (exercises_check->parsed()) return check_exercises;
  if (exercises_grade->parsed()) return grade_answer;
  return Command(TRY(serve_command(flags)));
}

}  // namespace promenade::native
