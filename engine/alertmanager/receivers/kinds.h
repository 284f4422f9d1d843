#pragma once  // engine/alertmanager/receivers/kinds.h
// The kinds of integrations and what they share. Internal to this folder.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alertmanager/receivers/integration.h"
#include "api/json_writer.h"

namespace promenade::alertmanager {

// webhook.cc: the group as one JSON object; the configuration says where to, and how many alerts.
Result<std::vector<HttpRequest>> draft_webhook(const Drafting& drafting);
// slack.cc
Result<std::vector<HttpRequest>> draft_slack(const Drafting& drafting);
Verdict judge_slack(const config::IntegrationConfig& config, const HttpResponse& response);
// pagerduty.cc: the Events API, version 2, or 1 with a service key.
Result<std::vector<HttpRequest>> draft_pagerduty(const Drafting& drafting);
Verdict judge_pagerduty(const config::IntegrationConfig& config, const HttpResponse& response);
// opsgenie.cc
Result<std::vector<HttpRequest>> draft_opsgenie(const Drafting& drafting);
// chats.cc: Discord, Microsoft Teams (both kinds of cards), Telegram, Webex.
Result<std::vector<HttpRequest>> draft_discord(const Drafting& drafting);
Result<std::vector<HttpRequest>> draft_msteams(const Drafting& drafting);
Result<std::vector<HttpRequest>> draft_msteamsv2(const Drafting& drafting);
Result<std::vector<HttpRequest>> draft_telegram(const Drafting& drafting);
Result<std::vector<HttpRequest>> draft_webex(const Drafting& drafting);
// pagers.cc: Pushover and VictorOps.
Result<std::vector<HttpRequest>> draft_pushover(const Drafting& drafting);
Result<std::vector<HttpRequest>> draft_victorops(const Drafting& drafting);

// Writes members of a JSON object from fields, each expanded as a template. The first failure is
// kept for finish(), so that a message reads as a list of its members.
class FieldWriter {
 public:
  // `out` must outlive the writer.
  FieldWriter(const Drafting& drafting, std::string& out) : drafting_(drafting), json_(out) {}

  api::JsonWriter& json() { return json_; }
  std::string expand(std::string_view text);
  // The field's text, at most `characters_max` of it (0 is no limit), with an ellipsis where cut.
  std::string field(std::string_view name, size_t characters_max = 0);
  // "member": "the field's text", left out when it is empty.
  void optional(std::string_view member, std::string_view name, size_t characters_max = 0);
  void required(std::string_view member, std::string_view name, size_t characters_max = 0);
  Result<void> finish() const;

 private:
  const Drafting& drafting_;
  api::JsonWriter json_;
  std::optional<Error> error_;
};

// At most so many code points; "…" takes the place of the last one where something is cut.
std::string truncate(std::string text, size_t characters_max);
// The group's key as other systems take it: SHA-256 in hexadecimal digits.
std::string group_key_hash(const Notification& notification);

}  // namespace promenade::alertmanager
