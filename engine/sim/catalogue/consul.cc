// engine/sim/catalogue/consul.cc
// Consul's agent, catalogue and health endpoints. A blocking query is answered at once, as Consul
// does when its wait is over; the index is a hash of what is answered, so it changes with it.
#include <map>
#include <set>

#include "api/json_writer.h"
#include "api/parameters.h"
#include "base/hash.h"
#include "base/strings.h"
#include "sim/catalogue/registration.h"

namespace promenade::sim {
namespace {

constexpr std::string_view kHealthPath = "/v1/health/service/";
// Where an agent that nobody asks for another datacenter is.
constexpr const char* kDatacenter = "dc1";

std::string datacenter_of(const Registration& one) {
  return one.get("dc", kDatacenter);
}

// What is written in the file, and the labels as name=value.
std::vector<std::string> tags_of(const Registration& one) {
  std::vector<std::string> tags;
  const std::string own = one.get("tags");
  for (const std::string_view tag : split(own, ',')) {
    if (!tag.empty()) tags.emplace_back(tag);
  }
  for (const auto& [name, value] : one.labels) tags.push_back(name + "=" + value);
  return tags;
}

bool has_tags(const Registration& one, const std::vector<std::string_view>& wanted) {
  const std::vector<std::string> tags = tags_of(one);
  return std::all_of(wanted.begin(), wanted.end(), [&](std::string_view tag) {
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
  });
}

void write_texts(api::JsonWriter& out, std::string_view key,
                 const std::vector<std::string>& texts) {
  out.key(key);
  out.begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

void write_entry(api::JsonWriter& out, const Registration& one) {
  const std::string node = one.get("node", one.instance->host);
  out.begin_object();
  out.key("Node");
  out.begin_object();
  out.field("Node", node);
  out.field("Address", one.ip);
  out.field("Datacenter", datacenter_of(one));
  out.key("Meta");
  out.begin_object();
  out.field("os", "linux");
  out.end_object();
  out.end_object();
  out.key("Service");
  out.begin_object();
  out.field("ID", one.instance->host);
  out.field("Service", one.service->name);
  write_texts(out, "Tags", tags_of(one));
  out.field("Address", one.get("service_address", one.ip));
  out.key("Port");
  out.unsigned_integer(one.service->port);
  out.key("Meta");
  out.begin_object();
  out.field("version", one.instance->version);
  out.end_object();
  out.end_object();
  out.key("Checks");
  out.begin_array();
  out.begin_object();
  out.field("CheckID", "service:" + one.instance->host);
  out.field("Status", one.is_healthy ? "passing" : "critical");
  out.end_object();
  out.end_array();
  out.end_object();
}

std::string agent_json() {
  return std::string("{\"Config\":{\"Datacenter\":\"") + kDatacenter +
         "\",\"NodeName\":\"consul\",\"Version\":\"1.18.0\"}}";
}

std::string services_json(const std::vector<Registration>& all, std::string_view datacenter) {
  std::map<std::string, std::set<std::string>> services;
  if (datacenter == kDatacenter) services["consul"];
  for (const Registration& one : all) {
    if (datacenter_of(one) != datacenter) continue;
    std::set<std::string>& tags = services[one.service->name];
    for (std::string& tag : tags_of(one)) tags.insert(std::move(tag));
  }
  std::string body;
  api::JsonWriter out(body);
  out.begin_object();
  for (const auto& [name, tags] : services) write_texts(out, name, {tags.begin(), tags.end()});
  out.end_object();
  return body;
}

std::string health_json(const std::vector<Registration>& all, std::string_view service,
                        std::string_view datacenter, const std::vector<std::string_view>& tags) {
  std::string body;
  api::JsonWriter out(body);
  out.begin_array();
  for (const Registration& one : all) {
    const bool fits = one.service->name == service && datacenter_of(one) == datacenter;
    if (fits && has_tags(one, tags)) write_entry(out, one);
  }
  out.end_array();
  return body;
}

}  // namespace

HttpResponse answer_consul(const DataCentre& centre, Timestamp now, const HttpRequest& request) {
  const std::string_view path = split_url(request.url).path;
  const api::Parameters parameters(request);
  const std::vector<Registration> all = registrations(centre, now, "consul");
  const std::string_view asked = parameters.get("dc");
  const std::string_view datacenter = asked.empty() ? kDatacenter : asked;
  HttpResponse response;
  response.headers.set("Content-Type", "application/json");
  if (path == "/v1/agent/self") {
    response.body = agent_json();
  } else if (path == "/v1/catalog/services") {
    response.body = services_json(all, datacenter);
  } else if (path.rfind(kHealthPath, 0) == 0) {
    const std::string service = url_decode(path.substr(kHealthPath.size()), false);
    response.body = health_json(all, service, datacenter, parameters.all("tag"));
  } else {
    response.status = 404;
    response.body =
        "{\"error\":\"this Consul has /v1/agent/self, /v1/catalog/services and "
        "/v1/health/service/NAME\"}";
  }
  // Positive, and exact as a number of JavaScript.
  response.headers.set("X-Consul-Index", std::to_string(xxh64(response.body) >> 12 | 1));
  return response;
}

}  // namespace promenade::sim
