// Curl takes one password for all mechanisms, so a mail that has both a secret and a password may
// need two attempts: the second starts when the server has refused the first login.
#include "native/smtp_mailer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstring>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/host_port.h"

namespace promenade::native {
namespace {

using alertmanager::Mail;
using alertmanager::MailId;
using alertmanager::MailTls;
using SteadyTime = std::chrono::steady_clock::time_point;

// How one attempt logs in.
struct Login {
  const char* mechanisms = nullptr;  // As CURLOPT_LOGIN_OPTIONS.
  std::string password;
};

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

bool may_tell_password(const Mail& mail) {
  return mail.tls.is_required || mail.tls.is_from_start ||
         is_this_machine(split_host_port(mail.smarthost).host);
}

// At least one. A mechanism that needs what we don't have lets curl send to servers that want no
// login, and fail at those that do.
std::vector<Login> logins(const Mail& mail) {
  if (mail.username.empty()) return {Login{}};
  std::vector<Login> found;
  if (!mail.secret.empty()) found.push_back({"AUTH=CRAM-MD5", mail.secret});
  if (!mail.password.empty() && may_tell_password(mail)) {
    found.push_back({"AUTH=PLAIN;AUTH=LOGIN", mail.password});
  }
  if (found.empty()) found.push_back({"AUTH=XOAUTH2", ""});
  return found;
}

std::string_view no_login_reason(const Mail& mail) {
  if (mail.password.empty() && mail.secret.empty())
    return "auth_password or auth_secret is missing";
  if (mail.secret.empty() && !may_tell_password(mail)) {
    return "unencrypted connection; set require_tls, or auth_secret for CRAM-MD5";
  }
  return "the server offers no login for which there is a password or secret";
}

// The oldest and the newest version of TLS to speak, as curl has them in one number.
long tls_versions(const MailTls& tls) {
  struct Version {
    std::string_view name;
    long oldest, newest;
  };
  constexpr std::array<Version, 4> kVersions = {
      {{"TLS10", CURL_SSLVERSION_TLSv1_0, CURL_SSLVERSION_MAX_TLSv1_0},
       {"TLS11", CURL_SSLVERSION_TLSv1_1, CURL_SSLVERSION_MAX_TLSv1_1},
       {"TLS12", CURL_SSLVERSION_TLSv1_2, CURL_SSLVERSION_MAX_TLSv1_2},
       {"TLS13", CURL_SSLVERSION_TLSv1_3, CURL_SSLVERSION_MAX_TLSv1_3}}};
  long versions = CURL_SSLVERSION_DEFAULT;
  for (const auto& [name, oldest, newest] : kVersions) {
    if (name == tls.min_version) versions |= oldest;
    if (name == tls.max_version) versions |= newest;
  }
  return versions;
}

}  // namespace

struct SmtpMailer::Outcome {
  Result<void> sent;
  bool is_login_refused = false;
};

struct SmtpMailer::UnderWay {
  Mail mail;
  SteadyTime deadline;
  Callback callback;
  std::vector<Login> logins;
  size_t next_login = 0;
};

// Used on the loop only.
struct SmtpMailer::Shared {
  SmtpMailer* mailer;  // Null when it is gone.
  std::unordered_map<uint64_t, UnderWay> under_way;
};

// One attempt to send a mail.
class SmtpMailer::Job final : public CurlJob {
 public:
  Job(boost::asio::io_context& loop, std::shared_ptr<Shared> shared, uint64_t id,
      const UnderWay& under_way)
      : loop_(loop),
        shared_(std::move(shared)),
        id_(id),
        mail_(under_way.mail),
        login_(under_way.logins[under_way.next_login]),
        rest_(mail_.message),
        handle_(curl_easy_init()) {
    CHECK(handle_ != nullptr);
    set_up_connection(under_way.deadline);
    set_up_tls();
    set_up_login();
    set_up_message();
  }

  CURL* handle() const override { return handle_.get(); }

  void on_done(CURLcode code) override {
    Outcome outcome;
    if (code != CURLE_OK) outcome.sent = tl::unexpected(error(code));
    outcome.is_login_refused = code == CURLE_LOGIN_DENIED;
    boost::asio::post(loop_, [shared = shared_, id = id_, outcome = std::move(outcome)]() mutable {
      if (shared->mailer != nullptr) shared->mailer->on_outcome(id, std::move(outcome));
    });
  }

 private:
  struct HandleDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  using List = std::unique_ptr<curl_slist, ListDeleter>;

  static void append(List& list, const std::string& text) {
    list.reset(curl_slist_append(list.release(), text.c_str()));
  }
  void set(CURLoption option, const std::string& text) {
    if (!text.empty()) curl_easy_setopt(handle_.get(), option, text.c_str());
  }
  void set_blob(CURLoption option, const std::string& text) {
    if (text.empty()) return;
    curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
    curl_easy_setopt(handle_.get(), option, &blob);
  }

