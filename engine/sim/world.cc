// engine/sim/world.cc
// Puts a world together: clock, network, disk, workload, and a Prometheus that watches it.
#include "sim/world.h"

#include <utility>

#include "api/parameters.h"
#include "base/executor.h"
#include "base/log.h"
#include "base/strings.h"
#include "model/number_format.h"
#include "sim/alertmanager_host.h"
#include "sim/memory_file_system.h"
#include "sim/sim_net.h"
#include "sim/virtual_clock.h"
#include "sim/web_shop.h"

namespace promenade::sim {
namespace {

// A page has a tab's memory: a tenth of what a server lets a query hold.
constexpr uint64_t kQuerySamplesMax = 5'000'000;

constexpr std::string_view kPrometheusAuthority = "prometheus:9090";
constexpr std::string_view kWorldAuthority = "world";
constexpr std::string_view kConfigFile = "prometheus.yml";
// The most that one request may move the clock on.
constexpr Duration kAdvanceMax = Duration::hours(24);

using WorkloadFactory = std::unique_ptr<Workload> (*)(uint64_t seed, Clock& clock, SimNet& net);

struct WorkloadEntry {
  std::string_view name;
  WorkloadFactory create;
};

constexpr WorkloadEntry kWorkloads[] = {
    {"web-shop",
     [](uint64_t seed, Clock& clock, SimNet& net) -> std::unique_ptr<Workload> {
       return std::make_unique<WebShop>(seed, clock, net);
     }},
};

const WorkloadEntry* find_workload(std::string_view name) {
  for (const WorkloadEntry& entry : kWorkloads) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

tl::unexpected<Error> unknown_workload(std::string_view name) {
  std::string names;
  for (const WorkloadEntry& entry : kWorkloads) {
    names += (names.empty() ? "" : ", ") + std::string(entry.name);
  }
  return fail(ErrorCode::NotFound,
              "there is no workload " + quote(name) + "; choose one of: " + names);
}

HttpResponse text_response(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.body = std::move(body);
  return response;
}

}  // namespace

struct World::Impl {
  explicit Impl(Timestamp start) : start(start), clock(start), net(clock) {}

  HttpResponse clock_state() const;
  HttpResponse advance(const HttpRequest& request);
  HttpResponse control(const HttpRequest& request);

  Timestamp start;
  VirtualClock clock;
  SimNet net;
  MemoryFileSystem files;
  NullLogger logger;
  InlineExecutor executor;
  std::unique_ptr<Workload> workload;
  std::unique_ptr<AlertmanagerHost> alertmanager;  // Null when no file asks for one.
  std::unique_ptr<server::Server> prometheus;
};

HttpResponse World::Impl::clock_state() const {
  HttpResponse response;
  response.headers.set("Content-Type", "application/json");
  response.body = "{\"now\":";
  append_json_timestamp(response.body, clock.now().ms);
  response.body += ",\"start\":";
  append_json_timestamp(response.body, start.ms);
  response.body += '}';
  return response;
}

HttpResponse World::Impl::advance(const HttpRequest& request) {
  const api::Parameters parameters(request);
  const std::string_view text = parameters.get("advance");
  const Result<double> seconds = parse_float(text);
  if (!seconds || !(*seconds > 0) || *seconds > kAdvanceMax.in_seconds()) {
    return text_response(400, "advance=" + quote(text) +
                                  ": expected seconds above 0 and up to 86400, as in "
                                  "POST http://world/clock?advance=60\n");
  }
  clock.run_until(clock.now() + Duration::milliseconds(static_cast<int64_t>(*seconds * 1000)));
  return clock_state();
}

HttpResponse World::Impl::control(const HttpRequest& request) {
  const UrlParts url = split_url(request.url);
  if (url.path != "/clock") {
    return text_response(404,
                         "http://world/clock is the only thing to control here: GET shows it, "
                         "POST ?advance=60 moves it on by 60 seconds\n");
  }
  if (request.method == "GET") return clock_state();
  if (request.method == "POST") return advance(request);
  return text_response(405, request.method + " is not for the clock; use GET or POST\n");
}

Result<std::unique_ptr<World>> World::create(const WorldOptions& options) {
  const WorkloadEntry* entry = find_workload(options.workload);
  if (entry == nullptr) return unknown_workload(options.workload);

  auto impl = std::make_unique<Impl>(options.start);
  impl->workload = entry->create(options.seed, impl->clock, impl->net);
  impl->files.write(std::string(kConfigFile),
                    with_alerting(impl->workload->prometheus_config(), options.files));
  for (const auto& [name, text] : options.files) impl->files.write(name, text);
  if (options.files.contains(std::string(kAlertmanagerConfigFile))) {
    impl->alertmanager = TRY(
        AlertmanagerHost::create(impl->clock, impl->net, impl->files, impl->logger, options.seed));
  }
  server::ServerOptions server_options;
  server_options.config_file = kConfigFile;
  server_options.query_samples_max = kQuerySamplesMax;
  server_options.features = promql::Features::all();
  server_options.external_url = "http://" + std::string(kPrometheusAuthority);
  impl->prometheus = TRY(server::Server::create(
      std::move(server_options),
      server::Environment{impl->clock, impl->net, impl->files, impl->executor, impl->logger}));
  impl->net.add_host(std::string(kPrometheusAuthority),
                     [prometheus = impl->prometheus.get()](const HttpRequest& request) {
                       return prometheus->handle(request);
                     });
  impl->clock.run_until(options.start + options.history);
  return std::unique_ptr<World>(new World(std::move(impl)));
}

World::World(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
World::~World() = default;

Timestamp World::now() const {
  return impl_->clock.now();
}

void World::run_until(Timestamp until) {
  impl_->clock.run_until(until);
}

HttpResponse World::handle(const HttpRequest& request) {
  const std::string_view authority = split_url(request.url).authority;
  if (authority == kWorldAuthority) return impl_->control(request);
  if (authority.empty()) {
    return text_response(400,
                         "expected an absolute URL such as "
                         "http://prometheus:9090/api/v1/query?query=up\n");
  }
  return impl_->net.ask(request);
}

server::Server& World::prometheus() {
  return *impl_->prometheus;
}

std::vector<std::string_view> workloads() {
  std::vector<std::string_view> names;
  for (const WorkloadEntry& entry : kWorkloads) names.push_back(entry.name);
  return names;
}

}  // namespace promenade::sim
