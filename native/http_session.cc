// HTTP/1.1 by Boost.Beast. The only file that includes its parser, which takes the compiler long.
#include "native/http_session.h"

#include <atomic>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <ctime>
#include <memory>
#include <optional>

#include "base/strings.h"
#include "native/gzip.h"
#include "native/http_fields.h"

namespace promenade::native {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

using BeastRequest = http::request<http::string_body>;
using BeastResponse = http::response<http::string_body>;

constexpr uint32_t kHeaderSizeMax = 1 << 20;  // As Go's net/http.
// Below this a compressed response is hardly smaller than its own headers.
constexpr size_t kGzipSizeMin = 512;

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}
beast::string_view beast_view(std::string_view text) {
  return {text.data(), text.size()};
}

// Path and query: a proxy's absolute form loses its scheme and authority.
std::string path_and_query(std::string_view target) {
  if (target.empty() || target.front() == '/') return std::string(target);
  const UrlParts parts = split_url(target);
  std::string path = parts.path.empty() ? "/" : std::string(parts.path);
  if (!parts.query.empty()) path.append("?").append(parts.query);
  return path;
}

HttpRequest to_request(BeastRequest&& message) {
  HttpRequest request;
  request.method = std::string(view(message.method_string()));
  request.url = path_and_query(view(message.target()));
  for (const auto& field : message) {
    request.headers.add(std::string(view(field.name_string())), std::string(view(field.value())));
  }
  request.body = std::move(message.body());
  return request;
}

bool is_compressible(std::string_view type) {
  for (const std::string_view part : {"text/", "json", "javascript", "xml", "wasm", "yaml"}) {
    if (type.find(part) != type.npos) return true;
  }
  return false;
}

void compress(const HttpRequest& request, HttpResponse& response) {
  const bool is_plain = response.headers.get("Content-Encoding").empty();
  if (response.body.size() < kGzipSizeMin || !is_plain ||
      !is_compressible(response.headers.get("Content-Type"))) {
    return;
  }
  if (!equal_ignoring_case(response.headers.get("Vary"), "Accept-Encoding")) {
    response.headers.add("Vary", "Accept-Encoding");
  }
  if (!accepts_encoding(request.headers.get("Accept-Encoding"), "gzip")) return;
  response.body = gzip(response.body);
  response.headers.set("Content-Encoding", "gzip");
}

bool has_no_body(int status) {
  return status == 204 || status == 304;
}

BeastResponse to_message(const HttpRequest& request, HttpResponse&& response, unsigned version,
                         bool keeps_alive) {
  BeastResponse message(static_cast<http::status>(response.status), version);
  for (const auto& [name, value] : response.headers.fields()) {
    message.insert(beast_view(name), beast_view(value));
  }
  message.set(http::field::date, http_date(std::time(nullptr)));
  message.keep_alive(keeps_alive);
  if (has_no_body(response.status)) return message;
  message.content_length(response.body.size());
  if (request.method != "HEAD") message.body() = std::move(response.body);
  return message;
}

HttpResponse plain_error(int status, std::string text) {
  HttpResponse response{.status = status, .body = std::move(text)};
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  return response;
}

