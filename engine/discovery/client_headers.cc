// Secrets in files are read anew for every request, so that they can be renewed.
#include "discovery/client_headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace promenade::discovery {
namespace {

struct StatusText {
  int status;
  std::string_view text;
};
constexpr std::array kStatusTexts = {
    StatusText{201, "Created"},
    StatusText{202, "Accepted"},
    StatusText{204, "No Content"},
    StatusText{301, "Moved Permanently"},
    StatusText{302, "Found"},
    StatusText{303, "See Other"},
    StatusText{304, "Not Modified"},
    StatusText{307, "Temporary Redirect"},
    StatusText{308, "Permanent Redirect"},
    StatusText{400, "Bad Request"},
    StatusText{401, "Unauthorized"},
    StatusText{403, "Forbidden"},
    StatusText{404, "Not Found"},
    StatusText{405, "Method Not Allowed"},
    StatusText{406, "Not Acceptable"},
    StatusText{408, "Request Timeout"},
    StatusText{410, "Gone"},
    StatusText{429, "Too Many Requests"},
    StatusText{500, "Internal Server Error"},
    StatusText{501, "Not Implemented"},
    StatusText{502, "Bad Gateway"},
    StatusText{503, "Service Unavailable"},
    StatusText{504, "Gateway Timeout"},
};

// A secret from the configuration, or from a file that is read anew for every request.
Result<std::string> secret(const std::string& value, const std::string& file,
                           const FileSystem& files, std::string_view what) {
  if (file.empty()) return value;
  const Result<std::string> text = files.read(file);
  if (!text) {
    return fail(ErrorCode::Unavailable,
                fmt::format("unable to read {} file {}: {}", what, file, text.error().message));
  }
  const size_t last = text->find_last_not_of(" \t\r\n");
  return last == std::string::npos ? "" : text->substr(0, last + 1);
}

Result<void> add_authentication(const config::HttpClientConfig& http, const FileSystem& files,
                                HttpHeaders& headers) {
  if (const auto& basic = http.basic_auth) {
    const std::string username =
        TRY(secret(basic->username, basic->username_file, files, "basic auth username"));
    const std::string password =
        TRY(secret(basic->password, basic->password_file, files, "basic auth password"));
    headers.set("Authorization", "Basic " + base64(username + ":" + password));
  }
  if (const auto& authorization = http.authorization) {
    const std::string credentials =
        TRY(secret(authorization->credentials, authorization->credentials_file, files,
                   "authorization credentials"));
    headers.set("Authorization", authorization->type + " " + credentials);
  }
  return {};
}

Result<void> add_configured_headers(const config::HttpClientConfig& http, const FileSystem& files,
                                    HttpHeaders& headers) {
  for (const config::HttpClientConfig::Header& header : http.headers) {
    std::vector<std::string> values = header.values;
    values.insert(values.end(), header.secrets.begin(), header.secrets.end());
    for (const std::string& file : header.files) {
      values.push_back(TRY(secret("", file, files, "HTTP header")));
    }
    for (size_t i = 0; i < values.size(); ++i) {
      // The first value replaces what we would send (Accept); further ones stand beside it.
      if (i == 0) {
        headers.set(header.name, std::move(values[i]));
      } else {
        headers.add(header.name, std::move(values[i]));
      }
    }
  }
  return {};
}

}  // namespace

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - at);
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i) {
      group = group << 8 | (i < count ? static_cast<uint8_t>(bytes[at + i]) : 0);
    }
    for (size_t i = 0; i < 4; ++i) {
      out += i <= count ? kDigits[group >> (18 - 6 * i) & 0x3f] : '=';
    }
  }
  return out;
}

Result<void> add_client_headers(const config::HttpClientConfig& http, const FileSystem& files,
                                HttpHeaders& headers) {
  TRY(add_configured_headers(http, files, headers));
  return add_authentication(http, files, headers);
}

std::string status_line(int status) {
  const auto found = std::find_if(kStatusTexts.begin(), kStatusTexts.end(),
                                  [&](const StatusText& known) { return known.status == status; });
  if (found == kStatusTexts.end()) return std::to_string(status);
  return fmt::format("{} {}", status, found->text);
}

}  // namespace promenade::discovery
