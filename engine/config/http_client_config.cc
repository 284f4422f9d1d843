// The HTTP client options of a scrape configuration
// (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#http_config).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "config/sections.h"

namespace promenade::config {
namespace {

// Headers that the client itself is in charge of.
constexpr std::array<std::string_view, 18> kReservedHeaders = {
    "Authorization",
    "Host",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "User-Agent",
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Www-Authenticate",
    "Accept-Encoding",
    "X-Prometheus-Remote-Write-Version",
    "X-Prometheus-Remote-Read-Version",
    "X-Prometheus-Scrape-Timeout-Seconds",
    "X-Amz-Date",
    "X-Amz-Security-Token",
    "X-Amz-Content-Sha256",
};

// A value and the file to read it from exclude each other.
void check_exclusive(YamlMapping& mapping, std::string_view key, const std::string& value,
                     std::string_view file_key, const std::string& file) {
  if (value.empty() || file.empty()) return;
  mapping.require(mapping.error_at(
      file_key,
      fmt::format("at most one of {} & {} must be configured; remove one", key, file_key)));
}

Result<BasicAuth> read_basic_auth(const ReadContext& context, const YamlNode& node) {
  BasicAuth auth;
  YamlMapping mapping(context.file, node, "basic_auth");
  mapping.text("username", auth.username);
  mapping.text("username_file", auth.username_file);
  mapping.text("password", auth.password);
  mapping.text("password_file", auth.password_file);
  check_exclusive(mapping, "username", auth.username, "username_file", auth.username_file);
  check_exclusive(mapping, "password", auth.password, "password_file", auth.password_file);
  TRY(mapping.finish());
  auth.username_file = resolve_path(context, auth.username_file);
  auth.password_file = resolve_path(context, auth.password_file);
  return auth;
}

Result<Authorization> read_authorization(const ReadContext& context, const YamlNode& node) {
  Authorization authorization;
  YamlMapping mapping(context.file, node, "authorization");
  mapping.text("type", authorization.type);
  mapping.text("credentials", authorization.credentials);
  mapping.text("credentials_file", authorization.credentials_file);
  check_exclusive(mapping, "credentials", authorization.credentials, "credentials_file",
                  authorization.credentials_file);
  if (equal_ignoring_case(trim(authorization.type), "basic")) {
    mapping.require(mapping.error_at(
        "type", "authorization type cannot be set to \"basic\", use \"basic_auth\" instead"));
  }
  TRY(mapping.finish());
  authorization.credentials_file = resolve_path(context, authorization.credentials_file);
  return authorization;
}

Result<HttpClientConfig::Header> read_header(const ReadContext& context, const YamlNode& name,
                                             const YamlNode& node) {
  const auto is_name = [&](std::string_view reserved) {
    return equal_ignoring_case(reserved, name.text);
  };
  if (std::any_of(kReservedHeaders.begin(), kReservedHeaders.end(), is_name)) {
    return context.file.error_at(
        name, fmt::format("setting header {} is not allowed; remove it", quote(name.text)));
  }
  HttpClientConfig::Header header;
  header.name = name.text;
  YamlMapping mapping(context.file, node, "an HTTP header");
  mapping.text_list("values", header.values);
  mapping.text_list("secrets", header.secrets);
  mapping.text_list("files", header.files);
  TRY(mapping.finish());
  for (std::string& file : header.files) file = resolve_path(context, file);
  return header;
}

// bearer_token and bearer_token_file: the names that authorization had before.
void read_bearer_token(const ReadContext& context, YamlMapping& mapping, HttpClientConfig& http) {
  Authorization bearer;
  mapping.text("bearer_token", bearer.credentials);
  mapping.text("bearer_token_file", bearer.credentials_file);
  if (bearer.credentials.empty() && bearer.credentials_file.empty()) return;
  check_exclusive(mapping, "bearer_token", bearer.credentials, "bearer_token_file",
                  bearer.credentials_file);
  if (http.authorization) {
    mapping.require(
        mapping.error_at("authorization",
                         "authorization is not compatible with bearer_token & bearer_token_file; "
                         "remove one"));
  }
  bearer.credentials_file = resolve_path(context, bearer.credentials_file);
  http.authorization = std::move(bearer);
}

// Known flags that the transport does not obey yet; leaving them on is what it does.
void read_inert_flag(ReadContext& context, YamlMapping& mapping, std::string_view where,
                     std::string_view key, bool& flag) {
  mapping.boolean(key, flag);
  if (flag) return;
  context.notice(*mapping.find(key),
                 fmt::format("{}{}: false is accepted and has no effect yet", where, key));
}

}  // namespace

void read_http_client(ReadContext& context, YamlMapping& mapping, std::string_view where,
                      HttpClientConfig& http, std::vector<YamlEntry>& inert) {
  mapping.value("basic_auth", [&](const YamlNode& node) -> Result<void> {
    http.basic_auth = TRY(read_basic_auth(context, node));
    return {};
  });
  mapping.value("authorization", [&](const YamlNode& node) -> Result<void> {
    http.authorization = TRY(read_authorization(context, node));
    return {};
  });
  read_bearer_token(context, mapping, http);
  read_inert_flag(context, mapping, where, "follow_redirects", http.follow_redirects);
  read_inert_flag(context, mapping, where, "enable_http2", http.enable_http2);
  mapping.entries("http_headers", [&](const YamlNode& name, const YamlNode& node) -> Result<void> {
    http.headers.push_back(TRY(read_header(context, name, node)));
    return {};
  });
  read_inert(context, mapping, where,
             {"oauth2", "tls_config", "proxy_url", "no_proxy", "proxy_from_environment",
              "proxy_connect_header"},
             inert);
  const bool has_oauth2 = mapping.find("oauth2") != nullptr;
  if (http.basic_auth.has_value() + http.authorization.has_value() + has_oauth2 > 1) {
    mapping.require(mapping.error_at(
        http.basic_auth ? "basic_auth" : "authorization",
        "at most one of basic_auth, oauth2, bearer_token & authorization must be configured; keep "
        "one"));
  }
}

}  // namespace promenade::config
