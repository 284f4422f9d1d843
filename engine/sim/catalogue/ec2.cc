// engine/sim/catalogue/ec2.cc
// EC2's DescribeInstances over the instances of a world: each is a machine of its own. Who asks may
// sign as they like: the signature is looked for, not checked, as the world has no secrets.
#include <fmt/format.h>

#include <algorithm>

#include "api/parameters.h"
#include "base/hash.h"
#include "base/strings.h"
#include "sim/catalogue/registration.h"

namespace promenade::sim {
namespace {

std::string id_of(std::string_view prefix, std::string_view text) {
  return fmt::format("{}-{:017x}", prefix, xxh64(text));
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string element(std::string_view name, std::string_view text) {
  return fmt::format("<{0}>{1}</{0}>", name, escaped(text));
}

std::map<std::string, std::string> tags_of(const Registration& one) {
  std::map<std::string, std::string> tags = one.labels;
  tags["Name"] = one.instance->host;
  tags["service"] = one.service->name;
  if (tags.count("env") > 0) tags["Environment"] = tags["env"];
  return tags;
}

std::string state_of(const Registration& one) {
  return one.is_healthy ? "running" : "stopped";
}

// What a filter of this name compares with; nothing when the world has no such property.
std::string property(const Registration& one, std::string_view name) {
  if (name == "instance-state-name") return state_of(one);
  if (name == "availability-zone") return one.get("zone", "eu-central-1a");
  if (name == "instance-type") return one.get("instance_type", "t3.small");
  if (name == "private-ip-address") return one.ip;
  if (name.rfind("tag:", 0) != 0) return "";
  const auto tags = tags_of(one);
  const auto found = tags.find(std::string(name.substr(4)));
  return found == tags.end() ? "" : found->second;
}

bool passes_filters(const Registration& one, const api::Parameters& parameters) {
  for (size_t i = 1;; ++i) {
    const std::string prefix = fmt::format("Filter.{}.", i);
    const std::string_view name = parameters.get(prefix + "Name");
    if (name.empty()) return true;
    bool has_value = false;
    for (size_t j = 1;; ++j) {
      const std::string_view value = parameters.get(fmt::format("{}Value.{}", prefix, j));
      if (value.empty()) break;
      has_value = has_value || value == property(one, name);
    }
    if (!has_value) return false;
  }
}

std::string machine(const Registration& one) {
  const std::string id = id_of("i", one.instance->host);
  std::string xml =
      "<item>" + element("instanceId", id) + element("imageId", "ami-0a1b2c3d4e5f60718");
  xml += "<instanceState>" + element("name", state_of(one)) + "</instanceState>";
  xml += element("privateDnsName", one.instance->host + ".internal");
  xml += element("instanceType", one.get("instance_type", "t3.small"));
  xml += "<placement>" + element("availabilityZone", one.get("zone", "eu-central-1a")) +
         "</placement>";
  xml += element("subnetId", "subnet-0123456789abcdef0");
  xml += element("vpcId", "vpc-0123456789abcdef0");
  xml += element("privateIpAddress", one.ip) + element("architecture", "x86_64");
  xml += "<networkInterfaceSet><item>" + element("subnetId", "subnet-0123456789abcdef0") +
         "</item></networkInterfaceSet><tagSet>";
  for (const auto& [key, value] : tags_of(one)) {
    xml += "<item>" + element("key", key) + element("value", value) + "</item>";
  }
  return xml + "</tagSet></item>";
}

std::string error_xml(std::string_view code, std::string_view message) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error>" +
         element("Code", code) + element("Message", message) + "</Error></Errors></Response>";
}

}  // namespace

HttpResponse answer_ec2(const DataCentre& centre, Timestamp now, const HttpRequest& request) {
  HttpResponse response;
  response.headers.set("Content-Type", "text/xml;charset=UTF-8");
  if (request.headers.get("Authorization").rfind("AWS4-HMAC-SHA256 ", 0) != 0) {
    response.status = 401;
    response.body = error_xml("AuthFailure", "AWS was not able to validate the access credentials");
    return response;
  }
  const api::Parameters parameters(request);
  if (parameters.get("Action") != "DescribeInstances") {
    response.status = 400;
    response.body = error_xml("InvalidAction", "this EC2 has the action DescribeInstances");
    return response;
  }
  std::string body =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DescribeInstancesResponse "
      "xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><reservationSet>";
  for (const Registration& one : registrations(centre, now, "ec2")) {
    if (!passes_filters(one, parameters)) continue;
    body += "<item>" + element("ownerId", "123456789012") + "<instancesSet>" + machine(one) +
            "</instancesSet></item>";
  }
  response.body = body + "</reservationSet></DescribeInstancesResponse>";
  return response;
}

}  // namespace promenade::sim
