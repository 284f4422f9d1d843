#pragma once  // engine/alertmanager/receivers/message_texts.h
// The texts of one message: fields that are templates, filled in from one notification. Its data
// are made for the templates once, however many fields there are, and what was written can be read
// again, so that whoever shows the message shows what was sent.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alertmanager/notification.h"
#include "alertmanager/receivers/text_expander.h"
#include "config/alertmanager/alertmanager_config.h"

namespace promenade::alertmanager {

// What a person reads of a notification, whatever the service that it goes to.
struct Reading {
  std::string subject;
  std::string text;
};

class MessageTexts {
 public:
  // All must outlive it.
  MessageTexts(const TextExpander& expander, const config::IntegrationConfig& config,
               const Notification& notification);

  // A text without {{ is itself. Fails with Limit when a template takes or writes too much for so
  // many alerts. Where the notification leaves alerts out, the message's body begins with how many.
  Result<std::string> text(std::string_view text);
  // What comes from alerts is escaped for HTML.
  Result<std::string> html(std::string_view text);

  // The subject and the body, as they were written before or would be. A kind without a subject of
  // its own has that of e-mails.
  Result<Reading> reading();

 private:
  struct Written {
    std::string text;  // Of the configuration.
    std::string expanded;
  };

  Result<std::string> expand(std::string_view text, templates::Escaping escaping);
  Result<std::string> reread(std::string_view text);
  void add_note(std::string& body, templates::Escaping escaping) const;

  const TextExpander& expander_;
  const config::IntegrationConfig& config_;
  const Notification& notification_;
  std::string_view subject_;              // The templates of the subject and of the body; "" where
  std::vector<std::string_view> bodies_;  // the kind has none, and the body's in two forms.
  std::optional<templates::Value> data_;  // Once somebody needs them.
  std::vector<Written> written_;          // Subject and bodies only.
};

}  // namespace promenade::alertmanager
