#pragma once  // native/http_listener.h
// Accepts connections on one address and gives each a session. Bound when created, so that a port
// in use is known before anything else starts; accepts from start() on.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "base/result.h"
#include "native/connections.h"
#include "native/http_session.h"

namespace promenade::native {

class HttpListener {
 public:
  // `address` is host:port; without a host all interfaces, with port 0 any free port. The error is
  // worded as Go does: "listen tcp 127.0.0.1:9090: bind: address already in use".
  static Result<std::unique_ptr<HttpListener>> create(boost::asio::io_context& loop,
                                                      const std::string& address);

  // `handler` and `connections` must outlive the listener and the sessions.
  void start(const AsyncHttpHandler& handler, Connections& connections,
             const SessionOptions& options);
  // No further connections.
  void stop();

  // Where it listens, with the port that was chosen: "127.0.0.1:9090", "[::]:9090".
  std::string local_address() const;

 private:
  explicit HttpListener(boost::asio::io_context& loop) : acceptor_(loop), pause_(loop) {}
  Result<void> bind(const boost::asio::ip::tcp::endpoint& endpoint, const std::string& address);
  void accept();

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  const AsyncHttpHandler* handler_ = nullptr;
  Connections* connections_ = nullptr;
  SessionOptions options_;
};

}  // namespace promenade::native
