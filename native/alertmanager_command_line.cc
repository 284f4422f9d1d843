// Alertmanager's flags (`alertmanager --help`), and amtool's for routes.
#include "native/alertmanager_command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <deque>
#include <random>

#include "base/strings.h"
#include "model/duration.h"

namespace promenade::native {
namespace {

// Alertmanager's flags that have no effect here: there is no cluster, and no Go runtime.
constexpr std::array<const char*, 23> kInertFlags = {
    "auto-gomemlimit.ratio",
    "cluster.advertise-address",
    "cluster.allow-insecure-public-advertise-address-discovery",
    "cluster.gossip-interval",
    "cluster.label",
    "cluster.peer",
    "cluster.peer-name",
    "cluster.peer-timeout",
    "cluster.peers-resolve-timeout",
    "cluster.probe-interval",
    "cluster.probe-timeout",
    "cluster.pushpull-interval",
    "cluster.reconnect-interval",
    "cluster.reconnect-timeout",
    "cluster.settle-timeout",
    "cluster.tcp-timeout",
    "cluster.tls-config",
    "log.silences",
    "web.config.file",
    "web.get-concurrency",
    "web.systemd-socket",
    "web.timeout",
    "cluster.listen-address",
};

// A duration flag and where its value goes.
struct DurationFlag {
  const char* name;
  Duration alertmanager::AlertmanagerOptions::*member;
  const char* fallback;
  const char* help;
};
using Options = alertmanager::AlertmanagerOptions;
constexpr std::array kDurationFlags = {
    DurationFlag{"data.retention", &Options::retention, "120h", "How long to keep data for."},
    DurationFlag{"data.maintenance-interval", &Options::maintenance_interval, "15m",
                 "Interval between storing silences and the notification log."},
    DurationFlag{"alerts.gc-interval", &Options::alerts_gc_interval, "30m",
                 "Interval between dropping resolved alerts."},
    DurationFlag{"dispatch.maintenance-interval", &Options::dispatch_maintenance_interval, "30s",
                 "Interval between dropping empty groups."},
    DurationFlag{"dispatch.start-delay", &Options::dispatch_start_delay, "0s",
                 "Least time between the start and the first notification."},
};

void apply_features(const std::vector<std::string>& features, Options& options) {
  for (const std::string& list : features) {
    for (const std::string_view feature : split(list, ',')) {
      if (feature == "classic-mode") options.grammar = config::MatcherGrammar::Classic;
      if (feature == "utf8-strict-mode") options.grammar = config::MatcherGrammar::Utf8;
    }
  }
}

std::vector<std::string> reversed(std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());
  return arguments;
}

tl::unexpected<Error> unknown_argument(const CLI::App& app, const std::string& argument) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) names.push_back(option->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string flag = argument.substr(0, argument.find('='));
  const auto near = nearest(flag, known);
  return bad_data(near ? fmt::format("unknown long flag '{}': did you mean {}?", flag, *near)
                       : fmt::format("unexpected {}: `promenade alertmanager --help` lists what "
                                     "there is",
                                     quote(argument)));
}

