// Data only. Names, defaults and their order are Alertmanager's; what is only in versions after
// 0.25 has no `Show::Always`, so that an older amtool can read what we print.
#include "config/alertmanager/integration_specs.h"

#include <array>

namespace promenade::config {
namespace {

using enum FieldKind;

constexpr FieldSpec kGlobal[] = {
    {"resolve_timeout", Duration, "5m"},
    {"smtp_from"},
    {"smtp_hello", Text, "localhost"},
    {"smtp_smarthost"},
    {"smtp_auth_username"},
    {"smtp_auth_password", Secret},
    {"smtp_auth_password_file", Path},
    {"smtp_auth_secret", Secret},
    {"smtp_auth_secret_file", Path},
    {"smtp_auth_identity"},
    {"smtp_require_tls", Flag, "true", "", Show::Always},
    {"smtp_force_implicit_tls", Flag},
    {"slack_api_url", Secret},
    {"slack_api_url_file", Path},
    {"slack_app_token", Secret},
    {"slack_app_token_file", Path},
    {"slack_app_url"},
    {"pagerduty_url", Text, "https://events.pagerduty.com/v2/enqueue"},
    {"opsgenie_api_url", Text, "https://api.opsgenie.com/"},
    {"opsgenie_api_key", Secret},
    {"opsgenie_api_key_file", Path},
    {"wechat_api_url", Text, "https://qyapi.weixin.qq.com/cgi-bin/"},
    {"wechat_api_secret", Secret},
    {"wechat_api_secret_file", Path},
    {"wechat_api_corp_id"},
    {"victorops_api_url", Text, "https://alert.victorops.com/integrations/generic/20131114/alert/"},
    {"victorops_api_key", Secret},
    {"victorops_api_key_file", Path},
    {"telegram_api_url", Text, "https://api.telegram.org"},
    {"telegram_bot_token", Secret},
    {"telegram_bot_token_file", Path},
    {"webex_api_url", Text, "https://webexapis.com/v1/messages"},
    {"rocketchat_api_url"},
    {"rocketchat_token", Secret},
    {"rocketchat_token_file", Path},
    {"rocketchat_token_id", Secret},
    {"rocketchat_token_id_file", Path},
    {"jira_api_url"},
    {"mattermost_webhook_url", Secret},
    {"mattermost_webhook_url_file", Path},
};

constexpr FieldSpec kDiscord[] = {
    {"webhook_url", Secret},
    {"webhook_url_file", Path},
    {"content"},
    {"title", Text, "{{ template \"discord.default.title\" . }}"},
    {"message", Text, "{{ template \"discord.default.message\" . }}"},
    {"username"},
    {"avatar_url"},
};
constexpr Requirement kWebhookUrl[] = {
    {"webhook_url webhook_url_file", "one of webhook_url or webhook_url_file must be configured"}};

constexpr FieldSpec kTls[] = {
    {"ca"},
    {"cert"},
    {"key", Secret},
    {"ca_file", Path},
    {"cert_file", Path},
    {"key_file", Path},
    {"server_name"},
    {"insecure_skip_verify", Flag},
    {"min_version"},
    {"max_version"},
};
constexpr FieldSpec kThreading[] = {{"enabled", Flag}, {"thread_by_date"}};
constexpr FieldSpec kEmail[] = {
    {"to"},
    {"from", Text, "", "smtp_from"},
    {"hello", Text, "", "smtp_hello"},
    {"smarthost", Text, "", "smtp_smarthost"},
    {"auth_username", Text, "", "smtp_auth_username"},
    {"auth_password", Secret, "", "smtp_auth_password"},
    {"auth_password_file", Path, "", "smtp_auth_password_file"},
    {"auth_secret", Secret, "", "smtp_auth_secret"},
    {"auth_secret_file", Path, "", "smtp_auth_secret_file"},
    {"auth_identity", Text, "", "smtp_auth_identity"},
    {"headers", Map},
    {"html", Text, "{{ template \"email.default.html\" . }}"},
    {"text"},
    {"require_tls", Flag, "", "smtp_require_tls", Show::Always},
    {"force_implicit_tls", Flag, "", "smtp_force_implicit_tls"},
    {"tls_config", Item, "", "", Show::IfSet, kTls},
    {"threading", Item, "", "", Show::IfSet, kThreading},
};
constexpr Requirement kEmailNeeds[] = {
    {"to", "missing to address in email config"},
    {"smarthost", "no global SMTP smarthost set"},
    {"from", "no global SMTP from set"},
};

constexpr FieldSpec kImage[] = {{"href"}, {"src"}, {"alt"}};
constexpr FieldSpec kLink[] = {{"href"}, {"text"}};
constexpr FieldSpec kPagerDuty[] = {
    {"service_key", Secret},
    {"service_key_file", Path},
    {"routing_key", Secret},
    {"routing_key_file", Path},
    {"url", Text, "", "pagerduty_url"},
    {"client", Text, "{{ template \"pagerduty.default.client\" . }}"},
    {"client_url", Text, "{{ template \"pagerduty.default.clientURL\" . }}"},
    {"description", Text, "{{ template \"pagerduty.default.description\" .}}"},
    {"details", Map},
    {"images", Items, "", "", Show::IfSet, kImage},
    {"links", Items, "", "", Show::IfSet, kLink},
    {"source"},
    {"severity"},
    {"class"},
    {"component"},
    {"group"},
    {"timeout", Duration},
};
constexpr Requirement kPagerDutyNeeds[] = {
    {"service_key service_key_file routing_key routing_key_file",
     "missing service or routing key in PagerDuty config"}};

constexpr FieldSpec kConfirm[] = {{"text"}, {"title"}, {"ok_text"}, {"dismiss_text"}};
constexpr FieldSpec kSlackField[] = {{"title"}, {"value"}, {"short", Flag}};
constexpr FieldSpec kSlackAction[] = {
    {"type"},
    {"text"},
    {"url"},
    {"style"},
    {"name"},
    {"value"},
    {"confirm", Item, "", "", Show::IfSet, kConfirm},
};
constexpr FieldSpec kSlack[] = {
    {"api_url", Secret, "", "slack_api_url"},
    {"api_url_file", Path, "", "slack_api_url_file"},
    {"app_token", Secret, "", "slack_app_token", Show::IfSet, {}, "api_url"},
    {"app_token_file", Path, "", "slack_app_token_file", Show::IfSet, {}, "api_url"},
    {"app_url", Text, "", "slack_app_url"},
    {"channel"},
    {"username", Text, "{{ template \"slack.default.username\" . }}"},
    {"color", Text, "{{ if eq .Status \"firing\" }}danger{{ else }}good{{ end }}"},
    {"title", Text, "{{ template \"slack.default.title\" . }}"},
    {"title_link", Text, "{{ template \"slack.default.titlelink\" . }}"},
    {"pretext", Text, "{{ template \"slack.default.pretext\" . }}"},
    {"text", Text, "{{ template \"slack.default.text\" . }}"},
    {"message_text"},
    {"fields", Items, "", "", Show::IfSet, kSlackField},
    {"short_fields", Flag, "false", "", Show::Always},
    {"footer", Text, "{{ template \"slack.default.footer\" . }}"},
    {"fallback", Text, "{{ template \"slack.default.fallback\" . }}"},
    {"callback_id", Text, "{{ template \"slack.default.callbackid\" . }}"},
    {"icon_emoji", Text, "{{ template \"slack.default.iconemoji\" . }}"},
    {"icon_url", Text, "{{ template \"slack.default.iconurl\" . }}"},
    {"image_url"},
    {"thumb_url"},
    {"link_names", Flag, "false", "", Show::Always},
    {"mrkdwn_in", Texts},
    {"actions", Items, "", "", Show::IfSet, kSlackAction},
    {"timeout", Duration},
    {"update_message", Flag},
};
constexpr Requirement kSlackNeeds[] = {{"api_url api_url_file app_token app_token_file",
                                        "no global Slack API URL set either inline or in a file"}};

constexpr FieldSpec kWebhook[] = {
    {"url"},  // Shown, unlike in Alertmanager since 0.26: amtool before that reads it back as a
              // URL.
    {"url_file", Path},
    {"max_alerts", Count, "0", "", Show::Always},
    {"timeout", Duration},
};
constexpr Requirement kWebhookNeeds[] = {
    {"url url_file", "one of url or url_file must be configured"}};

constexpr FieldSpec kResponder[] = {{"id"}, {"name"}, {"username"}, {"type"}};
constexpr FieldSpec kOpsGenie[] = {
    {"api_key", Secret, "", "opsgenie_api_key"},
    {"api_key_file", Path, "", "opsgenie_api_key_file"},
    {"api_url", Text, "", "opsgenie_api_url"},
    {"message", Text, "{{ template \"opsgenie.default.message\" . }}"},
    {"description", Text, "{{ template \"opsgenie.default.description\" . }}"},
    {"source", Text, "{{ template \"opsgenie.default.source\" . }}"},
    {"details", Map},
    {"entity"},
    {"responders", Items, "", "", Show::IfSet, kResponder},
    {"actions"},
    {"tags"},
    {"note"},
    {"priority"},
    {"update_alerts", Flag},
};
constexpr Requirement kOpsGenieNeeds[] = {
    {"api_key api_key_file", "no global OpsGenie API Key set either inline or in a file"}};

constexpr FieldSpec kPushover[] = {
    {"user_key", Secret},
    {"user_key_file", Path},
    {"token", Secret},
    {"token_file", Path},
    {"title", Text, "{{ template \"pushover.default.title\" . }}"},
    {"message", Text, "{{ template \"pushover.default.message\" . }}"},
    {"url", Text, "{{ template \"pushover.default.url\" . }}"},
    {"url_title"},
    {"device"},
    {"sound"},
    {"priority", Text, "{{ if eq .Status \"firing\" }}2{{ else }}0{{ end }}"},
    {"retry", Duration, "1m"},
    {"expire", Duration, "1h"},
    {"ttl", Duration},
    {"html", Flag, "false", "", Show::Always},
    {"monospace", Flag},
};
constexpr Requirement kPushoverNeeds[] = {
    {"user_key user_key_file", "one of user_key or user_key_file must be configured"},
    {"token token_file", "one of token or token_file must be configured"}};

constexpr FieldSpec kVictorOps[] = {
    {"api_key", Secret, "", "victorops_api_key"},
    {"api_key_file", Path, "", "victorops_api_key_file"},
    {"api_url", Text, "", "victorops_api_url"},
    {"routing_key"},
    {"message_type", Text, "CRITICAL"},
    {"state_message", Text, "{{ template \"victorops.default.state_message\" . }}"},
    {"entity_display_name", Text, "{{ template \"victorops.default.entity_display_name\" . }}"},
    {"monitoring_tool", Text, "{{ template \"victorops.default.monitoring_tool\" . }}"},
    {"custom_fields", Map},
};
constexpr Requirement kVictorOpsNeeds[] = {
    {"routing_key", "missing Routing key in VictorOps config"},
    {"api_key api_key_file", "no global VictorOps API Key set"}};

constexpr FieldSpec kTelegram[] = {
    {"api_url", Text, "", "telegram_api_url"},
    {"bot_token", Secret, "", "telegram_bot_token"},
    {"bot_token_file", Path, "", "telegram_bot_token_file"},
    {"chat_id", Integer},
    {"chat_id_file", Path},
    {"message_thread_id", Integer},
    {"message", Text, "{{ template \"telegram.default.message\" . }}"},
    {"disable_notifications", Flag},
    {"parse_mode", Text, "HTML"},
};
constexpr Requirement kTelegramNeeds[] = {
    {"bot_token bot_token_file", "missing bot_token or bot_token_file on telegram_config"},
    {"chat_id chat_id_file", "missing chat_id or chat_id_file on telegram_config"}};

constexpr FieldSpec kWebex[] = {
    {"api_url", Text, "", "webex_api_url"},
    {"message", Text, "{{ template \"webex.default.message\" . }}"},
    {"room_id"},
};
constexpr Requirement kWebexNeeds[] = {{"room_id", "missing room_id on webex_config"}};

constexpr FieldSpec kTeams[] = {
    {"webhook_url", Secret},
    {"webhook_url_file", Path},
    {"title", Text, "{{ template \"msteams.default.title\" . }}"},
    {"summary", Text, "{{ template \"msteams.default.summary\" . }}"},
    {"text", Text, "{{ template \"msteams.default.text\" . }}"},
};
constexpr FieldSpec kTeamsV2[] = {
    {"webhook_url", Secret},
    {"webhook_url_file", Path},
    {"title", Text, "{{ template \"msteamsv2.default.title\" . }}"},
    {"text", Text, "{{ template \"msteamsv2.default.text\" . }}"},
};

constexpr IntegrationSpec kIntegrations[] = {
    {"discord", "discord_configs", true, true, kDiscord, kWebhookUrl},
    {"email", "email_configs", false, false, kEmail, kEmailNeeds},
    {"pagerduty", "pagerduty_configs", true, true, kPagerDuty, kPagerDutyNeeds},
    {"slack", "slack_configs", false, true, kSlack, kSlackNeeds},
    {"webhook", "webhook_configs", true, true, kWebhook, kWebhookNeeds},
    {"opsgenie", "opsgenie_configs", true, true, kOpsGenie, kOpsGenieNeeds},
    {"pushover", "pushover_configs", true, true, kPushover, kPushoverNeeds},
    {"victorops", "victorops_configs", true, true, kVictorOps, kVictorOpsNeeds},
    {"telegram", "telegram_configs", true, true, kTelegram, kTelegramNeeds},
    {"webex", "webex_configs", true, true, kWebex, kWebexNeeds},
    {"msteams", "msteams_configs", true, true, kTeams, kWebhookUrl},
    {"msteamsv2", "msteamsv2_configs", true, true, kTeamsV2, kWebhookUrl},
};

constexpr std::string_view kInertIntegrations[] = {"wechat_configs",     "sns_configs",
                                                   "jira_configs",       "rocketchat_configs",
                                                   "mattermost_configs", "incidentio_configs"};

}  // namespace

std::span<const IntegrationSpec> integration_specs() {
  return kIntegrations;
}

std::span<const std::string_view> inert_integration_keys() {
  return kInertIntegrations;
}

std::span<const FieldSpec> global_specs() {
  return kGlobal;
}

}  // namespace promenade::config
