#pragma once  // native/smtp_mailer.h
// The Alertmanager's way out for e-mail: libcurl's SMTP, all mails at once on a CurlWorker of its
// own, results posted to the event loop.
//
// Logging in follows Alertmanager: CRAM-MD5 with a secret, PLAIN or LOGIN with a password,
// whichever the server offers, and not at all when it offers none. A password goes over an
// encrypted connection, or to this machine; Alertmanager would also tell it in the clear to a
// server that wants LOGIN.
#include <boost/asio/io_context.hpp>
#include <memory>

#include "alertmanager/receivers/mailer.h"
#include "native/curl_worker.h"

namespace promenade::native {

class SmtpMailer final : public alertmanager::Mailer {
 public:
  // Callbacks run on `loop`, which must outlive the mailer.
  explicit SmtpMailer(boost::asio::io_context& loop);
  // Gives up what is under way; no callback runs afterwards.
  ~SmtpMailer() override;

  alertmanager::MailId send(alertmanager::Mail mail, Duration timeout, Callback callback) override;
  void cancel(alertmanager::MailId id) override;

 private:
  class Job;
  struct Outcome;
  struct UnderWay;
  struct Shared;

  void start_attempt(uint64_t id, UnderWay& mail);
  void on_outcome(uint64_t id, Outcome outcome);

  boost::asio::io_context& loop_;
  std::shared_ptr<Shared> shared_;  // With results that are posted, which may outlive us.
  std::unique_ptr<CurlWorker> worker_;
  uint64_t last_id_ = 0;
};

}  // namespace promenade::native
