#pragma once  // engine/grading/lab.h
// A small world of an exercise's own: hosts that show pages of metrics, files, and one Prometheus
// that scrapes for a while. For what only a running Prometheus shows: `up` of a target that sends
// rubbish, an exported_ label, the end of a series when its target stops.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/executor.h"
#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "grading/script.h"
#include "grading/setting_mapping.h"
#include "server/server.h"
#include "sim/memory_file_system.h"
#include "sim/sim_net.h"
#include "sim/virtual_clock.h"

namespace promenade::grading {

// The most virtual time that a lab runs.
inline constexpr Duration kLabRunMax = Duration::hours(2);
inline constexpr std::string_view kLabRunsTooLong = "a setting runs for 2h at most";

struct LabHost {
  std::string address;            // "api-1:8080"
  std::string path = "/metrics";  // Anything else is 404.
  std::string page;               // Exposition text, or rubbish.
  // What stands below the page: of each series the value of the moment, one each `interval` since
  // the start. Where there is none (`_`, or after the last) the series is not on the page.
  std::vector<promql::SeriesLine> series;
  Duration interval = Duration::seconds(15);
  uint64_t status = 200;
  Duration latency = Duration::milliseconds(3);  // From request to response.
  bool is_down = false;                          // From the start to the end.
  std::optional<Duration> stops;                 // Then nothing listens there any more,
  std::optional<Duration> starts;                // and from then on again.
};
// Rule files and target files that lie beside the configuration.
struct LabFile {
  std::string name;
  std::string text;
};
struct LabSetting {
  std::vector<LabHost> hosts;
  std::vector<LabFile> files;
};

// Reads the keys `hosts` and `files` of a setting.
void read_lab(SettingMapping& mapping, LabSetting& out,
              config::Presence hosts = config::Presence::Optional);

class Lab {
 public:
  // `setting` must outlive it.
  explicit Lab(const LabSetting& setting);

  // Starts a Prometheus with this prometheus.yml at kScriptStart and lets so much time pass. Once
  // only. Fails when the configuration cannot be loaded.
  Result<void> run(std::string_view config, Duration time);

  const Queryable& head() const { return prometheus_->head(); }
  Timestamp now() const { return clock_.now(); }

 private:
  HttpResponse answer(const LabHost& host, const HttpRequest& request) const;

  sim::VirtualClock clock_{kScriptStart};
  sim::SimNet net_{clock_};
  sim::MemoryFileSystem files_;
  InlineExecutor executor_;
  NullLogger logger_;
  std::unique_ptr<server::Server> prometheus_;
};

}  // namespace promenade::grading
