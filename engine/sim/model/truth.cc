// engine/sim/model/truth.cc
// What the model knows and nobody measures: exact counts, and quantiles of the very distribution
// that latencies were drawn from.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/number_format.h"
#include "sim/model/data_centre.h"
#include "sim/model/latency.h"

namespace promenade::sim {
namespace {

struct Steps {
  size_t begin;
  size_t end;  // Not part of it.
};

Steps steps_between(Timestamp world_start, Timestamp start, Timestamp end) {
  const auto step = [&](Timestamp time) {
    const int64_t ms = std::max<int64_t>(0, (time - world_start).ms);
    return static_cast<size_t>(ms / kTruthStep.ms);
  };
  return {step(start), step(end)};
}

// A step's latencies: how many, around which median.
struct Component {
  double count;
  double median;
};

// The quantile of a mixture, by bisection between the smallest and the largest of its parts.
double mixture_quantile(double share, const std::vector<Component>& components, uint64_t shape) {
  double total = 0;
  double low = 0;
  double high = 0;
  for (const Component& component : components) {
    total += component.count;
    high = std::max(high, latency_quantile(share, component.median, shape));
  }
  if (total == 0) return std::numeric_limits<double>::quiet_NaN();
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    double below = 0;
    for (const Component& component : components) {
      below += component.count * share_below(middle, component.median, shape);
    }
    (below < share * total ? low : high) = middle;
  }
  return (low + high) / 2;
}

bool is_asked_for(const Instance& instance, const TruthQuestion& question) {
  return question.instance.empty() || question.instance == instance.host ||
         question.instance == instance.authority;
}

void append_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "null";
  } else {
    append_json_value(out, value);
  }
}

}  // namespace

Truth truth_of(const DataCentre& centre, Timestamp world_start, size_t service, size_t endpoint,
               const TruthQuestion& question) {
  const Steps steps = steps_between(world_start, question.start, question.end);
  Truth truth;
  std::vector<Component> components;
  for (const Instance& instance : centre.instances()) {
    if (instance.service != service || !is_asked_for(instance, question)) continue;
    const std::vector<TruthCell>& cells = instance.endpoints[endpoint].truth;
    for (size_t i = steps.begin; i < std::min(steps.end, cells.size()); ++i) {
      truth.requests += cells[i].requests;
      truth.failures += cells[i].failures;
      if (cells[i].requests > 0) {
        components.push_back({static_cast<double>(cells[i].requests), double{cells[i].median}});
      }
    }
  }
  const uint64_t shape = centre.definition().services[service].requests->shape;
  for (const double share : question.quantiles) {
    truth.quantiles.push_back(mixture_quantile(share, components, shape));
  }
  return truth;
}

std::string truth_json(const DataCentre& centre, Timestamp world_start,
                       const TruthQuestion& question) {
  // Whole steps: the answer says which.
  const Steps steps = steps_between(world_start, question.start, question.end);
  const auto at = [&](size_t step) {
    return world_start.ms + static_cast<int64_t>(step) * kTruthStep.ms;
  };
  const double seconds = static_cast<double>(at(steps.end) - at(steps.begin)) / 1000;
  std::string out = "{\"start\":";
  append_json_timestamp(out, at(steps.begin));
  out += ",\"end\":";
  append_json_timestamp(out, at(steps.end));
  out += ",\"endpoints\":[";
  bool is_first = true;
  const auto& services = centre.definition().services;
  for (size_t service = 0; service < services.size(); ++service) {
    if (!services[service].requests) continue;
    if (!question.service.empty() && question.service != services[service].name) continue;
    const auto& endpoints = services[service].requests->endpoints;
    for (size_t i = 0; i < endpoints.size(); ++i) {
      const Truth truth = truth_of(centre, world_start, service, i, question);
      const auto requests = static_cast<double>(truth.requests);
      out +=
          fmt::format("{}{{\"service\":\"{}\",\"endpoint\":\"{}\",\"requests\":{},\"failures\":{}",
                      is_first ? "" : ",", services[service].name, endpoints[i].id, truth.requests,
                      truth.failures);
      is_first = false;
      out += ",\"rate\":";
      append_number(out, seconds > 0 ? requests / seconds : 0);
      out += ",\"failed\":";
      append_number(out, requests > 0 ? static_cast<double>(truth.failures) / requests : 0);
      out += ",\"quantiles\":{";
      for (size_t q = 0; q < truth.quantiles.size(); ++q) {
        if (q > 0) out += ',';
        out += '"';
        append_json_value(out, question.quantiles[q]);
        out += "\":";
        append_number(out, truth.quantiles[q]);
      }
      out += "}}";
    }
  }
  return out + "]}";
}

}  // namespace promenade::sim
