#pragma once  // engine/alertmanager/receivers/text_expander.h
// Templates of notifications: the default ones, those of the files that `templates:` names, and the
// texts of the receivers' fields, which are templates too. Fields of a message go through
// message_texts.h.
#include <string>
#include <string_view>

#include "alertmanager/notification.h"
#include "base/file_system.h"
#include "base/result.h"
#include "config/alertmanager/alertmanager_config.h"
#include "template/alertmanager_functions.h"

namespace promenade::alertmanager {

// What the templates see of a notification.
templates::Value notification_data(const Notification& notification);

class TextExpander {
 public:
  // Reads the template files of the configuration; the error names the file. `files` is read for
  // time zones later, too, and must outlive the expander.
  static Result<TextExpander> create(const config::AlertmanagerConfig& config,
                                     const FileSystem& files,
                                     const std::string& zoneinfo_directory);

  // `data` are notification_data(notification). A template may take the more steps and write the
  // more bytes the more alerts there are, up to a bound, beyond which it fails with Limit.
  Result<std::string> expand(std::string_view text, templates::Escaping escaping,
                             const Notification& notification, const templates::Value& data) const;

 private:
  TextExpander(const FileSystem& files, const std::string& zoneinfo_directory);
  Result<void> parse_files(const FileSystem& files, const std::string& glob);

  TimeZones zones_;
  templates::TemplateSet text_;
  templates::TemplateSet html_;
};

}  // namespace promenade::alertmanager
