// Puts the outside world together, gives it to the engine, and drives the loop. Ports are bound
// before anything else starts, so that a second server on the same port ends before it does
// anything.
#include "native/serve.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <filesystem>
#include <memory>
#include <thread>

#include "base/strings.h"
#include "native/alertmanager_service.h"
#include "native/connections.h"
#include "native/curl_transport.h"
#include "native/host_name.h"
#include "native/http_listener.h"
#include "native/posix_file_system.h"
#include "native/system_clock.h"
#include "native/thread_pool.h"
#include "native/web.h"
#include "server/server.h"

namespace promenade::native {
namespace {

namespace asio = boost::asio;

constexpr int kExitFailure = 1;
// How long clients get to take the responses, and Alertmanagers the alerts, that are under way when
// the server stops.
constexpr Duration kFarewellMax = Duration::seconds(3);

std::string working_directory() {
  std::error_code error;
  return std::filesystem::current_path(error).string();
}

std::string external_url(const ServeCommand& command, const std::string& listen_address) {
  if (!command.external_url.empty()) return command.external_url;
  return fmt::format("http://{}:{}/", host_name(),
                     listen_address.substr(listen_address.rfind(':') + 1));
}

std::string route_prefix(const ServeCommand& command) {
  if (!command.route_prefix.empty()) return command.route_prefix;
  return std::string(split_url(command.external_url).path);
}

server::ServerOptions server_options(const ServeCommand& command,
                                     const std::string& listen_address) {
  server::ServerOptions options;
  options.config_file = command.config_file;
  options.external_url = external_url(command, listen_address);
  options.version = PROMENADE_VERSION;
  options.retention = command.retention;
  options.lookback = command.lookback;
  options.query_timeout = command.query_timeout;
  options.query_samples_max = command.query_samples_max;
  options.features = command.features;
  options.prometheus2_rules = command.prometheus2_rules;
  options.rules = command.rules;
  options.notification_queue_capacity = command.notification_queue_capacity;
  options.notification_batch_size = command.notification_batch_size;
  options.query_concurrency_max = command.query_concurrency_max;
  if (command.connections_max > 0) options.query_waiting_max = command.connections_max / 2;
  options.enable_lifecycle = command.enable_lifecycle;
  options.enable_write_receiver = command.enable_write_receiver;
  options.flags = command.flags;
  options.listen_address = listen_address;
  options.working_directory = working_directory();
  options.hostname = host_name();
  options.cors_origin = command.cors_origin;
  return options;
}

// The members are in the order of their dependence: the loop's leftovers, destroyed with it, still
// refer to the connections; everything else is gone by then.
class Process {
 public:
  Process(const ServeCommand& command, Logger& logger) : command_(command), logger_(logger) {}

  int run() {
    const auto started = start();
    if (!started) {
      logger_.log(LogLevel::Error, started.error().message);
      return kExitFailure;
    }
    loop_.run();
    finish_queries();
    logger_.log(LogLevel::Info, "See you next time!");
    return 0;
  }

 private:
  using Listeners = std::vector<std::unique_ptr<HttpListener>>;

  Result<void> start() {
    std::optional<StaticSite> site;
    if (!command_.site_directory.empty()) site = TRY(StaticSite::create(command_.site_directory));
    for (const std::string& address : command_.listen_addresses) {
      listeners_.push_back(TRY(HttpListener::create(loop_, address)));
    }
    server_ = TRY(create_server());
    web_ = std::make_unique<Web>(
        WebOptions{route_prefix(command_), command_.enable_lifecycle},
        [this](const HttpRequest& request, HttpReplyTo reply_to) {
          server_->answer(request, std::move(reply_to));
        },
        std::move(site), [this] { asio::post(loop_, [this] { stop("a request to /-/quit"); }); });
    if (!command_.alertmanager_config_file.empty()) alertmanager_ = TRY(create_alertmanager());
    start_listeners();
    wait_for_signal();
    return {};
  }

  // The Alertmanager of --alertmanager.config.file, in this process.
  Result<std::unique_ptr<AlertmanagerService>> create_alertmanager() {
    AlertmanagerServiceOptions options;
    options.server.config_file = command_.alertmanager_config_file;
    options.server.storage_path = command_.alertmanager_storage_path;
    options.server.seed =
        static_cast<uint64_t>(clock_.monotonic_ns()) ^ static_cast<uint64_t>(clock_.now().ms) << 20;
    options.listen_addresses = command_.alertmanager_listen_addresses;
    return AlertmanagerService::create(std::move(options), loop_, clock_, transport_, files_,
                                       logger_);
  }

