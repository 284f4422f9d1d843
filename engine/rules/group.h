#pragma once  // engine/rules/group.h
// A group of rules, evaluated one after another at regular instants, so that a rule sees what
// those above it have just recorded (Prometheus's rules/group.go).
#include <cstdint>
#include <string>
#include <vector>

#include "rules/rule.h"

namespace promenade::rules {

// What a group has done so far, under Prometheus's names for it.
struct GroupStatistics {
  uint64_t evaluations = 0;
  uint64_t evaluation_failures = 0;
  double evaluation_seconds_sum = 0;
  uint64_t iterations = 0;
  uint64_t iterations_missed = 0;
  double iteration_seconds_sum = 0;
  double last_rules_seconds = 0;  // Of the last iteration's rules together.
  double last_restore_seconds = 0;
  uint64_t last_samples = 0;
};

// Series that have to be marked as ended at an instant.
struct EndOfSeries {
  std::vector<SeriesRef> series;
  Timestamp at;
};

// Marks each series that is still there as ended.
void append_stale_markers(tsdb::Head& head, const EndOfSeries& end);

class Group {
 public:
  Group(RuleContext& context, GroupDefinition definition);
  ~Group();
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  const GroupDefinition& definition() const { return definition_; }
  Duration interval() const;
  const std::vector<Rule>& rules() const { return rules_; }
  // {} before the first evaluation.
  std::optional<Timestamp> last_evaluation() const { return last_evaluation_; }
  double last_evaluation_seconds() const { return last_evaluation_seconds_; }
  const GroupStatistics& statistics() const { return statistics_; }

  // Takes over alerts and series from a group with the same name that this one replaces: those of
  // rules with the same name and labels. Series of the others end at the first evaluation.
  void take_over(Group& former);
  // Restores the alerts of a former process after the second evaluation. Call before start().
  void restore_later();

  // Evaluates from the next slot on, which is the same instant within the interval after every
  // restart, and another for each group.
  void start();
  void stop();
  // One evaluation of all rules as of `at`.
  void evaluate(Timestamp at);

  // After stop(): the series that end with the group.
  EndOfSeries end_of_series() const;

 private:
  // The latest instant until `time` at which the group is due.
  Timestamp slot_before(Timestamp time) const;
  Duration query_offset() const;
  void schedule(Timestamp slot);
  void run_slot();
  void evaluate_one(Rule& rule, const EvaluationTime& time);
  void store(Rule& rule, const promql::Vector& samples, Timestamp at);
  void restore();

  RuleContext& context_;
  GroupDefinition definition_;
  std::vector<Rule> rules_;
  std::vector<SeriesRef> orphans_;  // Series of rules that a reload has taken away.
  Timestamp slot_;
  TimerId timer_{};
  int evaluations_until_restore_ = 0;  // 0: nothing to restore.
  std::optional<Timestamp> last_evaluation_;
  double last_evaluation_seconds_ = 0;
  GroupStatistics statistics_;
};

}  // namespace promenade::rules
