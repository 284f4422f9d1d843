#pragma once  // native/alertmanager_service.h
// An Alertmanager with its listeners: beside the server in one process, or alone in one.
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "alertmanager/alertmanager.h"
#include "native/connections.h"
#include "native/http_listener.h"
#include "native/smtp_mailer.h"

namespace promenade::native {

struct AlertmanagerServiceOptions {
  alertmanager::AlertmanagerOptions server;
  std::vector<std::string> listen_addresses;
};

class AlertmanagerService {
 public:
  // Binds the ports, then loads the configuration. All parts must outlive the service.
  static Result<std::unique_ptr<AlertmanagerService>> create(AlertmanagerServiceOptions options,
                                                             boost::asio::io_context& loop,
                                                             Clock& clock, Transport& transport,
                                                             FileSystem& files, Logger& logger);
  // Starts to answer.
  void start(Connections& connections);
  const alertmanager::Alertmanager& server() const { return *server_; }
  // No further connections.
  void stop();
  // Loads the configuration again and logs what came of it.
  void reload();

 private:
  AlertmanagerService(boost::asio::io_context& loop, Logger& logger)
      : logger_(logger), mailer_(loop) {}

  Logger& logger_;
  SmtpMailer mailer_;
  std::vector<std::unique_ptr<HttpListener>> listeners_;
  std::unique_ptr<alertmanager::Alertmanager> server_;
  AsyncHttpHandler handler_;
};

}  // namespace promenade::native
