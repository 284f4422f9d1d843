// engine/template/prometheus_functions.cc
// The table of Prometheus's functions, and its alert templates: a user's text behind a prefix that
// declares $labels and the other variables.
#include "template/prometheus_functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "model/duration.h"
#include "template/builtins.h"
#include "template/humanize.h"
#include "template/letter_case.h"
#include "template/regexp.h"

namespace promenade::templates {
namespace {

using Arguments = std::span<const Value>;

constexpr std::array<std::string_view, 2> kSampleFields = {"Labels", "Value"};
constexpr std::array<std::string_view, 4> kAlertDataFields = {"Labels", "ExternalLabels",
                                                              "ExternalURL", "Value"};
// Go has no name for it but its whole declaration, and shows that to whoever misspells a field.
const Type kAlertDataType{
    .name =
        "struct { Labels map[string]string; ExternalLabels map[string]string; "
        "ExternalURL string; Value float64 }",
    .kind = Kind::Record,
    .fields = kAlertDataFields};

constexpr std::string_view kAlertPrefix =
    "{{$labels := .Labels}}"
    "{{$externalLabels := .ExternalLabels}}"
    "{{$externalURL := .ExternalURL}}"
    "{{$value := .Value}}";

tl::unexpected<Error> fails(std::string message) {
  return fail(ErrorCode::Execution, std::move(message));
}

const std::string& text_of(Arguments arguments, size_t index = 0) {
  return arguments[index].as_text();
}

// --- Queries and their results.

Result<Value> run_query(const Environment& environment, Arguments arguments) {
  if (!environment.query) return fails("queries are not available here");
  Value::List samples;
  for (const QueryElement& element : TRY(environment.query(text_of(arguments)))) {
    Value value =
        element.histogram ? Value::histogram(element.histogram) : Value::number(element.value);
    samples.push_back(
        Value::record(kSampleType, {Value::labels(element.labels), std::move(value)}));
  }
  return Value::list(std::move(samples), kQueryResultType);
}

Result<Value> run_first(const Environment&, Arguments arguments) {
  const Value::List& list = arguments[0].as_list();
  if (list.empty()) return fails("first() called on vector with no elements");
  return list.front();
}

// `label "x" nil` ends like this in Go.
tl::unexpected<Error> nil_sample() {
  return fails("runtime error: invalid memory address or nil pointer dereference");
}

Result<Value> label_of(const Value& sample, const std::string& name) {
  if (sample.is_nil()) return nil_sample();
  const Value* label = sample.field("Labels")->entry(name);
  return label != nullptr ? *label : Value::text("");
}

Result<Value> run_label(const Environment&, Arguments arguments) {
  return label_of(arguments[1], text_of(arguments));
}
Result<Value> run_strvalue(const Environment&, Arguments arguments) {
  return label_of(arguments[0], "__value__");
}
Result<Value> run_value(const Environment&, Arguments arguments) {
  if (arguments[0].is_nil()) return nil_sample();
  return *arguments[0].field("Value");
}

Result<Value> run_sort_by_label(const Environment&, Arguments arguments) {
  const std::string& name = text_of(arguments);
  const auto key = [&](const Value& sample) -> std::string_view {
    const Value* label = sample.field("Labels")->entry(name);
    return label != nullptr ? std::string_view(label->as_text()) : std::string_view();
  };
  Value::List sorted = arguments[1].as_list();
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Value& a, const Value& b) { return key(a) < key(b); });
  return Value::list(std::move(sorted), kQueryResultType);
}

Result<Value> run_args(const Environment&, Arguments arguments) {
  Value::Entries entries;
  for (size_t i = 0; i < arguments.size(); ++i) {
    entries.emplace_back("arg" + std::to_string(i), arguments[i]);
  }
  return Value::map(std::move(entries));
}

// --- Numbers and times.

Result<Value> run_humanize(const Environment&, Arguments arguments) {
  return Value::text(humanize(TRY(number_of(arguments[0]))));
}
Result<Value> run_humanize_1024(const Environment&, Arguments arguments) {
  return Value::text(humanize_1024(TRY(number_of(arguments[0]))));
}
Result<Value> run_humanize_percentage(const Environment&, Arguments arguments) {
  return Value::text(humanize_percentage(TRY(number_of(arguments[0]))));
}
Result<Value> run_humanize_timestamp(const Environment&, Arguments arguments) {
  return Value::text(TRY(humanize_timestamp(TRY(number_of(arguments[0])))));
}
Result<Value> run_to_time(const Environment&, Arguments arguments) {
  return Value::time(TRY(timestamp_from_seconds(TRY(number_of(arguments[0])))));
}

