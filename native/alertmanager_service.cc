// The Alertmanager between its listeners and its mailer.
#include "native/alertmanager_service.h"

#include <fmt/format.h>

#include "base/host_port.h"
#include "base/strings.h"
#include "native/host_name.h"

namespace promenade::native {

namespace asio = boost::asio;

Result<std::unique_ptr<AlertmanagerService>> AlertmanagerService::create(
    AlertmanagerServiceOptions options, asio::io_context& loop, Clock& clock, Transport& transport,
    FileSystem& files, Logger& logger) {
  std::unique_ptr<AlertmanagerService> service(new AlertmanagerService(loop, logger));
  for (const std::string& address : options.listen_addresses) {
    service->listeners_.push_back(TRY(HttpListener::create(loop, address)));
  }
  alertmanager::AlertmanagerOptions& server = options.server;
  if (server.external_url.empty()) {
    const std::string address = service->listeners_.front()->local_address();
    server.external_url = fmt::format("http://{}:{}", host_name(), split_host_port(address).port);
  } else if (server.route_prefix.empty()) {
    server.route_prefix = std::string(split_url(server.external_url).path);
  }
  const std::string config_file = server.config_file;
  auto created = alertmanager::Alertmanager::create(
      std::move(server), {clock, transport, files, logger, &service->mailer_});
  if (!created) {
    return fail(created.error().code, fmt::format("loading the Alertmanager's configuration ({}) "
                                                  "failed: {}",
                                                  quote(config_file), created.error().message));
  }
  service->server_ = std::move(*created);
  return service;
}

void AlertmanagerService::start(Connections& connections) {
  handler_ = [this](const HttpRequest& request, HttpReplyTo reply_to) {
    reply_to.respond(server_->handle(request));
  };
  for (const auto& listener : listeners_) {
    listener->start(handler_, connections, SessionOptions{});
    logger_.log(LogLevel::Info, "Alertmanager is listening",
                {{"address", listener->local_address()}});
  }
}

void AlertmanagerService::stop() {
  for (const auto& listener : listeners_) listener->stop();
}

void AlertmanagerService::reload() {
  if (const auto loaded = server_->reload(); !loaded) {
    logger_.log(LogLevel::Error, "Loading the Alertmanager's configuration failed",
                {{"err", loaded.error().message}});
  } else {
    logger_.log(LogLevel::Info, "Loaded the Alertmanager's configuration");
  }
}

}  // namespace promenade::native
