// engine/sim/world.cc
// Puts a world together: clock, network, disk, services, and a Prometheus that watches them; and
// keeps the record of what was done to it, from which a rewound world is made.
#include "sim/world.h"

#include <utility>

#include "base/executor.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/strings.h"
#include "sim/alertmanager_host.h"
#include "sim/chaos/server_chaos.h"
#include "sim/memory_file_system.h"
#include "sim/model/data_centre.h"
#include "sim/sim_net.h"
#include "sim/simulated_hosts.h"
#include "sim/virtual_clock.h"
#include "sim/world_control.h"
#include "sim/world_file/library.h"
#include "sim/world_file/world_reader.h"

namespace promenade::sim {
namespace {

// A page has a tab's memory: a tenth of what a server lets a query hold.
constexpr uint64_t kQuerySamplesMax = 5'000'000;

constexpr std::string_view kPrometheusAuthority = "prometheus:9090";
constexpr std::string_view kWorldAuthority = "world";
constexpr std::string_view kConfigFile = "prometheus.yml";
// How far a step looks for a scrape.
constexpr Duration kStepMax = Duration::hours(1);

Result<WorldDefinition> read_definition(const WorldOptions& options) {
  if (!options.definition.empty()) return read_world(options.workload, options.definition);
  if (const LibraryFile* file = find_file(world_library(), options.workload)) {
    return read_world(options.workload + ".yaml", file->text);
  }
  std::string names;
  for (const std::string_view name : workloads()) {
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return fail(ErrorCode::NotFound,
              "there is no workload " + quote(options.workload) + "; choose one of: " + names);
}

// Whether a request may change what happens later. Queries come as POST as well.
bool is_command(const HttpRequest& request) {
  if (request.method == "GET" || request.method == "HEAD") return false;
  const std::string_view path = split_url(request.url).path;
  return path.find("/query") == std::string_view::npos &&
         path.find("/series") == std::string_view::npos &&
         path.find("/labels") == std::string_view::npos;
}

// Adds what is stored to the bytes that a state's hash is of.
void add_samples(const tsdb::Head& head, std::string& bytes) {
  const auto selected = head.select({}, kAllTime);
  SampleColumns samples;
  for (const SelectedSeries& series : selected ? *selected : std::vector<SelectedSeries>()) {
    bytes += series.labels->to_string();
    if (!head.read(series.ref, kAllTime, samples)) continue;
    for (size_t i = 0; i < samples.times_ms.size(); ++i) {
      bytes.append(reinterpret_cast<const char*>(&samples.times_ms[i]), sizeof(int64_t));
      bytes.append(reinterpret_cast<const char*>(&samples.values[i]), sizeof(double));
    }
    bytes = std::to_string(xxh64(bytes));
    samples.clear();
  }
}

// Something that was done to a world.
struct Deed {
  enum class Kind { Cause, Revert, Request };
  Timestamp at;
  Kind kind = Kind::Cause;
  Timeline::Request chaos;
  uint64_t id = 0;
  HttpRequest request;
};

}  // namespace

struct World::Impl {
  Impl(WorldOptions options, WorldDefinition definition);
  static Result<std::unique_ptr<Impl>> create(const WorldOptions& options);
  // A new one that has lived until `to`, with these deeds.
  static Result<std::unique_ptr<Impl>> relive(const WorldOptions& options,
                                              const std::vector<Deed>& deeds, Timestamp to);
  Result<void> start_servers();
  // Starts the Prometheus whose configuration stands in `folder` ("" or "NAME/").
  Result<std::unique_ptr<server::Server>> start_prometheus(const std::string& folder,
                                                           std::string authority);
  // A file of the world, for each of its servers.
  void write_file(const std::string& path, const std::string& text);
  Result<void> repeat(const Deed& deed);

