// Which groups go on, which start, and which end after a reload.
#include "rules/manager.h"

namespace promenade::rules {

RuleManager::RuleManager(RuleContext context) : context_(std::move(context)) {}

RuleManager::~RuleManager() {
  stop();
}

void RuleManager::apply(const config::Config& config, std::vector<GroupDefinition> definitions) {
  const Duration former_interval = context_.global.evaluation_interval;
  context_.global = config.global;
  auto former = std::move(groups_);
  groups_.clear();
  for (GroupDefinition& definition : definitions) {
    std::pair<std::string, std::string> key(definition.file, definition.name);
    std::unique_ptr<Group>& group = groups_[key];
    if (group) continue;
    const auto found = former.find(key);
    const bool keeps_interval =
        definition.interval || former_interval == config.global.evaluation_interval;
    if (found != former.end() && found->second->definition() == definition && keeps_interval) {
      group = std::move(found->second);
      former.erase(found);
      continue;
    }
    group = std::make_unique<Group>(context_, std::move(definition));
    if (is_first_) group->restore_later();
    if (found != former.end()) {
      found->second->stop();
      group->take_over(*found->second);
      former.erase(found);
    }
    group->start();
  }
  for (auto& [key, group] : former) end(*group);
  is_first_ = false;
}

// The markers wait for two intervals, in which the group may come back; its own samples are newer
// then, and the head refuses the markers.
void RuleManager::end(Group& group) {
  group.stop();
  EndOfSeries end = group.end_of_series();
  if (end.series.empty()) return;
  const uint64_t number = ++last_ending_;
  endings_[number] = context_.clock.call_at(context_.clock.now() + group.interval() * 2,
                                            [this, number, end = std::move(end)] {
                                              endings_.erase(number);
                                              append_stale_markers(context_.head, end);
                                            });
}

void RuleManager::stop() {
  groups_.clear();
  for (const auto& [number, timer] : endings_) context_.clock.cancel(timer);
  endings_.clear();
}

std::vector<const Group*> RuleManager::groups() const {
  std::vector<const Group*> all;
  for (const auto& [key, group] : groups_) all.push_back(group.get());
  return all;
}

}  // namespace promenade::rules
