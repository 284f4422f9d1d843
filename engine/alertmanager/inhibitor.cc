// A rule keeps its source alerts by the values of the labels that have to be equal, so that asking
// costs a look-up, however many alerts there are.
#include "alertmanager/inhibitor.h"

#include <algorithm>

namespace promenade::alertmanager {
namespace {

bool all_match(const std::vector<Matcher>& matchers, const Labels& labels) {
  return std::all_of(matchers.begin(), matchers.end(), [&](const Matcher& matcher) {
    return matcher.matches(labels.get(matcher.name()));
  });
}

}  // namespace

Inhibitor::Inhibitor(const std::vector<config::InhibitRuleConfig>& rules) {
  for (const config::InhibitRuleConfig& rule : rules) {
    rules_.push_back({rule.source.all, rule.target.all, rule.equal, {}});
  }
}

std::string Inhibitor::Rule::equal_key(const Labels& labels) const {
  std::string key;
  for (const std::string& name : equal) {
    key += labels.get(name);
    key += '\xff';  // In no label value.
  }
  return key;
}

void Inhibitor::add(const AlertPtr& alert) {
  for (Rule& rule : rules_) {
    if (!all_match(rule.source, alert->labels)) continue;
    rule.sources[rule.equal_key(alert->labels)][alert->id] = alert;
  }
}

void Inhibitor::collect_garbage(Timestamp now) {
  for (Rule& rule : rules_) {
    for (auto& [key, alerts] : rule.sources) {
      std::erase_if(alerts, [&](const auto& entry) { return entry.second->is_resolved_at(now); });
    }
    std::erase_if(rule.sources, [](const auto& entry) { return entry.second.empty(); });
  }
}

const Alert* Inhibitor::Rule::source_for(const Labels& labels, Timestamp now) const {
  if (!all_match(target, labels)) return nullptr;
  const auto found = sources.find(equal_key(labels));
  if (found == sources.end()) return nullptr;
  // An alert that is on both sides must not be kept quiet by itself, nor by another such alert.
  const bool is_on_both_sides = all_match(source, labels);
  for (const auto& [id, alert] : found->second) {
    if (alert->is_resolved_at(now)) continue;
    if (is_on_both_sides && all_match(target, alert->labels)) continue;
    return alert.get();
  }
  return nullptr;
}

std::optional<uint64_t> Inhibitor::inhibited_by(const Labels& labels, Timestamp now) const {
  for (const Rule& rule : rules_) {
    if (const Alert* source = rule.source_for(labels, now)) return source->id;
  }
  return std::nullopt;
}

}  // namespace promenade::alertmanager
