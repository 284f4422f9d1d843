// Requests that the inbox answers go through the net as well, under the inbox's own name, so that
// they take a while and can be cancelled as others.
#include "sim/inbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "alertmanager/notification.h"
#include "api/json_writer.h"
#include "api/parameters.h"
#include "api/rfc3339.h"
#include "base/strings.h"

namespace promenade::sim {
namespace {

using alertmanager::Delivered;
using alertmanager::NotifiedAlert;

constexpr std::string_view kServicePath = "/service";
constexpr Duration kMailLatency = Duration::milliseconds(20);

void write_alert(api::JsonWriter& out, const NotifiedAlert& notified) {
  const alertmanager::Alert& alert = *notified.alert;
  out.begin_object();
  out.field("status", notified.status());
  out.map_field("labels", alert.labels);
  out.map_field("annotations", alert.annotations);
  out.field("startsAt", api::format_rfc3339(alert.starts_at));
  if (notified.is_resolved) out.field("endsAt", api::format_rfc3339(alert.ends_at));
  out.end_object();
}

// As much of a text as is kept, up to the end of a character.
std::string_view beginning(std::string_view text) {
  if (text.size() <= kInboxTextBytesMax) return text;
  size_t end = kInboxTextBytesMax;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

std::string to_json(const Delivered& delivered, std::string_view integration, Timestamp now) {
  const alertmanager::Notification& notification = delivered.notification;
  std::string text;
  api::JsonWriter out(text);
  out.begin_object();
  out.key("time");
  out.sample_time(now.ms);
  out.field("receiver", notification.receiver);
  out.field("integration", integration);
  out.field("status", notification.status());
  out.field("reason", notification.reason);
  out.map_field("groupLabels", notification.group_labels);
  out.field("subject", beginning(delivered.subject));
  out.field("text", beginning(delivered.text));
  const size_t shown = std::min(notification.alerts.size(), kInboxAlertsMax);
  out.key("alerts");
  out.begin_array();
  for (size_t i = 0; i < shown; ++i) write_alert(out, notification.alerts[i]);
  out.end_array();
  out.key("alertsLeftOut");
  out.unsigned_integer(notification.alerts.size() - shown + notification.left_out);
  out.end_object();
  return text;
}

HttpResponse respond(int status, std::string_view type, std::string body) {
  HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.set("Content-Type", std::string(type));
  return response;
}

}  // namespace

Inbox::Inbox(Clock& clock, SimNet& net) : clock_(clock), net_(net) {
  net_.add_host(std::string(kInboxAuthority),
                [this](const HttpRequest& request) { return handle(request); });
}

RequestId Inbox::send(HttpRequest request, SendOptions options, Transport::Callback callback) {
  if (!net_.has_host(split_url(request.url).authority)) {
    request.url = fmt::format("http://{}{}", kInboxAuthority, kServicePath);
  }
  return net_.send(std::move(request), options, std::move(callback));
}

void Inbox::cancel(RequestId id) {
  net_.cancel(id);
}

alertmanager::MailId Inbox::send(alertmanager::Mail mail, Duration, Mailer::Callback callback) {
  const uint64_t id = ++last_mail_;
  mails_[id] = clock_.call_at(clock_.now() + kMailLatency, [this, id, callback, mail] {
    mails_.erase(id);
    if (answer_status_ / 100 == 2) return callback({});
    callback(fail(ErrorCode::Unavailable,
                  fmt::format("{}: the server answered 451, try again later", mail.smarthost)));
  });
  return alertmanager::MailId{id};
}

void Inbox::cancel(alertmanager::MailId id) {
  const auto found = mails_.find(static_cast<uint64_t>(id));
  if (found == mails_.end()) return;
  clock_.cancel(found->second);
  mails_.erase(found);
}

void Inbox::on_delivered(const Delivered& delivered) {
  const std::string integration = fmt::format("{}[{}]", delivered.integration, delivered.index);
  entries_.push_back({delivered.notification.receiver, std::string(delivered.integration),
                      to_json(delivered, integration, clock_.now())});
  bytes_ += entries_.back().json.size();
  while (entries_.size() > kInboxNotificationsMax ||
         (bytes_ > kInboxBytesMax && entries_.size() > 1)) {
    bytes_ -= entries_.front().json.size();
    entries_.pop_front();
    ++forgotten_;
  }
}

HttpResponse Inbox::handle(const HttpRequest& request) {
  const std::string_view path = split_url(request.url).path;
  if (path == kServicePath) return service_answer();
  if (path == "/notifications" && request.method == "GET") return show(request);
  if (path == "/answer" && request.method == "POST") return set_answer(request);
  return respond(404, "text/plain; charset=utf-8",
                 "GET http://inbox/notifications?receiver=NAME shows what has arrived, POST "
                 "http://inbox/answer?status=503 lets the services fail\n");
}

// JSON that Slack's and Telegram's clients take for success.
HttpResponse Inbox::service_answer() const {
  if (answer_status_ / 100 == 2) {
    return respond(answer_status_, "application/json", "{\"ok\":true}");
  }
  return respond(answer_status_, "text/plain; charset=utf-8", "");
}

HttpResponse Inbox::show(const HttpRequest& request) const {
  const api::Parameters parameters(request);
  const std::string_view receiver = parameters.get("receiver");
  const std::string_view integration = parameters.get("integration");
  std::string body;
  api::JsonWriter out(body);
  out.begin_object();
  out.key("notifications");
  out.begin_array();
  for (const Entry& entry : entries_) {
    const bool is_wanted = (receiver.empty() || entry.receiver == receiver) &&
                           (integration.empty() || entry.integration == integration);
    if (is_wanted) out.elements(entry.json);
  }
  out.end_array();
  out.key("forgotten");
  out.unsigned_integer(forgotten_);
  out.end_object();
  return respond(200, "application/json", std::move(body));
}

HttpResponse Inbox::set_answer(const HttpRequest& request) {
  const api::Parameters parameters(request);
  const std::string_view text = parameters.get("status");
  int status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  const bool is_status =
      error == std::errc() && end == text.data() + text.size() && status >= 200 && status <= 599;
  if (!is_status) {
    return respond(400, "text/plain; charset=utf-8",
                   fmt::format("status={}: expected a number from 200 to 599\n", quote(text)));
  }
  answer_status_ = status;
  return respond(200, "application/json", fmt::format("{{\"status\":{}}}", status));
}

}  // namespace promenade::sim
