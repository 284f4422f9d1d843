#pragma once  // native/serve_alertmanager.h
// The subcommand `promenade alertmanager`.

namespace promenade::native {

struct AlertmanagerCommand;  // native/alertmanager_command_line.h

// Runs until a signal ends it. The result is the exit status.
int serve_alertmanager(const AlertmanagerCommand& command);

}  // namespace promenade::native
