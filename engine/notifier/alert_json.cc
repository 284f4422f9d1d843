// Times have three decimals, always, and annotations are left out when there are none: that is how
// Prometheus writes alerts.
#include "notifier/alert_json.h"

#include <fmt/format.h>

#include "api/json_writer.h"
#include "api/rfc3339.h"

namespace promenade::notifier {
namespace {

std::string format_time(Timestamp time) {
  const int64_t ms = (time.ms % 1000 + 1000) % 1000;
  std::string text = api::format_rfc3339(time - Duration{ms});
  text.pop_back();  // The Z.
  return fmt::format("{}.{:03}Z", text, ms);
}

}  // namespace

std::string to_json(const rules::OutgoingAlert& alert) {
  std::string text;
  api::JsonWriter out(text);
  out.begin_object();
  if (!alert.annotations.empty()) out.map_field("annotations", alert.annotations);
  out.field("endsAt", format_time(alert.ends_at));
  out.field("startsAt", format_time(alert.starts_at));
  out.field("generatorURL", alert.generator_url);
  out.key("labels");
  out.labels(alert.labels);
  out.end_object();
  return text;
}

}  // namespace promenade::notifier
