#pragma once  // engine/alertmanager/inhibitor.h
// Alerts that keep others quiet (https://prometheus.io/docs/alerting/latest/configuration/
// #inhibition-related-settings): "no warnings about a service whose data centre is down".
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alertmanager/alert.h"
#include "config/alertmanager/alertmanager_config.h"

namespace promenade::alertmanager {

class Inhibitor {
 public:
  explicit Inhibitor(const std::vector<config::InhibitRuleConfig>& rules);

  // Call for every alert that is stored, whatever becomes of it: sources count even when they are
  // silenced or inhibited themselves.
  void add(const AlertPtr& alert);
  void collect_garbage(Timestamp now);

  // The fingerprint of a firing source that keeps this label set quiet, by the first rule that has
  // one.
  std::optional<uint64_t> inhibited_by(const Labels& labels, Timestamp now) const;

 private:
  struct Rule {
    std::vector<Matcher> source;
    std::vector<Matcher> target;
    std::vector<std::string> equal;
    // By the values of the `equal` labels, then by fingerprint.
    std::map<std::string, std::map<uint64_t, AlertPtr>> sources;

    std::string equal_key(const Labels& labels) const;
    const Alert* source_for(const Labels& labels, Timestamp now) const;
  };
  std::vector<Rule> rules_;
};

}  // namespace promenade::alertmanager
