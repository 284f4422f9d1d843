// A table says which fields of a kind are what people read of it.
#include "alertmanager/receivers/message_texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace promenade::alertmanager {
namespace {

using templates::Escaping;

constexpr std::string_view kCommonSubject = "{{ template \"email.default.subject\" . }}";

struct ReadFields {
  std::string_view kind;
  std::string_view subject;  // "" for the common one.
  std::string_view body;
};
constexpr std::array kReadFields = {
    ReadFields{"slack", "title", "text"},
    ReadFields{"pagerduty", "description", ""},
    ReadFields{"opsgenie", "message", "description"},
    ReadFields{"victorops", "entity_display_name", "state_message"},
    ReadFields{"pushover", "title", "message"},
    ReadFields{"telegram", "", "message"},
    ReadFields{"discord", "title", "message"},
    ReadFields{"webex", "", "message"},
    ReadFields{"msteams", "title", "text"},
    ReadFields{"msteamsv2", "title", "text"},
};

bool holds(const std::vector<std::string_view>& texts, std::string_view text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

// Where the body of an HTML page begins; the start of a text that is no page.
size_t body_begin(std::string_view html) {
  const size_t tag = html.find("<body");
  const size_t end = tag == html.npos ? html.npos : html.find('>', tag);
  return end == html.npos ? 0 : end + 1;
}

}  // namespace

MessageTexts::MessageTexts(const TextExpander& expander, const config::IntegrationConfig& config,
                           const Notification& notification)
    : expander_(expander), config_(config), notification_(notification) {
  const config::Fields& fields = config.fields;
  const std::string_view kind = config.spec->kind;
  if (kind == "email") {
    subject_ = config::item_text(fields.value("headers"), "Subject");
    for (const char* body : {"text", "html"}) {
      if (fields.is_set(body)) bodies_.push_back(fields.text(body));
    }
    return;
  }
  const auto found = std::find_if(kReadFields.begin(), kReadFields.end(),
                                  [&](const ReadFields& known) { return known.kind == kind; });
  if (found == kReadFields.end()) return;
  if (!found->subject.empty()) subject_ = fields.text(found->subject);
  if (!found->body.empty()) bodies_.push_back(fields.text(found->body));
}

Result<std::string> MessageTexts::text(std::string_view text) {
  return expand(text, Escaping::None);
}

Result<std::string> MessageTexts::html(std::string_view text) {
  return expand(text, Escaping::Html);
}

Result<std::string> MessageTexts::expand(std::string_view text, Escaping escaping) {
  std::string expanded(text);
  if (text.find("{{") != text.npos) {
    if (!data_) data_ = notification_data(notification_);
    expanded = TRY(expander_.expand(text, escaping, notification_, *data_));
  }
  const bool is_subject = !subject_.empty() && text == subject_;
  const bool is_body = holds(bodies_, text) || (bodies_.empty() && is_subject);
  if (is_body && notification_.left_out > 0) add_note(expanded, escaping);
  if (is_body || is_subject) written_.push_back({std::string(text), expanded});
  return expanded;
}

void MessageTexts::add_note(std::string& body, Escaping escaping) const {
  const size_t count = notification_.alerts.size();
  // Nothing in it has a meaning in Telegram's MarkdownV2, which refuses a full stop.
  const std::string note = fmt::format("The first {} of {} alerts; more would be too much to send",
                                       count, count + notification_.left_out);
  const size_t begin = escaping == Escaping::Html ? body_begin(body) : 0;
  body.insert(begin, begin > 0 ? fmt::format("<p>{}</p>", note) : fmt::format("{}\n", note));
}

Result<std::string> MessageTexts::reread(std::string_view text) {
  const auto found = std::find_if(written_.begin(), written_.end(),
                                  [&](const Written& written) { return written.text == text; });
  return found != written_.end() ? Result<std::string>(found->expanded) : this->text(text);
}

Result<Reading> MessageTexts::reading() {
  Reading reading;
  reading.subject = TRY(reread(subject_));
  if (reading.subject.empty()) reading.subject = TRY(text(kCommonSubject));
  if (!bodies_.empty()) reading.text = TRY(reread(bodies_.front()));
  return reading;
}

}  // namespace promenade::alertmanager
