// curl_easy_perform blocks, which is fine on this thread: mails are few, and a mail server that
// hangs delays other mails only.
#include "native/smtp_mailer.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include "base/check.h"

namespace promenade::native {
namespace {

using alertmanager::Mail;

struct HandleDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Upload {
  std::string_view rest;
};

size_t read_message(char* buffer, size_t size, size_t count, void* upload_pointer) {
  auto& rest = static_cast<Upload*>(upload_pointer)->rest;
  const size_t taken = std::min(size * count, rest.size());
  std::memcpy(buffer, rest.data(), taken);
  rest.remove_prefix(taken);
  return taken;
}

// Anything but 0 makes curl give up.
int should_stop(void* is_stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<std::atomic<bool>*>(is_stopping)->load() ? 1 : 0;
}

Error describe(CURL* handle, CURLcode code, const Mail& mail, std::string_view detail) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_USE_SSL_FAILED) {
    return {ErrorCode::Unavailable,
            fmt::format("'require_tls' is true (default) but {} does not advertise the STARTTLS "
                        "extension",
                        mail.smarthost),
            std::nullopt};
  }
  std::string message = fmt::format("{}: {}", mail.smarthost, curl_easy_strerror(code));
  if (!detail.empty()) message += fmt::format(" ({})", detail);
  if (status > 0) message += fmt::format("; the server's last answer was {}", status);
  return {ErrorCode::Unavailable, std::move(message), std::nullopt};
}

Result<void> transfer(const Mail& mail, Duration timeout, std::atomic<bool>& is_stopping) {
  const std::unique_ptr<CURL, HandleDeleter> owner(curl_easy_init());
  CURL* handle = owner.get();
  CHECK(handle != nullptr);
  const std::string url = fmt::format("{}://{}/{}", mail.is_tls_from_start ? "smtps" : "smtp",
                                      mail.smarthost, mail.hello);
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(timeout.ms)));
  if (mail.requires_tls) {
    curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  }
  if (mail.skips_verification) {
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!mail.username.empty()) {
    curl_easy_setopt(handle, CURLOPT_USERNAME, mail.username.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, mail.password.c_str());
    if (!mail.identity.empty()) {
      curl_easy_setopt(handle, CURLOPT_SASL_AUTHZID, mail.identity.c_str());
    }
  }
  const std::string sender = fmt::format("<{}>", mail.from);
  curl_easy_setopt(handle, CURLOPT_MAIL_FROM, sender.c_str());
  std::unique_ptr<curl_slist, ListDeleter> recipients;
  for (const std::string& recipient : mail.recipients) {
    const std::string bracketed = fmt::format("<{}>", recipient);
    recipients.reset(curl_slist_append(recipients.release(), bracketed.c_str()));
  }
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients.get());
  Upload upload{mail.message};
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, read_message);
  curl_easy_setopt(handle, CURLOPT_READDATA, &upload);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, should_stop);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &is_stopping);
  std::array<char, CURL_ERROR_SIZE> detail{};
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail.data());
  const CURLcode code = curl_easy_perform(handle);
  if (code == CURLE_OK) return {};
  return tl::unexpected(describe(handle, code, mail, detail.data()));
}

}  // namespace

class SmtpMailer::Worker {
 public:
  explicit Worker(boost::asio::io_context& loop) : loop_(loop) {
    CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
    thread_ = std::thread([this] { run(); });
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    has_work_.notify_one();
    thread_.join();
    *is_alive_ = false;
    curl_global_cleanup();
  }

  void add(Mail mail, Duration timeout, Callback callback) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back({std::move(mail), timeout, std::move(callback)});
    }
    has_work_.notify_one();
  }

 private:
  struct Job {
    Mail mail;
    Duration timeout;
    Callback callback;
  };

  void run() {
    while (auto job = next()) {
      Result<void> sent = transfer(job->mail, job->timeout, is_stopping_);
      if (is_stopping_) return;
      boost::asio::post(loop_, [is_alive = is_alive_, callback = std::move(job->callback),
                                sent = std::move(sent)] {
        if (*is_alive) callback(sent);
      });
    }
  }

  // Nothing when the worker is to stop.
  std::optional<Job> next() {
    std::unique_lock lock(mutex_);
    has_work_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
    if (is_stopping_) return std::nullopt;
    Job job = std::move(waiting_.front());
    waiting_.pop_front();
    return job;
  }

  boost::asio::io_context& loop_;
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);  // Read and changed on the loop.
  std::mutex mutex_;
  std::condition_variable has_work_;
  std::deque<Job> waiting_;  // Guarded by mutex_.
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

SmtpMailer::SmtpMailer(boost::asio::io_context& loop) : worker_(std::make_unique<Worker>(loop)) {}

SmtpMailer::~SmtpMailer() = default;

void SmtpMailer::send(Mail mail, Duration timeout, Callback callback) {
  worker_->add(std::move(mail), timeout, std::move(callback));
}

}  // namespace promenade::native
