// An IPv6 address has colons of its own, so the port is what follows the last one outside brackets.
#include "base/host_port.h"

namespace promenade {

HostPort split_host_port(std::string_view address) {
  const size_t bracket = address.rfind(']');
  const size_t colon = address.rfind(':');
  const bool has_port = colon != address.npos && (bracket == address.npos || colon > bracket);
  HostPort parts{address.substr(0, has_port ? colon : address.size()),
                 has_port ? address.substr(colon + 1) : std::string_view{}};
  if (parts.host.size() > 1 && parts.host.front() == '[' && parts.host.back() == ']') {
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  }
  return parts;
}

std::string join_host_port(std::string_view host, std::string_view port) {
  const bool is_ipv6 = host.find(':') != host.npos;
  std::string address = is_ipv6 ? '[' + std::string(host) + ']' : std::string(host);
  if (!port.empty()) address.append(":").append(port);
  return address;
}

}  // namespace promenade
