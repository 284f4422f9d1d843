// engine/grading/kinds/route_edit.cc
// The kind route-edit: the answer is an alertmanager.yml. A stream of alerts is replayed to an
// Alertmanager that runs it, and what arrives at its webhooks is compared with what the reference's
// sends: who was told of which alert, when, how often, and together with what.
#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "alertmanager/alertmanager.h"
#include "api/rfc3339.h"
#include "base/log.h"
#include "base/strings.h"
#include "grading/kind.h"
#include "grading/script.h"
#include "grading/setting_mapping.h"
#include "model/duration.h"
#include "sim/memory_file_system.h"
#include "sim/sim_net.h"
#include "sim/virtual_clock.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlNode;
using Json = nlohmann::json;

constexpr size_t kNotificationsMax = 10'000;

struct Event {
  enum class What { Fire, Resolve };
  Duration at;
  What what = What::Fire;
  std::map<std::string, std::string> labels;
};
struct Setting {
  std::vector<Event> events;
  Duration until = Duration::hours(1);
};

// What one webhook call said.
struct Notification {
  Duration at;
  std::string receiver;
  std::vector<std::string> alerts;  // "Down web-1 firing", sorted.
};

std::string name_of(const Json& labels) {
  std::string name = labels.value("alertname", "?");
  for (const auto& [label, value] : labels.items()) {
    if (label != "alertname" && label != "severity") name += " " + value.get<std::string>();
  }
  return name;
}

// An Alertmanager whose receivers all end in one inbox.
class Replay {
 public:
  Result<void> start(std::string_view config) {
    files_.write("alertmanager.yml", config);
    net_.add_host("inbox:80", [this](const HttpRequest& request) { return receive(request); },
                  {.latency = Duration{}});
    net_.add_host("inbox", [this](const HttpRequest& request) { return receive(request); },
                  {.latency = Duration{}});
    alertmanager::AlertmanagerOptions options;
    options.external_url = "http://alertmanager:9093";
    server_ = TRY(
        alertmanager::Alertmanager::create(std::move(options), {clock_, net_, files_, logger_}));
    return {};
  }

  void play(const Setting& setting) {
    for (const Event& event : setting.events) {
      clock_.run_until(kScriptStart + event.at);
      Json alert;
      for (const auto& [name, value] : event.labels) alert["labels"][name] = value;
      const bool is_over = event.what == Event::What::Resolve;
      const Timestamp end = is_over ? clock_.now() : clock_.now() + Duration::hours(1000);
      alert["startsAt"] = api::format_rfc3339(clock_.now());
      alert["endsAt"] = api::format_rfc3339(end);
      HttpRequest request;
      request.method = "POST";
      request.url = "/api/v2/alerts";
      request.headers.set("Content-Type", "application/json");
      request.body = Json::array({alert}).dump();
      server_->handle(request);
    }
    clock_.run_until(kScriptStart + setting.until);
  }

  const std::vector<Notification>& notifications() const { return notifications_; }

 private:
  HttpResponse receive(const HttpRequest& request) {
    const Json message = Json::parse(request.body, nullptr, false);
    if (!message.is_object() || !message.contains("alerts")) return HttpResponse{};
    if (notifications_.size() >= kNotificationsMax) return HttpResponse{};
    Notification notification{clock_.now() - kScriptStart, message.value("receiver", ""), {}};
    for (const Json& alert : message["alerts"]) {
      notification.alerts.push_back(name_of(alert["labels"]) + " " + alert.value("status", ""));
    }
    std::sort(notification.alerts.begin(), notification.alerts.end());
    notifications_.push_back(std::move(notification));
    return HttpResponse{};
  }

  sim::VirtualClock clock_{kScriptStart};
  sim::SimNet net_{clock_};
  sim::MemoryFileSystem files_;
  NullLogger logger_;
  std::unique_ptr<alertmanager::Alertmanager> server_;
  std::vector<Notification> notifications_;
};

class RouteEdit final : public Kind {
 public:
  explicit RouteEdit(Setting setting) : setting_(std::move(setting)) {}

