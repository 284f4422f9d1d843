#pragma once  // engine/config/http_client_config.h
// How a client introduces itself: the HTTP options of jobs, Alertmanagers and service discovery
// (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#http_config).
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace promenade::config {

using TextMap = std::map<std::string, std::string>;

struct BasicAuth {
  std::string username;
  std::string username_file;
  std::string password;
  std::string password_file;
};

struct Authorization {
  std::string type = "Bearer";
  std::string credentials;
  std::string credentials_file;
};

// What is sent along with every request of a job. At most one of the two authentications is set.
struct HttpClientConfig {
  std::optional<BasicAuth> basic_auth;
  std::optional<Authorization> authorization;
  bool follow_redirects = true;
  bool enable_http2 = true;
  // http_headers; a header may have several values. Secret ones are hidden in to_yaml().
  struct Header {
    std::string name;
    std::vector<std::string> values;
    std::vector<std::string> secrets;
    std::vector<std::string> files;
  };
  std::vector<Header> headers;
};

}  // namespace promenade::config