  void set_up_connection(SteadyTime deadline) {
    const HostPort smarthost = split_host_port(mail_.smarthost);
    const std::string_view name =
        mail_.tls.server_name.empty() ? smarthost.host : std::string_view(mail_.tls.server_name);
    set(CURLOPT_URL, fmt::format("{}://{}/{}", mail_.tls.is_from_start ? "smtps" : "smtp",
                                 join_host_port(name, smarthost.port), mail_.hello));
    if (name != smarthost.host) {
      append(connect_to_, fmt::format("::{}", join_host_port(smarthost.host, smarthost.port)));
      curl_easy_setopt(handle_.get(), CURLOPT_CONNECT_TO, connect_to_.get());
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    curl_easy_setopt(handle_.get(), CURLOPT_TIMEOUT_MS,
                     std::max(1L, static_cast<long>(left.count())));
    curl_easy_setopt(handle_.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle_.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_.get(), CURLOPT_PROXY, "");
    // A connection to a server that wants another login must not be taken again.
    curl_easy_setopt(handle_.get(), CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(handle_.get(), CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(handle_.get(), CURLOPT_ERRORBUFFER, detail_.data());
  }

  void set_up_tls() {
    const MailTls& tls = mail_.tls;
    if (tls.is_required) {
      curl_easy_setopt(handle_.get(), CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    }
    if (tls.skips_verification) {
      curl_easy_setopt(handle_.get(), CURLOPT_SSL_VERIFYPEER, 0L);
      curl_easy_setopt(handle_.get(), CURLOPT_SSL_VERIFYHOST, 0L);
    }
    curl_easy_setopt(handle_.get(), CURLOPT_SSLVERSION, tls_versions(tls));
    set(CURLOPT_CAINFO, tls.ca_file);
    set_blob(CURLOPT_CAINFO_BLOB, tls.ca);
    set(CURLOPT_SSLCERT, tls.certificate_file);
    set_blob(CURLOPT_SSLCERT_BLOB, tls.certificate);
    set(CURLOPT_SSLKEY, tls.key_file);
    set_blob(CURLOPT_SSLKEY_BLOB, tls.key);
  }

  void set_up_login() {
    if (login_.mechanisms == nullptr) return;
    curl_easy_setopt(handle_.get(), CURLOPT_USERNAME, mail_.username.c_str());
    curl_easy_setopt(handle_.get(), CURLOPT_PASSWORD, login_.password.c_str());
    curl_easy_setopt(handle_.get(), CURLOPT_LOGIN_OPTIONS, login_.mechanisms);
    set(CURLOPT_SASL_AUTHZID, mail_.identity);
  }

  void set_up_message() {
    set(CURLOPT_MAIL_FROM, fmt::format("<{}>", mail_.from));
    for (const std::string& recipient : mail_.recipients) {
      append(recipients_, fmt::format("<{}>", recipient));
    }
    curl_easy_setopt(handle_.get(), CURLOPT_MAIL_RCPT, recipients_.get());
    curl_easy_setopt(handle_.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle_.get(), CURLOPT_READFUNCTION, &Job::read_message);
    curl_easy_setopt(handle_.get(), CURLOPT_READDATA, this);
  }

  static size_t read_message(char* buffer, size_t size, size_t count, void* self) {
    std::string_view& rest = static_cast<Job*>(self)->rest_;
    const size_t taken = std::min(size * count, rest.size());
    std::memcpy(buffer, rest.data(), taken);
    rest.remove_prefix(taken);
    return taken;
  }

  Error error(CURLcode code) const {
    if (code == CURLE_USE_SSL_FAILED) {
      return {ErrorCode::Unavailable,
              fmt::format("'require_tls' is true (default) but {} does not advertise the STARTTLS "
                          "extension",
                          mail_.smarthost),
              std::nullopt};
    }
    long status = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    std::string message = fmt::format("{}: {}", mail_.smarthost, curl_easy_strerror(code));
    if (code == CURLE_LOGIN_DENIED && status / 100 == 2) {
      message = fmt::format("{}: {}", mail_.smarthost, no_login_reason(mail_));
    } else if (detail_[0] != '\0') {
      message += fmt::format(" ({})", detail_.data());
    }
    if (status >= 300) message += fmt::format("; the server's last answer was {}", status);
    return {ErrorCode::Unavailable, std::move(message), std::nullopt};
  }

  boost::asio::io_context& loop_;
  std::shared_ptr<Shared> shared_;
  uint64_t id_;
  Mail mail_;
  Login login_;
  std::string_view rest_;  // Of the message.
  List recipients_;
  List connect_to_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  std::unique_ptr<CURL, HandleDeleter> handle_;
};

SmtpMailer::SmtpMailer(boost::asio::io_context& loop)
    : loop_(loop),
      shared_(std::make_shared<Shared>(Shared{this, {}})),
      worker_(std::make_unique<CurlWorker>()) {}

SmtpMailer::~SmtpMailer() {
  worker_.reset();
  shared_->mailer = nullptr;
}

MailId SmtpMailer::send(Mail mail, Duration timeout, Callback callback) {
  const uint64_t id = ++last_id_;
  UnderWay under_way{
      .mail = std::move(mail),
      .deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout.ms),
      .callback = std::move(callback),
      .logins = {}};
  under_way.logins = logins(under_way.mail);
  start_attempt(id, shared_->under_way.emplace(id, std::move(under_way)).first->second);
  return MailId{id};
}

void SmtpMailer::start_attempt(uint64_t id, UnderWay& mail) {
  worker_->start(id, std::make_unique<Job>(loop_, shared_, id, mail));
  ++mail.next_login;
}

void SmtpMailer::on_outcome(uint64_t id, Outcome outcome) {
  const auto found = shared_->under_way.find(id);
  if (found == shared_->under_way.end()) return;  // Cancelled.
  UnderWay& mail = found->second;
  if (outcome.is_login_refused && mail.next_login < mail.logins.size()) {
    return start_attempt(id, mail);
  }
  const Callback callback = std::move(mail.callback);
  shared_->under_way.erase(found);
  callback(std::move(outcome.sent));
}

void SmtpMailer::cancel(MailId id) {
  if (shared_->under_way.erase(static_cast<uint64_t>(id)) == 0) return;
  worker_->cancel(static_cast<uint64_t>(id));
}

}  // namespace promenade::native
