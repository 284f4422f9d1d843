#pragma once  // engine/alertmanager/route_tree.h
// The tree of routes with everything inherited, and which of them an alert takes
// (https://prometheus.io/docs/alerting/latest/configuration/#route).
#include <memory>
#include <string>
#include <vector>

#include "alertmanager/alert.h"
#include "config/alertmanager/alertmanager_config.h"
#include "model/labels.h"
#include "model/matcher.h"

namespace promenade::alertmanager {

struct RouteOptions {
  std::string receiver;
  std::vector<std::string> group_by;  // Sorted.
  bool group_by_all = false;
  Duration group_wait = Duration::seconds(30);
  Duration group_interval = Duration::minutes(5);
  Duration repeat_interval = Duration::hours(4);
  std::vector<std::string> mute_time_intervals;  // Not inherited, as the next.
  std::vector<std::string> active_time_intervals;
  TextMap labels;
};

class Route {
 public:
  // `parent` may be null and must outlive the route; `count` is the number of routes before it, and
  // afterwards of those with it and below it, too.
  Route(const config::RouteConfig& config, const Route* parent, size_t& count);

  const RouteOptions& options() const { return options_; }
  const std::vector<Matcher>& matchers() const { return matchers_; }
  bool continues() const { return continues_; }
  const std::vector<std::unique_ptr<Route>>& children() const { return children_; }
  // {}/{team="db"}: the matchers on the way from the root.
  const std::string& key() const { return key_; }
  // Its place in the file, counting from the root's 0: the order of everything that goes by route.
  size_t index() const { return index_; }

  bool matches(const Labels& labels) const;
  // The labels that an alert's group has on this route, and the group's name for the log.
  Labels group_labels(const Labels& labels) const;
  std::string group_key(const Labels& group_labels) const;

  // Adds the routes at and below this one that take the alert, in order; false when it doesn't
  // match.
  bool match(const Labels& labels, std::vector<const Route*>& out) const;

 private:
  RouteOptions options_;
  std::vector<Matcher> matchers_;
  bool continues_ = false;
  std::string key_;
  size_t index_;
  std::vector<std::unique_ptr<Route>> children_;
};

class RouteTree {
 public:
  explicit RouteTree(const config::RouteConfig& root) : root_(root, nullptr, count_) {}

  const Route& root() const { return root_; }
  // Never empty: what no other route takes, the root does.
  std::vector<const Route*> match(const Labels& labels) const;
  // Their receivers, in order.
  std::vector<std::string> receivers(const Labels& labels) const;

 private:
  size_t count_ = 0;
  Route root_;
};

}  // namespace promenade::alertmanager