  WorldOptions options;
  VirtualClock clock;
  SimNet net;
  MemoryFileSystem files;
  NullLogger logger;
  InlineExecutor executor;
  DataCentre centre;
  SimulatedHosts hosts;
  std::unique_ptr<AlertmanagerHost> alertmanager;  // Null when no file asks for one.
  std::unique_ptr<server::Server> prometheus;
  std::vector<std::unique_ptr<server::Server>> others;  // In the order of the world's file.
  std::unique_ptr<ServerChaos> server_chaos;
  std::vector<Deed> deeds;
};

World::Impl::Impl(WorldOptions options_in, WorldDefinition definition)
    : options(std::move(options_in)),
      clock(options.start),
      net(clock),
      centre(std::move(definition), options.seed, options.start),
      hosts(centre, clock, net,
            [this](const std::string& path, const std::string& text) { write_file(path, text); }) {}

Result<std::unique_ptr<World::Impl>> World::Impl::create(const WorldOptions& options) {
  auto impl = std::make_unique<Impl>(options, TRY(read_definition(options)));
  TRY(impl->start_servers());
  return impl;
}

void World::Impl::write_file(const std::string& path, const std::string& text) {
  files.write(path, text);
  // Relative paths start where a server's configuration is.
  if (path.empty() || path[0] == '/') return;
  for (const PrometheusDefinition& other : centre.definition().other_servers) {
    files.write(other.name + "/" + path, text);
  }
}

Result<void> World::Impl::start_servers() {
  const WorldDefinition& definition = centre.definition();
  std::map<std::string, std::string> texts = options.files;
  for (const auto& [path, text] : definition.files) texts.emplace(path, text);
  write_file(std::string(kConfigFile),
             with_alerting(hosts.prometheus_config(definition.external_labels), texts));
  for (const PrometheusDefinition& other : definition.other_servers) {
    files.write(other.name + "/" + std::string(kConfigFile),
                other.config.empty()
                    ? with_alerting(hosts.prometheus_config(other.external_labels), texts)
                    : other.config);
  }
  for (const auto& [path, text] : texts) {
    if (path == kConfigFile) {
      files.write(path, text);
    } else {
      write_file(path, text);
    }
  }
  if (texts.find(std::string(kAlertmanagerConfigFile)) != texts.end()) {
    alertmanager = TRY(AlertmanagerHost::create(clock, net, files, logger, options.seed));
  }
  prometheus = TRY(start_prometheus("", std::string(kPrometheusAuthority)));
  for (const PrometheusDefinition& other : definition.other_servers) {
    others.push_back(TRY(start_prometheus(other.name + "/", other.name + ":9090")));
  }
  server_chaos = std::make_unique<ServerChaos>(centre.timeline(), net, files, *prometheus,
                                               std::string(kConfigFile));
  hosts.set_server_listener([this] { server_chaos->apply(clock.now()); });
  return {};
}

Result<std::unique_ptr<server::Server>> World::Impl::start_prometheus(const std::string& folder,
                                                                      std::string authority) {
  server::ServerOptions server_options;
  server_options.config_file = folder + std::string(kConfigFile);
  server_options.query_samples_max = kQuerySamplesMax;
  server_options.features = promql::Features::all();
  server_options.external_url = "http://" + authority;
  if (alertmanager) {
    server_options.told_alerts = [this](const Labels& labels, TimeRange range) {
      return alertmanager->server().told(labels, range);
    };
  }
  auto server = TRY(server::Server::create(
      std::move(server_options), server::Environment{clock, net, files, executor, logger}));
  net.add_host(std::move(authority), [server = server.get()](const HttpRequest& request) {
    return server->handle(request);
  });
  return server;
}

Result<void> World::Impl::repeat(const Deed& deed) {
  clock.run_until(deed.at);
  centre.advance(deed.at);
  deeds.push_back(deed);
  switch (deed.kind) {
    case Deed::Kind::Cause:
      TRY(centre.timeline().add(deed.chaos, deed.at));
      break;
    case Deed::Kind::Revert:
      TRY(centre.timeline().revert(deed.id, deed.at));
      break;
    case Deed::Kind::Request:
      net.ask(deed.request);
      break;
  }
  return {};
}

Result<std::unique_ptr<World::Impl>> World::Impl::relive(const WorldOptions& options,
                                                         const std::vector<Deed>& deeds,
                                                         Timestamp to) {
  auto impl = TRY(create(options));
  for (const Deed& deed : deeds) {
    if (deed.at <= to) TRY(impl->repeat(deed));
  }
  impl->clock.run_until(to);
  return impl;
}

Result<std::unique_ptr<World>> World::create(const WorldOptions& options) {
  auto impl = TRY(Impl::relive(options, {}, options.start + options.history));
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

void World::step_scrape() {
  const uint64_t before = impl_->net.answered();
  const Timestamp limit = now() + kStepMax;
  while (impl_->net.answered() == before && now() < limit) {
    impl_->clock.run_until(std::min(limit, impl_->clock.next_due(limit)));
  }
}

Result<void> World::rewind(Timestamp to) {
  if (to < impl_->options.start || to > now()) {
    return bad_data("a world rewinds to an instant between its start and now");
  }
  impl_ = TRY(Impl::relive(impl_->options, impl_->deeds, to));
  return {};
}

Result<std::unique_ptr<World>> World::branch(
    const std::map<std::string, std::string>& files) const {
  WorldOptions options = impl_->options;
  for (const auto& [path, text] : files) options.files[path] = text;
  auto impl = TRY(Impl::relive(options, impl_->deeds, now()));
  return std::unique_ptr<World>(new World(std::move(impl)));
}

uint64_t World::state_hash() const {
  impl_->centre.advance(now());
  std::string bytes = std::to_string(now().ms) + " " + std::to_string(impl_->centre.hash());
  add_samples(impl_->prometheus->head(), bytes);
  for (const auto& other : impl_->others) add_samples(other->head(), bytes);
  return xxh64(bytes);
}

Result<uint64_t> World::cause(const Timeline::Request& request) {
  impl_->centre.advance(now());
  const uint64_t id = TRY(impl_->centre.timeline().add(request, now()));
  impl_->deeds.push_back({now(), Deed::Kind::Cause, request});
  return id;
}

Result<void> World::revert(uint64_t id) {
  impl_->centre.advance(now());
  TRY(impl_->centre.timeline().revert(id, now()));
  impl_->deeds.push_back({now(), Deed::Kind::Revert, {}, id});
  return {};
}

const Timeline& World::timeline() const {
  return impl_->centre.timeline();
}

const DataCentre& World::data_centre() const {
  impl_->centre.advance(now());
  return impl_->centre;
}

HttpResponse World::handle(const HttpRequest& request) {
  const std::string_view authority = split_url(request.url).authority;
  if (authority == kWorldAuthority) return answer_control(*this, impl_->options.start, request);
  if (authority.empty()) {
    return text_response(400,
                         "expected an absolute URL such as "
                         "http://prometheus:9090/api/v1/query?query=up\n");
  }
  if (is_command(request)) impl_->deeds.push_back({now(), Deed::Kind::Request, {}, 0, request});
  return impl_->net.ask(request);
}

server::Server& World::prometheus() {
  return *impl_->prometheus;
}

std::vector<std::string_view> workloads() {
  std::vector<std::string_view> names;
  for (const LibraryFile& file : world_library()) names.push_back(file.name);
  return names;
}

}  // namespace promenade::sim
