// A table: which fields of a kind hold what is read.
#include "alertmanager/receivers/reading.h"

#include <algorithm>
#include <array>

namespace promenade::alertmanager {
namespace {

constexpr std::string_view kCommonSubject = "{{ template \"email.default.subject\" . }}";

struct ReadFields {
  std::string_view kind;
  std::string_view subject;  // "" for the common one.
  std::string_view text;
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

Result<Reading> read_email(const Drafting& drafting) {
  const config::Fields& fields = drafting.config.fields;
  const std::string& subject = config::item_text(fields.value("headers"), "Subject");
  Reading reading;
  reading.subject = TRY(drafting.expander.text(drafting.notification, subject));
  reading.text = fields.is_set("text")
                     ? TRY(drafting.expander.text(drafting.notification, fields.text("text")))
                     : TRY(drafting.expander.html(drafting.notification, fields.text("html")));
  return reading;
}

}  // namespace

Result<Reading> reading_of(const Drafting& drafting) {
  const std::string_view kind = drafting.config.spec->kind;
  if (kind == "email") return read_email(drafting);
  const auto found = std::find_if(kReadFields.begin(), kReadFields.end(),
                                  [&](const ReadFields& known) { return known.kind == kind; });
  const auto expand = [&](std::string_view field) -> Result<std::string> {
    if (field.empty()) return std::string();
    return drafting.expander.text(drafting.notification, drafting.config.fields.text(field));
  };
  Reading reading;
  if (found != kReadFields.end()) {
    reading.subject = TRY(expand(found->subject));
    reading.text = TRY(expand(found->text));
  }
  if (reading.subject.empty()) {
    reading.subject = TRY(drafting.expander.text(drafting.notification, kCommonSubject));
  }
  return reading;
}

}  // namespace promenade::alertmanager
