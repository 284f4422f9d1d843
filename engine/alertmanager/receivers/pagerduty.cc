// PagerDuty's Events API (https://developer.pagerduty.com/docs/events-api-v2/overview/). One group
// is one incident, known by the hash of its key.
#include <fmt/format.h>

#include "alertmanager/receivers/kinds.h"

namespace promenade::alertmanager {
namespace {

constexpr size_t kSummaryMax = 1024;
constexpr size_t kEventBytesMax = 512'000;
constexpr std::string_view kVersion1Url =
    "https://events.pagerduty.com/generic/2010-04-15/create_event.json";

bool is_version_1(const config::Fields& fields) {
  return fields.is_set("service_key") || fields.is_set("service_key_file");
}

class PagerDutyEvent {
 public:
  PagerDutyEvent(const Drafting& drafting, std::string& body)
      : drafting_(drafting),
        fields_(drafting.config.fields),
        writer_(drafting, body),
        out_(writer_.json()) {}

  Result<void> write_version_2(std::string_view routing_key, bool has_details) {
    out_.begin_object();
    out_.field("routing_key", routing_key);
    out_.field("dedup_key", group_key_hash(drafting_.notification));
    out_.field("event_action", drafting_.notification.is_resolved() ? "resolve" : "trigger");
    out_.key("payload");
    out_.begin_object();
    writer_.required("summary", "description", kSummaryMax);
    writer_.required("source", "source");
    const std::string severity = writer_.field("severity");
    out_.field("severity", severity.empty() ? "error" : severity);
    writer_.optional("class", "class");
    writer_.optional("component", "component");
    writer_.optional("group", "group");
    write_details("custom_details", has_details);
    out_.end_object();
    writer_.optional("client", "client");
    writer_.optional("client_url", "client_url");
    write_items("images", {"src", "alt", "href"});
    write_items("links", {"href", "text"});
    out_.end_object();
    return writer_.finish();
  }

  Result<void> write_version_1(std::string_view service_key, bool has_details) {
    out_.begin_object();
    out_.field("service_key", service_key);
    out_.field("incident_key", group_key_hash(drafting_.notification));
    out_.field("event_type", drafting_.notification.is_resolved() ? "resolve" : "trigger");
    writer_.optional("description", "description", kSummaryMax);
    // Members of the other version, which Alertmanager sends empty.
    out_.field("event_action", "");
    out_.key("payload");
    out_.null();
    if (!drafting_.notification.is_resolved()) {
      writer_.optional("client", "client");
      writer_.optional("client_url", "client_url");
    }
    write_details("details", has_details);
    out_.end_object();
    return writer_.finish();
  }

 private:
  void write_details(std::string_view member, bool has_details) {
    out_.key(member);
    out_.begin_object();
    if (!has_details) {
      out_.field("error",
                 fmt::format("Custom details have been removed because the original event exceeds "
                             "the maximum size of {}KB",
                             kEventBytesMax / 1000));
    }
    for (const config::YamlEntry& entry : fields_.value("details").entries) {
      if (!has_details) break;
      out_.name(entry.key.text);
      out_.string(writer_.expand(entry.value.text));
    }
    out_.end_object();
  }

  // Items without their main member, the first, are left out.
  void write_items(std::string_view name, std::initializer_list<const char*> members) {
    bool is_open = false;
    for (const config::YamlNode& item : fields_.value(name).items) {
      if (writer_.expand(config::item_text(item, *members.begin())).empty()) continue;
      if (!is_open) {
        out_.key(name);
        out_.begin_array();
        is_open = true;
      }
      out_.begin_object();
      for (const char* member : members) {
        out_.field(member, writer_.expand(config::item_text(item, member)));
      }
      out_.end_object();
    }
    if (is_open) out_.end_array();
  }

  const Drafting& drafting_;
  const config::Fields& fields_;
  FieldWriter writer_;
  api::JsonWriter& out_;
};

}  // namespace

Result<std::vector<HttpRequest>> draft_pagerduty(const Drafting& drafting) {
  const bool is_old = is_version_1(drafting.config.fields);
  const std::string text = TRY(text_or_file(drafting, is_old ? "service_key" : "routing_key"));
  const std::string key = TRY(drafting.texts.text(text));
  if (key.empty()) {
    return bad_data(is_old ? "service key cannot be empty" : "routing key cannot be empty");
  }
  std::string body;
  for (const bool has_details : {true, false}) {
    body.clear();
    PagerDutyEvent event(drafting, body);
    TRY(is_old ? event.write_version_1(key, has_details) : event.write_version_2(key, has_details));
    if (body.size() <= kEventBytesMax) break;
  }
  body += '\n';
  const std::string url = is_old ? std::string(kVersion1Url) : drafting.config.fields.text("url");
  return std::vector{json_request(url, std::move(body))};
}

// "Slow down" is 429 in version 2, and 403 in version 1.
Verdict judge_pagerduty(const config::IntegrationConfig& config, const HttpResponse& response) {
  return judge_status(response, is_version_1(config.fields) ? 403 : 429);
}

}  // namespace promenade::alertmanager
