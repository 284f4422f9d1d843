// Finds the Alertmanagers of every set and hands each what it should get.
#include "notifier/notifier.h"

#include <algorithm>
#include <map>

#include "base/strings.h"
#include "discovery/discovery.h"
#include "notifier/alert_json.h"
#include "notifier/queue.h"
#include "scrape/relabel.h"

namespace promenade::notifier {
namespace {

constexpr std::string_view kSchemeLabel = "__scheme__";
constexpr std::string_view kPathLabel = "__alerts_path__";
constexpr std::string_view kApiPath = "/api/v2/alerts";

// /prefix/api/v2/alerts with single slashes.
std::string alerts_path(std::string_view prefix) {
  std::string path;
  for (const std::string_view part : split(prefix, '/')) {
    if (!part.empty()) path.append("/").append(part);
  }
  return path.append(kApiPath);
}

std::string url_of(const LabelsBuilder& labels) {
  std::string url(labels.get(kSchemeLabel));
  url.append("://").append(labels.get(discovery::kAddressLabel));
  return url.append(labels.get(kPathLabel));
}

LabelsBuilder labels_of(const config::AlertmanagerEndpoints& config,
                        const discovery::LabelSet& group, const discovery::LabelSet& target) {
  LabelsBuilder labels;
  labels.set(kSchemeLabel, config.scheme);
  labels.set(kPathLabel, alerts_path(config.path_prefix));
  for (const auto& [name, value] : group) labels.set(name, value);
  for (const auto& [name, value] : target) labels.set(name, value);
  return labels;
}

// Applies rules to the labels of an alert; false when it is dropped.
bool relabel(rules::OutgoingAlert& alert, const std::vector<config::RelabelConfig>& rules) {
  if (rules.empty()) return true;
  LabelsBuilder labels(alert.labels);
  if (!scrape::relabel(labels, rules)) return false;
  alert.labels = labels.build();
  return true;
}

// The Alertmanagers of one section of the configuration.
class Set {
 public:
  Set(QueueContext& context, config::AlertmanagerEndpoints config)
      : context_(context),
        config_(std::make_shared<const config::AlertmanagerEndpoints>(std::move(config))),
        identity_(config::to_yaml(*config_, config::Secrets::Show)),
        discovery_(*config_,
                   {context.clock, context.transport, context.files, context.logger,
                    context.options.user_agent},
                   [this] { refresh(); }) {
    refresh();
  }

  // Equal texts: equal settings.
  const std::string& identity() const { return identity_; }
  const std::map<std::string, std::unique_ptr<Queue>>& queues() const { return queues_; }
  const std::vector<std::string>& dropped() const { return dropped_; }

  // There must be a queue for the URL.
  void take_over(const std::string& url, const std::vector<AlertText>& alerts) {
    queues_.at(url)->add(alerts);
  }

  void send(std::vector<rules::OutgoingAlert> alerts) {
    std::vector<AlertText> texts;
    for (rules::OutgoingAlert& alert : alerts) {
      if (!relabel(alert, config_->alert_relabel_configs)) continue;
      texts.push_back(std::make_shared<const std::string>(to_json(alert)));
    }
    for (auto& [url, queue] : queues_) queue->add(texts);
  }

 private:
  // Keeps the queues in step with what discovery finds.
  void refresh() {
    std::map<std::string, std::unique_ptr<Queue>> wanted;
    dropped_.clear();
    for (const discovery::TargetGroup& group : discovery_.groups()) {
      for (const discovery::LabelSet& target : group.targets) {
        LabelsBuilder labels = labels_of(*config_, group.labels, target);
        const std::string discovered_url = url_of(labels);
        if (!scrape::relabel(labels, config_->relabel_configs)) {
          dropped_.push_back(discovered_url);
        } else if (is_usable(labels)) {
          const std::string url = url_of(labels);
          if (const auto known = queues_.find(url); known != queues_.end()) {
            wanted[url] = std::move(known->second);
            queues_.erase(known);
          } else if (wanted.count(url) == 0) {
            wanted[url] = std::make_unique<Queue>(context_, config_, url);
          }
        }
      }
    }
    queues_ = std::move(wanted);
  }

  bool is_usable(const LabelsBuilder& labels) const {
    const std::string_view address = labels.get(discovery::kAddressLabel);
    if (!address.empty() && address.find('/') == std::string_view::npos) return true;
    context_.logger.log(LogLevel::Error, "An Alertmanager's address must be host:port",
                        {{"address", std::string(address)}});
    return false;
  }

