#pragma once  // engine/alertmanager/receivers/text_expander.h
// Templates of notifications: the default ones, those of the files that `templates:` names, and the
// texts of the receivers' fields, which are templates too.
#include <string>
#include <string_view>

#include "alertmanager/notification.h"
#include "base/file_system.h"
#include "base/result.h"
#include "config/alertmanager/alertmanager_config.h"

namespace promenade::alertmanager {

class TextExpander {
 public:
  static Result<TextExpander> create(const config::AlertmanagerConfig& config,
                                     const FileSystem& files,
                                     const std::string& zoneinfo_directory);

  // A text without {{ is itself.
  Result<std::string> text(const Notification& notification, std::string_view text) const;
  // What comes from alerts is escaped for HTML.
  Result<std::string> html(const Notification& notification, std::string_view text) const;
};

}  // namespace promenade::alertmanager
