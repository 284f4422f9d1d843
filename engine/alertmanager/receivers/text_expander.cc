// Texts without actions only.
#include "alertmanager/receivers/text_expander.h"

namespace promenade::alertmanager {

Result<TextExpander> TextExpander::create(const config::AlertmanagerConfig&, const FileSystem&,
                                          const std::string&) {
  return TextExpander();
}

Result<std::string> TextExpander::text(const Notification&, std::string_view text) const {
  if (text.find("{{") == std::string_view::npos) return std::string(text);
  return bad_data("templates are not expanded yet");
}

Result<std::string> TextExpander::html(const Notification& notification,
                                       std::string_view text) const {
  return this->text(notification, text);
}

}  // namespace promenade::alertmanager
