// Two threads share little: an inbox of new and cancelled requests, guarded by a mutex, and results
// that are posted to the loop. Whether a callback still runs is decided on the loop alone, by the
// map in Pending, so cancelling needs no lock.
#include "native/curl_transport.h"

#include <boost/asio/post.hpp>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/check.h"
#include "native/curl_exchange.h"

namespace promenade::native {

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

class CurlTransport::Worker {
 public:
  using Completion = std::function<void(uint64_t, Result<HttpResponse>)>;

  // `on_completion` is called on the worker's thread.
  explicit Worker(Completion on_completion)
      : on_completion_(std::move(on_completion)), multi_(curl_multi_init()) {
    CHECK(multi_ != nullptr);
    thread_ = std::thread([this] { run(); });
  }

  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    while (!running_.empty()) forget(running_.begin()->first);
    curl_multi_cleanup(multi_);
  }

  void start(std::unique_ptr<CurlExchange> exchange) {
    {
      const std::lock_guard lock(mutex_);
      started_.push_back(std::move(exchange));
    }
    curl_multi_wakeup(multi_);
  }

  void cancel(uint64_t id) {
    {
      const std::lock_guard lock(mutex_);
      cancelled_.push_back(id);
    }
    curl_multi_wakeup(multi_);
  }

 private:
  // Everything wakes the poll, so its timeout is only a net.
  static constexpr int kPollTimeoutMs = 10'000;

  void run() {
    while (take_inbox()) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      collect_finished();
      curl_multi_poll(multi_, nullptr, 0, kPollTimeoutMs, nullptr);
    }
  }

  // False when the worker is to stop.
  bool take_inbox() {
    std::vector<std::unique_ptr<CurlExchange>> started;
    std::vector<uint64_t> cancelled;
    {
      const std::lock_guard lock(mutex_);
      if (is_stopping_) return false;
      started.swap(started_);
      cancelled.swap(cancelled_);
    }
    for (auto& exchange : started) {
      curl_multi_add_handle(multi_, exchange->handle());
      running_.emplace(exchange->id(), std::move(exchange));
    }
    for (const uint64_t id : cancelled) forget(id);
    return true;
  }

  void collect_finished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      CurlExchange* exchange = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
      const uint64_t id = exchange->id();
      on_completion_(id, exchange->finish(code));
      forget(id);
    }
  }

  void forget(uint64_t id) {
    const auto found = running_.find(id);
    if (found == running_.end()) return;
    curl_multi_remove_handle(multi_, found->second->handle());
    running_.erase(found);
  }

  Completion on_completion_;
  CURLM* multi_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<CurlExchange>> started_;  // Guarded by mutex_, as the next two.
  std::vector<uint64_t> cancelled_;
  bool is_stopping_ = false;
  std::unordered_map<uint64_t, std::unique_ptr<CurlExchange>> running_;  // The worker's own.
  std::thread thread_;
};

CurlTransport::CurlTransport(boost::asio::io_context& loop)
    : loop_(loop), pending_(std::make_shared<Pending>()) {
  CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
  worker_ = std::make_unique<Worker>([this](uint64_t id, Result<HttpResponse> result) {
    boost::asio::post(loop_, [pending = pending_, id, result = std::move(result)]() mutable {
      pending->complete(id, std::move(result));
    });
  });
}

CurlTransport::~CurlTransport() {
  worker_.reset();
  pending_->callbacks.clear();
  curl_global_cleanup();
}

RequestId CurlTransport::send(HttpRequest request, SendOptions options, Callback callback) {
  const uint64_t id = ++last_id_;
  pending_->callbacks.emplace(id, std::move(callback));
  worker_->start(std::make_unique<CurlExchange>(id, std::move(request), options));
  return RequestId{id};
}

void CurlTransport::cancel(RequestId id) {
  if (pending_->callbacks.erase(static_cast<uint64_t>(id)) == 0) return;
  worker_->cancel(static_cast<uint64_t>(id));
}

}  // namespace promenade::native
