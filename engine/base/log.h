#pragma once  // engine/base/log.h
// What the engine has to say to the person who runs it. spdlog is behind it natively, the
// developer console in the page, a vector of strings in tests.
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace promenade {

enum class LogLevel { Debug, Info, Warn, Error };

// Key and value, written as `key=value` after the message, as Prometheus does.
using LogField = std::pair<std::string_view, std::string>;

class Logger {
 public:
  virtual ~Logger() = default;
  virtual void log(LogLevel level, std::string_view message,
                   std::initializer_list<LogField> fields = {}) = 0;
};

class NullLogger final : public Logger {
 public:
  void log(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

}  // namespace promenade
