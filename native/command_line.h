#pragma once  // native/command_line.h
// What the program was asked to do.
//   promenade [--flag ...]              the server, with Prometheus's flags
//   promenade check config FILE...      is this a valid configuration?
//   promenade check rules [FILE...]     are these valid rule files? (Standard input, by default.)
//   promenade check alertmanager FILE...  the same for an Alertmanager's configuration
//   promenade test rules FILE...        do the rules do what these unit tests say?
//   promenade alertmanager ...          see alertmanager_command_line.h
//   promenade exercises check DIR...    do these exercises prove themselves?
//   promenade exercises grade FILE --answer TEXT   is this a right answer?
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "native/alertmanager_command_line.h"
#include "native/log.h"
#include "promql/features.h"
#include "rules/rule.h"

namespace promenade::native {

struct ServeCommand {
  std::string config_file;
  std::vector<std::string> listen_addresses;
  std::string external_url;    // "" derives it from the host's name and the first listener.
  std::string route_prefix;    // "" derives it from the external URL.
  std::string site_directory;  // "" serves no pages.
  std::string cors_origin;
  bool enable_lifecycle = false;
  bool enable_write_receiver = false;
  Duration read_timeout;
  uint64_t connections_max = 0;
  Duration retention;
  Duration lookback;
  Duration query_timeout;
  uint64_t query_samples_max = 0;
  promql::Features features;
  bool prometheus2_rules = false;
  rules::RuleOptions rules;
  uint64_t notification_queue_capacity = 0;
  uint64_t notification_batch_size = 0;
  bool drains_notifications = true;
  uint64_t query_concurrency_max = 0;
  std::string alertmanager_config_file;  // "" runs no Alertmanager.
  std::string alertmanager_storage_path;
  std::vector<std::string> alertmanager_listen_addresses;
  LogOptions log;
  // Every flag with the value in force, sorted by name.
  std::vector<std::pair<std::string, std::string>> flags;
  // The names of flags, and enable-feature=NAME, that were given and have no effect.
  std::vector<std::string> inert_flags;
};
struct CheckConfigCommand {
  std::vector<std::string> files;
};
struct CheckAlertmanagerCommand {
  std::vector<std::string> files;
};
struct CheckRulesCommand {
  std::vector<std::string> files;
};
struct TestRulesCommand {
  std::vector<std::string> files;
};
struct CheckExercisesCommand {
  std::vector<std::string> directories;
};
struct GradeAnswerCommand {
  std::string exercise;     // Its file.
  std::string answer;       // The answer itself,
  std::string answer_file;  // or the file that holds it.
};
// Nothing to do but to print: help or the version.
struct PrintCommand {
  std::string text;
};

using Command = std::variant<ServeCommand, CheckConfigCommand, CheckRulesCommand, TestRulesCommand,
                             CheckAlertmanagerCommand, CheckExercisesCommand, GradeAnswerCommand,
                             PrintCommand, AlertmanagerCommand, AlertmanagerRoutesCommand>;

// The error is a sentence for the terminal; a misspelt flag is answered with the nearest name.
Result<Command> parse_command_line(int argc, const char* const* argv);

}  // namespace promenade::native