class HttpSession final : public Connection, public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(asio::ip::tcp::socket socket, const AsyncHttpHandler& handler,
              Connections& connections, const SessionOptions& options)
      : stream_(std::move(socket)),
        handler_(handler),
        connections_(connections),
        options_(options) {
    connections_.add(this);
  }
  ~HttpSession() override { connections_.remove(this); }

  void read_request() {
    parser_.emplace();
    parser_->header_limit(kHeaderSizeMax);
    parser_->body_limit(options_.body_size_max);
    limit_time();
    is_idle_ = true;
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](beast::error_code error, size_t) { self->on_request(error); });
  }

  void finish() override {
    if (is_idle_) close();
  }
  void abandon() override { *is_abandoned_ = true; }

 private:
  // For the next read or write; a timeout of 0 means none, as in Go's net/http.
  void limit_time() {
    if (options_.timeout.count() == 0) return stream_.expires_never();
    stream_.expires_after(options_.timeout);
  }

  void on_request(beast::error_code error) {
    is_idle_ = false;
    if (error == http::error::body_limit) {
      return refuse(413, "the request's body is longer than this server takes\n");
    }
    if (error == http::error::header_limit) {
      return refuse(431, "431 Request Header Fields Too Large\n");
    }
    // Errors of the parser are the client's; any other is the end of the connection.
    if (error == http::error::end_of_stream) return close();
    if (error && error.category() == http::make_error_code(http::error::bad_method).category()) {
      return refuse(400, "400 Bad Request\n");
    }
    if (error) return close();
    answer();
  }

  void answer() {
    BeastRequest message = parser_->release();
    keeps_alive_ = message.keep_alive();
    version_ = message.version();
    request_ = to_request(std::move(message));
    is_answered_ = false;
    is_abandoned_ = std::make_shared<std::atomic<bool>>(false);
    handler_(request_, {[self = shared_from_this()](HttpResponse response) {
                          self->respond(std::move(response));
                        },
                        [flag = is_abandoned_] { return flag->load(std::memory_order_relaxed); }});
    if (!is_answered_) watch_for_hang_up();
  }

  void respond(HttpResponse response) {
    is_answered_ = true;
    if (is_watching_) stop_watching();
    compress(request_, response);
    const bool keeps_alive = keeps_alive_ && !connections_.is_stopping();
    send(to_message(request_, std::move(response), version_, keeps_alive));
  }

  // While the answer is worked out nothing is read, so that a client which goes away would go
  // unnoticed. Bytes, on the other hand, are the client's next request, which may wait.
  void watch_for_hang_up() {
    is_watching_ = true;
    stream_.socket().async_wait(asio::ip::tcp::socket::wait_read,
                                [self = shared_from_this()](beast::error_code error) {
                                  if (error) return;
                                  self->is_watching_ = false;
                                  if (self->has_hung_up()) self->abandon();
                                });
  }

  void stop_watching() {
    is_watching_ = false;
    beast::error_code ignored;
    stream_.socket().cancel(ignored);
  }

  bool has_hung_up() {
    char byte;
    beast::error_code error;
    stream_.socket().non_blocking(true, error);
    stream_.socket().receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, error);
    return error && error != asio::error::would_block;
  }

  // The rest of the request is unknown, so the connection can't be used again.
  void refuse(int status, std::string text) {
    constexpr unsigned kHttp11 = 11;
    send(to_message(HttpRequest{}, plain_error(status, std::move(text)), kHttp11, false));
  }

  void send(BeastResponse&& message) {
    response_.emplace(std::move(message));
    limit_time();
    http::async_write(
        stream_, *response_,
        [self = shared_from_this()](beast::error_code error, size_t) { self->on_sent(error); });
  }

  void on_sent(beast::error_code error) {
    const bool goes_on = !error && response_->keep_alive() && !connections_.is_stopping();
    response_.reset();
    if (goes_on) return read_request();
    close();
  }

  void close() {
    beast::error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    stream_.close();
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<BeastResponse> response_;
  const AsyncHttpHandler& handler_;
  Connections& connections_;
  const SessionOptions options_;
  bool is_idle_ = true;

  // The request that is being answered.
  HttpRequest request_;
  unsigned version_ = 11;
  bool keeps_alive_ = false;
  bool is_answered_ = false;
  bool is_watching_ = false;
  // Read by the threads that work on the answer; shared, because they may outlive the session.
  std::shared_ptr<std::atomic<bool>> is_abandoned_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace

void start_http_session(asio::ip::tcp::socket socket, const AsyncHttpHandler& handler,
                        Connections& connections, const SessionOptions& options) {
  beast::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  std::make_shared<HttpSession>(std::move(socket), handler, connections, options)->read_request();
}

}  // namespace promenade::native
