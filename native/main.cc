// The program's entry: from arguments to the command that they ask for.
#include <fmt/format.h>

#include <csignal>

#include "native/alertmanager_check.h"
#include "native/check.h"
#include "native/command_line.h"
#include "native/serve.h"
#include "native/serve_alertmanager.h"

namespace promenade::native {
namespace {

struct Runner {
  int operator()(const ServeCommand& command) const { return serve(command); }
  int operator()(const CheckConfigCommand& command) const { return check_config(command); }
  int operator()(const CheckRulesCommand& command) const { return check_rules(command); }
  int operator()(const TestRulesCommand& command) const { return test_rules(command); }
  int operator()(const CheckAlertmanagerCommand& command) const {
    return check_alertmanager(command.files);
  }
  int operator()(const AlertmanagerCommand& command) const { return serve_alertmanager(command); }
  int operator()(const AlertmanagerRoutesCommand& command) const {
    return run_alertmanager_routes(command);
  }
  int operator()(const CheckExercisesCommand& command) const { return check_exercises(command); }
  int operator()(const GradeAnswerCommand& command) const { return grade_answer(command); }
  int operator()(const PrintCommand& command) const {
    fmt::print("{}", command.text);
    return 0;
  }
};

}  // namespace
}  // namespace promenade::native

int main(int argc, char** argv) {
  using namespace promenade::native;
  std::signal(SIGPIPE, SIG_IGN);  // A client that goes away is an error of its connection, no more.
  const auto command = parse_command_line(argc, argv);
  if (!command) {
    fmt::print(stderr, "promenade: {}\n", command.error().message);
    return 1;
  }
  return std::visit(Runner{}, *command);
}
