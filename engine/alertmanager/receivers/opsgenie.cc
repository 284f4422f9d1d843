// Opsgenie's Alert API (https://docs.opsgenie.com/docs/alert-api). One group is one alert, whose
// alias is the hash of the group's key.
#include <fmt/format.h>

#include "alertmanager/receivers/kinds.h"
#include "base/strings.h"

namespace promenade::alertmanager {
namespace {

constexpr size_t kMessageMax = 130;

class OpsGenieDraft {
 public:
  explicit OpsGenieDraft(const Drafting& drafting)
      : drafting_(drafting),
        fields_(drafting.config.fields),
        alias_(group_key_hash(drafting.notification)) {}

  Result<std::vector<HttpRequest>> draft() {
    std::vector<HttpRequest> requests;
    if (drafting_.notification.is_resolved()) {
      requests.push_back(TRY(close()));
    } else {
      requests.push_back(TRY(create()));
      if (fields_.flag("update_alerts")) {
        requests.push_back(TRY(update("message", kMessageMax)));
        requests.push_back(TRY(update("description", 0)));
      }
    }
    const std::string key = TRY(drafting_.texts.text(TRY(text_or_file(drafting_, "api_key"))));
    for (HttpRequest& request : requests) {
      request.headers.set("Authorization", "GenieKey " + key);
    }
    return requests;
  }

 private:
  // An address below the API's, which ends with a slash.
  std::string url(std::string_view path) const {
    std::string base = fields_.text("api_url");
    if (!base.ends_with('/')) base += '/';
    return fmt::format("{}v2/alerts{}", base, path);
  }

  Result<HttpRequest> create() {
    std::string body;
    FieldWriter writer(drafting_, body);
    api::JsonWriter& out = writer.json();
    out.begin_object();
    out.field("alias", alias_);
    writer.required("message", "message", kMessageMax);
    writer.optional("description", "description");
    write_details(writer);
    writer.required("source", "source");
    write_responders(writer);
    write_list(writer, "tags");
    writer.optional("note", "note");
    writer.optional("priority", "priority");
    writer.optional("entity", "entity");
    write_list(writer, "actions");
    out.end_object();
    TRY(writer.finish());
    return json_request(url(""), body + "\n");
  }

  Result<HttpRequest> close() {
    std::string body;
    FieldWriter writer(drafting_, body);
    writer.json().begin_object();
    writer.required("source", "source");
    writer.json().end_object();
    TRY(writer.finish());
    return json_request(url(fmt::format("/{}/close?identifierType=alias", alias_)), body + "\n");
  }

  Result<HttpRequest> update(std::string_view field, size_t characters_max) {
    std::string body;
    FieldWriter writer(drafting_, body);
    writer.json().begin_object();
    writer.required(field, field, characters_max);
    writer.json().end_object();
    TRY(writer.finish());
    HttpRequest request =
        json_request(url(fmt::format("/{}/{}?identifierType=alias", alias_, field)), body + "\n");
    request.method = "PUT";
    return request;
  }

  // The common labels, and on top of them what the configuration adds.
  void write_details(FieldWriter& writer) {
    TextMap details = drafting_.notification.common_labels();
    for (const config::YamlEntry& entry : fields_.value("details").entries) {
      details[entry.key.text] = writer.expand(entry.value.text);
    }
    writer.json().map_field("details", details);
  }

  void write_responders(FieldWriter& writer) {
    const auto& items = fields_.value("responders").items;
    if (items.empty()) return;
    writer.json().key("responders");
    writer.json().begin_array();
    for (const config::YamlNode& item : items) {
      const std::string name = writer.expand(config::item_text(item, "name"));
      const std::string type = writer.expand(config::item_text(item, "type"));
      if (type == "teams") {  // Several teams in one text.
        for (const std::string_view team : split(name, ',')) {
          write_responder(writer, "", trim(team), "", "team");
        }
        continue;
      }
      const std::string id = writer.expand(config::item_text(item, "id"));
      const std::string username = writer.expand(config::item_text(item, "username"));
      if (!id.empty() || !name.empty() || !username.empty()) {
        write_responder(writer, id, name, username, type);
      }
    }
    writer.json().end_array();
  }

  static void write_responder(FieldWriter& writer, std::string_view id, std::string_view name,
                              std::string_view username, std::string_view type) {
    api::JsonWriter& out = writer.json();
    out.begin_object();
    if (!id.empty()) out.field("id", id);
    if (!name.empty()) out.field("name", name);
    if (!username.empty()) out.field("username", username);
    out.field("type", type);
    out.end_object();
  }

  // Items between commas, their blanks included, as Alertmanager leaves them.
  void write_list(FieldWriter& writer, std::string_view field) {
    const std::string text = writer.field(field);
    if (text.empty()) return;
    writer.json().key(field);
    writer.json().begin_array();
    for (const std::string_view item : split(trim(text), ',')) {
      if (!item.empty()) writer.json().string(item);
    }
    writer.json().end_array();
  }

  const Drafting& drafting_;
  const config::Fields& fields_;
  std::string alias_;
};

}  // namespace

Result<std::vector<HttpRequest>> draft_opsgenie(const Drafting& drafting) {
  return OpsGenieDraft(drafting).draft();
}

}  // namespace promenade::alertmanager
