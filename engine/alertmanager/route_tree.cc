// Depth first: a child that takes the alert keeps it from its parent, and, unless it continues,
// from its younger siblings.
#include "alertmanager/route_tree.h"

#include <algorithm>

#include "config/alertmanager/label_matchers.h"

namespace promenade::alertmanager {

Route::Route(const config::RouteConfig& config, const Route* parent, size_t& count)
    : matchers_(config.conditions.all), continues_(config.continue_matching), index_(count++) {
  if (parent != nullptr) options_ = parent->options_;
  if (!config.receiver.empty()) options_.receiver = config.receiver;
  if (config.group_by) {
    options_.group_by = *config.group_by;
    options_.group_by_all = config.group_by_all;
    std::sort(options_.group_by.begin(), options_.group_by.end());
  }
  options_.group_wait = config.group_wait.value_or(options_.group_wait);
  options_.group_interval = config.group_interval.value_or(options_.group_interval);
  options_.repeat_interval = config.repeat_interval.value_or(options_.repeat_interval);
  options_.mute_time_intervals = config.mute_time_intervals;
  options_.active_time_intervals = config.active_time_intervals;
  for (const auto& [name, value] : config.labels) options_.labels[name] = value;
  if (parent != nullptr) key_ = parent->key_ + "/";
  key_ += config::label_matchers_text(matchers_);
  for (const config::RouteConfig& child : config.routes) {
    children_.push_back(std::make_unique<Route>(child, this, count));
  }
}

bool Route::matches(const Labels& labels) const {
  return std::all_of(matchers_.begin(), matchers_.end(), [&](const Matcher& matcher) {
    return matcher.matches(labels.get(matcher.name()));
  });
}

Labels Route::group_labels(const Labels& labels) const {
  return options_.group_by_all ? labels : labels.keep(options_.group_by);
}

std::string Route::group_key(const Labels& group_labels) const {
  return key_ + ":" + label_set_text(group_labels);
}

bool Route::match(const Labels& labels, std::vector<const Route*>& out) const {
  if (!matches(labels)) return false;
  const size_t before = out.size();
  for (const auto& child : children_) {
    if (child->match(labels, out) && !child->continues()) break;
  }
  if (out.size() == before) out.push_back(this);
  return true;
}

std::vector<const Route*> RouteTree::match(const Labels& labels) const {
  std::vector<const Route*> routes;
  root_.match(labels, routes);
  return routes;
}

std::vector<std::string> RouteTree::receivers(const Labels& labels) const {
  std::vector<std::string> names;
  for (const Route* route : match(labels)) names.push_back(route->options().receiver);
  return names;
}

}  // namespace promenade::alertmanager
