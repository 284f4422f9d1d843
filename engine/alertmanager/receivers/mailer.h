#pragma once  // engine/alertmanager/receivers/mailer.h
// The way out for e-mail, beside Transport for HTTP: libcurl's SMTP natively, an inbox in the page.
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace promenade::alertmanager {

struct Mail {
  std::string smarthost;  // host:port
  std::string hello;      // The name that EHLO gives.
  std::string username;   // "" does not log in.
  std::string password;
  std::string identity;
  bool requires_tls = true;         // STARTTLS, and nothing is sent without.
  bool is_tls_from_start = false;   // SMTPS.
  bool skips_verification = false;  // tls_config.insecure_skip_verify.
  std::string from;                 // Bare addresses: "a@example.org".
  std::vector<std::string> recipients;
  std::string message;  // Header and body, lines end with CR LF.
};

class Mailer {
 public:
  using Callback = std::function<void(Result<void>)>;
  virtual ~Mailer() = default;

  // `callback` runs once, on the event loop and never before send returns. An error of code BadData
  // is final (the server refused the message), others may pass.
  virtual void send(Mail mail, Duration timeout, Callback callback) = 0;
};

}  // namespace promenade::alertmanager
