// The stages in Alertmanager's order: inhibition, active times, mute times, silences; then, for
// each integration of the receiver by itself, the notification log and the delivery.
#include "alertmanager/pipeline.h"

#include <fmt/format.h>

#include <algorithm>

#include "alertmanager/receivers/delivery.h"

namespace promenade::alertmanager {
namespace {

bool is_within(const std::vector<std::string>& names, const config::AlertmanagerConfig& config,
               Timestamp now, std::vector<std::string>* found) {
  bool is_any = false;
  for (const std::string& name : names) {
    for (const config::NamedTimeIntervals& intervals : config.time_intervals) {
      if (intervals.name != name || !intervals.contains(now)) continue;
      is_any = true;
      if (found != nullptr) found->push_back(name);
    }
  }
  return is_any;
}

// What the notification log compares.
struct Hashes {
  std::set<uint64_t> firing;
  std::set<uint64_t> resolved;

  explicit Hashes(const std::vector<NotifiedAlert>& alerts) {
    for (const NotifiedAlert& alert : alerts) {
      (alert.is_resolved ? resolved : firing).insert(notification_hash(alert.alert->labels));
    }
  }
};

class RunningFlush final : public Pipeline::Run {
 public:
  RunningFlush(Environment environment, PipelineParts& parts, GroupFlush flush,
               std::function<void(bool)> done)
      : environment_(environment),
        parts_(parts),
        flush_(std::move(flush)),
        hashes_(flush_.alerts),
        done_(std::move(done)) {}

  // Whether there is anything to wait for.
  bool start(const config::ReceiverConfig& receiver) {
    for (const config::IntegrationConfig& integration : receiver.integrations) {
      start_integration(receiver, integration);
    }
    under_way_ = deliveries_.size();
    for (const auto& delivery : deliveries_) delivery->start();
    return under_way_ > 0;
  }

 private:
  void start_integration(const config::ReceiverConfig& receiver,
                         const config::IntegrationConfig& integration) {
    NotificationKey key{flush_.group_key, receiver.name, std::string(integration.spec->kind),
                        static_cast<uint32_t>(integration.index)};
    ++parts_.metrics.log_queries;
    const NotificationReason reason =
        parts_.log.reason(key, hashes_.firing, hashes_.resolved, integration.sends_resolved,
                          flush_.now, flush_.route.options().repeat_interval);
    if (reason == NotificationReason::None) return;
    Notification notification = draft(receiver, integration, reason);
    if (notification.alerts.empty())
      return record(std::move(key));  // Nothing that it wants to know.
    Metrics::PerIntegration& metrics = parts_.metrics.integrations[key.integration];
    ++metrics.notifications;
    const auto done = [this, key, &metrics, &integration,
                       reason = notification.reason](const Delivery::Outcome& outcome) {
      if (outcome.is_delivered) remember(integration, key.receiver, reason);
      on_done(key, metrics, outcome);
    };
    deliveries_.push_back(std::make_unique<Delivery>(
        environment_,
        Delivery::Job{integration, std::move(notification), flush_.deadline, parts_.user_agent},
        parts_.expander, parts_.random, metrics, done));
  }

  Notification draft(const config::ReceiverConfig& receiver,
                     const config::IntegrationConfig& integration,
                     NotificationReason reason) const {
    return Notification{.receiver = receiver.name,
                        .group_key = flush_.group_key,
                        .group_labels = flush_.group_labels,
                        .route_labels = flush_.route.options().labels,
                        .alerts = told_alerts(integration),
                        .reason = to_string(reason),
                        .external_url = parts_.external_url,
                        .now = flush_.now};
  }

  std::vector<NotifiedAlert> told_alerts(const config::IntegrationConfig& integration) const {
    std::vector<NotifiedAlert> alerts = flush_.alerts;
    if (!integration.sends_resolved) {
      std::erase_if(alerts, [](const NotifiedAlert& alert) { return alert.is_resolved; });
    }
    return alerts;
  }

  void record(NotificationKey key) {
    parts_.log.record(std::move(key), hashes_.firing, hashes_.resolved, environment_.clock.now(),
                      flush_.route.options().repeat_interval);
  }

