// When a group is due, and what an evaluation writes.
#include "rules/group.h"

#include <algorithm>
#include <map>

#include "base/strings.h"

namespace promenade::rules {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

double seconds_since(const Clock& clock, int64_t begun_ns) {
  return static_cast<double>(clock.monotonic_ns() - begun_ns) / 1e9;
}

std::string_view reason(tsdb::AppendOutcome outcome) {
  return outcome == tsdb::AppendOutcome::OutOfOrder ? "out of order sample"
                                                    : "duplicate sample for timestamp";
}

// What makes two rules of one group the same rule after a reload.
using Identity = std::pair<std::string, config::TextMap>;

Identity identity(const Rule& rule) {
  return {rule.definition.name, rule.definition.labels};
}

void append_all(std::vector<SeriesRef>& to, const std::vector<SeriesRef>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

void append_stale_markers(tsdb::Head& head, const EndOfSeries& end) {
  tsdb::Appender appender = head.appender();
  for (const SeriesRef series : end.series) {
    if (appender.is_alive(series)) appender.append(series, end.at, stale_nan());
  }
  appender.commit();
}

Group::Group(RuleContext& context, GroupDefinition definition)
    : context_(context), definition_(std::move(definition)) {
  for (const RuleDefinition& rule : definition_.rules) rules_.emplace_back(rule);
}

Group::~Group() {
  stop();
}

Duration Group::interval() const {
  return definition_.interval.value_or(context_.global.evaluation_interval);
}

Duration Group::query_offset() const {
  return definition_.query_offset.value_or(context_.global.rule_query_offset);
}

void Group::take_over(Group& former) {
  last_evaluation_ = former.last_evaluation_;
  last_evaluation_seconds_ = former.last_evaluation_seconds_;
  statistics_ = former.statistics_;
  evaluations_until_restore_ = former.evaluations_until_restore_;
  orphans_ = std::move(former.orphans_);
  // Of rules with the same identity, the first takes over from the first, and so on.
  std::map<Identity, std::vector<Rule*>> heirs;
  for (size_t i = rules_.size(); i-- > 0;) heirs[identity(rules_[i])].push_back(&rules_[i]);
  for (Rule& old : former.rules_) {
    std::vector<Rule*>& candidates = heirs[identity(old)];
    if (candidates.empty()) {
      append_all(orphans_, old.series);
      continue;
    }
    Rule& heir = *candidates.back();
    candidates.pop_back();
    heir.series = std::move(old.series);
    heir.alerts = std::move(old.alerts);
    heir.is_restored = old.is_restored;
  }
}

void Group::restore_later() {
  evaluations_until_restore_ = 2;
  for (Rule& rule : rules_) rule.is_restored = rule.definition.kind != RuleKind::Alerting;
}

Timestamp Group::slot_before(Timestamp time) const {
  const Labels key{{"file", definition_.file}, {"name", definition_.name}};
  const auto interval_ns = static_cast<uint64_t>(interval().ms) * kNsPerMs;
  const auto offset_ms = static_cast<int64_t>(key.hash() % interval_ns / kNsPerMs);
  int64_t into_interval = (time.ms - offset_ms) % interval().ms;
  if (into_interval < 0) into_interval += interval().ms;
  return {time.ms - into_interval};
}

void Group::start() {
  schedule(slot_before(context_.clock.now()) + interval());
}

void Group::stop() {
  context_.clock.cancel(timer_);
  timer_ = {};
}

void Group::schedule(Timestamp slot) {
  slot_ = slot;
  timer_ = context_.clock.call_at(slot, [this] { run_slot(); });
}

// Slots that passed while the loop was busy are left out, and counted.
void Group::run_slot() {
  const Timestamp now = context_.clock.now();
  const int64_t missed = std::max<int64_t>((now - slot_).ms / interval().ms, 0);
  statistics_.iterations_missed += static_cast<uint64_t>(missed);
  statistics_.iterations += static_cast<uint64_t>(missed) + 1;
  slot_ = slot_ + interval() * missed;
  evaluate(slot_);
  if (evaluations_until_restore_ > 0 && --evaluations_until_restore_ == 0) restore();
  // A next slot far ahead shows that the clock was set back; waiting for it would leave the rules
  // asleep for as long.
  const bool is_set_back = slot_ - now > interval();
  schedule((is_set_back ? slot_before(now) : slot_) + interval());
}

void Group::evaluate(Timestamp at) {
  const int64_t begun_ns = context_.clock.monotonic_ns();
  last_evaluation_ = context_.clock.now();
  statistics_.last_rules_seconds = 0;
  statistics_.last_samples = 0;
  const EvaluationTime time{at, query_offset(), interval()};
  for (Rule& rule : rules_) {
    const int64_t rule_begun_ns = context_.clock.monotonic_ns();
    rule.last_evaluation = context_.clock.now();
    evaluate_one(rule, time);
    rule.evaluation_seconds = seconds_since(context_.clock, rule_begun_ns);
    statistics_.last_rules_seconds += rule.evaluation_seconds;
    statistics_.evaluation_seconds_sum += rule.evaluation_seconds;
    ++statistics_.evaluations;
  }
  if (!orphans_.empty()) {
    append_stale_markers(context_.head, {orphans_, time.sample_time()});
    orphans_.clear();
  }
  last_evaluation_seconds_ = seconds_since(context_.clock, begun_ns);
  statistics_.iteration_seconds_sum += last_evaluation_seconds_;
}

void Group::evaluate_one(Rule& rule, const EvaluationTime& time) {
  const auto samples = evaluate_rule(rule, definition_.limit, time, context_);
  if (samples) {
    rule.health = RuleHealth::Ok;
    rule.last_error.clear();
    statistics_.last_samples += samples->size();
    store(rule, *samples, time.sample_time());
    return;
  }
  rule.health = RuleHealth::Err;
  rule.last_error = samples.error().message;
  ++statistics_.evaluation_failures;
  context_.logger.log(LogLevel::Warn, "Evaluating rule failed",
                      {{"group", definition_.name},
                       {"file", definition_.file},
                       {"name", rule.definition.name},
                       {"err", rule.last_error}});
}

// The rule's samples, and the ends of the series that it had the last time and hasn't now.
void Group::store(Rule& rule, const promql::Vector& samples, Timestamp at) {
  tsdb::Appender appender = context_.head.appender();
  std::vector<SeriesRef> stored;
  stored.reserve(samples.size());
  for (const promql::VectorElement& sample : samples) {
    const SeriesRef series = appender.series(sample.labels);
    const tsdb::AppendOutcome outcome = sample.point.histogram
                                            ? appender.append(series, at, sample.point.histogram)
                                            : appender.append(series, at, sample.point.value);
    if (outcome == tsdb::AppendOutcome::Appended) {
      stored.push_back(series);
    } else {
      rule.health = RuleHealth::Err;
      rule.last_error = reason(outcome);
    }
  }
  std::sort(stored.begin(), stored.end());
  std::vector<SeriesRef> ended;
  std::set_difference(rule.series.begin(), rule.series.end(), stored.begin(), stored.end(),
                      std::back_inserter(ended));
  for (const SeriesRef series : ended) {
    if (appender.is_alive(series)) appender.append(series, at, stale_nan());
  }
  if (!appender.commit()) {
    rule.health = RuleHealth::Err;
    rule.last_error = context_.head.write_fault();
    context_.logger.log(LogLevel::Warn, "Rule sample appending failed",
                        {{"name", rule.definition.name}, {"err", rule.last_error}});
    return;
  }
  rule.series = std::move(stored);
}

void Group::restore() {
  const int64_t begun_ns = context_.clock.monotonic_ns();
  for (Rule& rule : rules_) restore_alerts(rule, context_.clock.now(), context_);
  statistics_.last_restore_seconds = seconds_since(context_.clock, begun_ns);
}

EndOfSeries Group::end_of_series() const {
  EndOfSeries end;
  end.series = orphans_;
  for (const Rule& rule : rules_) append_all(end.series, rule.series);
  end.at = context_.clock.now() - query_offset();
  return end;
}

}  // namespace promenade::rules
