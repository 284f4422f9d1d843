#pragma once  // engine/base/host_port.h
// Network addresses as text: "127.0.0.1:9090", "[::1]:9090", ":9090", "example.com".
#include <string>
#include <string_view>

namespace promenade {

struct HostPort {
  std::string_view host;  // Without brackets; "" when there is none.
  std::string_view port;  // "" when there is none.
};

// The parts are views of `address`.
HostPort split_host_port(std::string_view address);
// Puts brackets around IPv6 addresses; no colon when there is no port.
std::string join_host_port(std::string_view host, std::string_view port);

}  // namespace promenade