  Result<std::unique_ptr<server::Server>> create_server() {
    server::ServerOptions options = server_options(command_, listeners_.front()->local_address());
    options.told_alerts = [this](const Labels& labels, TimeRange range) {
      return alertmanager_ ? alertmanager_->server().told(labels, range)
                           : std::vector<api::ToldAlert>();
    };
    auto created = server::Server::create(
        std::move(options), server::Environment{clock_, transport_, files_, executor_, logger_});
    if (created) return created;
    return fail(created.error().code,
                fmt::format("loading the configuration (--config.file={}) failed: {}",
                            quote(command_.config_file), created.error().message));
  }

  void start_listeners() {
    handler_ = [this](const HttpRequest& request, HttpReplyTo reply_to) {
      web_->answer(request, std::move(reply_to));
    };
    const SessionOptions options{.timeout = std::chrono::milliseconds(command_.read_timeout.ms)};
    for (const auto& listener : listeners_) {
      listener->start(handler_, connections_, options);
      logger_.log(LogLevel::Info, "Listening", {{"address", listener->local_address()}});
    }
    if (alertmanager_) alertmanager_->start(connections_);
    logger_.log(LogLevel::Info, "Server is ready to receive web requests.");
  }

  void wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
      if (error) return;
      if (signal == SIGHUP) {
        reload();
        return wait_for_signal();
      }
      stop(signal == SIGTERM ? "SIGTERM" : "SIGINT");
    });
  }

  // The server logs what it did; a failure leaves the old configuration in force.
  void reload() {
    if (alertmanager_) alertmanager_->reload();
    logger_.log(LogLevel::Info, "Loading configuration file", {{"filename", command_.config_file}});
    const auto reloaded = server_->reload();
    if (reloaded) {
      logger_.log(LogLevel::Info, "Completed loading of configuration file",
                  {{"filename", command_.config_file}});
    } else {
      logger_.log(LogLevel::Error, "Error reloading config", {{"err", reloaded.error().message}});
    }
  }

  void stop(const std::string& cause) {
    logger_.log(LogLevel::Warn, "Shutting down", {{"cause", cause}});
    boost::system::error_code ignored;
    signals_.cancel(ignored);
    for (const auto& listener : listeners_) listener->stop();
    if (alertmanager_) alertmanager_->stop();
    connections_.finish_all();
    server_->stop();
    say_farewell(clock_.now() + kFarewellMax);
  }

  bool has_unfinished_business() const {
    return connections_.count() > 0 ||
           (command_.drains_notifications && server_->has_pending_notifications());
  }

  void say_farewell(Timestamp deadline) {
    constexpr Duration kLookEvery = Duration::milliseconds(10);
    if (!has_unfinished_business() || clock_.now() >= deadline) return loop_.stop();
    clock_.call_at(clock_.now() + kLookEvery, [this, deadline] { say_farewell(deadline); });
  }

  // What still runs beside the loop reads the server's samples: it is stopped, nothing new begins,
  // and what is left behind is cleared away on the loop.
  void finish_queries() {
    server_->refuse_queries();
    connections_.abandon_all();
    executor_.finish();
    loop_.restart();
    loop_.poll();
  }

  const ServeCommand& command_;
  Logger& logger_;
  Connections connections_{static_cast<size_t>(command_.connections_max)};
  asio::io_context loop_{1};
  SystemClock clock_{loop_};
  PosixFileSystem files_;
  ThreadPool executor_{std::thread::hardware_concurrency(), [this](std::function<void()> callback) {
                         asio::post(loop_, std::move(callback));
                       }};
  CurlTransport transport_{loop_};
  asio::signal_set signals_{loop_, SIGINT, SIGTERM, SIGHUP};
  Listeners listeners_;
  std::unique_ptr<server::Server> server_;
  std::unique_ptr<Web> web_;
  std::unique_ptr<AlertmanagerService> alertmanager_;  // May be null.
  AsyncHttpHandler handler_;
};

void log_start(const ServeCommand& command, Logger& logger) {
  logger.log(LogLevel::Info, "Starting Promenade", {{"version", PROMENADE_VERSION}});
  for (const std::string& name : command.inert_flags) {
    logger.log(LogLevel::Warn, "This flag is accepted but has no effect yet",
               {{"flag", "--" + name}});
  }
}

}  // namespace

int serve(const ServeCommand& command) {
  const auto logger = create_logger(command.log);
  if (!logger) {
    fmt::print(stderr, "promenade: {}\n", logger.error().message);
    return kExitFailure;
  }
  log_start(command, **logger);
  return Process(command, **logger).run();
}

}  // namespace promenade::native
