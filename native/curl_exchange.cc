// Errors are worded as Go's net/http words them, because that is what stands in Prometheus's
// lastError and what people search for:
//   Get "http://127.0.0.1:1/metrics": dial tcp 127.0.0.1:1: connect: connection refused
#include "native/curl_exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/host_port.h"
#include "base/strings.h"
#include "native/error_text.h"

namespace promenade::native {
namespace {

constexpr long kRedirectsMax = 10;

// "Get" for GET: Go writes the method like a word.
std::string method_word(std::string_view method) {
  std::string word = to_lower(method);
  if (!word.empty()) word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
  return word;
}

HostPort host_and_port(const UrlParts& url) {
  HostPort parts = split_host_port(url.authority);
  if (parts.port.empty()) parts.port = url.scheme == "https" ? "443" : "80";
  return parts;
}

// The address that was dialled, or the name when it is not known.
std::string dialled(CURL* handle, const UrlParts& url) {
  const auto [host, port] = host_and_port(url);
  const char* address = nullptr;
  curl_easy_getinfo(handle, CURLINFO_PRIMARY_IP, &address);
  const bool is_known = address != nullptr && *address != '\0';
  return join_host_port(is_known ? address : host, port);
}

int os_error(CURL* handle) {
  long number = 0;
  curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &number);
  return static_cast<int>(number);
}

std::string reason(CURL* handle, CURLcode code, const UrlParts& url) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return fmt::format("dial tcp: lookup {}: no such host", host_and_port(url).host);
    case CURLE_COULDNT_CONNECT: {
      const int number = os_error(handle);
      return fmt::format("dial tcp {}: connect: {}", dialled(handle, url),
                         number == 0 ? "connection refused" : error_text(number));
    }
    case CURLE_OPERATION_TIMEDOUT:
      return "context deadline exceeded";
    case CURLE_GOT_NOTHING:
      return "EOF";
    case CURLE_PARTIAL_FILE:
      return "unexpected EOF";
    case CURLE_TOO_MANY_REDIRECTS:
      return fmt::format("stopped after {} redirects", kRedirectsMax);
    case CURLE_BAD_CONTENT_ENCODING:
      return "gzip: invalid header";
    case CURLE_UNSUPPORTED_PROTOCOL:
      return fmt::format("unsupported protocol scheme {}", quote(url.scheme));
    case CURLE_WEIRD_SERVER_REPLY:
      return "net/http: HTTP/1.x transport connection broken: malformed HTTP response";
    case CURLE_URL_MALFORMAT:
      return fmt::format("invalid URL {}", quote(url.authority));
    case CURLE_PEER_FAILED_VERIFICATION:
      return "tls: failed to verify certificate";
    case CURLE_SSL_CONNECT_ERROR:
      return "tls: first record does not look like a TLS handshake";
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: {
      const int number = os_error(handle);
      if (number != 0) return fmt::format("read tcp: {}", error_text(number));
      break;
    }
    default:
      break;
  }
  return curl_easy_strerror(code);
}

ErrorCode error_code(CURLcode code) {
  return code == CURLE_OPERATION_TIMEDOUT ? ErrorCode::Timeout : ErrorCode::Unavailable;
}

}  // namespace

CurlExchange::CurlExchange(HttpRequest request, SendOptions options)
    : request_(std::move(request)), options_(options), handle_(curl_easy_init()) {
  set_up();
}

void CurlExchange::set_up() {
  CURL* handle = handle_.get();
  curl_easy_setopt(handle, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // As Prometheus: no proxy from the environment.
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(handle, CURLOPT_MAXREDIRS, kRedirectsMax);
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
  const auto timeout_ms =
      static_cast<long>(std::max<int64_t>(options_.timeout.ms, 1));  // 0: never.
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
  set_method();
  for (const auto& [name, value] : request_.headers.fields()) {
    // Encoding is curl's business: it has to decode what it asked for.
    if (!equal_ignoring_case(name, "Accept-Encoding")) add_header_line(name + ": " + value);
  }
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, header_list_.get());
}

void CurlExchange::set_method() {
  CURL* handle = handle_.get();
  if (request_.method == "GET") {
    curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
    return;
  }
  if (request_.method == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    return;
  }
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(request_.body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request_.body.data());
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  add_header_line("Expect:");  // No waiting for 100 Continue.
}

void CurlExchange::add_header_line(std::string_view line) {
  const std::string terminated(line);
  header_list_.reset(curl_slist_append(header_list_.release(), terminated.c_str()));
}

size_t CurlExchange::on_body(char* data, size_t, size_t count, void* self) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  const uint64_t limit = exchange.options_.body_size_max;
  if (limit > 0 && exchange.response_.body.size() + count > limit) {
    exchange.is_body_too_long_ = true;
    return 0;  // Makes curl give up.
  }
  exchange.response_.body.append(data, count);
  return count;
}

// Called for every line of the head, of redirects too; a status line starts a new response.
size_t CurlExchange::on_header(char* data, size_t, size_t count, void* self) {
  auto& response = static_cast<CurlExchange*>(self)->response_;
  const std::string_view line = trim(std::string_view(data, count));
  if (line.substr(0, 5) == "HTTP/") {
    response = HttpResponse{};
    return count;
  }
  const size_t colon = line.find(':');
  if (colon == line.npos) return count;
  const std::string_view name = line.substr(0, colon);
  // The body arrives decoded, so its encoding and length are no longer true.
  const bool is_about_encoding =
      equal_ignoring_case(name, "Content-Encoding") || equal_ignoring_case(name, "Content-Length");
  if (!is_about_encoding) {
    response.headers.add(std::string(name), std::string(trim(line.substr(colon + 1))));
  }
  return count;
}

Result<HttpResponse> CurlExchange::finish(CURLcode code) {
  if (code != CURLE_OK) return tl::unexpected(error(code));
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  return std::move(response_);
}

Error CurlExchange::error(CURLcode code) const {
  if (is_body_too_long_) return Error{ErrorCode::Limit, "body size limit exceeded", std::nullopt};
  const std::string text =
      fmt::format("{} {}: {}", method_word(request_.method), quote(request_.url),
                  reason(handle_.get(), code, split_url(request_.url)));
  return Error{error_code(code), text, std::nullopt};
}

}  // namespace promenade::native
