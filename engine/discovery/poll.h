#pragma once  // engine/discovery/poll.h
// A question that a provider asks a server again and again. Internal to engine/discovery.
#include <functional>
#include <string>

#include "discovery/discovery.h"

namespace promenade::discovery {

struct PollOptions {
  std::string what;  // Whom it asks for what, for the log: "Consul for the service web".
  // From the beginning of one request to that of the next, unless the answer takes longer.
  Duration interval;
  Duration timeout;
  config::HttpClientConfig http;
  // Made anew each time: what is known by then may be part of the question.
  std::function<Result<HttpRequest>()> request;
  // Gets the answers of status 200. What it returns as an error goes to the log.
  std::function<Result<void>(const HttpResponse&)> accept;
  // After anything else than an accepted answer; may be null.
  std::function<void()> on_failure;
};

class Poll {
 public:
  // Asks for the first time in the next turn of the loop.
  Poll(ProviderContext context, PollOptions options);
  // No callback runs any more. A callback may end its own poll.
  ~Poll();
  Poll(const Poll&) = delete;
  Poll& operator=(const Poll&) = delete;

 private:
  void schedule(Timestamp when);
  void ask();
  void on_response(const Result<HttpResponse>& response);
  void report(const std::string& error);

  ProviderContext context_;
  PollOptions options_;
  TimerId timer_{};
  RequestId request_{};
  Timestamp asked_at_;
  std::string last_error_;  // Each is reported once.
};

// host:port, with the brackets that an IPv6 address needs.
std::string join_host_port(std::string_view host, std::string_view port);

// What may not stand in a label's name becomes "_".
std::string sanitized(std::string_view name);

}  // namespace promenade::discovery
