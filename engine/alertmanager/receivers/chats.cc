// Chat rooms that take one small JSON message.
#include <fmt/format.h>

#include <charconv>

#include "alertmanager/receivers/kinds.h"
#include "base/strings.h"

namespace promenade::alertmanager {
namespace {

constexpr size_t kDiscordTitleMax = 256;
constexpr size_t kDiscordMessageMax = 4096;
constexpr size_t kDiscordContentMax = 2000;
constexpr int64_t kDiscordRed = 0x992D22;
constexpr int64_t kDiscordGreen = 0x2ECC71;
constexpr size_t kTelegramMessageMax = 4096;
constexpr size_t kWebexMessageMax = 7439;

Result<HttpRequest> webhook_request(const Drafting& drafting, std::string body) {
  return json_request(TRY(text_or_file(drafting, "webhook_url")), std::move(body) + "\n");
}

size_t character_count(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<uint8_t>(c) & 0xc0) != 0x80 ? 1 : 0;
  return count;
}

}  // namespace

Result<std::vector<HttpRequest>> draft_discord(const Drafting& drafting) {
  std::string body;
  FieldWriter writer(drafting, body);
  api::JsonWriter& out = writer.json();
  out.begin_object();
  writer.required("content", "content", kDiscordContentMax);
  out.key("embeds");
  out.begin_array();
  out.begin_object();
  writer.required("title", "title", kDiscordTitleMax);
  writer.required("description", "message", kDiscordMessageMax);
  out.key("color");
  out.integer(drafting.notification.is_resolved() ? kDiscordGreen : kDiscordRed);
  out.end_object();
  out.end_array();
  writer.optional("username", "username");
  writer.optional("avatar_url", "avatar_url");
  out.end_object();
  TRY(writer.finish());
  return std::vector{TRY(webhook_request(drafting, std::move(body)))};
}

// https://learn.microsoft.com/en-us/outlook/actionable-messages/message-card-reference
Result<std::vector<HttpRequest>> draft_msteams(const Drafting& drafting) {
  std::string body;
  FieldWriter writer(drafting, body);
  api::JsonWriter& out = writer.json();
  out.begin_object();
  out.field("@context", "http://schema.org/extensions");
  out.field("type", "MessageCard");
  writer.required("title", "title");
  writer.required("summary", "summary");
  writer.required("text", "text");
  out.field("themeColor", drafting.notification.is_resolved() ? "2DC72D" : "8C1A1A");
  out.end_object();
  TRY(writer.finish());
  return std::vector{TRY(webhook_request(drafting, std::move(body)))};
}

// An adaptive card (https://adaptivecards.io).
Result<std::vector<HttpRequest>> draft_msteamsv2(const Drafting& drafting) {
  std::string body;
  FieldWriter writer(drafting, body);
  api::JsonWriter& out = writer.json();
  const auto flag = [&](std::string_view name) {
    out.key(name);
    out.boolean(true);
  };
  out.begin_object();
  out.field("type", "message");
  out.key("attachments");
  out.begin_array();
  out.begin_object();
  out.field("contentType", "application/vnd.microsoft.card.adaptive");
  out.key("contentUrl");
  out.null();
  out.key("content");
  out.begin_object();
  out.field("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
  out.field("type", "AdaptiveCard");
  out.field("version", "1.2");
  out.key("body");
  out.begin_array();
  out.begin_object();
  out.field("type", "TextBlock");
  writer.required("text", "title");
  out.field("weight", "Bolder");
  out.field("size", "Medium");
  flag("wrap");
  out.field("style", "heading");
  out.field("color", drafting.notification.is_resolved() ? "Good" : "Attention");
  out.end_object();
  out.begin_object();
  out.field("type", "TextBlock");
  writer.required("text", "text");
  flag("wrap");
  out.end_object();
  out.end_array();
  out.key("msteams");
  out.begin_object();
  out.field("width", "full");
  out.end_object();
  out.end_object();
  out.end_object();
  out.end_array();
  out.end_object();
  TRY(writer.finish());
  return std::vector{TRY(webhook_request(drafting, std::move(body)))};
}

// All members are texts, as the library has it that Alertmanager uses
// (https://core.telegram.org/bots/api#sendmessage).
Result<std::vector<HttpRequest>> draft_telegram(const Drafting& drafting) {
  const config::Fields& fields = drafting.config.fields;
  const std::string& mode = fields.text("parse_mode");
  auto message = mode == "HTML" ? drafting.texts.html(fields.text("message"))
                                : drafting.texts.text(fields.text("message"));
  std::string text = TRY(std::move(message));
  if (mode == "HTML" && character_count(text) > kTelegramMessageMax) {
    // A cut would leave tags open.
    text = "Message too long to be sent. Please check the alert details in Alertmanager.";
  }
  const std::string chat = TRY(text_or_file(drafting, "chat_id"));
  int64_t chat_id = 0;
  const auto [end, error] = std::from_chars(chat.data(), chat.data() + chat.size(), chat_id);
  if (error != std::errc() || end != chat.data() + chat.size()) {
    return bad_data(fmt::format("chat_id: found {}, expected a whole number", quote(chat)));
  }
  std::string body;
  api::JsonWriter out(body);
  out.begin_object();
  out.field("chat_id", std::to_string(chat_id));
  if (fields.flag("disable_notifications")) out.field("disable_notification", "true");
  out.field("disable_web_page_preview", "true");
  if (fields.is_set("message_thread_id")) {
    out.field("message_thread_id", fields.text("message_thread_id"));
  }
  if (!mode.empty()) out.field("parse_mode", mode);
  out.field("text", truncate(std::move(text), kTelegramMessageMax));
  out.end_object();
  const std::string token = TRY(text_or_file(drafting, "bot_token"));
  return std::vector{json_request(
      fmt::format("{}/bot{}/sendMessage", fields.text("api_url"), token), body + "\n")};
}

Result<std::vector<HttpRequest>> draft_webex(const Drafting& drafting) {
  std::string body;
  FieldWriter writer(drafting, body);
  writer.json().begin_object();
  writer.required("markdown", "message", kWebexMessageMax);
  writer.required("roomId", "room_id");
  writer.json().end_object();
  TRY(writer.finish());
  return std::vector{json_request(drafting.config.fields.text("api_url"), body + "\n")};
}

}  // namespace promenade::alertmanager
