#pragma once  // native/serve.h
// The server as a process: from flags to a running loop to a clean exit.
#include "native/command_line.h"

namespace promenade::native {

// Runs until a signal or /-/quit ends it. The result is the process's exit status.
int serve(const ServeCommand& command);

}  // namespace promenade::native
