// Two sets of the same templates, one that escapes for HTML. A glob is matched against the names in
// its folder, as far as the last segment goes.
#include "alertmanager/receivers/text_expander.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"

namespace promenade::alertmanager {
namespace {

using templates::Escaping;

// What the default templates take for an alert with ten labels, twice; and where a template is at
// fault rather than the number of alerts. So many steps take about a second.
constexpr uint64_t kStepsPerAlert = 2000;
constexpr uint64_t kStepsMax = 10'000'000;
constexpr uint64_t kBytesPerAlert = 8192;
constexpr uint64_t kBytesMax = uint64_t{32} << 20;

templates::Limits limits_for(size_t alerts) {
  templates::Limits limits;
  limits.steps_max = std::min(limits.steps_max + alerts * kStepsPerAlert, kStepsMax);
  limits.output_bytes_max = std::min(limits.output_bytes_max + alerts * kBytesPerAlert, kBytesMax);
  return limits;
}

Labels to_labels(const TextMap& map) {
  LabelsBuilder labels;
  for (const auto& [name, value] : map) labels.set(name, value);
  return labels.build();
}

// Go's regexp.QuoteMeta, which Alertmanager applies to the receiver's name: people put it into the
// addresses of its own API, where it is a regular expression.
std::string quote_regexp(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

// '*' and '?' within a file name. A '*' takes as little as it can, and is tried with more as long
// as the rest does not fit; only the last one needs that, since those before it have found their
// place.
bool matches_glob(std::string_view glob, std::string_view name) {
  size_t at = 0;
  size_t in_name = 0;
  size_t star = glob.npos;  // The last one so far,
  size_t star_end = 0;      // and where in the name it ends.
  while (in_name < name.size()) {
    if (at < glob.size() && glob[at] == '*') {
      star = at++;
      star_end = in_name;
    } else if (at < glob.size() && (glob[at] == '?' || glob[at] == name[in_name])) {
      ++at;
      ++in_name;
    } else if (star != glob.npos) {
      at = star + 1;
      in_name = ++star_end;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', at) == glob.npos;
}

}  // namespace

templates::Value notification_data(const Notification& notification) {
  templates::NotificationData data;
  data.receiver = quote_regexp(notification.receiver);
  data.status = notification.status();
  for (const NotifiedAlert& notified : notification.alerts) {
    const Alert& alert = *notified.alert;
    templates::NotificationAlert one;
    one.status = notified.status();
    one.labels = alert.labels;
    one.annotations = to_labels(alert.annotations);
    one.starts_at = alert.starts_at;
    if (notified.is_resolved) one.ends_at = alert.ends_at;
    one.generator_url = alert.generator_url;
    one.fingerprint = fingerprint_text(alert.id);
    data.alerts.push_back(std::move(one));
  }
  data.group_labels = notification.group_labels;
  data.common_labels = to_labels(notification.common_labels());
  data.common_annotations = to_labels(notification.common_annotations());
  data.external_url = notification.external_url;
  data.notification_reason = notification.reason;
  data.route_labels = to_labels(notification.route_labels);
  return templates::notification_value(data);
}

TextExpander::TextExpander(const FileSystem& files, const std::string& zoneinfo_directory)
    : zones_(&files, zoneinfo_directory),
      text_(templates::alertmanager_templates()),
      html_(templates::alertmanager_templates(Escaping::Html)) {}

Result<TextExpander> TextExpander::create(const config::AlertmanagerConfig& config,
                                          const FileSystem& files,
                                          const std::string& zoneinfo_directory) {
  TextExpander expander(files, zoneinfo_directory);
  for (const std::string& glob : config.templates) TRY(expander.parse_files(files, glob));
  return expander;
}

Result<void> TextExpander::parse_files(const FileSystem& files, const std::string& glob) {
  const size_t slash = glob.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : glob.substr(0, slash + 1);
  const std::string_view name =
      std::string_view(glob).substr(slash == std::string::npos ? 0 : slash + 1);
  const auto entries = files.list(folder);
  if (!entries) return {};  // A glob that matches nothing is fine.
  for (const FileEntry& entry : *entries) {
    if (entry.is_directory || !matches_glob(name, entry.name)) continue;
    const std::string path = (slash == std::string::npos ? "" : folder) + entry.name;
    const std::string text = TRY(files.read(path));
    for (templates::TemplateSet* set : {&text_, &html_}) {
      if (const auto parsed = set->parse(entry.name, text); !parsed) {
        const LineColumn place =
            line_column(text, parsed.error().span.value_or(SourceSpan{}).begin);
        return bad_data(
            fmt::format("{}:{}:{}: {}", path, place.line, place.column, parsed.error().message));
      }
    }
  }
  return {};
}

Result<std::string> TextExpander::expand(std::string_view text, Escaping escaping,
                                         const Notification& notification,
                                         const templates::Value& data) const {
  templates::Environment environment;
  environment.now = notification.now;
  environment.external_url = notification.external_url;
  environment.limits = limits_for(notification.alerts.size());
  environment.zone = [this](const std::string& name,
                            int64_t seconds) -> std::optional<templates::Environment::Zone> {
    const auto zone = zones_.find(name);
    if (!zone) return std::nullopt;
    const TimeZone::LocalType& local = zone->at(seconds);
    return templates::Environment::Zone{local.offset_seconds, local.abbreviation};
  };
  const templates::TemplateSet& set = escaping == Escaping::Html ? html_ : text_;
  return set.expand("", text, data, environment);
}

}  // namespace promenade::alertmanager