  enum Requirement : size_t { Who, When, Together, Noise };

  std::vector<std::string> requirements() const override {
    return {"Every alert reaches the right receivers, and only those",
            "It reaches them at the right time", "Alerts that belong together come together",
            "Nobody is told more often than necessary"};
  }

  Result<Observation> observe(std::string_view answer, HiddenWorlds&) const override {
    Replay replay;
    TRY(replay.start(answer));
    replay.play(setting_);
    Observation observation;
    note_alerts(replay.notifications(), observation);
    note_messages(replay.notifications(), observation);
    return observation;
  }

 private:
  static void note_alerts(const std::vector<Notification>& all, Observation& out) {
    std::map<std::string, std::set<std::string>> receivers;
    std::map<std::pair<std::string, std::string>, Duration> first;
    for (const Notification& one : all) {
      for (const std::string& alert : one.alerts) {
        receivers[alert].insert(one.receiver);
        first.emplace(std::make_pair(alert, one.receiver), one.at);
      }
    }
    for (const auto& [alert, names] : receivers) {
      const std::vector<std::string> list(names.begin(), names.end());
      out.facts.push_back({Who, "`" + alert + "`", join(list, ", "), std::nullopt, ""});
    }
    for (const auto& [key, at] : first) {
      out.facts.push_back(
          {When, "`" + key.first + "` at " + key.second, format_duration(at), std::nullopt, ""});
    }
  }

  static void note_messages(const std::vector<Notification>& all, Observation& out) {
    std::map<std::string, size_t> count;
    std::map<std::string, std::set<std::string>> groups;
    std::set<std::tuple<Duration, std::string, std::string>> trace;
    for (const Notification& one : all) {
      ++count[one.receiver];
      groups[one.receiver].insert("[" + join(one.alerts, "; ") + "]");
      trace.emplace(one.at, one.receiver, join(one.alerts, ", "));
    }
    // What is sent at one instant has no order.
    for (const auto& [at, receiver, alerts] : trace) {
      out.trace += format_duration(at) + " " + receiver + " " + alerts + "\n";
    }
    for (const auto& [receiver, messages] : groups) {
      const std::vector<std::string> list(messages.begin(), messages.end());
      out.facts.push_back({Together, "Messages to " + receiver, join(list, " "), std::nullopt, ""});
    }
    for (const auto& [receiver, messages] : count) {
      out.facts.push_back({Noise, "The number of messages to " + receiver, std::to_string(messages),
                           std::nullopt, ""});
    }
  }

  Setting setting_;
};

// "10m fire alertname=Down team=db".
Result<Event> read_event(const YamlFile& file, const YamlNode& node) {
  const std::string text = TRY(file.text(node, "an event"));
  Event event;
  size_t index = 0;
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    const size_t equals = word.find('=');
    if (index == 0) {
      const auto at = parse_duration(word);
      if (!at) return file.error_at(node, at.error().message);
      event.at = *at;
    } else if (index == 1) {
      if (word != "fire" && word != "resolve") {
        return file.error_at(node, "found " + quote(word) +
                                       ", expected fire or resolve, as in "
                                       "\"10m fire alertname=Down team=db\"");
      }
      event.what = word == "fire" ? Event::What::Fire : Event::What::Resolve;
    } else if (equals == std::string_view::npos) {
      return file.error_at(node, "found " + quote(word) + ", expected a label as in team=db");
    } else {
      event.labels.emplace(word.substr(0, equals), word.substr(equals + 1));
    }
    ++index;
  }
  if (event.labels.empty()) return file.error_at(node, "an event needs labels, as in team=db");
  return event;
}

}  // namespace

Result<std::shared_ptr<const Kind>> read_route_edit(const YamlFile& file, const YamlNode& node,
                                                    std::string_view) {
  Setting setting;
  SettingMapping mapping(file, node, "the setting of a route-edit");
  mapping.items("events", read_event, setting.events, Presence::Required);
  mapping.duration("until", setting.until);
  TRY(mapping.finish());
  return std::make_shared<RouteEdit>(std::move(setting));
}

}  // namespace promenade::grading
