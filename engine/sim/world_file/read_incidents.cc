// engine/sim/world_file/read_incidents.cc
// One line of the plan of what goes wrong.
#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "sim/chaos/controls.h"
#include "sim/world_file/world_file_reader.h"

namespace promenade::sim {

Result<void> WorldFileReader::read_incident(const YamlNode& node) {
  IncidentDefinition incident;
  YamlMapping mapping(*file_, node, "an incident");
  mapping.value(
      "kind",
      [&](const YamlNode& kind) -> Result<void> {
        const auto add = [&](const YamlNode& item) -> Result<void> {
          std::vector<std::string_view> known;
          for (const ControlEntry& entry : controls()) known.push_back(entry.name);
          for (const auto& trouble : world_.troubles) known.push_back(trouble.first);
          if (std::find(known.begin(), known.end(), item.text) == known.end()) {
            const auto near = nearest(item.text, known);
            return file_->error_at(
                item,
                fmt::format("found {}, expected a chaos control or one of this world's troubles{}",
                            describe(item),
                            near ? fmt::format("; did you mean \"{}\"?", *near)
                                 : std::string("; add it to \"troubles\"")));
          }
          incident.kinds.push_back(item.text);
          return {};
        };
        if (kind.kind == YamlNode::Kind::Scalar) return add(kind);
        for (const YamlNode& item : kind.items) TRY(add(item));
        return {};
      },
      Presence::Required);
  mapping.text_list("of", incident.targets.names);
  text_pairs(mapping, "where", incident.targets.labels);
  mapping.boolean("all", incident.hits_all);
  mapping.value(
      "begin",
      [&](const YamlNode& range) {
        return duration_range(range, incident.begin_min, incident.begin_max);
      },
      Presence::Required);
  mapping.value("length", [&](const YamlNode& range) {
    return duration_range(range, incident.length_min, incident.length_max);
  });
  mapping.value("strength", [&](const YamlNode& range) {
    return number_range(range, incident.strength_min, incident.strength_max);
  });
  mapping.number("chance", incident.chance);
  mapping.count("every", incident.every);
  mapping.count("offset", incident.offset);
  incident.every = std::max<uint64_t>(incident.every, 1);
  mapping.boolean("another", incident.is_another);
  mapping.text_map("with", incident.parameters);
  world_.incidents.push_back(std::move(incident));
  return mapping.finish();
}

}  // namespace promenade::sim
