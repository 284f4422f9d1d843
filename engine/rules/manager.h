#pragma once  // engine/rules/manager.h
// Keeps every rule group of the configuration going. All on the event loop (Prometheus's
// rules/manager.go).
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rules/group.h"

namespace promenade::rules {

class RuleManager {
 public:
  explicit RuleManager(RuleContext context);
  ~RuleManager();

  // Applies a (new) configuration with the groups of its rule files, which load_rule_files() gave:
  // equal groups go on as if nothing had happened, changed ones hand their alerts over to their
  // successors, and the series of those that are gone end. The first call restores the alerts of
  // a former process.
  void apply(const config::Config& config, std::vector<GroupDefinition> definitions);
  // No more evaluations. Nothing is marked as ended: the server is going down, not the rules.
  void stop();

  // Sorted by file, then by name. Valid until the next apply().
  std::vector<const Group*> groups() const;

 private:
  void end(Group& group);

  RuleContext context_;
  bool is_first_ = true;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<Group>> groups_;
  // The ends to write, under numbers of our own, as a timer's id is known only after it is set.
  std::map<uint64_t, TimerId> endings_;
  uint64_t last_ending_ = 0;
};

}  // namespace promenade::rules
