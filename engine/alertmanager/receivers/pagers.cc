// Pushover, which takes a form, and VictorOps (Splunk On-Call), which takes a flat JSON object.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "alertmanager/receivers/kinds.h"
#include "base/strings.h"

namespace promenade::alertmanager {
namespace {

constexpr std::string_view kPushoverUrl = "https://api.pushover.net/1/messages.json";
constexpr size_t kPushoverTitleMax = 250;
constexpr size_t kPushoverMessageMax = 1024;
constexpr size_t kPushoverUrlMax = 512;
constexpr size_t kVictorOpsStateMax = 20'480;
constexpr std::array<std::string_view, 3> kVictorOpsTypes = {"INFO", "WARNING", "CRITICAL"};

std::string seconds_text(Duration duration) {
  return std::to_string(duration.ms / 1000);
}

// a=b&c=d+e, in the order of the names.
std::string form_encode(const TextMap& form) {
  std::string out;
  for (const auto& [name, value] : form) {
    if (!out.empty()) out += '&';
    out += name + '=';
    std::string_view rest = value;
    for (size_t blank = rest.find(' '); blank != rest.npos; blank = rest.find(' ')) {
      out += url_encode(rest.substr(0, blank)) + '+';
      rest.remove_prefix(blank + 1);
    }
    out += url_encode(rest);
  }
  return out;
}

}  // namespace

// https://pushover.net/api. Everything is in the address's query, as Alertmanager has it.
Result<std::vector<HttpRequest>> draft_pushover(const Drafting& drafting) {
  const config::Fields& fields = drafting.config.fields;
  std::string unused;
  FieldWriter writer(drafting, unused);
  TextMap form = {{"token", writer.expand(TRY(text_or_file(drafting, "token")))},
                  {"user", writer.expand(TRY(text_or_file(drafting, "user_key")))},
                  {"title", writer.field("title", kPushoverTitleMax)},
                  {"url", writer.field("url", kPushoverUrlMax)},
                  {"url_title", writer.field("url_title")},
                  {"priority", writer.field("priority")},
                  {"retry", seconds_text(fields.duration("retry"))},
                  {"expire", seconds_text(fields.duration("expire"))},
                  {"device", writer.field("device")},
                  {"sound", writer.field("sound")}};
  if (fields.flag("html")) form["html"] = "1";
  if (fields.flag("monospace")) form["monospace"] = "1";
  if (fields.is_set("ttl")) form["ttl"] = seconds_text(fields.duration("ttl"));
  std::string message = fields.flag("html") ? TRY(drafting.texts.html(fields.text("message")))
                                            : writer.field("message");
  message = trim(truncate(std::move(message), kPushoverMessageMax));
  form["message"] = message.empty() ? "(no details)" : message;  // An empty one is refused.
  TRY(writer.finish());
  HttpRequest request;
  request.method = "POST";
  request.url = fmt::format("{}?{}", kPushoverUrl, form_encode(form));
  request.headers.set("Content-Type", "text/plain");
  return std::vector{std::move(request)};
}

// https://help.victorops.com/knowledge-base/rest-endpoint-integration-guide/
Result<std::vector<HttpRequest>> draft_victorops(const Drafting& drafting) {
  const config::Fields& fields = drafting.config.fields;
  std::string body;
  FieldWriter writer(drafting, body);
  std::string message_type = writer.field("message_type");
  const bool is_known = std::find(kVictorOpsTypes.begin(), kVictorOpsTypes.end(), message_type) !=
                        kVictorOpsTypes.end();
  if (!is_known) message_type = "CRITICAL";
  if (drafting.notification.is_resolved()) message_type = "RECOVERY";
  TextMap members = {{"message_type", message_type},
                     {"entity_id", group_key_hash(drafting.notification)},
                     {"entity_display_name", writer.field("entity_display_name")},
                     {"state_message", writer.field("state_message", kVictorOpsStateMax)},
                     {"monitoring_tool", writer.field("monitoring_tool")}};
  for (const config::YamlEntry& entry : fields.value("custom_fields").entries) {
    members[entry.key.text] = writer.expand(entry.value.text);
  }
  writer.json().map(members);
  const std::string routing_key = writer.field("routing_key");
  TRY(writer.finish());
  std::string url = fields.text("api_url");
  if (!url.ends_with('/')) url += '/';
  url += fmt::format("{}/{}", TRY(text_or_file(drafting, "api_key")), routing_key);
  return std::vector{json_request(url, body + "\n")};
}

}  // namespace promenade::alertmanager
