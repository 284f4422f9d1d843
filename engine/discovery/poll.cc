// One request at a time. A server that holds a question until it has news (Consul, Kubernetes) thus
// sets the pace itself.
#include "discovery/poll.h"

#include <algorithm>
#include <utility>

#include "discovery/client_headers.h"

namespace promenade::discovery {

Poll::Poll(ProviderContext context, PollOptions options)
    : context_(std::move(context)), options_(std::move(options)) {
  schedule(context_.clock.now());
}

Poll::~Poll() {
  context_.clock.cancel(timer_);
  context_.transport.cancel(request_);
}

void Poll::schedule(Timestamp when) {
  timer_ = context_.clock.call_at(when, [this] { ask(); });
}

void Poll::ask() {
  asked_at_ = context_.clock.now();
  Result<HttpRequest> request = options_.request();
  if (request) {
    const auto authorized = add_client_headers(options_.http, context_.files, request->headers);
    if (!authorized) request = tl::unexpected(authorized.error());
  }
  if (!request) {
    report(request.error().message);
    if (options_.on_failure) options_.on_failure();
    return schedule(asked_at_ + options_.interval);
  }
  request->headers.set("User-Agent", context_.user_agent);
  request_ = context_.transport.send(
      std::move(*request), SendOptions{.timeout = options_.timeout},
      [this](const Result<HttpResponse>& response) { on_response(response); });
}

void Poll::on_response(const Result<HttpResponse>& response) {
  request_ = {};
  // Before the callbacks, which may end this.
  schedule(std::max(asked_at_ + options_.interval, context_.clock.now()));
  std::string error;
  if (!response) {
    error = response.error().message;
  } else if (response->status != 200) {
    error = "server returned HTTP status " + status_line(response->status);
  }
  report(error);
  if (!error.empty()) {
    if (options_.on_failure) options_.on_failure();
    return;
  }
  const auto accept = options_.accept;
  const auto on_failure = options_.on_failure;
  const auto logger = &context_.logger;
  const std::string what = options_.what;
  if (const Result<void> accepted = accept(*response); !accepted) {
    logger->log(LogLevel::Error, "Service discovery got an answer that it can't use",
                {{"asked", what}, {"err", accepted.error().message}});
    if (on_failure) on_failure();
  }
}

void Poll::report(const std::string& error) {
  const bool is_known = error == last_error_;
  last_error_ = error;
  if (is_known || error.empty()) return;
  context_.logger.log(LogLevel::Error, "Service discovery got no answer; its last targets stay",
                      {{"asked", options_.what}, {"err", error}});
}

std::string join_host_port(std::string_view host, std::string_view port) {
  std::string address(host);
  if (host.find(':') != std::string_view::npos) address = "[" + address + "]";
  return address.append(":").append(port);
}

std::string sanitized(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    const bool is_fine =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!is_fine) c = '_';
  }
  return out;
}

}  // namespace promenade::discovery
