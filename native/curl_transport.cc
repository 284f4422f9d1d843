// Whether a callback still runs is decided on the loop alone, by the map in Pending, so cancelling
// needs no lock.
#include "native/curl_transport.h"

#include <boost/asio/post.hpp>
#include <unordered_map>
#include <utility>

#include "native/curl_exchange.h"
#include "native/name_service.h"

namespace promenade::native {
namespace {

constexpr size_t kResolvers = 2;

}  // namespace

// Used on the loop only.
struct CurlTransport::Pending {
  std::unordered_map<uint64_t, Callback> callbacks;

  void complete(uint64_t id, Result<HttpResponse> result) {
    const auto found = callbacks.find(id);
    if (found == callbacks.end()) return;
    const Callback callback = std::move(found->second);
    callbacks.erase(found);
    callback(std::move(result));
  }
};

// A request on the worker's thread.
class CurlTransport::Job final : public CurlJob {
 public:
  Job(boost::asio::io_context& loop, std::shared_ptr<Pending> pending, uint64_t id,
      HttpRequest request, SendOptions options)
      : loop_(loop),
        pending_(std::move(pending)),
        id_(id),
        exchange_(std::move(request), options) {}

  CURL* handle() const override { return exchange_.handle(); }
  void on_done(CURLcode code) override {
    boost::asio::post(loop_,
                      [pending = pending_, id = id_, result = exchange_.finish(code)]() mutable {
                        pending->complete(id, std::move(result));
                      });
  }

 private:
  boost::asio::io_context& loop_;
  std::shared_ptr<Pending> pending_;
  uint64_t id_;
  CurlExchange exchange_;
};

CurlTransport::CurlTransport(boost::asio::io_context& loop)
    : loop_(loop), pending_(std::make_shared<Pending>()), worker_(std::make_unique<CurlWorker>()) {}

CurlTransport::~CurlTransport() {
  worker_.reset();
  if (resolvers_) {
    resolvers_->stop();
    resolvers_->join();
  }
  pending_->callbacks.clear();
}

RequestId CurlTransport::send(HttpRequest request, SendOptions options, Callback callback) {
  const uint64_t id = ++last_id_;
  pending_->callbacks.emplace(id, std::move(callback));
  if (request.url.rfind("dns:", 0) == 0) {
    if (!resolvers_) resolvers_ = std::make_unique<boost::asio::thread_pool>(kResolvers);
    boost::asio::post(*resolvers_, [&loop = loop_, pending = pending_, id, url = request.url] {
      boost::asio::post(loop, [pending, id, result = look_up(url)]() mutable {
        pending->complete(id, std::move(result));
      });
    });
    return RequestId{id};
  }
  worker_->start(id, std::make_unique<Job>(loop_, pending_, id, std::move(request), options));
  return RequestId{id};
}

void CurlTransport::cancel(RequestId id) {
  if (pending_->callbacks.erase(static_cast<uint64_t>(id)) == 0) return;
  worker_->cancel(static_cast<uint64_t>(id));
}

}  // namespace promenade::native
