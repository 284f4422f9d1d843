// engine/template/alertmanager_functions.cc
// The table of Alertmanager's functions, and the types of what its templates see: KV is a map of
// labels that can be sorted, listed and reduced.
#include "template/alertmanager_functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "template/go_format.h"
#include "template/go_time.h"
#include "template/humanize.h"
#include "template/letter_case.h"
#include "template/regexp.h"

namespace promenade::templates {
namespace {

using Arguments = std::span<const Value>;

const std::string& text_of(Arguments arguments, size_t index = 0) {
  return arguments[index].as_text();
}

tl::unexpected<Error> fails(std::string message) {
  return fail(ErrorCode::Execution, std::move(message));
}

// --- Types: Pair and Pairs, KV, Alert and Alerts, Data.

constexpr std::array<std::string_view, 2> kPairFields = {"Name", "Value"};
constexpr Type kPairType{.name = "template.Pair", .kind = Kind::Record, .fields = kPairFields};

// One field of each record of a list.
Value column(const Value& list, size_t field) {
  Value::List column;
  for (const Value& record : list.as_list()) column.push_back(record.as_fields()[field]);
  return Value::list(std::move(column), kStringListType);
}

Result<Value> pairs_names(const Environment&, Arguments arguments) {
  return column(arguments[0], 0);
}
Result<Value> pairs_values(const Environment&, Arguments arguments) {
  return column(arguments[0], 1);
}
constexpr Function kPairsMethods[] = {{"Names", "", pairs_names}, {"Values", "", pairs_values}};
constexpr Type kPairsType{
    .name = "template.Pairs", .kind = Kind::List, .element = &kPairType, .methods = kPairsMethods};

// By name, but the alert's name comes first.
Value sorted_pairs(const Value& kv) {
  Value::List pairs;
  for (const auto& [name, value] : kv.as_entries()) {
    const auto place = name == "alertname" ? pairs.begin() : pairs.end();
    pairs.insert(place, Value::record(kPairType, {Value::text(name), value}));
  }
  return Value::list(std::move(pairs), kPairsType);
}

Result<Value> kv_sorted_pairs(const Environment&, Arguments arguments) {
  return sorted_pairs(arguments[0]);
}
Result<Value> kv_names(const Environment&, Arguments arguments) {
  return column(sorted_pairs(arguments[0]), 0);
}
Result<Value> kv_values(const Environment&, Arguments arguments) {
  return column(sorted_pairs(arguments[0]), 1);
}
Result<Value> kv_remove(const Environment&, Arguments arguments) {
  const Value::List& names = arguments[1].as_list();
  Value::Entries kept;
  for (const auto& entry : arguments[0].as_entries()) {
    const bool is_named = std::any_of(names.begin(), names.end(), [&](const Value& name) {
      return name.as_text() == entry.first;
    });
    if (!is_named) kept.push_back(entry);
  }
  return Value::map(std::move(kept), *arguments[0].type());
}
constexpr Function kKvMethods[] = {{"Names", "", kv_names},
                                   {"Remove", "S", kv_remove},
                                   {"SortedPairs", "", kv_sorted_pairs},
                                   {"Values", "", kv_values}};
const Type kKvType{
    .name = "template.KV", .kind = Kind::Map, .element = &kStringType, .methods = kKvMethods};

constexpr std::array<std::string_view, 7> kAlertFields = {
    "Status", "Labels", "Annotations", "StartsAt", "EndsAt", "GeneratorURL", "Fingerprint"};
constexpr Type kAlertType{.name = "template.Alert",
                          .kind = Kind::Record,
                          .fields = kAlertFields,
                          .json_in_camel_case = true};
constexpr Type kAlertListType{
    .name = "[]template.Alert", .kind = Kind::List, .element = &kAlertType};

Value with_status(const Value& alerts, std::string_view status) {
  Value::List matching;
  for (const Value& alert : alerts.as_list()) {
    if (alert.as_fields()[0].as_text() == status) matching.push_back(alert);
  }
  return Value::list(std::move(matching), kAlertListType);
}
Result<Value> alerts_firing(const Environment&, Arguments arguments) {
  return with_status(arguments[0], "firing");
}
Result<Value> alerts_resolved(const Environment&, Arguments arguments) {
  return with_status(arguments[0], "resolved");
}
constexpr Function kAlertsMethods[] = {{"Firing", "", alerts_firing},
                                       {"Resolved", "", alerts_resolved}};
constexpr Type kAlertsType{.name = "template.Alerts",
                           .kind = Kind::List,
                           .element = &kAlertType,
                           .methods = kAlertsMethods};

constexpr std::array<std::string_view, 9> kDataFields = {"Receiver",     "Status",
                                                         "Alerts",       "GroupLabels",
                                                         "CommonLabels", "CommonAnnotations",
                                                         "ExternalURL",  "NotificationReason",
                                                         "RouteLabels"};
constexpr Type kDataType{.name = "*template.Data",
                         .kind = Kind::Record,
                         .fields = kDataFields,
                         .json_in_camel_case = true};

const Type kUrlType{.name = "template.URL", .kind = Kind::String};

// --- Functions.

Result<Value> run_title(const Environment&, Arguments arguments) {
  return Value::text(strict_title_case(text_of(arguments)));
}
Result<Value> run_to_upper(const Environment&, Arguments arguments) {
  return Value::text(upper_case(text_of(arguments)));
}
Result<Value> run_to_lower(const Environment&, Arguments arguments) {
  return Value::text(lower_case(text_of(arguments)));
}
Result<Value> run_trim_space(const Environment&, Arguments arguments) {
  return Value::text(std::string(trim(text_of(arguments))));
}
Result<Value> run_join(const Environment&, Arguments arguments) {
  std::string joined;
  bool first = true;
  for (const Value& part : arguments[1].as_list()) {
    if (!std::exchange(first, false)) joined += text_of(arguments);
    joined += part.as_text();
  }
  return Value::text(std::move(joined));
}
Result<Value> run_string_slice(const Environment&, Arguments arguments) {
  return Value::list({arguments.begin(), arguments.end()}, kStringListType);
}
Result<Value> run_safe_html(const Environment&, Arguments arguments) {
  return Value::text(text_of(arguments), kHtmlType);
}
Result<Value> run_safe_url(const Environment&, Arguments arguments) {
  return Value::text(text_of(arguments), kUrlType);
}

Result<Value> run_url_unescape(const Environment&, Arguments arguments) {
  const std::string_view text = text_of(arguments);
  constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
  for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    const std::string_view escape = text.substr(at, 3);
    if (escape.size() < 3 || escape.find_first_not_of(kHexDigits, 1) != std::string_view::npos) {
      return fails("invalid URL escape " + quote(escape));
    }
  }
  return Value::text(url_decode(text, /*plus_is_space=*/true));
}

Result<Value> run_date(const Environment&, Arguments arguments) {
  return Value::text(format_time(arguments[1].as_time(), text_of(arguments)));
}

Result<Value> run_tz(const Environment& environment, Arguments arguments) {
  const std::string& name = text_of(arguments);
  ZonedTime time = arguments[1].as_time();
  Environment::Zone zone{.offset_seconds = 0, .abbreviation = "UTC"};
  if (!name.empty() && name != "UTC") {
    const auto found = environment.zone ? environment.zone(name, time.seconds) : std::nullopt;
    if (!found) return fails("unknown time zone " + name);
    zone = *found;
  }
  time.offset_seconds = zone.offset_seconds;
  time.zone_name = std::move(zone.abbreviation);
  return Value::time(std::move(time));
}

Result<Value> run_now(const Environment& environment, Arguments) {
  return Value::time(environment.now);
}
Result<Value> run_since(const Environment& environment, Arguments arguments) {
  const ZonedTime now = Value::time(environment.now).as_time();
  return Value::duration_ns(difference_ns(now, arguments[0].as_time()));
}
Result<Value> run_to_json(const Environment&, Arguments arguments) {
  return Value::text(TRY(go_json(arguments[0])));
}

Result<Value> run_list(const Environment&, Arguments arguments) {
  return Value::list({arguments.begin(), arguments.end()});
}

Result<Value> run_append(const Environment&, Arguments arguments) {
  if (arguments[0].kind() != Kind::List) {
    return fails("append needs a list; got " + std::string(arguments[0].type_name()));
  }
  Value::List list = arguments[0].as_list();
  list.insert(list.end(), arguments.begin() + 1, arguments.end());
  return Value::list(std::move(list));
}

Result<Value> run_dict(const Environment&, Arguments arguments) {
  if (arguments.size() % 2 != 0) return fails("dict needs a value for each key");
  Value::Entries entries;
  for (size_t i = 0; i < arguments.size(); i += 2) {
    if (arguments[i].kind() != Kind::String) return fails("the keys of a dict are strings");
    entries.emplace_back(arguments[i].as_text(), arguments[i + 1]);
  }
  return Value::map(std::move(entries));
}

constexpr Function kTable[] = {
    {"append", "aa*", run_append},
    {"date", "st", run_date},
    {"dict", "a*", run_dict},
    {"humanizeDuration", "a", run_humanize_duration},
    {"join", "sS", run_join},
    {"list", "a*", run_list},
    {"match", "ss", run_match},
    {"now", "", run_now},
    {"reReplaceAll", "sss", run_re_replace_all},
    {"safeHtml", "s", run_safe_html},
    {"safeUrl", "s", run_safe_url},
    {"since", "t", run_since},
    {"stringSlice", "s*", run_string_slice},
    {"title", "s", run_title},
    {"toJson", "a", run_to_json},
    {"toLower", "s", run_to_lower},
    {"toUpper", "s", run_to_upper},
    {"trimSpace", "s", run_trim_space},
    {"tz", "st", run_tz},
    {"urlUnescape", "s", run_url_unescape},
};

Value alert_value(const NotificationAlert& alert) {
  return Value::record(kAlertType,
                       {Value::text(alert.status), Value::labels(alert.labels, kKvType),
                        Value::labels(alert.annotations, kKvType), Value::time(alert.starts_at),
                        Value::time(alert.ends_at), Value::text(alert.generator_url),
                        Value::text(alert.fingerprint)});
}

}  // namespace

const std::span<const Function> kAlertmanagerFunctions = kTable;

Value notification_value(const NotificationData& data) {
  Value::List alerts;
  for (const NotificationAlert& alert : data.alerts) alerts.push_back(alert_value(alert));
  return Value::record(
      kDataType,
      {Value::text(data.receiver), Value::text(data.status),
       Value::list(std::move(alerts), kAlertsType), Value::labels(data.group_labels, kKvType),
       Value::labels(data.common_labels, kKvType), Value::labels(data.common_annotations, kKvType),
       Value::text(data.external_url), Value::text(data.notification_reason),
       Value::labels(data.route_labels, kKvType)});
}

}  // namespace promenade::templates
