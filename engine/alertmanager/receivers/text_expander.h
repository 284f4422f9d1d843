#pragma once  // engine/alertmanager/receivers/text_expander.h
// Templates of notifications: the default ones, those of the files that `templates:` names, and the
// texts of the receivers' fields, which are templates too.
#include <string>
#include <string_view>

#include "alertmanager/notification.h"
#include "base/file_system.h"
#include "base/result.h"
#include "config/alertmanager/alertmanager_config.h"
#include "template/alertmanager_functions.h"

namespace promenade::alertmanager {

class TextExpander {
 public:
  // Reads the template files of the configuration; the error names the file. `files` is read for
  // time zones later, too, and must outlive the expander.
  static Result<TextExpander> create(const config::AlertmanagerConfig& config,
                                     const FileSystem& files,
                                     const std::string& zoneinfo_directory);

  // A text without {{ is itself.
  Result<std::string> text(const Notification& notification, std::string_view text) const;
  // What comes from alerts is escaped for HTML.
  Result<std::string> html(const Notification& notification, std::string_view text) const;

 private:
  TextExpander(const FileSystem& files, const std::string& zoneinfo_directory);
  Result<void> parse_files(const FileSystem& files, const std::string& glob);
  Result<std::string> expand(const templates::TemplateSet& set, const Notification& notification,
                             std::string_view text) const;

  TimeZones zones_;
  templates::TemplateSet text_;
  templates::TemplateSet html_;
};

}  // namespace promenade::alertmanager
