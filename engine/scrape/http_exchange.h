#pragma once  // engine/scrape/http_exchange.h
// The request of a scrape, and what its response must look like (Prometheus's scrape/scrape.go,
// acceptHeader and targetScraper).
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/result.h"
#include "base/transport.h"
#include "config/config.h"
#include "scrape/target.h"

namespace promenade::scrape {

// The Accept header for the protocols of a job that can be read, in order of preference: "q" falls
// by a tenth each. The two text formats stand in when none can.
std::string accept_header(const config::ScrapeConfig& job);

// The configured headers and the authentication. Fails when a file with a secret can't be read.
Result<void> add_client_headers(const config::HttpClientConfig& http, const FileSystem& files,
                                HttpHeaders& headers);
// Fails when a file with a secret can't be read.
Result<HttpRequest> build_request(const config::ScrapeConfig& job, const Target& target,
                                  const FileSystem& files, std::string_view user_agent);
SendOptions send_options(const config::ScrapeConfig& job, const Target& target);

// Whether there is a body that may be parsed as the text format; the error is what /api/v1/targets
// shows.
Result<void> check_response(const config::ScrapeConfig& job, const Result<HttpResponse>& response);
// Whether that is the error of a body beyond body_size_limit.
bool is_body_too_big(const Error& error);

// "500 Internal Server Error"; the number alone when the status is not a registered one.
std::string status_line(int status);

std::string base64(std::string_view bytes);

}  // namespace promenade::scrape
