// engine/grading/lab.cc
// Hosts on a simulated network, and a real server in front of them.
#include "grading/lab.h"

#include "exposition/writer.h"
#include "promql/features.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

constexpr uint64_t kSamplesMax = 1'000'000;

Result<LabHost> read_host(const YamlFile& file, const YamlNode& node) {
  LabHost host;
  SettingMapping mapping(file, node, "a host");
  mapping.text("address", host.address, Presence::Required);
  mapping.text("path", host.path);
  mapping.text("page", host.page);
  mapping.series("series", host.series);
  mapping.interval("interval", host.interval);
  mapping.count("status", host.status);
  mapping.duration("latency", host.latency);
  mapping.boolean("is_down", host.is_down);
  mapping.duration("stops", host.stops);
  mapping.duration("starts", host.starts);
  TRY(mapping.finish());
  if (host.starts && (!host.stops || *host.starts <= *host.stops)) {
    return mapping.error_at("starts", "a host starts again after it stops; say when with stops");
  }
  return host;
}

Result<LabFile> read_file(const YamlFile& file, const YamlNode& node) {
  LabFile one;
  YamlMapping mapping(file, node, "a file");
  mapping.text("name", one.name, Presence::Required);
  mapping.text("text", one.text, Presence::Required);
  TRY(mapping.finish());
  return one;
}

std::string page_at(const LabHost& host, Duration at) {
  std::string page = host.page;
  const auto index = static_cast<size_t>(at.ms / host.interval.ms);
  exposition::Writer writer(page);
  for (const promql::SeriesLine& line : host.series) {
    if (index >= line.values.size() || line.values[index].omitted) continue;
    std::vector<Label> labels;
    for (const Label& label : line.labels.without_name()) labels.push_back(label);
    writer.rendered(exposition::render_series(line.labels.metric_name(), labels),
                    line.values[index].value);
  }
  return page;
}

}  // namespace

void read_lab(SettingMapping& mapping, LabSetting& out, Presence hosts) {
  mapping.items("hosts", read_host, out.hosts, hosts);
  mapping.items("files", read_file, out.files);
}

Lab::Lab(const LabSetting& setting) {
  for (const LabHost& host : setting.hosts) {
    const sim::HostBehaviour up{host.latency, !host.is_down};
    net_.add_host(
        host.address, [this, &host](const HttpRequest& request) { return answer(host, request); },
        up);
    const auto turn = [&](std::optional<Duration> at, bool is_reachable) {
      if (!at || host.is_down) return;
      clock_.call_at(kScriptStart + *at, [this, &host, is_reachable] {
        net_.set_behaviour(host.address, {host.latency, is_reachable});
      });
    };
    turn(host.stops, false);
    turn(host.starts, true);
  }
  for (const LabFile& file : setting.files) files_.write(file.name, file.text);
}

HttpResponse Lab::answer(const LabHost& host, const HttpRequest& request) const {
  HttpResponse response;
  if (split_url(request.url).path != host.path) {
    response.status = 404;
    return response;
  }
  response.status = static_cast<int>(host.status);
  response.headers.set("Content-Type", std::string(exposition::kTextContentType));
  response.body = page_at(host, clock_.now() - kScriptStart);
  return response;
}

Result<void> Lab::run(std::string_view config, Duration time) {
  files_.write("prometheus.yml", config);
  server::ServerOptions options;
  options.query_samples_max = kSamplesMax;
  options.features = promql::Features::all();
  options.external_url = "http://prometheus:9090";
  prometheus_ =
      TRY(server::Server::create(std::move(options), {clock_, net_, files_, executor_, logger_}));
  clock_.run_until(kScriptStart + time);
  return {};
}

}  // namespace promenade::grading
