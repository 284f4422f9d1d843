// The loop, the signals and the ports of a process that is nothing but an Alertmanager.
#include "native/serve_alertmanager.h"

#include <fmt/format.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "native/alertmanager_service.h"
#include "native/command_line.h"
#include "native/curl_transport.h"
#include "native/posix_file_system.h"
#include "native/system_clock.h"

namespace promenade::native {
namespace {

namespace asio = boost::asio;

constexpr int kExitFailure = 1;
// How long clients get to take the responses that are under way when the process ends.
constexpr Duration kFarewellMax = Duration::seconds(3);

class AlertmanagerProcess {
 public:
  AlertmanagerProcess(const AlertmanagerCommand& command, Logger& logger)
      : command_(command), logger_(logger) {}

  int run() {
    auto service =
        AlertmanagerService::create(command_.service, loop_, clock_, transport_, files_, logger_);
    if (!service) {
      logger_.log(LogLevel::Error, service.error().message);
      return kExitFailure;
    }
    service_ = std::move(*service);
    service_->start(connections_);
    wait_for_signal();
    loop_.run();
    logger_.log(LogLevel::Info, "See you next time!");
    return 0;
  }

 private:
  void wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
      if (error) return;
      if (signal == SIGHUP) {
        service_->reload();
        return wait_for_signal();
      }
      logger_.log(LogLevel::Info, "Received SIGTERM or SIGINT, exiting gracefully...");
      service_->stop();
      connections_.finish_all();
      wait_for_connections(clock_.now() + kFarewellMax);
    });
  }

  void wait_for_connections(Timestamp deadline) {
    constexpr Duration kLookEvery = Duration::milliseconds(10);
    if (connections_.count() == 0 || clock_.now() >= deadline) return loop_.stop();
    clock_.call_at(clock_.now() + kLookEvery, [this, deadline] { wait_for_connections(deadline); });
  }

  const AlertmanagerCommand& command_;
  Logger& logger_;
  Connections connections_{0};
  asio::io_context loop_{1};
  SystemClock clock_{loop_};
  PosixFileSystem files_;
  CurlTransport transport_{loop_};
  asio::signal_set signals_{loop_, SIGINT, SIGTERM, SIGHUP};
  std::unique_ptr<AlertmanagerService> service_;
};

}  // namespace

int serve_alertmanager(const AlertmanagerCommand& command) {
  const auto logger = create_logger(command.log);
  if (!logger) {
    fmt::print(stderr, "promenade: {}\n", logger.error().message);
    return kExitFailure;
  }
  for (const std::string& flag : command.inert_flags) {
    (*logger)->log(LogLevel::Warn, "This flag is accepted but has no effect yet",
                   {{"flag", "--" + flag}});
  }
  return AlertmanagerProcess(command, **logger).run();
}

}  // namespace promenade::native
