#pragma once  // engine/base/transport.h
// HTTP messages, and the way out of the process. libcurl stands behind Transport natively,
// SimNet in the page and in tests. The same message types serve the engine's own API: a server
// is a function from HttpRequest to HttpResponse.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace promenade {

// Header fields in order; names compare without regard to ASCII case.
class HttpHeaders {
 public:
  void set(std::string name, std::string value);  // Replaces the field if it is there.
  void add(std::string name, std::string value);
  std::string_view get(std::string_view name) const;  // "" when absent.
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct HttpRequest {
  std::string method = "GET";
  // Absolute ("http://host:9100/metrics?x=1") when sent through a Transport; path and query
  // ("/api/v1/query?query=up") when handed to a server.
  std::string url;
  HttpHeaders headers;
  std::string body;
};

struct HttpResponse {
  int status = 200;
  HttpHeaders headers;
  std::string body;
};

// Plain text in UTF-8, which no browser takes for anything else.
HttpResponse text_response(int status, std::string body);

using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

// Where the answer to a request goes that may take a while.
struct HttpReplyTo {
  // Called once, on the event loop, before or after the handler returns.
  std::function<void(HttpResponse)> respond;
  // Whether nobody waits for the answer any more. Asked from any thread. Null: never.
  std::function<bool()> is_canceled;
};
using AsyncHttpHandler = std::function<void(const HttpRequest&, HttpReplyTo)>;

enum class RequestId : uint64_t {};

struct SendOptions {
  // Time for connecting, headers and body together. The request then fails with Timeout.
  Duration timeout = Duration::seconds(10);
  // Responses longer than this (after decompression) fail with Limit. 0 means no limit.
  uint64_t body_size_max = 0;
};

// Besides http: and https: there is dns:NAME?type=SRV (RFC 4501), with A, AAAA, MX, NS and SRV: the
// body has one record a line as in a zone file ("10.0.0.7", "0 5 9100 web-1.example.com."), none
// when there is no such name.
class Transport {
 public:
  using Callback = std::function<void(Result<HttpResponse>)>;

  virtual ~Transport() = default;

  // Starts the request. `callback` runs exactly once, on the event loop and never before send
  // returns, unless the request is cancelled first. Any HTTP status is a success; an error means
  // that no complete response arrived, and its message says why in the words of Go's net/http
  // where Prometheus users know them ("connection refused", "context deadline exceeded").
  virtual RequestId send(HttpRequest request, SendOptions options, Callback callback) = 0;

  // The callback won't run any more. An id that is finished is ignored.
  virtual void cancel(RequestId id) = 0;
};

}  // namespace promenade
