// Routes, the shapes of errors, and the two endpoints that only show the configuration.
#include "alertmanager/api/api_v2.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "alertmanager/api/handlers.h"
#include "api/rfc3339.h"
#include "base/strings.h"
#include "config/alertmanager/label_matchers.h"

namespace promenade::alertmanager {
namespace {

using promenade::api::JsonWriter;
using promenade::api::Parameters;

struct ApiRoute {
  std::string_view path;  // A '/' at the end takes an argument.
  std::string_view method;
  HttpResponse (*handler)(const ApiCall&);
};
constexpr std::array kApiRoutes = {
    ApiRoute{"/status", "GET", get_status},
    ApiRoute{"/receivers", "GET", get_receivers},
    ApiRoute{"/alerts", "POST", post_alerts},
    ApiRoute{"/alerts", "GET", get_alerts},
    ApiRoute{"/alerts/groups", "GET", get_alert_groups},
    ApiRoute{"/silences", "POST", post_silences},
    ApiRoute{"/silences", "GET", get_silences},
    ApiRoute{"/silence/", "DELETE", delete_silence},
    ApiRoute{"/silence/", "GET", get_silence},
};

// What go-openapi takes for true.
constexpr std::array<std::string_view, 10> kYes = {"true", "1",        "yes",     "ok", "y",
                                                   "on",   "selected", "checked", "t",  "enabled"};

constexpr int kRequired = 602;
constexpr int kWrongType = 601;

// The argument ("" without one) when the route's path is this one.
std::optional<std::string_view> match_path(const ApiRoute& route, std::string_view path) {
  if (!route.path.ends_with('/')) {
    return path == route.path ? std::optional<std::string_view>("") : std::nullopt;
  }
  if (!path.starts_with(route.path)) return std::nullopt;
  const std::string_view argument = path.substr(route.path.size());
  const bool is_segment = !argument.empty() && argument.find('/') == std::string_view::npos;
  return is_segment ? std::optional(argument) : std::nullopt;
}

bool is_uuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != kForm.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = std::string_view("0123456789abcdefABCDEF").find(text[i]) != text.npos;
    if (kForm[i] == '-' ? text[i] != '-' : !is_digit) return false;
  }
  return true;
}

std::optional<HttpResponse> refuse_media_type(const HttpRequest& request) {
  const std::string_view type = request.headers.get("Content-Type");
  const std::string_view media = trim(type.substr(0, type.find(';')));
  if (equal_ignoring_case(media, "application/json")) return std::nullopt;
  return schema_error(
      415, 415,
      fmt::format("unsupported media type {}, only [application/json] are allowed", quote(type)));
}

HttpResponse call_route(const ApiRoute& route, const ApiContext& context,
                        const HttpRequest& request, std::string_view argument) {
  if (route.path.ends_with('/') && !is_uuid(argument)) {
    return schema_error(422, kWrongType,
                        fmt::format("silenceID in path must be of type uuid: {}", quote(argument)));
  }
  if (route.method == "POST") {
    if (auto refusal = refuse_media_type(request)) return *refusal;
    if (request.body.empty()) {
      const std::string_view what = route.path == "/alerts" ? "alerts" : "silence";
      return schema_error(422, kRequired, fmt::format("{} in body is required", what));
    }
  }
  const Parameters parameters(request);
  return route.handler({context, request, parameters, argument});
}

HttpResponse dispatch(const ApiContext& context, const HttpRequest& request) {
  const std::string_view full_path = split_url(request.url).path;
  const std::string_view path = full_path.substr(kApiPrefix.size());
  std::string methods;
  for (const ApiRoute& route : kApiRoutes) {
    const auto argument = match_path(route, path);
    if (!argument) continue;
    if (route.method == request.method) return call_route(route, context, request, *argument);
    if (!methods.empty()) methods += ',';
    methods += route.method;
  }
  if (methods.empty()) {
    return schema_error(404, 404, fmt::format("path {} was not found", full_path));
  }
  HttpResponse response = schema_error(
      405, 405, fmt::format("method {} is not allowed, but [{}] are", request.method, methods));
  response.headers.set("Allow", methods);
  return response;
}

}  // namespace

HttpResponse json_response(int status, std::string body) {
  HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.set("Content-Type", "application/json");
  return response;
}

HttpResponse schema_error(int status, int code, std::string_view message) {
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  out.key("code");
  out.integer(code);
  out.field("message", message);
  out.end_object();
  return json_response(status, std::move(body));
}

HttpResponse handler_error(int status, std::string_view message) {
  std::string body;
  JsonWriter(body).string(message);
  return json_response(status, body + "\n");
}

Result<std::vector<Matcher>> filters(const ApiCall& call) {
  std::vector<Matcher> matchers;
  for (const std::string_view text : call.parameters.all("filter")) {
    for (Matcher& matcher : TRY(config::parse_label_matchers(text, call.context.grammar))) {
      matchers.push_back(std::move(matcher));
    }
  }
  return matchers;
}

bool is_wanted(const ApiCall& call, std::string_view parameter) {
  const auto values = call.parameters.all(parameter);
  if (values.empty() || values.front().empty()) return true;
  return std::find(kYes.begin(), kYes.end(), to_lower(values.front())) != kYes.end();
}

std::string api_time(Timestamp time) {
  // Always three decimals, which format_rfc3339() writes only when they are needed.
  const int64_t ms = ((time.ms % 1000) + 1000) % 1000;
  std::string text = promenade::api::format_rfc3339(Timestamp{time.ms - ms});
  text.pop_back();
  return fmt::format("{}.{:03}Z", text, ms);
}

HttpResponse get_status(const ApiCall& call) {
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  out.key("cluster");
  out.begin_object();
  out.key("peers");
  out.begin_array();
  out.end_array();
  out.field("status", "disabled");
  out.end_object();
  out.key("config");
  out.begin_object();
  out.field("original", call.context.config_text);
  out.end_object();
  out.field("uptime", api_time(call.context.started));
  out.key("versionInfo");
  out.begin_object();
  for (const char* name : {"branch", "buildDate", "buildUser", "goVersion", "revision"}) {
    out.field(name, "");
  }
  out.field("version", call.context.version);
  out.end_object();
  out.end_object();
  return json_response(200, body + "\n");
}

HttpResponse get_receivers(const ApiCall& call) {
  std::string body;
  JsonWriter out(body);
  out.begin_array();
  for (const config::ReceiverConfig& receiver : call.context.config.receivers) {
    out.begin_object();
    if (!receiver.labels.empty()) out.map_field("labels", receiver.labels);
    out.field("name", receiver.name);
    out.end_object();
  }
  out.end_array();
  return json_response(200, body + "\n");
}

HttpResponse handle_api(const ApiContext& context, const HttpRequest& request) {
  HttpResponse response = dispatch(context, request);
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Access-Control-Allow-Origin", "*");
  response.headers.add("Vary", "Origin");
  return response;
}

}  // namespace promenade::alertmanager
