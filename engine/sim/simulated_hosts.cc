// engine/sim/simulated_hosts.cc
// The network changes at exact instants: one timer for each beginning and end on the timeline.
#include "sim/simulated_hosts.h"

#include <algorithm>

#include "base/strings.h"
#include "exposition/writer.h"
#include "sim/catalogue/registration.h"
#include "sim/chaos/page_chaos.h"

namespace promenade::sim {
namespace {

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";
// Longer than any scrape_timeout that a lesson sets.
constexpr Duration kNever = Duration::minutes(10);

HttpResponse text_response(int status, std::string_view content_type, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.set("Content-Type", std::string(content_type));
  response.body = std::move(body);
  return response;
}

void flap(const Disturbance& disturbance, Timestamp now, HostBehaviour& behaviour) {
  const auto period =
      static_cast<int64_t>(std::clamp(disturbance.number("period"), 1.0, 1e6) * 1000);
  const double duty = std::clamp(disturbance.number("duty"), 0.0, 1.0);
  const int64_t phase = (now - disturbance.span.start).ms % period;
  if (static_cast<double>(phase) >= duty * static_cast<double>(period)) {
    behaviour.is_reachable = false;
  }
}

void apply_network_chaos(const Disturbance& disturbance, HostBehaviour& behaviour) {
  switch (disturbance.control) {
    case Control::Unreachable:
      behaviour.is_reachable = false;
      break;
    case Control::Pause:
    case Control::DropLink:
    case Control::Partition:
      behaviour.latency = kNever;
      break;
    case Control::SlowScrape: {
      const double seconds = std::clamp(disturbance.number("seconds"), 0.0, 600.0);
      behaviour.latency =
          std::max(behaviour.latency, Duration::milliseconds(static_cast<int64_t>(seconds * 1000)));
      break;
    }
    default:
      break;
  }
}

std::string indented(std::string_view text, std::string_view indentation) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) continue;
    out += indentation;
    out += line;
    out += '\n';
  }
  return out;
}

std::string yaml_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string targets_path(const ServiceDefinition& service) {
  return "targets/" + service.name + ".yml";
}

// Items of static_configs: neighbours with the same labels share one.
std::string target_groups(const DataCentre& centre, size_t service, std::string_view indentation) {
  struct Group {
    TextPairs labels;
    std::vector<std::string> targets;
  };
  std::vector<Group> groups;
  for (const Instance& instance : centre.instances()) {
    if (instance.service != service || !instance.is_present) continue;
    TextPairs labels;
    for (const auto& [name, text] : instance.group->target_labels) {
      labels.emplace_back(name, instance.fill_in(text));
    }
    if (groups.empty() || groups.back().labels != labels) groups.push_back({labels, {}});
    groups.back().targets.push_back(yaml_quoted(instance.authority));
  }
  std::string yaml;
  for (const Group& group : groups) {
    yaml += std::string(indentation) + "- targets: [" + join(group.targets, ", ") + "]\n";
    if (group.labels.empty()) continue;
    yaml += std::string(indentation) + "  labels:\n";
    for (const auto& [name, value] : group.labels) {
      yaml += std::string(indentation) + "    " + name + ": " + yaml_quoted(value) + "\n";
    }
  }
  return yaml;
}

}  // namespace

bool has_changing_targets(const WorldDefinition& world, const ServiceDefinition& service) {
  if (service.host.find("{id}") != std::string::npos ||
      service.host.find("{version}") != std::string::npos) {
    return true;
  }
  return std::any_of(world.incidents.begin(), world.incidents.end(), [&](const auto& incident) {
    const auto& names = incident.targets.names;
    const bool removes =
        std::find(incident.kinds.begin(), incident.kinds.end(), "remove") != incident.kinds.end();
    return removes &&
           (names.empty() || std::find(names.begin(), names.end(), service.name) != names.end());
  });
}