  QueueContext& context_;
  const std::shared_ptr<const config::AlertmanagerEndpoints> config_;
  const std::string identity_;
  discovery::JobDiscovery discovery_;
  std::map<std::string, std::unique_ptr<Queue>> queues_;  // By URL.
  std::vector<std::string> dropped_;
};

// What waits in the queues of a set whose settings have changed goes to the set that has the same
// Alertmanager now; where there is none, it is lost with the queue.
void hand_over(const Set& former, const std::vector<std::unique_ptr<Set>>& sets) {
  for (const auto& [url, queue] : former.queues()) {
    const auto heir = std::find_if(sets.begin(), sets.end(), [&, &url = url](const auto& set) {
      return set->queues().contains(url);
    });
    if (heir != sets.end()) (*heir)->take_over(url, queue->take());
  }
}

}  // namespace

struct Notifier::Impl {
  QueueContext context;
  config::TextMap external_labels;
  std::vector<config::RelabelConfig> relabel_configs;
  std::vector<std::unique_ptr<Set>> sets;
};

Notifier::Notifier(Clock& clock, Transport& transport, const FileSystem& files, Logger& logger,
                   NotifierOptions options)
    : impl_(std::make_unique<Impl>(
          Impl{{clock, transport, files, logger, std::move(options)}, {}, {}, {}})) {}

Notifier::~Notifier() = default;

void Notifier::apply(const config::Config& config) {
  impl_->external_labels = config.global.external_labels;
  impl_->relabel_configs = config.alerting.alert_relabel_configs;
  auto former = std::move(impl_->sets);
  impl_->sets.clear();
  for (const config::AlertmanagerEndpoints& set : config.alerting.alertmanagers) {
    const std::string identity = config::to_yaml(set, config::Secrets::Show);
    const auto same = std::find_if(former.begin(), former.end(), [&](const auto& old) {
      return old != nullptr && old->identity() == identity;
    });
    if (same != former.end()) {
      impl_->sets.push_back(std::move(*same));
    } else {
      impl_->sets.push_back(std::make_unique<Set>(impl_->context, set));
    }
  }
  for (const auto& old : former) {
    if (old != nullptr) hand_over(*old, impl_->sets);
  }
}

void Notifier::send(std::vector<rules::OutgoingAlert> alerts) {
  std::vector<rules::OutgoingAlert> kept;
  for (rules::OutgoingAlert& alert : alerts) {
    LabelsBuilder labels(alert.labels);
    for (const auto& [name, value] : impl_->external_labels) {
      if (labels.get(name).empty()) labels.set(name, value);
    }
    alert.labels = labels.build();
    if (relabel(alert, impl_->relabel_configs)) kept.push_back(std::move(alert));
  }
  for (const auto& set : impl_->sets) set->send(kept);
}

bool Notifier::is_idle() const {
  return std::all_of(impl_->sets.begin(), impl_->sets.end(), [](const auto& set) {
    return std::all_of(set->queues().begin(), set->queues().end(),
                       [](const auto& queue) { return queue.second->is_idle(); });
  });
}

void Notifier::stop() {
  impl_->sets.clear();
}

std::vector<std::string> Notifier::active() const {
  std::vector<std::string> urls;
  for (const auto& set : impl_->sets) {
    for (const auto& [url, queue] : set->queues()) urls.push_back(url);
  }
  return urls;
}

std::vector<std::string> Notifier::dropped() const {
  std::vector<std::string> urls;
  for (const auto& set : impl_->sets) {
    urls.insert(urls.end(), set->dropped().begin(), set->dropped().end());
  }
  return urls;
}

std::vector<AlertmanagerStatistics> Notifier::statistics() const {
  std::map<std::string, AlertmanagerStatistics> by_url;
  for (const auto& set : impl_->sets) {
    for (const auto& [url, queue] : set->queues()) {
      const AlertmanagerStatistics one = queue->statistics();
      AlertmanagerStatistics& sum = by_url[url];
      sum.url = url;
      sum.sent += one.sent;
      sum.errors += one.errors;
      sum.dropped += one.dropped;
      sum.queue_length += one.queue_length;
      sum.requests += one.requests;
      sum.request_seconds += one.request_seconds;
    }
  }
  std::vector<AlertmanagerStatistics> all;
  for (auto& [url, statistics] : by_url) all.push_back(std::move(statistics));
  return all;
}

const NotifierOptions& Notifier::options() const {
  return impl_->context.options;
}

}  // namespace promenade::notifier
