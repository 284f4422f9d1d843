// The two sides share an inbox of new and cancelled jobs, guarded by a mutex; everything else is
// the worker's own.
#include "native/curl_worker.h"

#include <utility>

#include "base/check.h"

namespace promenade::native {
namespace {

// Everything wakes the poll, so its timeout is only a net.
constexpr int kPollTimeoutMs = 10'000;

}  // namespace

CurlWorker::CurlWorker() {
  CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
  multi_ = curl_multi_init();
  CHECK(multi_ != nullptr);
  thread_ = std::thread([this] { run(); });
}

CurlWorker::~CurlWorker() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  curl_multi_wakeup(multi_);
  thread_.join();
  while (!running_.empty()) forget(running_.begin()->first);
  started_.clear();
  curl_multi_cleanup(multi_);
  curl_global_cleanup();
}

void CurlWorker::start(uint64_t id, std::unique_ptr<CurlJob> job) {
  {
    const std::lock_guard lock(mutex_);
    started_.emplace_back(id, std::move(job));
  }
  curl_multi_wakeup(multi_);
}

void CurlWorker::cancel(uint64_t id) {
  {
    const std::lock_guard lock(mutex_);
    cancelled_.push_back(id);
  }
  curl_multi_wakeup(multi_);
}

void CurlWorker::run() {
  while (take_inbox()) {
    int running = 0;
    curl_multi_perform(multi_, &running);
    collect_finished();
    curl_multi_poll(multi_, nullptr, 0, kPollTimeoutMs, nullptr);
  }
}

// False when the worker is to stop.
bool CurlWorker::take_inbox() {
  std::vector<std::pair<uint64_t, std::unique_ptr<CurlJob>>> started;
  std::vector<uint64_t> cancelled;
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return false;
    started.swap(started_);
    cancelled.swap(cancelled_);
  }
  for (auto& [id, job] : started) {
    CURL* handle = job->handle();
    curl_easy_setopt(handle, CURLOPT_PRIVATE, reinterpret_cast<void*>(id));
    curl_multi_add_handle(multi_, handle);
    handles_.emplace(id, handle);
    running_.emplace(handle, std::move(job));
  }
  for (const uint64_t id : cancelled) {
    if (const auto found = handles_.find(id); found != handles_.end()) forget(found->second);
  }
  return true;
}

void CurlWorker::collect_finished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* handle = message->easy_handle;
    running_.at(handle)->on_done(message->data.result);
    forget(handle);
  }
}

void CurlWorker::forget(CURL* handle) {
  void* id = nullptr;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &id);
  handles_.erase(reinterpret_cast<uint64_t>(id));
  curl_multi_remove_handle(multi_, handle);
  running_.erase(handle);
}

}  // namespace promenade::native