SimulatedHosts::SimulatedHosts(DataCentre& centre, Clock& clock, SimNet& net, WriteFile write_file)
    : centre_(centre),
      clock_(clock),
      net_(net),
      write_file_(std::move(write_file)),
      aliases_(centre.instances().size()) {
  add_catalogues();
  for (const Instance& instance : centre_.instances()) {
    Random random = Random(instance.seed).fork("network");
    latencies_.push_back(Duration::milliseconds(random.between(2, 9)));
    add_host(instance);
  }
  for (size_t i = 0; i < centre_.definition().services.size(); ++i) write_targets(i);
  centre_.set_listener([this](const Instance& instance, const std::string& old_authority) {
    on_change(instance, old_authority);
  });
  for (const Disturbance& disturbance : centre_.timeline().all()) on_disturbance(disturbance);
  centre_.timeline().set_listener(
      [this](const Disturbance& disturbance) { on_disturbance(disturbance); });
  plan_next_period();
}

void SimulatedHosts::add_host(const Instance& instance) {
  const size_t index = instance.index;
  const std::string port = ":" + std::to_string(centre_.service_of(instance).port);
  aliases_[index] = {instance.host + ".internal" + port, instance.attribute("ip") + port};
  const auto handler = [this, index](const HttpRequest& request) { return answer(index, request); };
  net_.add_host(instance.authority, handler);
  for (const std::string& alias : aliases_[index]) net_.add_host(alias, handler);
  refresh(index);
}

void SimulatedHosts::add_catalogues() {
  using Answer = HttpResponse (*)(const DataCentre&, Timestamp, const HttpRequest&);
  struct Entry {
    std::string_view authority;
    Answer answer;
  };
  for (const Entry& entry :
       {Entry{kConsulAuthority, answer_consul}, Entry{kKubernetesAuthority, answer_kubernetes},
        Entry{kKubernetesClusterAuthority, answer_kubernetes}, Entry{kEc2Authority, answer_ec2}}) {
    net_.add_host(std::string(entry.authority),
                  [this, answer = entry.answer](const HttpRequest& request) {
                    centre_.advance(clock_.now());
                    return answer(centre_, clock_.now(), request);
                  });
  }
  net_.set_name_service([this](std::string_view name, std::string_view type) {
    centre_.advance(clock_.now());
    return answer_dns(centre_, clock_.now(), name, type);
  });
  // What a pod finds in its file system, for configurations that are written for inside a cluster.
  const std::string account = "/var/run/secrets/kubernetes.io/serviceaccount/";
  write_file_(account + "token", "a-token-of-this-world");
  write_file_(account + "namespace", "default");
}

// The plan is drawn when its period begins, so that every change has its timer in time.
void SimulatedHosts::plan_next_period() {
  // What processes do to themselves comes first, so that the timeline's order is always the same.
  centre_.advance(clock_.now());
  centre_.timeline().plan_until(clock_.now());
  clock_.call_at(clock_.now() + centre_.definition().incident_period,
                 [this] { plan_next_period(); });
}

void SimulatedHosts::set_server_listener(std::function<void()> listener) {
  server_listener_ = std::move(listener);
}

void SimulatedHosts::on_disturbance(const Disturbance& disturbance) {
  const auto refresh_targets = [this, &disturbance] {
    centre_.advance(clock_.now());
    if (concerns_servers(disturbance.control)) {
      if (server_listener_) server_listener_();
      return;
    }
    for (const Instance& instance : centre_.instances()) {
      if (disturbance.hits(instance.index)) refresh(instance.index);
    }
  };
  const auto refresh_at = [&](Timestamp time) {
    if (time <= clock_.now()) return refresh_targets();
    clock_.call_at(time, refresh_targets);
  };
  refresh_at(disturbance.span.start);
  refresh_at(disturbance.span.end);
  if (disturbance.control != Control::Flapping) return;
  const auto step = Duration::milliseconds(
      static_cast<int64_t>(std::clamp(disturbance.number("period"), 1.0, 1e6) * 1000));
  const double duty = std::clamp(disturbance.number("duty"), 0.0, 1.0);
  const auto good =
      Duration::milliseconds(static_cast<int64_t>(static_cast<double>(step.ms) * duty));
  // At most a few thousand turns, whatever the period.
  Timestamp turn = disturbance.span.start;
  for (int i = 0; i < 5000 && turn < disturbance.span.end; ++i) {
    refresh_at(turn);
    refresh_at(turn + good);
    turn = turn + step;
  }
}

