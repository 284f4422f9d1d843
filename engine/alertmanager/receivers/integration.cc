// The table of kinds and what they share.
#include "alertmanager/receivers/integration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "alertmanager/receivers/kinds.h"
#include "base/strings.h"
#include "scrape/http_exchange.h"

namespace promenade::alertmanager {
namespace {

constexpr int kTooManyRequests = 429;
constexpr size_t kQuotedBytesMax = 1024;

Verdict judge_plain(const config::IntegrationConfig&, const HttpResponse& response) {
  return judge_status(response);
}

// For those who also say "slow down".
Verdict judge_limited(const config::IntegrationConfig&, const HttpResponse& response) {
  return judge_status(response, kTooManyRequests);
}

// Telegram: whatever it is, it may pass.
Verdict judge_patient(const config::IntegrationConfig&, const HttpResponse& response) {
  Verdict verdict = judge_status(response);
  verdict.can_retry = true;
  return verdict;
}

constexpr std::array kKinds = {
    IntegrationKind{"webhook", draft_webhook, judge_plain},
    IntegrationKind{"slack", draft_slack, judge_slack},
    IntegrationKind{"pagerduty", draft_pagerduty, judge_pagerduty},
    IntegrationKind{"opsgenie", draft_opsgenie, judge_limited},
    IntegrationKind{"discord", draft_discord, judge_plain},
    IntegrationKind{"msteams", draft_msteams, judge_plain},
    IntegrationKind{"msteamsv2", draft_msteamsv2, judge_plain},
    IntegrationKind{"telegram", draft_telegram, judge_patient},
    IntegrationKind{"webex", draft_webex, judge_plain},
    IntegrationKind{"pushover", draft_pushover, judge_plain},
    IntegrationKind{"victorops", draft_victorops, judge_plain},
};

}  // namespace

const IntegrationKind* find_integration_kind(std::string_view kind) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const IntegrationKind& known) { return known.kind == kind; });
  return found == kKinds.end() ? nullptr : &*found;
}

std::string quoted_body(const HttpResponse& response) {
  const std::string_view body = trim(response.body);
  if (body.size() <= kQuotedBytesMax) return std::string(body);
  return std::string(body.substr(0, kQuotedBytesMax)) + "...";
}

Verdict judge_status(const HttpResponse& response, int retried_status) {
  const int status = response.status;
  if (status / 100 == 2) return {};
  Verdict verdict;
  verdict.is_delivered = false;
  verdict.can_retry = status / 100 == 5 || status == retried_status;
  verdict.error = fmt::format("unexpected status code {}", status);
  if (const std::string body = quoted_body(response); !body.empty()) {
    verdict.error += fmt::format(": {}", body);
  }
  if (status / 100 == 4) verdict.reason = "clientError";
  if (status / 100 == 5) verdict.reason = "serverError";
  return verdict;
}

HttpRequest json_request(std::string_view url, std::string body) {
  HttpRequest request;
  request.method = "POST";
  for (const char c : url) {
    const bool may_stand = c > ' ' && c <= '~' && c != '"' && c != '<' && c != '>';
    request.url += may_stand ? std::string(1, c) : url_encode(std::string_view(&c, 1));
  }
  request.headers.set("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

Result<std::string> text_or_file(const Drafting& drafting, std::string_view field) {
  const config::Fields& fields = drafting.config.fields;
  const std::string& path = fields.text(fmt::format("{}_file", field));
  if (path.empty()) return fields.text(field);
  const auto text = drafting.files.read(path);
  if (!text) return fail(text.error().code, fmt::format("read {}: {}", path, text.error().message));
  return std::string(trim(*text));
}

}  // namespace promenade::alertmanager
