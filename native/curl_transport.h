#pragma once  // native/curl_transport.h
// The engine's way out of the process: a CurlWorker of its own, results posted to the event loop.
// Follows redirects, keeps connections, decodes gzip. Names are looked up on threads of their own.
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>

#include "base/transport.h"
#include "native/curl_worker.h"

namespace promenade::native {

class CurlTransport final : public Transport {
 public:
  // Callbacks run on `loop`, which must outlive the transport.
  explicit CurlTransport(boost::asio::io_context& loop);
  // Ends all requests; no callback runs afterwards.
  ~CurlTransport() override;

  RequestId send(HttpRequest request, SendOptions options, Callback callback) override;
  void cancel(RequestId id) override;

 private:
  class Job;
  struct Pending;

  boost::asio::io_context& loop_;
  std::shared_ptr<Pending> pending_;  // Shared with results under way, which may outlive us.
  std::unique_ptr<CurlWorker> worker_;
  std::unique_ptr<boost::asio::thread_pool> resolvers_;  // From the first dns: question on.
  uint64_t last_id_ = 0;
};

}  // namespace promenade::native
