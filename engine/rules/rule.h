#pragma once  // engine/rules/rule.h
// One rule at work: evaluated at an instant it gives the samples to store, and keeps what it needs
// to know the next time.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/executor.h"
#include "base/log.h"
#include "model/queryable.h"
#include "promql/engine.h"
#include "rules/alert_table.h"
#include "rules/rule_file.h"
#include "tsdb/head.h"

namespace promenade::rules {

enum class RuleHealth { Unknown, Ok, Err };
std::string_view to_string(RuleHealth health);  // "unknown", "ok", "err".

// An alert on its way to Alertmanager, without external labels.
struct OutgoingAlert {
  Labels labels;
  config::TextMap annotations;
  Timestamp starts_at;
  Timestamp ends_at;  // In the future as long as it fires: then it ends unless told again.
  std::string generator_url;
};

struct RuleOptions {
  Duration for_grace_period = Duration::minutes(10);  // --rules.alert.for-grace-period
  Duration outage_tolerance = Duration::hours(1);     // --rules.alert.for-outage-tolerance
  Duration resend_delay = Duration::minutes(1);       // --rules.alert.resend-delay
  std::string external_url;                           // Without a slash at its end.
};

// What all rules share; outlives them.
struct RuleContext {
  Clock& clock;
  Executor& executor;
  tsdb::Head& head;
  Logger& logger;
  std::function<promql::EngineOptions()> engine_options;
  promql::ParserOptions parser;                          // For the queries in templates.
  std::function<void(std::vector<OutgoingAlert>)> send;  // May be null: nobody is told.
  RuleOptions options;
  config::GlobalConfig global;  // Of the configuration in force.
};

// Which evaluation it is. The expression sees the data of `at - query_offset`, and that is also the
// time of the samples that come of it.
struct EvaluationTime {
  Timestamp at;
  Duration query_offset;
  Duration interval;  // Of the group.
  Timestamp sample_time() const { return at - query_offset; }
};

struct Rule {
  explicit Rule(RuleDefinition the_definition) : definition(std::move(the_definition)) {}

  RuleDefinition definition;

  RuleHealth health = RuleHealth::Unknown;
  std::string last_error;
  std::optional<Timestamp> last_evaluation;
  double evaluation_seconds = 0;

  AlertTable alerts;        // Of an alerting rule.
  bool is_restored = true;  // ALERTS is written only when there is nothing left to restore.
  // The series of the last good evaluation, ascending: what isn't there the next time has ended.
  std::vector<SeriesRef> series;
};

// Evaluates the rule; the result's samples are to be stored at time.sample_time(). Alerts change
// their states, and those that are due are sent. On failure nothing is to be stored or ended.
Result<promql::Vector> evaluate_rule(Rule& rule, uint64_t limit, const EvaluationTime& time,
                                     const RuleContext& context);

// Gives alerts the time they had been pending before a restart, as ALERTS_FOR_STATE in the store
// tells it; `now` is the present. To be called once, after the rule's second evaluation.
void restore_alerts(Rule& rule, Timestamp now, const RuleContext& context);

}  // namespace promenade::rules
