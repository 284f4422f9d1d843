// engine/sim/world_file/read_services.cc
// The section `services`, and the components that services use.
#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "config/yaml_writer.h"
#include "sim/world_file/library.h"
#include "sim/world_file/world_file_reader.h"

namespace promenade::sim {

void WorldFileReader::read_group_keys(YamlMapping& mapping, size_t service,
                                      GroupDefinition& group) {
  mapping.count("instances", group.count);
  mapping.count("hidden_instances", group.hidden_count_max);
  mapping.text_list("names", group.names);
  if (!group.names.empty()) group.count = group.names.size();
  text_pairs(mapping, "labels", group.target_labels);
  text_pairs(mapping, "attributes", group.attributes);
  mapping.entries("let", [&](const YamlNode& name, const YamlNode& node) -> Result<void> {
    std::vector<std::string>& constants = world_.services[service].constants;
    if (std::find(constants.begin(), constants.end(), name.text) == constants.end()) {
      constants.push_back(name.text);
    }
    group.constants.emplace_back(name.text, TRY(pend(node, service)));
    return {};
  });
}

Result<void> WorldFileReader::read_group(const YamlNode& node, size_t service,
                                         GroupDefinition& group) {
  YamlMapping mapping(*file_, node, "a group of instances");
  read_group_keys(mapping, service, group);
  mapping.value("apart", [&](const YamlNode& share) -> Result<void> {
    group.apart = TRY(file_->number(share, "apart"));
    return {};
  });
  return mapping.finish();
}

void WorldFileReader::read_parts(YamlMapping& mapping, size_t service) {
  mapping.entries("values", [&](const YamlNode& name, const YamlNode& node) {
    return read_values(name, node, service, world_.services[service].values);
  });
  mapping.value("requests", [&](const YamlNode& node) { return read_requests(node, service); });
  mapping.entries("results", [&](const YamlNode& name, const YamlNode& node) {
    return read_values(name, node, service, world_.services[service].results);
  });
  formula(mapping, "dies_when", service, world_.services[service].dies_when);
  mapping.duration("restart_pause", world_.services[service].restart_pause);
  mapping.list("metrics",
               [&](const YamlNode& node) { return read_metric_for_each(node, service); });
}

Result<void> WorldFileReader::use_component(const YamlNode& item, size_t service) {
  const std::string name = TRY(file_->text(item, "use"));
  const LibraryFile* component = find_file(component_library(), name);
  if (component == nullptr) {
    std::vector<std::string_view> names;
    for (const LibraryFile& file : component_library()) names.push_back(file.name);
    const auto near = nearest(name, names);
    return file_->error_at(
        item, fmt::format("there is no component {}; {}", quote(name),
                          near ? fmt::format("did you mean \"{}\"?", *near)
                               : fmt::format("expected one of {}", fmt::join(names, ", "))));
  }
  files_.push_back({std::make_unique<YamlFile>(TRY(
                        YamlFile::parse(fmt::format("components/{}.yaml", name), component->text))),
                    component->text});
  const YamlFile* outer_file = file_;
  const std::string_view outer_text = text_;
  file_ = files_.back().yaml.get();
  text_ = component->text;
  YamlMapping mapping(*file_, file_->root(), "a component");
  GroupDefinition defaults;
  mapping.count("port", world_.services[service].port);
  text_pairs(mapping, "attributes", defaults.attributes);
  TextPairs troubles;
  text_pairs(mapping, "troubles", troubles);
  for (const auto& trouble : troubles) {
    const bool is_known =
        std::any_of(world_.troubles.begin(), world_.troubles.end(),
                    [&](const auto& known) { return known.first == trouble.first; });
    if (!is_known) world_.troubles.push_back(trouble);
  }
  // Constants of a component are defaults: the service's own come later and win.
  mapping.entries("let", [&](const YamlNode& key, const YamlNode& node) -> Result<void> {
    std::vector<std::string>& constants = world_.services[service].constants;
    if (std::find(constants.begin(), constants.end(), key.text) == constants.end()) {
      constants.push_back(key.text);
    }
    defaults.constants.emplace_back(key.text, TRY(pend(node, service)));
    return {};
  });
  read_parts(mapping, service);
  auto& groups = world_.services[service].groups;
  // The first group stands for the defaults until the service's own are read.
  groups[0].constants.insert(groups[0].constants.end(), defaults.constants.begin(),
                             defaults.constants.end());
  groups[0].attributes.insert(groups[0].attributes.end(), defaults.attributes.begin(),
                              defaults.attributes.end());
  const Result<void> finished = mapping.finish();
  file_ = outer_file;
  text_ = outer_text;
  return finished;
}

Result<void> WorldFileReader::read_service(const YamlNode& key, const YamlNode& node) {
  const size_t index = world_.services.size();
  world_.services.emplace_back();
  {
    ServiceDefinition& service = world_.services[index];
    service.name = service.job = key.text;
    service.host = "{service}-{number}";
    service.groups.emplace_back();
  }
  YamlMapping mapping(*file_, node, "a service");
  mapping.list("use", [&](const YamlNode& item) { return use_component(item, index); });
  ServiceDefinition& service = world_.services[index];
  mapping.text("job", service.job);
  mapping.text("host", service.host);
  mapping.count("port", service.port);
  mapping.text("path", service.path);
  mapping.text("version", service.version);
  mapping.boolean("scraped", service.is_scraped);
  mapping.boolean("renamed", service.is_renamed);
  mapping.value("age", [&](const YamlNode& age) {
    return duration_range(age, service.age_min, service.age_max);
  });
  mapping.value("scrape", [&](const YamlNode& scrape) -> Result<void> {
    if (scrape.kind != YamlNode::Kind::Mapping) {
      return file_->error_at(scrape, "scrape: expected keys of a scrape configuration");
    }
    service.scrape_yaml = write_yaml(scrape);
    return {};
  });
  GroupDefinition defaults = std::move(service.groups[0]);
  service.groups.clear();
  read_group_keys(mapping, index, defaults);
  mapping.list("groups", [&](const YamlNode& item) -> Result<void> {
    GroupDefinition group = defaults;
    group.names.clear();
    group.hidden_count_max = 0;
    group.target_labels.clear();
    TRY(read_group(item, index, group));
    world_.services[index].groups.push_back(std::move(group));
    return {};
  });
  if (service.groups.empty()) service.groups.push_back(std::move(defaults));
  read_parts(mapping, index);
  return mapping.finish();
}

}  // namespace promenade::sim
