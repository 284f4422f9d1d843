// Routes and the envelope. The response is built in one string: the opening of the envelope, then
// the handler's data behind it, then the remarks.
#include "api/api.h"

#include <re2/re2.h>

#include <array>

#include "api/handlers.h"
#include "api/json_writer.h"
#include "api/parameters.h"
#include "base/strings.h"
#include "model/matcher.h"
#include "remote/write_receiver.h"

namespace promenade::api {
namespace {

constexpr std::string_view kPrefix = "/api/v1";
constexpr std::string_view kWritePath = "/write";
constexpr std::string_view kAnyOrigin = ".*";

enum class Methods { Get, GetAndPost };

struct Route {
  // At most one '*', which stands for one path segment.
  std::string_view path;
  Methods methods;
  Result<Reply> (*handler)(const Call&, JsonWriter&);
  // The same in steps, where it may take long.
  Result<std::unique_ptr<QueryTask>> (*begin)(const Call&, IsCanceled) = nullptr;
};

constexpr std::array kRoutes = {
    Route{"/query", Methods::GetAndPost, query, begin_query},
    Route{"/query_range", Methods::GetAndPost, query_range, begin_query_range},
    Route{"/query_exemplars", Methods::GetAndPost, query_exemplars},
    Route{"/explain", Methods::GetAndPost, explain, begin_explain},
    Route{"/format_query", Methods::GetAndPost, format_query},
    Route{"/parse_query", Methods::GetAndPost, parse_query},
    Route{"/lint", Methods::GetAndPost, lint, begin_lint},
    Route{"/series", Methods::GetAndPost, series},
    Route{"/labels", Methods::GetAndPost, label_names},
    Route{"/label/*/values", Methods::Get, label_values},
    Route{"/metadata", Methods::Get, metadata},
    Route{"/targets", Methods::Get, targets},
    Route{"/targets/metadata", Methods::Get, targets_metadata},
    Route{"/scrape_pools", Methods::Get, scrape_pools},
    Route{"/alertmanagers", Methods::Get, alertmanagers},
    Route{"/rules", Methods::Get, rules},
    Route{"/alerts", Methods::Get, alerts},
    Route{"/alert_lifeline", Methods::Get, alert_lifeline},
    Route{"/status/config", Methods::Get, status_config},
    Route{"/status/flags", Methods::Get, status_flags},
    Route{"/status/runtimeinfo", Methods::Get, status_runtime},
    Route{"/status/buildinfo", Methods::Get, status_build},
    Route{"/status/tsdb", Methods::Get, status_tsdb},
    Route{"/status/walreplay", Methods::Get, status_wal_replay},
    Route{"/status/functions", Methods::Get, status_functions},
};

// What the '*' of `pattern` stands for in `path` ("" without one), or nothing when they differ.
std::optional<std::string_view> match_path(std::string_view pattern, std::string_view path) {
  const size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return pattern == path ? std::optional<std::string_view>("") : std::nullopt;
  }
  const std::string_view head = pattern.substr(0, star);
  const std::string_view tail = pattern.substr(star + 1);
  if (path.size() <= head.size() + tail.size() || path.substr(0, head.size()) != head ||
      path.substr(path.size() - tail.size()) != tail) {
    return std::nullopt;
  }
  const std::string_view segment =
      path.substr(head.size(), path.size() - head.size() - tail.size());
  return segment.find('/') == std::string_view::npos ? std::optional(segment) : std::nullopt;
}

struct ErrorKind {
  std::string_view type;
  int status;
};

ErrorKind error_kind(ErrorCode code) {
  switch (code) {
    case ErrorCode::BadData:
      return {"bad_data", 400};
    case ErrorCode::Execution:
      return {"execution", 422};
    case ErrorCode::Limit:
      return {"execution", 422};
    case ErrorCode::Canceled:
      return {"canceled", 499};
    case ErrorCode::Timeout:
      return {"timeout", 503};
    case ErrorCode::NotFound:
      return {"not_found", 404};
    case ErrorCode::Unavailable:
      return {"unavailable", 500};
    case ErrorCode::Internal:
      break;
  }
  return {"internal", 500};
}

HttpResponse json(int status, std::string body) {
  HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.set("Content-Type", "application/json");
  return response;
}

// Prometheus's envelope, and behind it where in the query the error is, in bytes: what an editor
// needs to mark the place. Clients of Prometheus ignore keys that they don't know.
HttpResponse error_response(const Error& error, ErrorKind kind) {
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  out.field("status", "error");
  out.field("errorType", kind.type);
  out.field("error", error.message);
  if (error.span) {
    out.key("position");
    out.begin_object();
    out.key("start");
    out.unsigned_integer(error.span->begin);
    out.key("end");
    out.unsigned_integer(error.span->end);
    out.end_object();
  }
  out.end_object();
  return json(kind.status, std::move(body));
}

HttpResponse error_response(const Error& error) {
  return error_response(error, error_kind(error.code));
}

void write_remarks(JsonWriter& out, std::string_view key, const std::vector<std::string>& remarks) {
  if (remarks.empty()) return;
  out.key(key);
  out.begin_array();
  for (const std::string& remark : remarks) out.string(remark);
  out.end_array();
}

// The response around what `write_data(writer)` writes and replies.
template <typename WriteData>
HttpResponse envelope(const WriteData& write_data) {
  std::string body;
  JsonWriter out(body);
  out.begin_object();
  out.field("status", "success");
  out.key("data");
  const Result<Reply> reply = write_data(out);
  if (!reply) return error_response(reply.error());
  if (!reply->has_data) return HttpResponse{.status = 204};
  write_remarks(out, "warnings", reply->warnings);
  write_remarks(out, "infos", reply->infos);
  out.end_object();
  return json(200, std::move(body));
}

bool allows(Methods methods, std::string_view method) {
  return method == "GET" || (method == "POST" && methods == Methods::GetAndPost);
}

HttpResponse method_not_allowed(Methods methods) {
  HttpResponse response = text_response(405, "Method Not Allowed\n");
  response.headers.set("Allow", methods == Methods::Get ? "GET, OPTIONS" : "GET, OPTIONS, POST");
  return response;
}

// Without the prefix.
std::string_view path_of(std::string_view url) {
  std::string_view path = split_url(url).path;
  if (path.substr(0, kPrefix.size()) == kPrefix) path.remove_prefix(kPrefix.size());
  return path;
}

// The one path whose body is no form and whose answer is no JSON.
HttpResponse write(const ApiContext& context, const HttpRequest& request) {
  if (context.write_receiver != nullptr) return context.write_receiver->handle(request);
  return text_response(404,
                       "remote write receiver needs to be enabled with "
                       "--web.enable-remote-write-receiver\n");
}

struct Match {
  const Route& route;
  std::string_view argument;  // What the '*' stands for.
};

std::optional<Match> find_route(std::string_view path) {
  for (const Route& route : kRoutes) {
    if (const auto argument = match_path(route.path, path)) return Match{route, *argument};
  }
  return std::nullopt;
}

HttpResponse dispatch(const ApiContext& context, const HttpRequest& request, QueryTimes* times) {
  if (request.method == "OPTIONS") return HttpResponse{.status = 204};
  const std::string_view path = path_of(request.url);
  if (path == kWritePath) return write(context, request);
  const auto match = find_route(path);
  if (!match) return text_response(404, "404 page not found\n");
  if (!allows(match->route.methods, request.method)) {
    return method_not_allowed(match->route.methods);
  }
  const Parameters parameters(request);
  const Call call{context, parameters, match->argument, context.clock->now(), times};
  return envelope([&](JsonWriter& data) { return match->route.handler(call, data); });
}

bool is_allowed_origin(std::string_view origin, const std::string& allowed) {
  const auto pattern = compile_anchored(allowed);
  return pattern && RE2::FullMatch(re2::StringPiece(origin.data(), origin.size()), **pattern);
}

void add_cors_headers(const HttpRequest& request, const std::string& allowed,
                      HttpHeaders& headers) {
  headers.add("Vary", "Origin");
  const std::string_view origin = request.headers.get("Origin");
  if (origin.empty()) return;
  headers.set("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Origin");
  headers.set("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  headers.set("Access-Control-Expose-Headers", "Date");
  if (allowed == kAnyOrigin) {
    headers.set("Access-Control-Allow-Origin", "*");
  } else if (is_allowed_origin(origin, allowed)) {
    headers.set("Access-Control-Allow-Origin", std::string(origin));
  }
}

class PendingResponse final : public PendingQuery {
 public:
  // Of the request only the headers are of interest now.
  PendingResponse(std::unique_ptr<QueryTask> task, const HttpRequest& request,
                  const std::string& cors_origin)
      : task_(std::move(task)), cors_origin_(cors_origin) {
    request_.headers = request.headers;
  }

  bool is_over() const override { return task_->is_over(); }

  std::optional<HttpResponse> start() override {
    if (const auto started = task_->start(); !started) {
      return finished(error_response(started.error()));
    }
    return task_->is_small() ? std::optional(run()) : std::nullopt;
  }

  HttpResponse run() override {
    return finished(envelope([&](JsonWriter& data) { return task_->run(data); }));
  }

  QueryTimes times() const override { return task_->times(); }

 private:
  HttpResponse finished(HttpResponse response) const {
    add_cors_headers(request_, cors_origin_, response.headers);
    return response;
  }

  std::unique_ptr<QueryTask> task_;
  HttpRequest request_;
  std::string cors_origin_;
};

}  // namespace

std::string_view error_type(ErrorCode code) {
  return error_kind(code).type;
}

bool may_take_long(std::string_view path) {
  if (!path.starts_with(kPrefix)) return false;
  const auto match = find_route(path_of(path));
  return match && match->route.begin != nullptr;
}

Api::Api(ApiContext context) : context_(std::move(context)) {}

HttpResponse Api::handle(const HttpRequest& request, QueryTimes* times) const {
  HttpResponse response = dispatch(context_, request, times);
  add_cors_headers(request, context_.cors_origin, response.headers);
  return response;
}

Answer Api::begin(const HttpRequest& request, std::function<bool()> is_canceled) const {
  const auto match = find_route(path_of(request.url));
  if (context_.head == nullptr || !match || match->route.begin == nullptr ||
      !allows(match->route.methods, request.method)) {
    return handle(request);
  }
  const Parameters parameters(request);
  auto task = match->route.begin(Call{context_, parameters, "", context_.clock->now()},
                                 std::move(is_canceled));
  if (!task) {
    HttpResponse response = error_response(task.error());
    add_cors_headers(request, context_.cors_origin, response.headers);
    return response;
  }
  return std::make_unique<PendingResponse>(std::move(*task), request, context_.cors_origin);
}

HttpResponse Api::refuse(const HttpRequest& request, std::string_view reason) const {
  HttpResponse response = error_response(
      Error{ErrorCode::Unavailable, std::string(reason), std::nullopt}, {"unavailable", 503});
  add_cors_headers(request, context_.cors_origin, response.headers);
  return response;
}

std::string Api::build_info() const {
  std::string text;
  JsonWriter out(text);
  write_build_info(context_, out);
  return text;
}

}  // namespace promenade::api
