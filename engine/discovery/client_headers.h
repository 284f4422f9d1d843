#pragma once  // engine/discovery/client_headers.h
// What every HTTP client of the server sends along: the configured headers and its authentication.
// Also the words for what came back.
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/result.h"
#include "base/transport.h"
#include "config/http_client_config.h"

namespace promenade::discovery {

// Fails when a file with a secret can't be read.
Result<void> add_client_headers(const config::HttpClientConfig& http, const FileSystem& files,
                                HttpHeaders& headers);

// "500 Internal Server Error"; the number alone when the status is not a registered one.
std::string status_line(int status);

std::string base64(std::string_view bytes);

}  // namespace promenade::discovery
