// engine/sim/world_file/read_requests.cc
// The section `requests` of a service.
#include <fmt/format.h>

#include <algorithm>

#include "sim/world_file/world_file_reader.h"

namespace promenade::sim {

void WorldFileReader::read_failures(const YamlNode* node, size_t service, bool is_always_shown,
                                    YamlMapping& mapping, EndpointDefinition& endpoint) {
  if (node == nullptr) return;
  if (node->kind != YamlNode::Kind::Mapping) {
    mapping.require(file_->error_at(
        *node, fmt::format("found {}, expected statuses and their shares: {{\"500\": 0.1%}}",
                           describe(*node))));
    return;
  }
  for (const YamlEntry& entry : node->entries) {
    FailureDefinition failure;
    failure.status = entry.key.text;
    failure.is_always_shown = is_always_shown;
    const auto share = pend(entry.value, service);
    if (!share) return mapping.require(tl::unexpected(share.error()));
    failure.share = *share;
    endpoint.failures.push_back(std::move(failure));
  }
}

Result<void> WorldFileReader::read_endpoint(const YamlNode& node, size_t service,
                                            const YamlNode* failures,
                                            const YamlNode* rare_failures) {
  RequestsDefinition& requests = *world_.services[service].requests;
  EndpointDefinition endpoint;
  YamlMapping mapping(*file_, node, "an endpoint");
  mapping.text("id", endpoint.id);
  text_pairs(mapping, "labels", endpoint.labels);
  formula(mapping, "rate", service, endpoint.rate);
  formula(mapping, "median", service, endpoint.median);
  formula(mapping, "cpu", service, endpoint.cpu);
  formula(mapping, "attempts", service, endpoint.attempts);
  mapping.text("success", endpoint.success_status);
  const YamlNode* caller = mapping.find("called_by");
  const YamlNode* own = mapping.find("failures");
  const YamlNode* own_rare = mapping.find("rare_failures");
  const bool has_own = own != nullptr || own_rare != nullptr;
  read_failures(has_own ? own : failures, service, true, mapping, endpoint);
  read_failures(has_own ? own_rare : rare_failures, service, false, mapping, endpoint);
  if (caller != nullptr) callers_.push_back({file_, caller, service, requests.endpoints.size()});
  if ((endpoint.rate == kNoFormula) == (caller == nullptr)) {
    mapping.require(file_->error_at(
        node, "an endpoint has either \"rate\" or \"called_by\": SERVICE.ENDPOINT"));
  }
  if (endpoint.id.empty()) endpoint.id = fmt::format("e{}", requests.endpoints.size() + 1);
  requests.endpoints.push_back(std::move(endpoint));
  return mapping.finish();
}

Result<void> WorldFileReader::read_requests(const YamlNode& node, size_t service) {
  RequestsDefinition& requests = world_.services[service].requests.emplace();
  YamlMapping mapping(*file_, node, "requests");
  mapping.text("counter", requests.counter);
  mapping.text("counter_help", requests.counter_help);
  mapping.text("status_label", requests.status_label);
  mapping.text("histogram", requests.histogram);
  mapping.text("histogram_help", requests.histogram_help);
  mapping.text("in_flight", requests.in_flight);
  mapping.count("shape", requests.shape);
  requests.shape = std::clamp<uint64_t>(requests.shape, 2, 4);
  formula(mapping, "slow_at_cores", service, requests.slow_at_cores);
  TRY(read_buckets(mapping, requests.buckets));
  if (requests.buckets.empty()) {
    requests.buckets.assign(std::begin(kLatencyBuckets), std::end(kLatencyBuckets));
  }
  const YamlNode* failures = mapping.find("failures");
  const YamlNode* rare_failures = mapping.find("rare_failures");
  mapping.list(
      "endpoints",
      [&](const YamlNode& item) { return read_endpoint(item, service, failures, rare_failures); },
      Presence::Required);
  return mapping.finish();
}

}  // namespace promenade::sim
