// engine/sim/world_file/world_reader.cc
// The file as a whole: its sections in turn, and then what only the whole file can tell.
#include "sim/world_file/world_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/hash.h"
#include "base/strings.h"
#include "sim/world_file/formula_scope.h"
#include "sim/world_file/world_file_reader.h"

namespace promenade::sim {

Result<void> WorldFileReader::read_other_server(const YamlNode& name, const YamlNode& node) {
  PrometheusDefinition server;
  server.name = name.text;
  YamlMapping mapping(*file_, node, "another Prometheus");
  mapping.text("config", server.config);
  text_pairs(mapping, "external_labels", server.external_labels);
  if (world_.other_servers.size() == kOtherServersMax) {
    mapping.require(file_->error_at(
        name, fmt::format("a world has at most {} other servers", kOtherServersMax)));
  }
  TRY(mapping.finish());
  world_.other_servers.push_back(std::move(server));
  return {};
}

Result<void> WorldFileReader::read_prometheus(const YamlNode& node) {
  YamlMapping mapping(*file_, node, "prometheus");
  mapping.duration("scrape_interval", world_.scrape_interval);
  mapping.duration("scrape_timeout", world_.scrape_timeout);
  mapping.duration("evaluation_interval", world_.evaluation_interval);
  text_pairs(mapping, "external_labels", world_.external_labels);
  mapping.boolean("scrapes_itself", world_.scrapes_itself);
  mapping.text("config", world_.config);
  mapping.text_map("files", world_.files);
  mapping.entries("others", [&](const YamlNode& name, const YamlNode& other) {
    return read_other_server(name, other);
  });
  return mapping.finish();
}

Result<void> WorldFileReader::read_root(const YamlNode& node) {
  YamlMapping mapping(*file_, node, "a world");
  mapping.text("world", world_.name, Presence::Required);
  mapping.text("about", world_.about);
  mapping.duration("tick", world_.tick);
  text_pairs(mapping, "troubles", world_.troubles);
  mapping.entries("values", [&](const YamlNode& name, const YamlNode& value) {
    return read_values(name, value, kWorldScope, world_.values);
  });
  mapping.entries("services", [&](const YamlNode& name, const YamlNode& value) {
    return read_service(name, value);
  });
  mapping.value("incidents", [&](const YamlNode& incidents) -> Result<void> {
    YamlMapping plan(*file_, incidents, "incidents");
    plan.duration("every", world_.incident_period);
    plan.list("plan", [&](const YamlNode& item) { return read_incident(item); });
    return plan.finish();
  });
  mapping.value("prometheus", [&](const YamlNode& value) { return read_prometheus(value); });
  if (world_.tick < Duration::seconds(1) || world_.incident_period < world_.tick) {
    mapping.require(mapping.error_at("tick",
                                     "a tick takes at least 1s, and no longer than the "
                                     "period of the incidents"));
  }
  return mapping.finish();
}

Result<void> WorldFileReader::resolve_callers() {
  for (const PendingCaller& pending : callers_) {
    const std::string_view text = pending.node->text;
    const size_t dot = text.find('.');
    const auto service = index_of(world_.services, text.substr(0, dot));
    const auto endpoint = service && dot != std::string_view::npos
                              ? index_of_endpoint(world_.services[*service], text.substr(dot + 1))
                              : std::nullopt;
    if (!endpoint || *service >= pending.service) {
      return pending.file->error_at(
          *pending.node, fmt::format("found {}, expected SERVICE.ENDPOINT of a service that stands "
                                     "further up in the file",
                                     describe(*pending.node)));
    }
    world_.services[pending.service].requests->endpoints[pending.endpoint].caller = {*service,
                                                                                     *endpoint};
  }
  return {};
}

Result<void> WorldFileReader::resolve_abouts() {
  for (const PendingAbout& pending : abouts_) {
    file_ = pending.file;
    text_ = pending.file_text;
    const YamlNode* about = nullptr;
    for (const YamlEntry& entry : pending.node->entries) {
      if (entry.key.text == "about") about = &entry.value;
    }
    const std::vector<YamlNode> one(1, *about);
    for (const YamlNode& item : about->kind == YamlNode::Kind::Sequence ? about->items : one) {
      const auto service = index_of(world_.services, item.text);
      if (!service) {
        std::vector<std::string_view> names;
        for (const ServiceDefinition& known : world_.services) names.push_back(known.name);
        const auto near = nearest(item.text, names);
        return file_->error_at(
            *about, fmt::format("found {}, expected services of this world{}", describe(item),
                                near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
      }
      TRY(read_metric(*pending.node, pending.service, *service));
    }
  }
  return {};
}

Result<void> WorldFileReader::compile_formulas() {
  world_.formulas.resize(formulas_.size());
  // What a formula draws depends on its text and its service, not on what stands around it.
  std::map<std::string, uint64_t> occurrences;
  for (const PendingFormula& pending : formulas_) {
    const auto scope = make_formula_scope(world_, pending.service, pending.loops);
    const std::string_view owner = pending.service == kWorldScope
                                       ? ""
                                       : std::string_view(world_.services[pending.service].name);
    const std::string key = fmt::format("{}/{}", owner, pending.node->text);
    auto formula = compile_formula(pending.node->text, *scope, xxh64(key) + occurrences[key]++);
    if (!formula) {
      const size_t offset = formula.error().span ? formula.error().span->begin : 0;
      const LineColumn at = position_in_scalar(pending.file_text, *pending.node, offset);
      return bad_data(fmt::format("{}:{}:{}: {} in the formula {}", pending.file->name(), at.line,
                                  at.column, formula.error().message, quote(pending.node->text)));
    }
    world_.formulas[pending.id] = std::move(*formula);
  }
  return {};
}

Result<void> WorldFileReader::check_sizes() {
  uint64_t instances = 0;
  for (const ServiceDefinition& service : world_.services) {
    for (const GroupDefinition& group : service.groups) {
      instances += std::min(group.count, kInstancesMax + 1) +
                   std::min(group.hidden_count_max, kInstancesMax + 1);
    }
  }
  if (instances > kInstancesMax) {
    return main_file_->error_at(
        main_file_->root(),
        fmt::format("the world has more than {} instances; let services have fewer",
                    kInstancesMax));
  }
  return {};
}

Result<WorldDefinition> WorldFileReader::read(std::string name, std::string_view text) {
  files_.push_back({std::make_unique<YamlFile>(TRY(YamlFile::parse(std::move(name), text))), text});
  file_ = main_file_ = files_.back().yaml.get();
  text_ = text;
  TRY(read_root(file_->root()));
  TRY(resolve_callers());
  TRY(resolve_abouts());
  TRY(compile_formulas());
  TRY(check_sizes());
  return std::move(world_);
}

Result<WorldDefinition> read_world(std::string file, std::string_view text) {
  return WorldFileReader().read(std::move(file), text);
}

}  // namespace promenade::sim
