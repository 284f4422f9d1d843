#pragma once  // engine/scrape/http_exchange.h
// The request of a scrape, and what its response must look like (Prometheus's scrape/scrape.go,
// acceptHeader and targetScraper).
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/result.h"
#include "base/transport.h"
#include "config/config.h"
#include "discovery/client_headers.h"
#include "scrape/target.h"

namespace promenade::scrape {

// Scrapes introduce themselves as discovery does.
using discovery::add_client_headers;
using discovery::base64;
using discovery::status_line;

// The Accept header for the protocols of a job that can be read, in order of preference: "q" falls
// by a tenth each. The two text formats stand in when none can.
std::string accept_header(const config::ScrapeConfig& job);

// Fails when a file with a secret can't be read.
Result<HttpRequest> build_request(const config::ScrapeConfig& job, const Target& target,
                                  const FileSystem& files, std::string_view user_agent);
SendOptions send_options(const config::ScrapeConfig& job, const Target& target);

// Whether there is a body that may be parsed as the text format; the error is what /api/v1/targets
// shows.
Result<void> check_response(const config::ScrapeConfig& job, const Result<HttpResponse>& response);
// Whether that is the error of a body beyond body_size_limit.
bool is_body_too_big(const Error& error);

}  // namespace promenade::scrape
