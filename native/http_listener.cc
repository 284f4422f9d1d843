// At the limit of connections nothing is accepted, so that clients wait in the kernel's queue, as
// with Prometheus's --web.max-connections.
#include "native/http_listener.h"

#include <fmt/format.h>

#include <boost/asio/ip/v6_only.hpp>
#include <chrono>

#include "base/host_port.h"
#include "native/error_text.h"

namespace promenade::native {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

tl::unexpected<Error> listen_failure(const std::string& address, std::string_view call,
                                     error_code error) {
  return fail(ErrorCode::Unavailable,
              fmt::format("listen tcp {}: {}: {}", address, call, error_text(error.value())));
}

Result<tcp::endpoint> resolve(asio::io_context& loop, const std::string& address) {
  const HostPort parts = split_host_port(address);
  if (parts.port.empty()) {
    return bad_data(
        fmt::format("--web.listen-address={}: the port is missing; write host:port", address));
  }
  // IPv6's "any" address takes IPv4 connections too.
  const std::string_view host = parts.host.empty() ? "::" : parts.host;
  error_code error;
  tcp::resolver resolver(loop);
  const auto found = resolver.resolve(host, parts.port, tcp::resolver::passive, error);
  if (error || found.empty()) {
    return fail(ErrorCode::Unavailable, fmt::format("listen tcp {}: {}", address, error.message()));
  }
  return found.begin()->endpoint();
}

}  // namespace

Result<std::unique_ptr<HttpListener>> HttpListener::create(asio::io_context& loop,
                                                           const std::string& address) {
  tcp::endpoint endpoint = TRY(resolve(loop, address));
  std::unique_ptr<HttpListener> listener(new HttpListener(loop));
  auto bound = listener->bind(endpoint, address);
  if (!bound && address.front() == ':') {  // A machine without IPv6.
    endpoint = tcp::endpoint(tcp::v4(), endpoint.port());
    bound = listener->bind(endpoint, address);
  }
  if (!bound) return tl::unexpected(bound.error());
  return listener;
}

Result<void> HttpListener::bind(const tcp::endpoint& endpoint, const std::string& address) {
  error_code error;
  if (acceptor_.is_open()) acceptor_.close(error);
  acceptor_.open(endpoint.protocol(), error);
  if (error) return listen_failure(address, "socket", error);
  acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (endpoint.protocol() == tcp::v6()) acceptor_.set_option(asio::ip::v6_only(false), error);
  acceptor_.bind(endpoint, error);
  if (error) return listen_failure(address, "bind", error);
  acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return listen_failure(address, "listen", error);
  return {};
}

void HttpListener::start(const AsyncHttpHandler& handler, Connections& connections,
                         const SessionOptions& options) {
  handler_ = &handler;
  connections_ = &connections;
  options_ = options;
  accept();
}

void HttpListener::stop() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

std::string HttpListener::local_address() const {
  error_code error;
  const tcp::endpoint endpoint = acceptor_.local_endpoint(error);
  return join_host_port(endpoint.address().to_string(), std::to_string(endpoint.port()));
}

void HttpListener::accept() {
  if (!acceptor_.is_open()) return;
  if (connections_->is_full()) {
    connections_->when_not_full([this] { accept(); });
    return;
  }
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      start_http_session(std::move(socket), *handler_, *connections_, options_);
      return accept();
    }
    // Most likely out of file descriptors: trying again at once would only burn time.
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait([this](error_code cancelled) {
      if (!cancelled) accept();
    });
  });
}

}  // namespace promenade::native
