#pragma once  // engine/alertmanager/alertmanager.h
// An Alertmanager: takes alerts from Prometheus servers, and tells people about them
// (https://prometheus.io/docs/alerting/latest/alertmanager/). To the world it is an HttpHandler
// with a Clock; the same code serves natively, in the page, and in tests.
#include <memory>
#include <string>
#include <vector>

#include "alertmanager/environment.h"
#include "api/told_alert.h"
#include "base/result.h"
#include "config/alertmanager/label_matchers.h"

namespace promenade::alertmanager {

// Whose behaviour this is; /api/v2/status says so.
inline constexpr std::string_view kAlertmanagerVersion = "0.34.0";

struct AlertmanagerOptions {
  std::string config_file = "alertmanager.yml";  // Read through Environment::files.
  // Folder for silences and the notification log, which then outlive a restart. "" keeps them in
  // memory.
  std::string storage_path;
  std::string external_url;  // As people reach it: "http://alertmanager:9093".
  std::string route_prefix = "/";
  Duration retention = Duration::hours(120);              // --data.retention
  Duration maintenance_interval = Duration::minutes(15);  // --data.maintenance-interval
  Duration alerts_gc_interval = Duration::minutes(30);    // --alerts.gc-interval
  Duration dispatch_maintenance_interval = Duration::seconds(30);
  Duration dispatch_start_delay;
  uint64_t alerts_per_name_max = 0;  // 0 is no limit, as for the next two.
  uint64_t silences_max = 0;
  uint64_t silence_bytes_max = 0;
  config::MatcherGrammar grammar = config::MatcherGrammar::Fallback;
  std::string zoneinfo_directory = "/usr/share/zoneinfo";
  uint64_t seed = 1;  // For silences' ids and the spread of retries.
};

class Alertmanager {
 public:
  // Loads the configuration, what was stored before, and starts. The error names file, line and
  // column.
  static Result<std::unique_ptr<Alertmanager>> create(AlertmanagerOptions options,
                                                      Environment environment);
  // Stores silences and the notification log, and cancels what is under way.
  ~Alertmanager();

  // /api/v2/..., /metrics, /-/healthy, /-/ready, /-/reload, all behind the route prefix.
  HttpResponse handle(const HttpRequest& request);

  // What was told lately; see api::ToldAlerts.
  std::vector<api::ToldAlert> told(const Labels& labels, TimeRange range) const;

  // Loads the configuration file again. On failure the running configuration stays.
  Result<void> reload();

  // Writes silences and the notification log to the storage path, if there is one.
  Result<void> store();

 private:
  struct Impl;
  explicit Alertmanager(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace promenade::alertmanager