// Beyond 292 years a duration ends, and so does the range in which the conversion is defined.
Result<Value> run_to_duration(const Environment&, Arguments arguments) {
  const double ns = TRY(number_of(arguments[0])) * 1e9;
  if (!(ns > -9.2e18 && ns < 9.2e18)) return fails("value does not fit into a duration");
  return Value::duration_ns(static_cast<int64_t>(ns));
}

Result<Value> run_now(const Environment& environment, Arguments) {
  return Value::number(environment.now.in_seconds());
}

Result<Value> run_parse_duration(const Environment&, Arguments arguments) {
  const std::string_view text = text_of(arguments);
  const bool is_negative = text.size() > 1 && text.front() == '-';
  const Duration duration = TRY(parse_duration(text.substr(is_negative)));
  return Value::number(duration.in_seconds() * (is_negative ? -1 : 1));
}

// --- Texts.

Result<Value> run_title(const Environment&, Arguments arguments) {
  return Value::text(title_case(text_of(arguments)));
}
Result<Value> run_to_upper(const Environment&, Arguments arguments) {
  return Value::text(upper_case(text_of(arguments)));
}
Result<Value> run_to_lower(const Environment&, Arguments arguments) {
  return Value::text(lower_case(text_of(arguments)));
}
Result<Value> run_safe_html(const Environment&, Arguments arguments) {
  return Value::text(text_of(arguments), kHtmlType);
}
Result<Value> run_url_query_escape(const Environment&, Arguments arguments) {
  return Value::text(escape_query(text_of(arguments)));
}

Result<Value> graph_link(const std::string& expression, int tab) {
  return Value::text(fmt::format("/graph?g0.expr={}&g0.tab={}", escape_query(expression), tab));
}
Result<Value> run_graph_link(const Environment&, Arguments arguments) {
  return graph_link(text_of(arguments), 0);
}
Result<Value> run_table_link(const Environment&, Arguments arguments) {
  return graph_link(text_of(arguments), 1);
}

Result<Value> run_external_url(const Environment& environment, Arguments) {
  return Value::text(environment.external_url);
}
Result<Value> run_path_prefix(const Environment& environment, Arguments) {
  return Value::text(std::string(split_url(environment.external_url).path));
}

// --- Host and port.

struct HostPort {
  std::string_view host;
  std::string_view port;
};

// "host:port" or "[v6]:port"; nothing for everything else, a host without a port included.
std::optional<HostPort> split_host_port(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  HostPort parts{text.substr(0, colon), text.substr(colon + 1)};
  if (text.front() == '[') {
    if (text.find(']') + 1 != colon) return std::nullopt;
    parts.host = text.substr(1, colon - 2);
  } else if (parts.host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  const auto has_bracket = [](std::string_view part) {
    return part.find_first_of("[]") != std::string_view::npos;
  };
  if (has_bracket(parts.host) || has_bracket(parts.port)) return std::nullopt;
  return parts;
}

// Four numbers up to 255 without leading zeros.
bool is_ipv4(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           const bool is_digits = part.find_first_not_of("0123456789") == std::string_view::npos;
           if (part.empty() || part.size() > 3 || !is_digits) return false;
           return (part.size() == 1 || part.front() != '0') && (part.size() < 3 || part <= "255");
         });
}

// Eight groups of hexadecimal digits, of which one "::" leaves some out; the last two may be an
// IPv4 address.
bool is_ipv6(std::string_view text) {
  const size_t gap = text.find("::");
  const bool has_gap = gap != std::string_view::npos;
  size_t count = 0;
  const auto groups_are_right = [&](std::string_view groups, bool is_last) {
    if (groups.empty()) return true;
    const std::vector<std::string_view> parts = split(groups, ':');
    for (size_t i = 0; i < parts.size(); ++i) {
      ++count;
      if (is_last && i + 1 == parts.size() && is_ipv4(parts[i])) {
        ++count;
      } else if (parts[i].empty() || parts[i].size() > 4 ||
                 parts[i].find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
        return false;
      }
    }
    return true;
  };
  if (!has_gap) return groups_are_right(text, true) && count == 8;
  return groups_are_right(text.substr(0, gap), false) &&
         groups_are_right(text.substr(gap + 2), true) && count < 8;
}

Result<Value> run_strip_port(const Environment&, Arguments arguments) {
  const std::optional<HostPort> parts = split_host_port(text_of(arguments));
  return parts ? Value::text(std::string(parts->host)) : arguments[0];
}

