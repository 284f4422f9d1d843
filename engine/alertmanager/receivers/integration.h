#pragma once  // engine/alertmanager/receivers/integration.h
// One way to reach people: from a notification to the HTTP requests that tell it, and from their
// responses to what became of it. Pure but for the files with secrets; sending, waiting and trying
// again is delivery.h's task. E-mail is the exception that is no HTTP (mailer.h).
#include <memory>
#include <string>
#include <vector>

#include "alertmanager/notification.h"
#include "alertmanager/receivers/mailer.h"
#include "alertmanager/receivers/message_texts.h"
#include "base/file_system.h"
#include "base/result.h"
#include "base/transport.h"
#include "config/alertmanager/alertmanager_config.h"

namespace promenade::alertmanager {

// What is needed to word a message.
struct Drafting {
  const config::IntegrationConfig& config;
  const Notification& notification;
  const FileSystem& files;
  MessageTexts& texts;
};

struct Verdict {
  bool is_delivered = true;
  bool can_retry = false;
  std::string error;
  // For alertmanager_notifications_failed_total: "clientError", "serverError", "other".
  std::string_view reason = "other";
};

struct IntegrationKind {
  std::string_view kind;  // As in config::IntegrationSpec.
  // The requests, to be sent one after another. An error is final.
  Result<std::vector<HttpRequest>> (*draft)(const Drafting&);
  // `response` is that of the last request sent.
  Verdict (*judge)(const config::IntegrationConfig& config, const HttpResponse& response);
};

// Null for kinds that are not HTTP.
const IntegrationKind* find_integration_kind(std::string_view kind);

// The e-mail that tells it; `unique` goes into its Message-Id.
Result<Mail> draft_mail(const Drafting& drafting, uint64_t unique);

// Helpers of the kinds.

// 2xx is delivered, 5xx may be tried again, and so may `retried_status`.
Verdict judge_status(const HttpResponse& response, int retried_status = 0);
// What the service said, for an error message: the beginning, if it is long.
std::string quoted_body(const HttpResponse& response);
// Bytes that may not stand in an address (blanks, what is not ASCII) are percent-encoded.
HttpRequest json_request(std::string_view url, std::string body);
// The text of a field, or of the file that its twin FIELD_file names.
Result<std::string> text_or_file(const Drafting& drafting, std::string_view field);

}  // namespace promenade::alertmanager
