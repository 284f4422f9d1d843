#pragma once  // engine/alertmanager/receivers/mailer.h
// The way out for e-mail, beside Transport for HTTP: libcurl's SMTP natively, an inbox in the page.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace promenade::alertmanager {

// How a connection is encrypted; texts are as in tls_config, "" where not set.
struct MailTls {
  bool is_required = true;          // STARTTLS, and nothing is sent without.
  bool is_from_start = false;       // SMTPS.
  bool skips_verification = false;  // insecure_skip_verify
  std::string server_name;          // Whose certificate it has to be, when not the smarthost's.
  std::string ca, ca_file;
  std::string certificate, certificate_file;
  std::string key, key_file;
  std::string min_version;  // "TLS12"
  std::string max_version;
};

struct Mail {
  std::string smarthost;  // host:port
  std::string hello;      // The name that EHLO gives.
  std::string username;   // "" does not log in.
  std::string password;   // For PLAIN and LOGIN. Without TLS it goes to this machine only.
  std::string secret;     // For CRAM-MD5.
  std::string identity;
  MailTls tls;
  std::string from;  // Bare addresses: "a@example.org".
  std::vector<std::string> recipients;
  std::string message;  // Header and body, lines end with CR LF.
};

enum class MailId : uint64_t {};

class Mailer {
 public:
  using Callback = std::function<void(Result<void>)>;
  virtual ~Mailer() = default;

  // `callback` runs once, on the event loop and never before send returns. An error of code BadData
  // is final, others may pass.
  virtual MailId send(Mail mail, Duration timeout, Callback callback) = 0;

  // The callback won't run any more, and the mail is not sent unless it is on its way already. An
  // id that is finished is ignored.
  virtual void cancel(MailId id) = 0;
};

}  // namespace promenade::alertmanager