  void remember(const config::IntegrationConfig& integration, const std::string& receiver,
                std::string_view reason) {
    ToldNotification told{
        .at = environment_.clock.now(),
        .group_since = flush_.group_since,
        .group_wait = flush_.route.options().group_wait,
        .receiver = receiver,
        .integration = fmt::format("{}[{}]", integration.spec->kind, integration.index),
        .reason = reason,
        .group_labels = flush_.group_labels,
        .alerts = told_alerts(integration)};
    parts_.history.add(std::move(told));
  }

  void on_done(const NotificationKey& key, Metrics::PerIntegration& metrics,
               const Delivery::Outcome& outcome) {
    if (outcome.is_delivered) {
      record(key);
    } else {
      has_failed_ = true;
      ++metrics.failures[std::string(outcome.reason)];
      report(key, outcome);
    }
    if (--under_way_ > 0) return;
    const auto done = std::move(done_);
    done(!has_failed_);  // May destroy this object.
  }

  void report(const NotificationKey& key, const Delivery::Outcome& outcome) {
    const std::string why =
        outcome.was_refused
            ? fmt::format("notify retry canceled due to unrecoverable error after {} attempts",
                          outcome.attempts)
            : fmt::format("notify retry canceled after {} attempts", outcome.attempts);
    environment_.logger.log(LogLevel::Error, "Notify for alerts failed",
                            {{"component", "dispatcher"},
                             {"num_alerts", std::to_string(flush_.alerts.size())},
                             {"err", fmt::format("{}/{}[{}]: {}: {}", key.receiver, key.integration,
                                                 key.index, why, outcome.error)}});
  }

  Environment environment_;
  PipelineParts& parts_;
  GroupFlush flush_;
  Hashes hashes_;
  std::function<void(bool)> done_;
  std::vector<std::unique_ptr<Delivery>> deliveries_;
  size_t under_way_ = 0;
  bool has_failed_ = false;
};

}  // namespace

const config::ReceiverConfig* Pipeline::find_receiver(const std::string& name) const {
  const auto& receivers = parts_.config.receivers;
  const auto found = std::find_if(receivers.begin(), receivers.end(),
                                  [&](const auto& receiver) { return receiver.name == name; });
  return found == receivers.end() ? nullptr : &*found;
}

void Pipeline::drop(GroupFlush& flush, std::string_view reason,
                    const std::function<bool(const Alert&)>& is_dropped) {
  const size_t count = std::erase_if(
      flush.alerts, [&](const NotifiedAlert& alert) { return is_dropped(*alert.alert); });
  if (count > 0) parts_.metrics.suppressed[std::string(reason)] += count;
}

void Pipeline::filter(GroupFlush& flush) {
  drop(flush, "inhibition", [&](const Alert& alert) {
    return parts_.inhibitor.inhibited_by(alert.labels, flush.now).has_value();
  });
  const RouteOptions& options = flush.route.options();
  const bool is_inactive =
      !options.active_time_intervals.empty() &&
      !is_within(options.active_time_intervals, parts_.config, flush.now, nullptr);
  drop(flush, "active_time_interval", [&](const Alert&) { return is_inactive; });
  const bool is_muted = is_within(options.mute_time_intervals, parts_.config, flush.now, nullptr);
  drop(flush, "mute_time_interval", [&](const Alert&) { return is_muted; });
  drop(flush, "silence", [&](const Alert& alert) {
    return !parts_.silences.silenced_by(alert.labels, flush.now).empty();
  });
}

std::vector<std::string> Pipeline::muted_by(const Route& route, Timestamp now) const {
  std::vector<std::string> names;
  const RouteOptions& options = route.options();
  is_within(options.mute_time_intervals, parts_.config, now, &names);
  if (!names.empty() || options.active_time_intervals.empty()) return names;
  if (is_within(options.active_time_intervals, parts_.config, now, nullptr)) return {};
  return options.active_time_intervals;
}

std::unique_ptr<Pipeline::Run> Pipeline::start(GroupFlush flush, std::function<void(bool)> done) {
  filter(flush);
  const config::ReceiverConfig* receiver = find_receiver(flush.route.options().receiver);
  if (flush.alerts.empty() || receiver == nullptr) return nullptr;
  auto run =
      std::make_unique<RunningFlush>(environment_, parts_, std::move(flush), std::move(done));
  if (!run->start(*receiver)) return nullptr;
  return run;
}

}  // namespace promenade::alertmanager
