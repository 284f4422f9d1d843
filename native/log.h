#pragma once  // native/log.h
// The program's log: lines on standard error in Prometheus's look, by way of spdlog.
//   ts=2026-01-01T00:00:00.000Z level=info msg="Server is ready" address=127.0.0.1:9090
#include <memory>
#include <string>

#include "base/log.h"
#include "base/result.h"

namespace promenade::native {

struct LogOptions {
  std::string level = "info";     // --log.level: debug, info, warn or error.
  std::string format = "logfmt";  // --log.format: logfmt or json.
};

// Fails with BadData on an unknown level or format. Safe from any thread.
Result<std::unique_ptr<Logger>> create_logger(const LogOptions& options);

}  // namespace promenade::native
