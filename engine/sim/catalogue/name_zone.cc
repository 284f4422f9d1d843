// engine/sim/catalogue/name_zone.cc
// DNS: what a name stands for follows from the instances that are there.
#include <fmt/format.h>

#include "base/strings.h"
#include "sim/catalogue/registration.h"

namespace promenade::sim {
namespace {

constexpr std::string_view kZone = ".internal";

std::string_view without_suffix(std::string_view text, std::string_view suffix) {
  return text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text;
}

}  // namespace

std::string answer_dns(const DataCentre& centre, Timestamp now, std::string_view name,
                       std::string_view type) {
  name = without_suffix(without_suffix(name, "."), kZone);
  const bool is_srv = name.starts_with("_") && name.ends_with("._tcp");
  const std::string_view service = is_srv ? without_suffix(name.substr(1), "._tcp") : name;
  std::string records;
  for (const Registration& one : registrations(centre, now, "dns")) {
    const std::string& host = one.instance->host;
    if (one.service->name != service && (is_srv || host != name)) continue;
    // As a hosts file or a registrar does, it keeps those that are down.
    if (type == "A") records += one.ip + "\n";
    if (type == "SRV" && is_srv) {
      records += fmt::format("0 5 {} {}{}.\n", one.service->port, host, kZone);
    }
    if (type == "MX") records += fmt::format("10 {}{}.\n", host, kZone);
    if (type == "NS") records += fmt::format("{}{}.\n", host, kZone);
  }
  return records;
}

}  // namespace promenade::sim
