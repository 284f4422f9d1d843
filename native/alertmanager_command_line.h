#pragma once  // native/alertmanager_command_line.h
// The commands around the Alertmanager.
//   promenade alertmanager [--flag ...]                           runs one, with Alertmanager's
//   flags promenade alertmanager routes show --config.file FILE         the tree of routes
//   promenade alertmanager routes test --config.file FILE a=b ... which receivers an alert reaches
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "native/alertmanager_service.h"
#include "native/log.h"

namespace promenade::native {

struct AlertmanagerCommand {
  AlertmanagerServiceOptions service;
  LogOptions log;
  std::vector<std::string> inert_flags;  // Given, and without effect.
};

struct AlertmanagerRoutesCommand {
  std::string config_file;
  bool is_test = false;
  bool shows_tree = false;         // --tree
  std::string verified_receivers;  // --verify.receivers
  std::vector<std::string> labels;
};

using AlertmanagerCommands =
    std::variant<AlertmanagerCommand, AlertmanagerRoutesCommand, std::string>;

// `arguments` are those behind `promenade alertmanager`. A text is to be printed: help.
Result<AlertmanagerCommands> parse_alertmanager_command_line(std::vector<std::string> arguments);

}  // namespace promenade::native