Result<AlertmanagerCommands> parse_server(std::vector<std::string> arguments) {
  AlertmanagerCommand command;
  Options& options = command.service.server;
  options.storage_path = "data/";
  options.route_prefix = "";
  command.service.listen_addresses = {"127.0.0.1:9093"};
  std::vector<std::string> features;
  std::array<std::string, kDurationFlags.size()> durations;

  CLI::App app("An Alertmanager: takes alerts, and tells people about them.",
               "promenade alertmanager");
  app.allow_extras();
  app.footer("Commands: routes show, routes test.");
  app.add_option("--config.file", options.config_file, "The configuration file.");
  app.add_option("--storage.path", options.storage_path, "Folder for silences and the log.");
  for (size_t i = 0; i < kDurationFlags.size(); ++i) {
    durations[i] = kDurationFlags[i].fallback;
    app.add_option(fmt::format("--{}", kDurationFlags[i].name), durations[i],
                   kDurationFlags[i].help);
  }
  app.add_option("--alerts.per-alertname-limit", options.alerts_per_name_max,
                 "Most alerts of one alertname; 0 is no limit.");
  app.add_option("--silences.max-silences", options.silences_max, "Most silences; 0 is no limit.");
  app.add_option("--silences.max-silence-size-bytes", options.silence_bytes_max,
                 "Most bytes of one silence; 0 is no limit.");
  app.add_option("--web.listen-address", command.service.listen_addresses,
                 "Addresses to listen on.")
      ->allow_extra_args(false);
  app.add_option("--web.external-url", options.external_url, "How people reach this server.");
  app.add_option("--web.route-prefix", options.route_prefix, "Prefix of all paths.");
  app.add_option("--enable-feature", features, "classic-mode or utf8-strict-mode.")
      ->allow_extra_args(false);
  app.add_option("--log.level", command.log.level, "debug, info, warn or error.");
  app.add_option("--log.format", command.log.format, "logfmt or json.");
  std::deque<std::vector<std::string>> ignored;
  std::vector<CLI::Option*> inert;
  for (const char* name : kInertFlags) {
    CLI::Option* option = app.add_option(fmt::format("--{}", name), ignored.emplace_back());
    inert.push_back(option->expected(0, 1)->group("Flags of Alertmanager without effect"));
  }
  try {
    app.parse(reversed(std::move(arguments)));
  } catch (const CLI::CallForHelp&) {
    return app.help();
  } catch (const CLI::ParseError& error) {
    return bad_data(error.what());
  }
  if (const auto left = app.remaining(); !left.empty()) return unknown_argument(app, left.front());
  for (size_t i = 0; i < kDurationFlags.size(); ++i) {
    const auto duration = parse_duration(durations[i]);
    if (!duration) {
      return bad_data(fmt::format("--{}={}: {}", kDurationFlags[i].name, durations[i],
                                  duration.error().message));
    }
    options.*kDurationFlags[i].member = *duration;
  }
  apply_features(features, options);
  for (size_t i = 0; i < inert.size(); ++i) {
    // Switching the cluster off is what there is.
    const bool is_off = std::string_view(kInertFlags[i]) == "cluster.listen-address" &&
                        (ignored[i].empty() || ignored[i].front().empty());
    if (inert[i]->count() > 0 && !is_off) command.inert_flags.emplace_back(kInertFlags[i]);
  }
  std::random_device device;  // Silences' ids must not repeat from run to run.
  options.seed = uint64_t{device()} << 32 | device();
  return AlertmanagerCommands(std::move(command));
}

Result<AlertmanagerCommands> parse_routes(std::vector<std::string> arguments) {
  AlertmanagerRoutesCommand command;
  CLI::App app("Look at the routes of a configuration.", "promenade alertmanager routes");
  app.require_subcommand(0, 1);
  app.fallthrough();
  app.add_option("--config.file,--config", command.config_file, "The configuration file.")
      ->required();
  app.add_subcommand("show", "Print the tree of routes.");
  CLI::App* test = app.add_subcommand("test", "Print the receivers that an alert reaches.");
  test->add_option("LABELS", command.labels, "The alert's labels: name=value ...");
  test->add_option("--verify.receivers", command.verified_receivers,
                   "Fail unless these are the receivers; separated by commas.");
  test->add_flag("--tree", command.shows_tree, "Print the matching routes as a tree.");
  try {
    app.parse(reversed(std::move(arguments)));
  } catch (const CLI::CallForHelp&) {
    return app.help();
  } catch (const CLI::ParseError& error) {
    return bad_data(error.what());
  }
  command.is_test = test->parsed();
  return AlertmanagerCommands(std::move(command));
}

}  // namespace

Result<AlertmanagerCommands> parse_alertmanager_command_line(std::vector<std::string> arguments) {
  if (!arguments.empty() && arguments.front() == "routes") {
    arguments.erase(arguments.begin());
    return parse_routes(std::move(arguments));
  }
  return parse_server(std::move(arguments));
}

}  // namespace promenade::native