void SimulatedHosts::refresh(size_t index) {
  const Timestamp now = clock_.now();
  HostBehaviour behaviour{latencies_[index], centre_.is_running(index, now)};
  for (const Disturbance& disturbance : centre_.timeline().all()) {
    if (!disturbance.is_under_way(now) || !disturbance.hits(index)) continue;
    apply_network_chaos(disturbance, behaviour);
    if (disturbance.control == Control::Flapping) flap(disturbance, now, behaviour);
  }
  net_.set_behaviour(centre_.instances()[index].authority, behaviour);
  for (const std::string& alias : aliases_[index]) net_.set_behaviour(alias, behaviour);
}

void SimulatedHosts::on_change(const Instance& instance, const std::string& old_authority) {
  if (instance.authority != old_authority) {
    net_.remove_host(old_authority);
    for (const std::string& alias : aliases_[instance.index]) net_.remove_host(alias);
    add_host(instance);
  }
  write_targets(instance.service);
}

HttpResponse SimulatedHosts::answer(size_t index, const HttpRequest& request) {
  const Timestamp now = clock_.now();
  centre_.advance(now);
  const Instance& instance = centre_.instances()[index];
  const ServiceDefinition& service = centre_.service_of(instance);
  if (!centre_.is_running(index, now)) {
    return text_response(503, kPlainText, instance.host + " is not running\n");
  }
  if (split_url(request.url).path == service.path) return metrics(index, now);
  return text_response(
      404, kPlainText,
      instance.host + " is a simulated service; what it shows is at " + service.path + "\n");
}

HttpResponse SimulatedHosts::metrics(size_t index, Timestamp now) {
  HttpResponse response = text_response(200, exposition::kTextContentType, "");
  centre_.render(index, response.body);
  for (const Disturbance& disturbance : centre_.timeline().all()) {
    if (disturbance.is_under_way(now) && disturbance.hits(index)) {
      apply_page_chaos(disturbance, now, response);
    }
  }
  return response;
}

void SimulatedHosts::write_targets(size_t service) {
  const ServiceDefinition& definition = centre_.definition().services[service];
  if (!has_changing_targets(centre_.definition(), definition)) return;
  const std::string groups = target_groups(centre_, service, "");
  write_file_(targets_path(definition), groups.empty() ? "[]\n" : groups);
}

std::string SimulatedHosts::prometheus_config(const TextPairs& external_labels) const {
  const WorldDefinition& world = centre_.definition();
  if (!world.config.empty()) return world.config;
  const auto duration = [](Duration length) { return std::to_string(length.ms) + "ms"; };
  std::string yaml = "global:\n  scrape_interval: " + duration(world.scrape_interval) +
                     "\n  scrape_timeout: " + duration(world.scrape_timeout) +
                     "\n  evaluation_interval: " + duration(world.evaluation_interval) + "\n";
  if (!external_labels.empty()) yaml += "  external_labels:\n";
  for (const auto& [name, value] : external_labels) {
    yaml += "    " + name + ": " + yaml_quoted(value) + "\n";
  }
  const bool has_rules = std::any_of(world.files.begin(), world.files.end(), [](const auto& file) {
    return file.first.rfind("rules/", 0) == 0;
  });
  if (has_rules) yaml += "rule_files:\n  - rules/*.yml\n";
  yaml += "scrape_configs:\n";
  if (world.scrapes_itself) {
    yaml +=
        "  - job_name: prometheus\n"
        "    static_configs:\n"
        "      - targets: [\"prometheus:9090\"]\n";
  }
  for (size_t i = 0; i < world.services.size(); ++i) {
    const ServiceDefinition& service = world.services[i];
    if (!service.is_scraped) continue;
    yaml += "  - job_name: " + yaml_quoted(service.job) + "\n";
    if (service.path != "/metrics") yaml += "    metrics_path: " + yaml_quoted(service.path) + "\n";
    yaml += indented(service.scrape_yaml, "    ");
    if (has_changing_targets(world, service)) {
      yaml += "    file_sd_configs:\n      - files: [" + targets_path(service) +
              "]\n        refresh_interval: 5s\n";
    } else {
      yaml += "    static_configs:\n" + target_groups(centre_, i, "      ");
    }
  }
  return yaml;
}

}  // namespace promenade::sim
