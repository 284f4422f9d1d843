#pragma once  // native/alertmanager_check.h
// Commands that look at an Alertmanager's configuration, with amtool's words. Each returns the
// process's exit status: 0 when nothing is wrong.
#include <string>
#include <vector>

#include "native/alertmanager_command_line.h"

namespace promenade::native {

// As `amtool check-config`.
int check_alertmanager(const std::vector<std::string>& files);
// As `amtool config routes show` and `... test`.
int run_alertmanager_routes(const AlertmanagerRoutesCommand& command);

}  // namespace promenade::native
