#pragma once  // native/smtp_mailer.h
// The Alertmanager's way out for e-mail: libcurl's SMTP on a thread of its own, one mail after
// another, results posted to the event loop.
#include <boost/asio/io_context.hpp>
#include <memory>

#include "alertmanager/receivers/mailer.h"

namespace promenade::native {

class SmtpMailer final : public alertmanager::Mailer {
 public:
  // Callbacks run on `loop`, which must outlive the mailer.
  explicit SmtpMailer(boost::asio::io_context& loop);
  // Gives up the mail under way and those that wait; their callbacks don't run.
  ~SmtpMailer() override;

  void send(alertmanager::Mail mail, Duration timeout, Callback callback) override;

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace promenade::native
