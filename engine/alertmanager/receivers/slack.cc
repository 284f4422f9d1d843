// Slack: one attachment by an incoming webhook, or by chat.postMessage with an app's token
// (https://api.slack.com/reference/messaging/attachments).
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "alertmanager/receivers/kinds.h"
#include "base/strings.h"

namespace promenade::alertmanager {
namespace {

constexpr size_t kTitleMax = 1024;

bool item_flag(const config::YamlNode& item, std::string_view key, bool fallback) {
  const std::string& text = config::item_text(item, key);
  return text.empty() ? fallback : text == "true" || text == "yes" || text == "on";
}

const config::YamlNode* find_item(const config::YamlNode& item, std::string_view key) {
  for (const config::YamlEntry& entry : item.entries) {
    if (entry.key.text == key) return &entry.value;
  }
  return nullptr;
}

class SlackMessage {
 public:
  SlackMessage(const Drafting& drafting, std::string& body)
      : fields_(drafting.config.fields), writer_(drafting, body), out_(writer_.json()) {}

  Result<void> write() {
    out_.begin_object();
    writer_.optional("channel", "channel");
    writer_.optional("username", "username");
    writer_.optional("icon_emoji", "icon_emoji");
    writer_.optional("icon_url", "icon_url");
    if (fields_.flag("link_names")) {
      out_.key("link_names");
      out_.boolean(true);
    }
    writer_.optional("text", "message_text");
    out_.key("attachments");
    out_.begin_array();
    write_attachment();
    out_.end_array();
    out_.end_object();
    return writer_.finish();
  }

 private:
  void write_attachment() {
    out_.begin_object();
    if (const std::string title = writer_.field("title", kTitleMax); !title.empty()) {
      out_.field("title", title);
    }
    writer_.optional("title_link", "title_link");
    writer_.optional("pretext", "pretext");
    writer_.required("text", "text");
    writer_.required("fallback", "fallback");
    writer_.required("callback_id", "callback_id");
    write_fields();
    write_actions();
    writer_.optional("image_url", "image_url");
    writer_.optional("thumb_url", "thumb_url");
    writer_.required("footer", "footer");
    writer_.optional("color", "color");
    write_markdown();
    out_.end_object();
  }

  void write_fields() {
    const auto& items = fields_.value("fields").items;
    if (items.empty()) return;
    out_.key("fields");
    out_.begin_array();
    for (const config::YamlNode& item : items) {
      out_.begin_object();
      out_.field("title", writer_.expand(config::item_text(item, "title")));
      out_.field("value", writer_.expand(config::item_text(item, "value")));
      out_.key("short");
      out_.boolean(item_flag(item, "short", fields_.flag("short_fields")));
      out_.end_object();
    }
    out_.end_array();
  }

  void write_optional(std::string_view member, const config::YamlNode& item) {
    const std::string text = writer_.expand(config::item_text(item, member));
    if (!text.empty()) out_.field(member, text);
  }

  void write_actions() {
    const auto& items = fields_.value("actions").items;
    if (items.empty()) return;
    out_.key("actions");
    out_.begin_array();
    for (const config::YamlNode& item : items) {
      out_.begin_object();
      for (const char* member : {"type", "text", "url", "style", "name", "value"}) {
        write_optional(member, item);
      }
      if (const config::YamlNode* confirm = find_item(item, "confirm")) {
        out_.key("confirm");
        out_.begin_object();
        for (const char* member : {"text", "title", "ok_text", "dismiss_text"}) {
          write_optional(member, *confirm);
        }
        out_.end_object();
      }
      out_.end_object();
    }
    out_.end_array();
  }

  void write_markdown() {
    out_.key("mrkdwn_in");
    out_.begin_array();
    const auto& items = fields_.value("mrkdwn_in").items;
    for (const config::YamlNode& item : items) out_.string(item.text);
    if (items.empty()) {
      for (const char* part : {"fallback", "pretext", "text"}) out_.string(part);
    }
    out_.end_array();
  }

  const config::Fields& fields_;
  FieldWriter writer_;
  api::JsonWriter& out_;
};

}  // namespace

Result<std::vector<HttpRequest>> draft_slack(const Drafting& drafting) {
  std::string body;
  TRY(SlackMessage(drafting, body).write());
  body += '\n';
  const std::string token = TRY(text_or_file(drafting, "app_token"));
  std::string url = TRY(text_or_file(drafting, "api_url"));
  if (!token.empty()) {
    const std::string& app_url = drafting.config.fields.text("app_url");
    url = app_url.empty() ? "https://slack.com/api/chat.postMessage" : app_url;
  }
  HttpRequest request = json_request(url, std::move(body));
  if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
  return std::vector{std::move(request)};
}

// Slack also says 200 to what it does not take: an incoming webhook then answers with other words
// than "ok", the API with an error in JSON.
Verdict judge_slack(const config::IntegrationConfig&, const HttpResponse& response) {
  Verdict verdict = judge_status(response);
  if (!verdict.is_delivered) return verdict;
  const auto refuse = [&](std::string error, bool can_retry = false) {
    verdict = {false, can_retry, std::move(error), "clientError"};
    return verdict;
  };
  if (!response.headers.get("Content-Type").starts_with("application/json")) {
    if (response.body == "ok") return verdict;
    return refuse(fmt::format("received an error response from Slack: {}", quoted_body(response)));
  }
  const auto answer = nlohmann::json::parse(response.body, nullptr, false);
  if (!answer.is_object()) {
    return refuse(fmt::format("could not unmarshal JSON response {}", quote(quoted_body(response))),
                  true);
  }
  const auto ok = answer.find("ok");
  if (ok != answer.end() && ok->is_boolean() && ok->get<bool>()) return verdict;
  const auto error = answer.find("error");
  return refuse(fmt::format(
      "error response from Slack: {}",
      error != answer.end() && error->is_string() ? error->get<std::string>() : std::string()));
}

}  // namespace promenade::alertmanager
