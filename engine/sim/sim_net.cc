// Requests become timers: one at the instant when the response, or the failure, is due.
#include "sim/sim_net.h"

#include <fmt/format.h>

#include "base/strings.h"

namespace promenade::sim {
namespace {

constexpr std::string_view kNameQuestion = "dns:";

bool is_name_question(std::string_view url) {
  return url.substr(0, kNameQuestion.size()) == kNameQuestion;
}

// What Go's net/http says, so that the texts in /api/v1/targets are the ones operators know.
tl::unexpected<Error> get_error(const HttpRequest& request, ErrorCode code,
                                std::string_view reason) {
  const std::string method = request.method == "GET" ? "Get" : request.method;
  return fail(code, fmt::format("{} {}: {}", method, quote(request.url), reason));
}

// The request as a server sees it: path and query.
HttpRequest as_seen_by_server(HttpRequest request) {
  const UrlParts parts = split_url(request.url);
  std::string target = parts.path.empty() ? "/" : std::string(parts.path);
  if (!parts.query.empty()) target += fmt::format("?{}", parts.query);
  if (request.headers.get("Host").empty()) {
    request.headers.set("Host", std::string(parts.authority));
  }
  request.url = std::move(target);
  return request;
}

}  // namespace

void SimNet::add_host(std::string authority, HttpHandler handler, HostBehaviour behaviour) {
  hosts_[std::move(authority)] = {std::move(handler), behaviour};
}

void SimNet::remove_host(const std::string& authority) {
  hosts_.erase(authority);
}

void SimNet::set_behaviour(const std::string& authority, HostBehaviour behaviour) {
  const auto host = hosts_.find(authority);
  if (host != hosts_.end()) host->second.behaviour = behaviour;
}

bool SimNet::has_host(std::string_view authority) const {
  return hosts_.find(authority) != hosts_.end();
}

void SimNet::set_name_service(NameService name_service) {
  name_service_ = std::move(name_service);
}

// dns:NAME?type=TYPE
HttpResponse SimNet::look_up(std::string_view url) const {
  const UrlParts parts = split_url(url);
  HttpResponse response;
  if (!name_service_) return response;
  const std::string name = url_decode(parts.path.substr(kNameQuestion.size()), false);
  response.body = name_service_(name, parts.query.substr(parts.query.find('=') + 1));
  return response;
}

RequestId SimNet::send(HttpRequest request, SendOptions options, Callback callback) {
  const uint64_t id = ++last_id_;
  const std::string authority(split_url(request.url).authority);
  const auto host = hosts_.find(authority);
  const Duration latency =
      host == hosts_.end() ? HostBehaviour{}.latency : host->second.behaviour.latency;
  const bool is_too_slow = latency > options.timeout;
  const Timestamp due = clock_.now() + (is_too_slow ? options.timeout : latency);

  const auto finish = [this, id, authority, is_too_slow, body_size_max = options.body_size_max,
                       request = std::move(request), callback = std::move(callback)] {
    pending_.erase(id);
    callback(is_too_slow ? get_error(request, ErrorCode::Timeout, "context deadline exceeded")
                         : respond(authority, request, body_size_max));
  };
  pending_.emplace(id, clock_.call_at(due, finish));
  return RequestId{id};
}

Result<HttpResponse> SimNet::respond(const std::string& authority, const HttpRequest& request,
                                     uint64_t body_size_max) {
  if (is_name_question(request.url)) return look_up(request.url);
  const auto host = hosts_.find(authority);
  if (host == hosts_.end()) {
    const std::string_view name = std::string_view(authority).substr(0, authority.rfind(':'));
    return get_error(request, ErrorCode::Unavailable,
                     fmt::format("dial tcp: lookup {}: no such host", name));
  }
  if (!host->second.behaviour.is_reachable) {
    return get_error(request, ErrorCode::Unavailable,
                     fmt::format("dial tcp {}: connect: connection refused", authority));
  }
  // A copy: what the handler does may take the host off the network.
  const HttpHandler handler = host->second.handler;
  HttpResponse response = handler(as_seen_by_server(request));
  ++answered_;
  if (body_size_max > 0 && response.body.size() > body_size_max) {
    return fail(ErrorCode::Limit, "body size limit exceeded");
  }
  return response;
}

void SimNet::cancel(RequestId id) {
  const auto found = pending_.find(static_cast<uint64_t>(id));
  if (found == pending_.end()) return;
  clock_.cancel(found->second);
  pending_.erase(found);
}

HttpResponse SimNet::ask(const HttpRequest& request) {
  const auto host = hosts_.find(std::string(split_url(request.url).authority));
  if (host == hosts_.end()) {
    HttpResponse response;
    response.status = 502;
    response.headers.set("Content-Type", "text/plain; charset=utf-8");
    response.body = fmt::format("no such host: {}\n", split_url(request.url).authority);
    return response;
  }
  const HttpHandler handler = host->second.handler;
  return handler(as_seen_by_server(request));
}

}  // namespace promenade::sim
