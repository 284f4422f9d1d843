#pragma once  // native/http_session.h
// One connection of a client: reads requests one after another, has them answered on the event
// loop, compresses and sends the responses. Keeps itself alive until the connection ends.
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>

#include "base/transport.h"
#include "native/connections.h"

namespace promenade::native {

struct SessionOptions {
  // For reading one request, for waiting for the next, and for sending a response.
  std::chrono::milliseconds timeout = std::chrono::minutes(5);
  uint64_t body_size_max = 32 * 1024 * 1024;
};

// `handler` and `connections` must outlive the session.
void start_http_session(boost::asio::ip::tcp::socket socket, const AsyncHttpHandler& handler,
                        Connections& connections, const SessionOptions& options);

}  // namespace promenade::native