Result<Value> run_strip_domain(const Environment&, Arguments arguments) {
  const std::optional<HostPort> parts = split_host_port(text_of(arguments));
  const std::string_view host = parts ? parts->host : std::string_view(text_of(arguments));
  if (is_ipv4(host) || (host.find(':') != std::string_view::npos && is_ipv6(host))) {
    return arguments[0];
  }
  std::string stripped(host.substr(0, host.find('.')));
  if (!parts || parts->port.empty()) return Value::text(std::move(stripped));
  if (stripped.find(':') != std::string::npos) stripped = "[" + stripped + "]";
  return Value::text(fmt::format("{}:{}", stripped, parts->port));
}

constexpr Function kTable[] = {
    {"args", "a*", run_args},
    {"externalURL", "", run_external_url},
    {"first", "E", run_first},
    {"graphLink", "s", run_graph_link},
    {"humanize", "a", run_humanize},
    {"humanize1024", "a", run_humanize_1024},
    {"humanizeDuration", "a", run_humanize_duration},
    {"humanizePercentage", "a", run_humanize_percentage},
    {"humanizeTimestamp", "a", run_humanize_timestamp},
    {"label", "se", run_label},
    {"match", "ss", run_match},
    {"now", "", run_now},
    {"parseDuration", "s", run_parse_duration},
    {"pathPrefix", "", run_path_prefix},
    {"query", "s", run_query},
    {"reReplaceAll", "sss", run_re_replace_all},
    {"safeHtml", "s", run_safe_html},
    {"sortByLabel", "sE", run_sort_by_label},
    {"stripDomain", "s", run_strip_domain},
    {"stripPort", "s", run_strip_port},
    {"strvalue", "e", run_strvalue},
    {"tableLink", "s", run_table_link},
    {"title", "s", run_title},
    {"toDuration", "a", run_to_duration},
    {"toLower", "s", run_to_lower},
    {"toTime", "a", run_to_time},
    {"toUpper", "s", run_to_upper},
    {"urlQueryEscape", "s", run_url_query_escape},
    {"value", "e", run_value},
};

// The set with the one template of an alert, whose spans are those of the user's text.
struct AlertTemplate {
  std::string name;
  TemplateSet set{kPrometheusFunctions};
};

// Spans in the text that the user wrote.
Error without_prefix(Error error) {
  if (!error.span) return error;
  const auto shifted = [](uint32_t at) {
    constexpr auto kPrefixSize = static_cast<uint32_t>(kAlertPrefix.size());
    return at > kPrefixSize ? at - kPrefixSize : 0;
  };
  error.span = SourceSpan{shifted(error.span->begin), shifted(error.span->end)};
  return error;
}

Result<AlertTemplate> parse_alert_template(std::string_view alert_name, std::string_view text) {
  AlertTemplate alert{.name = "__alert_" + std::string(alert_name)};
  const Result<void> parsed =
      alert.set.parse(alert.name, std::string(kAlertPrefix) + std::string(text));
  if (!parsed) return tl::unexpected(without_prefix(parsed.error()));
  return alert;
}

tl::unexpected<Error> failed(std::string_view what, std::string_view alert_name, Error error) {
  error.message = fmt::format("error {} template __alert_{}: {}", what, alert_name, error.message);
  return tl::unexpected(std::move(error));
}

}  // namespace

const Type kSampleType{.name = "*template.sample", .kind = Kind::Record, .fields = kSampleFields};
const Type kQueryResultType{
    .name = "template.queryResult", .kind = Kind::List, .element = &kSampleType};

const std::span<const Function> kPrometheusFunctions = kTable;

Result<std::string> expand_alert_template(std::string_view alert_name, std::string_view text,
                                          const AlertTemplateData& data,
                                          const Environment& environment) {
  const Result<AlertTemplate> alert = parse_alert_template(alert_name, text);
  if (!alert) return failed("parsing", alert_name, alert.error());
  Value value = data.histogram ? Value::histogram(data.histogram) : Value::number(data.value);
  const Value dot = Value::record(kAlertDataType,
                                  {Value::labels(data.labels), Value::labels(data.external_labels),
                                   Value::text(data.external_url), std::move(value)});
  Result<std::string> expanded = alert->set.execute(alert->name, dot, environment);
  if (!expanded) return failed("executing", alert_name, without_prefix(expanded.error()));
  return expanded;
}

Result<void> check_alert_template(std::string_view alert_name, std::string_view text) {
  TRY(parse_alert_template(alert_name, text));
  return {};
}

}  // namespace promenade::templates
