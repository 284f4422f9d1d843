// Forms are decoded once; everything else is small parsers over one text each.
#include "api/parameters.h"

#include <fmt/format.h>

#include <cmath>

#include "api/rfc3339.h"
#include "base/strings.h"
#include "model/duration.h"
#include "model/number_format.h"
#include "promql/parser/parser.h"

namespace promenade::api {
namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";
// The ends of Go's time as Prometheus prints them; clients send them back for "all time".
constexpr std::string_view kTimeMin = "-292273086-05-16T16:47:06Z";
constexpr std::string_view kTimeMax = "292277025-08-18T07:12:54.999999999Z";

bool has_form_body(const HttpRequest& request) {
  if (request.method != "POST" && request.method != "PUT") return false;
  const std::string_view type = request.headers.get("Content-Type");
  return equal_ignoring_case(trim(type.substr(0, type.find(';'))), kFormType);
}

Timestamp clamp_to_all_time(double ms) {
  if (ms <= static_cast<double>(kAllTime.start.ms)) return kAllTime.start;
  if (ms >= static_cast<double>(kAllTime.end.ms)) return kAllTime.end;
  return Timestamp{static_cast<int64_t>(ms)};
}

// Whole seconds exactly, the fraction rounded to milliseconds: 1.0005 is 1001 ms, as in Prometheus.
Timestamp time_from_seconds(double seconds) {
  double whole = 0;
  const double fraction = std::modf(seconds, &whole);
  return clamp_to_all_time(whole * 1000 + std::round(fraction * 1000));
}

}  // namespace

Parameters::Parameters(const HttpRequest& request) {
  if (has_form_body(request)) add_pairs(request.body);
  add_pairs(split_url(request.url).query);
}

void Parameters::add_pairs(std::string_view form) {
  for (const std::string_view pair : split(form, '&')) {
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    pairs_.emplace_back(url_decode(pair.substr(0, equals), true), url_decode(value, true));
  }
}

std::string_view Parameters::get(std::string_view name) const {
  for (const auto& [key, value] : pairs_) {
    if (key == name) return value;
  }
  return {};
}

std::vector<std::string_view> Parameters::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : pairs_) {
    if (key == name) values.push_back(value);
  }
  return values;
}

Result<Timestamp> parse_time(std::string_view text) {
  const auto seconds = parse_float(text);
  if (seconds && std::isfinite(*seconds)) return time_from_seconds(*seconds);
  if (const auto time = parse_rfc3339(text)) return *time;
  if (text == kTimeMin) return kAllTime.start;
  if (text == kTimeMax) return kAllTime.end;
  return bad_data(fmt::format("cannot parse {} to a valid timestamp", quote(text)));
}

Result<Duration> parse_duration_parameter(std::string_view text) {
  if (const auto seconds = parse_float(text); seconds && !std::isnan(*seconds)) {
    // Prometheus counts nanoseconds in an int64_t, which is where its limit comes from.
    if (std::abs(*seconds * 1e9) > static_cast<double>(INT64_MAX)) {
      return bad_data(
          fmt::format("cannot parse {} to a valid duration. It overflows int64", quote(text)));
    }
    return Duration{static_cast<int64_t>(*seconds * 1000)};
  }
  if (const auto duration = parse_duration(text)) return *duration;
  return bad_data(fmt::format("cannot parse {} to a valid duration", quote(text)));
}

Result<int64_t> parse_integer(std::string_view text) {
  const bool is_signed = !text.empty() && (text[0] == '-' || text[0] == '+');
  const std::string_view digits = text.substr(is_signed ? 1 : 0);
  const bool is_number =
      !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_number) {
    return bad_data(fmt::format("strconv.Atoi: parsing {}: invalid syntax", quote(text)));
  }
  int64_t value = 0;
  for (const char digit : digits) {
    if (value > (INT64_MAX - (digit - '0')) / 10) {
      return bad_data(fmt::format("strconv.Atoi: parsing {}: value out of range", quote(text)));
    }
    value = value * 10 + (digit - '0');
  }
  return text[0] == '-' ? -value : value;
}

Error invalid_parameter(std::string_view name, Error cause) {
  cause.code = ErrorCode::BadData;
  cause.message = fmt::format("invalid parameter {}: {}", quote(name), cause.message);
  return cause;
}

Result<Timestamp> time_parameter(const Parameters& parameters, std::string_view name) {
  auto time = parse_time(parameters.get(name));
  if (!time) return tl::unexpected(invalid_parameter(name, std::move(time).error()));
  return time;
}

Result<Timestamp> time_parameter_or(const Parameters& parameters, std::string_view name,
                                    Timestamp fallback) {
  const std::string_view text = parameters.get(name);
  if (text.empty()) return fallback;
  auto time = parse_time(text);
  if (time) return time;
  Error error = std::move(time).error();
  error.message = fmt::format("invalid time value for '{}': {}", name, error.message);
  return tl::unexpected(invalid_parameter(name, std::move(error)));
}

Result<TimeRange> range_parameters(const Parameters& parameters) {
  const Timestamp start = TRY(time_parameter_or(parameters, "start", kAllTime.start));
  const Timestamp end = TRY(time_parameter_or(parameters, "end", kAllTime.end));
  return TimeRange{start, end};
}

Result<uint64_t> limit_parameter(const Parameters& parameters) {
  const std::string_view text = parameters.get("limit");
  if (text.empty()) return uint64_t{0};
  auto limit = parse_integer(text);
  if (!limit) return tl::unexpected(invalid_parameter("limit", std::move(limit).error()));
  if (*limit < 0) {
    return tl::unexpected(
        invalid_parameter("limit", Error{ErrorCode::BadData, "limit must be non-negative", {}}));
  }
  return static_cast<uint64_t>(*limit);
}

namespace {

Result<std::vector<Matcher>> parse_match(std::string_view selector) {
  auto matchers = promql::parse_selector(selector);
  if (!matchers) {
    // The span is dropped: clients would take it for a place in the query.
    return bad_data(promql::describe_parse_error(selector, matchers.error()));
  }
  for (const Matcher& matcher : *matchers) {
    if (!matcher.matches_empty()) return matchers;
  }
  return bad_data("match[] must contain at least one non-empty matcher");
}

}  // namespace

Result<MatcherSets> match_parameters(const Parameters& parameters) {
  MatcherSets sets;
  for (const std::string_view selector : parameters.all("match[]")) {
    sets.push_back(TRY(parse_match(selector)));
  }
  return sets;
}

}  // namespace promenade::api
