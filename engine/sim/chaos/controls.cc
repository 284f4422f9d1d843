// engine/sim/chaos/controls.cc
// The table. A control without a target hits every instance.
#include "sim/chaos/controls.h"

namespace promenade::sim {
namespace {

constexpr ControlEntry kControls[] = {
    {"kill", Control::Kill, Duration::minutes(5), "the process ends; connections are refused", {}},
    {"restart",
     Control::Restart,
     Duration::seconds(30),
     "the process ends and a new one begins, its counters at 0",
     {}},
    {"pause",
     Control::Pause,
     Duration::minutes(2),
     "the process stands still: it accepts connections and never answers",
     {}},
    {"deploy",
     Control::Deploy,
     Duration::seconds(30),
     "one instance after another restarts with the next version",
     {{"version", "", "the new version; the last number goes up by one when it is not given"}}},
    {"remove",
     Control::Remove,
     Duration::minutes(10),
     "the instance is gone, and service discovery knows it",
     {}},
    {"unreachable",
     Control::Unreachable,
     Duration::minutes(5),
     "connections to the port of /metrics are refused; the process lives",
     {}},
    {"drop_link",
     Control::DropLink,
     Duration::minutes(5),
     "packets are lost: whoever asks for /metrics waits until the timeout",
     {}},
    {"partition",
     Control::Partition,
     Duration::minutes(5),
     "Prometheus and these hosts cannot reach each other; scrapes wait until the timeout",
     {}},
    {"slow_scrape",
     Control::SlowScrape,
     Duration::minutes(5),
     "/metrics takes this long to answer",
     {{"seconds", "40", "from the request to the complete answer"}}},
    {"flapping",
     Control::Flapping,
     Duration::minutes(10),
     "reachable and not, in turns",
     {{"period", "60", "seconds of one turn"}, {"duty", "0.5", "the part of it that is good"}}},
    {"http_status",
     Control::HttpStatus,
     Duration::minutes(5),
     "/metrics answers with an HTTP error",
     {{"status", "503", "401, 404, 503 ..."}}},
    {"content_type",
     Control::ContentType,
     Duration::minutes(5),
     "/metrics says that it is something else",
     {{"type", "text/html", "the Content-Type"}}},
    {"big_body",
     Control::BigBody,
     Duration::minutes(5),
     "comments make the answer of /metrics long",
     {{"megabytes", "1", "how long; at most 8"}}},
    {"duplicate_timestamps",
     Control::DuplicateTimestamps,
     Duration::minutes(5),
     "samples carry the same explicit timestamp at each scrape, so the store refuses all but the "
     "first",
     {}},
    {"clock_skew",
     Control::ClockSkew,
     Duration::minutes(5),
     "samples carry timestamps of a clock that is wrong",
     {{"seconds", "-120", "how far it is ahead"}}},
    {"rubbish",
     Control::Rubbish,
     Duration::minutes(5),
     "the exposition is broken",
     {{"form", "line", "line, escape, cut, duplicate, type, nan or html"}}},
    {"cardinality",
     Control::Cardinality,
     Duration::minutes(10),
     "a label gets ever new values",
     {{"label", "user_id", "its name"},
      {"per_minute", "120", "new values a minute"},
      {"max", "5000", "no more than these"}}},
    {"rename_label",
     Control::RenameLabel,
     Duration::minutes(10),
     "a label has another name",
     {{"from", "handler", "the label"}, {"to", "path", "its new name"}}},
    {"errors",
     Control::Errors,
     Duration::minutes(5),
     "this share (strength) of the requests fails as well",
     {{"status", "500", "how they fail; 404 makes it the visitors' fault"},
      {"handler", "", "only where a label of the endpoint has this value"}}},
    {"latency",
     Control::Latency,
     Duration::minutes(5),
     "requests take (1 + strength) times as long",
     {{"handler", "", "only where a label of the endpoint has this value"}}},
    {"traffic",
     Control::Traffic,
     Duration::minutes(10),
     "(1 + strength) times as many requests; -1 is none at all",
     {}},
};

}  // namespace

std::span<const ControlEntry> controls() {
  return kControls;
}

const ControlEntry* find_control(std::string_view name) {
  for (const ControlEntry& entry : kControls) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace promenade::sim
