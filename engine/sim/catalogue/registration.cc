// engine/sim/catalogue/registration.cc
// Catalogues have no memory of their own: what they say follows from the data centre's state, so a
// rewound world has them right.
#include "sim/catalogue/registration.h"

namespace promenade::sim {

std::string Registration::get(const std::string& name, const std::string& fallback) const {
  const auto edit = edits.find(name);
  const auto attribute = instance->attributes.find(name);
  const auto label = labels.find(name);
  const std::string& found = edit != edits.end()                       ? edit->second
                             : attribute != instance->attributes.end() ? attribute->second
                             : label != labels.end()                   ? label->second
                                                                       : fallback;
  return found == "none" ? "" : found;
}

std::vector<Registration> registrations(const DataCentre& centre, Timestamp now,
                                        std::string_view catalogue) {
  std::vector<Registration> all;
  for (const Instance& instance : centre.instances()) {
    if (!instance.is_present) continue;
    Registration one;
    one.instance = &instance;
    one.service = &centre.service_of(instance);
    one.is_healthy = centre.is_running(instance.index, now) && !instance.is_paused;
    one.ip = instance.attribute("ip");
    for (const auto& [name, text] : instance.group->target_labels) {
      one.labels[name] = instance.fill_in(text);
    }
    for (const Disturbance& disturbance : centre.timeline().all()) {
      if (disturbance.control != Control::EditRegistration || !disturbance.is_under_way(now) ||
          !disturbance.hits(instance.index)) {
        continue;
      }
      one.edits[std::string(disturbance.parameter("name"))] = disturbance.parameter("value");
    }
    const std::string own = one.get("catalogue");
    if (own.empty() || own == catalogue) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace promenade::sim
