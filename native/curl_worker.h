#pragma once  // native/curl_worker.h
// A thread on which any number of curl's transfers are under way at once, so that one whose server
// hangs holds up no other: HTTP requests for CurlTransport, mails for SmtpMailer.
#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace promenade::native {

// One transfer. It is made on any thread, then lives on the worker's.
class CurlJob {
 public:
  virtual ~CurlJob() = default;
  // Set up and ready to be performed; the same one as long as the job lives.
  virtual CURL* handle() const = 0;
  // Curl is done with the handle. Called once, on the worker's thread, before the job is destroyed;
  // not for a job that is cancelled or still under way when the worker ends.
  virtual void on_done(CURLcode code) = 0;
};

class CurlWorker {
 public:
  CurlWorker();
  CurlWorker(const CurlWorker&) = delete;
  CurlWorker& operator=(const CurlWorker&) = delete;
  ~CurlWorker();

  // From any thread. `id` names the job for cancel() and is not given twice.
  void start(uint64_t id, std::unique_ptr<CurlJob> job);
  void cancel(uint64_t id);

 private:
  void run();
  bool take_inbox();
  void collect_finished();
  void forget(CURL* handle);

  CURLM* multi_;
  std::mutex mutex_;
  std::vector<std::pair<uint64_t, std::unique_ptr<CurlJob>>> started_;  // Guarded by mutex_, as the
  std::vector<uint64_t> cancelled_;                                     // next two.
  bool is_stopping_ = false;
  std::unordered_map<uint64_t, CURL*> handles_;  // The worker's own, by id.
  std::unordered_map<CURL*, std::unique_ptr<CurlJob>> running_;
  std::thread thread_;
};

}  // namespace promenade::native
