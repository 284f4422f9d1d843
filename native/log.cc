// spdlog writes the time and does the locking; level, message and fields are put into one text
// here, because a logfmt value needs quotes only when it has blanks, quotes or '=' in it.
#include "native/log.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"

namespace promenade::native {
namespace {

constexpr std::string_view kLevelNames[] = {"debug", "info", "warn", "error"};

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return spdlog::level::debug;
    case LogLevel::Info:
      return spdlog::level::info;
    case LogLevel::Warn:
      return spdlog::level::warn;
    case LogLevel::Error:
      break;
  }
  return spdlog::level::err;
}

std::string logfmt_value(std::string_view value) {
  const bool is_bare = !value.empty() && value.find_first_of(" \t\r\n\"=\\") == value.npos;
  return is_bare ? std::string(value) : quote(value);
}

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class SpdlogLogger final : public Logger {
 public:
  SpdlogLogger(LogLevel level, bool writes_json)
      : writes_json_(writes_json),
        log_("promenade", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    log_.set_level(spdlog_level(level));
    log_.flush_on(spdlog::level::debug);
    const std::string pattern =
        writes_json ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ",%v})" : "ts=%Y-%m-%dT%H:%M:%S.%eZ %v";
    log_.set_formatter(
        std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
  }

  void log(LogLevel level, std::string_view message,
           std::initializer_list<LogField> fields) override {
    if (!log_.should_log(spdlog_level(level))) return;
    const std::string line =
        writes_json_ ? json_line(level, message, fields) : logfmt_line(level, message, fields);
    log_.log(spdlog_level(level), spdlog::string_view_t(line));
  }

 private:
  static std::string logfmt_line(LogLevel level, std::string_view message,
                                 std::initializer_list<LogField> fields) {
    std::string line = fmt::format("level={} msg={}", kLevelNames[static_cast<size_t>(level)],
                                   logfmt_value(message));
    for (const auto& [key, value] : fields) line += fmt::format(" {}={}", key, logfmt_value(value));
    return line;
  }

  static std::string json_line(LogLevel level, std::string_view message,
                               std::initializer_list<LogField> fields) {
    std::string line = fmt::format(R"("level":"{}","msg":{})",
                                   kLevelNames[static_cast<size_t>(level)], json_text(message));
    for (const auto& [key, value] : fields) {
      line += fmt::format(R"(,{}:{})", json_text(key), json_text(value));
    }
    return line;
  }

  bool writes_json_;
  spdlog::logger log_;
};

Result<LogLevel> parse_level(const std::string& name) {
  for (size_t i = 0; i < std::size(kLevelNames); ++i) {
    if (kLevelNames[i] == name) return static_cast<LogLevel>(i);
  }
  return bad_data(
      fmt::format("--log.level must be debug, info, warn or error, not {}", quote(name)));
}

}  // namespace

Result<std::unique_ptr<Logger>> create_logger(const LogOptions& options) {
  const LogLevel level = TRY(parse_level(options.level));
  if (options.format != "logfmt" && options.format != "json") {
    return bad_data(
        fmt::format("--log.format must be logfmt or json, not {}", quote(options.format)));
  }
  return std::make_unique<SpdlogLogger>(level, options.format == "json");
}

}  // namespace promenade::native
