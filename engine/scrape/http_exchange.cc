// Asks only for the formats that can be read; a body of another type is refused with a message that
// tells the operator of the target what to send.
#include "scrape/http_exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/strings.h"
#include "model/number_format.h"

namespace promenade::scrape {
namespace {

using config::ScrapeProtocol;

constexpr std::string_view kBodyTooBig = "body size limit exceeded";
constexpr int kKnownProtocolCount = 5;
constexpr std::array kReadableProtocols = {ScrapeProtocol::PrometheusText1_0_0,
                                           ScrapeProtocol::PrometheusText0_0_4};

bool is_readable(ScrapeProtocol protocol) {
  return std::find(kReadableProtocols.begin(), kReadableProtocols.end(), protocol) !=
         kReadableProtocols.end();
}

std::string_view media_type(ScrapeProtocol protocol) {
  return protocol == ScrapeProtocol::PrometheusText1_0_0 ? "text/plain;version=1.0.0"
                                                         : "text/plain;version=0.0.4";
}

bool is_media_type(std::string_view text) {
  const size_t slash = text.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < text.size() &&
         text.find_first_of(" \t,\"") == std::string_view::npos;
}

tl::unexpected<Error> body_too_big() {
  return fail(ErrorCode::Limit, std::string(kBodyTooBig));
}

// Why a body of this type needs a fallback protocol.
std::string no_fallback_message(std::string_view content_type, std::string_view media) {
  if (content_type.empty()) {
    return "non-compliant scrape target sending blank Content-Type and no "
           "fallback_scrape_protocol specified for target";
  }
  if (!is_media_type(media)) {
    return fmt::format("cannot parse Content-Type {} and no fallback_scrape_protocol for target",
                       quote(content_type));
  }
  return fmt::format(
      "received unsupported Content-Type {} and no fallback_scrape_protocol "
      "specified for target",
      quote(content_type));
}

Result<void> check_content_type(const config::ScrapeConfig& job, std::string_view content_type) {
  const std::string media = to_lower(trim(content_type.substr(0, content_type.find(';'))));
  if (media == "text/plain") return {};
  if (media == "application/openmetrics-text" || media == "application/vnd.google.protobuf") {
    return bad_data(
        fmt::format("received Content-Type {}, which can't be read yet; let the target "
                    "send text/plain;version=0.0.4, which the Accept header asks for",
                    quote(content_type)));
  }
  if (!job.fallback_scrape_protocol) return bad_data(no_fallback_message(content_type, media));
  if (is_readable(*job.fallback_scrape_protocol)) return {};
  return bad_data(
      fmt::format("received Content-Type {} and the fallback_scrape_protocol {}, which "
                  "can't be read yet; use PrometheusText0.0.4",
                  quote(content_type), to_string(*job.fallback_scrape_protocol)));
}

}  // namespace

std::string accept_header(const config::ScrapeConfig& job) {
  std::vector<ScrapeProtocol> protocols;
  std::copy_if(job.scrape_protocols.begin(), job.scrape_protocols.end(),
               std::back_inserter(protocols), is_readable);
  if (protocols.empty()) protocols.assign(kReadableProtocols.begin(), kReadableProtocols.end());
  std::string header;
  int tenths = kKnownProtocolCount + 1;
  for (const ScrapeProtocol protocol : protocols) {
    header += media_type(protocol);
    if (protocol == ScrapeProtocol::PrometheusText1_0_0) {
      header += job.legacy_names ? ";escaping=underscores" : ";escaping=allow-utf-8";
    }
    header += fmt::format(";q=0.{},", tenths--);
  }
  return header + fmt::format("*/*;q=0.{}", tenths);
}

Result<HttpRequest> build_request(const config::ScrapeConfig& job, const Target& target,
                                  const FileSystem& files, std::string_view user_agent) {
  HttpRequest request;
  request.url = target.url;
  request.headers.set("Accept", accept_header(job));
  request.headers.set("Accept-Encoding", job.enable_compression ? "gzip" : "identity");
  request.headers.set("User-Agent", std::string(user_agent));
  std::string seconds;
  append_decimal(seconds, target.timeout.in_seconds());
  request.headers.set("X-Prometheus-Scrape-Timeout-Seconds", std::move(seconds));
  TRY(add_client_headers(job.http, files, request.headers));
  return request;
}

SendOptions send_options(const config::ScrapeConfig& job, const Target& target) {
  SendOptions options;
  options.timeout = target.timeout;
  // A body as long as the limit is too long already, hence one less; for the limit of one byte,
  // which leaves nothing to allow, check_response() decides.
  if (job.limits.body_size > 0)
    options.body_size_max = std::max<uint64_t>(job.limits.body_size - 1, 1);
  return options;
}

Result<void> check_response(const config::ScrapeConfig& job, const Result<HttpResponse>& response) {
  if (!response) {
    if (response.error().code == ErrorCode::Limit) return body_too_big();
    return tl::unexpected<Error>(response.error());
  }
  if (response->status != 200) {
    return fail(ErrorCode::Unavailable,
                "server returned HTTP status " + status_line(response->status));
  }
  if (job.limits.body_size > 0 && response->body.size() >= job.limits.body_size) {
    return body_too_big();
  }
  if (response->body.empty()) return {};  // Nothing to parse, whatever it claims to be.
  return check_content_type(job, response->headers.get("Content-Type"));
}

bool is_body_too_big(const Error& error) {
  return error.message == kBodyTooBig;
}

}  // namespace promenade::scrape
