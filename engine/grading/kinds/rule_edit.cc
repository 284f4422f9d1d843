// engine/grading/kinds/rule_edit.cc
// The kind rule-edit: the answer is a rule file. Alerting rules are replayed over incidents and
// quiet nights: was somebody paged in time, once, with the labels that route the page, and did
// nobody wake up for nothing? Recording rules are judged by the series that they write.
#include <algorithm>
#include <map>
#include <memory>

#include "base/executor.h"
#include "base/log.h"
#include "base/strings.h"
#include "grading/answer_limits.h"
#include "grading/kind.h"
#include "grading/script.h"
#include "grading/setting_mapping.h"
#include "model/duration.h"
#include "promql/features.h"
#include "rules/group.h"

namespace promenade::grading {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlNode;

// The most rules that an answer may hold, and the most alerts that one evaluation may give.
constexpr size_t kRulesMax = 50;
constexpr uint64_t kAlertsMax = 200;

// Somebody has to be told of this.
struct Page {
  std::string alert;              // The rule's name; "" for any.
  Labels labels;                  // What it is about: the alert has to carry them.
  Labels carries;                 // Labels that the rule has to add, for the route.
  Duration from;                  // The trouble begins.
  Duration within;                // Somebody has to know so long after that.
  Duration until;                 // The trouble is over.
  Duration clears_within;         // The alert has to be resolved so long after that.
  std::vector<std::string> says;  // Parts of the annotations.
};

struct Scenario {
  std::string name;
  std::vector<promql::SeriesLine> series;
  std::vector<Page> pages;  // None: a quiet night.
};

struct Setting {
  Duration interval = Duration::seconds(15);    // Of the series.
  Duration evaluation = Duration::seconds(15);  // global.evaluation_interval.
  std::vector<std::string> records;             // Names of series that have to be recorded.
  std::vector<Scenario> scenarios;
};

// A time during which an alert fired.
struct Firing {
  std::string alert;
  Labels labels;
  std::string annotations;
  Duration from;
  std::optional<Duration> until;  // Nothing: to the end.
};

class StillClock final : public Clock {
 public:
  Timestamp now() const override { return at; }
  int64_t monotonic_ns() const override { return 0; }
  TimerId call_at(Timestamp, std::function<void()>) override { return {}; }
  void cancel(TimerId) override {}
  Timestamp at = kScriptStart;
};

// One scenario with one set of rules.
class Replay {
 public:
  Replay(const Setting& setting, const Scenario& scenario,
         const std::vector<rules::GroupDefinition>& definitions)
      : setting_(setting), feed_(scenario.series, setting.interval) {
    context_.global.evaluation_interval = setting.evaluation;
    for (const rules::GroupDefinition& definition : definitions) {
      groups_.push_back(std::make_unique<rules::Group>(context_, definition));
      next_.push_back(Duration{});
    }
  }

  void run() {
    const Duration step = Duration::seconds(5);
    for (Duration at; at <= feed_.length(); at = at + step) {
      clock_.at = kScriptStart + at;
      feed_.append_until(head_, clock_.at);
      for (size_t i = 0; i < groups_.size(); ++i) {
        if (at < next_[i]) continue;
        next_[i] = at + std::max(groups_[i]->interval(), step);
        groups_[i]->evaluate(clock_.at);
        note_alerts(*groups_[i], i, at);
      }
    }
  }

  const std::vector<Firing>& firings() const { return firings_; }
  const std::string& error() const { return error_; }
  const tsdb::Head& head() const { return head_; }
  Duration length() const { return feed_.length(); }

 private:
  void note_alerts(const rules::Group& group, size_t index, Duration at) {
    size_t rule_index = 0;
    for (const rules::Rule& rule : group.rules()) {
      ++rule_index;
      if (error_.empty() && !rule.last_error.empty()) {
        error_ = rule.definition.name + ": " + rule.last_error;
      }
      for (const auto& [labels, alert] : rule.alerts.alerts()) {
        const bool fires = alert.state == rules::AlertState::Firing;
        const auto key = std::make_pair(std::make_pair(index, rule_index), labels);
        const auto open = open_.find(key);
        if (fires && open == open_.end()) {
          std::string text;
          for (const auto& [name, value] : alert.annotations) text += name + ": " + value + "\n";
          open_.emplace(key, firings_.size());
          firings_.push_back({rule.definition.name, labels, text, at, std::nullopt});
        } else if (!fires && open != open_.end()) {
          firings_[open->second].until = at;
          open_.erase(open);
        }
      }
    }
  }

  promql::EngineOptions engine_options() const {
    promql::EngineOptions options;
    options.samples_max = kAnswerSamplesMax;
    options.subquery_step_default = setting_.evaluation;
    return options;
  }

  const Setting& setting_;
  SeriesFeed feed_;
  StillClock clock_;
  InlineExecutor executor_;
  tsdb::Head head_;
  NullLogger logger_;
  rules::RuleContext context_{clock_,
                              executor_,
                              head_,
                              logger_,
                              [this] { return engine_options(); },
                              promql::Features::all().parser_options(),
                              nullptr,
                              {},
                              {}};
  std::vector<std::unique_ptr<rules::Group>> groups_;
  std::vector<Duration> next_;  // By group: when it is due.
  std::map<std::pair<std::pair<size_t, size_t>, Labels>, size_t> open_;
  std::vector<Firing> firings_;
  std::string error_;
};

bool has_all(const Labels& labels, const Labels& wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const Label& label) { return labels.get(label.name) == label.value; });
}

// An alert that has lost labels may still be about it; one that has other values is not.
bool is_about(const Firing& firing, const Page& page) {
  return std::all_of(page.labels.begin(), page.labels.end(), [&](const Label& label) {
    const std::string_view value = firing.labels.get(label.name);
    return value.empty() || value == label.value;
  });
}

class RuleEdit final : public Kind {
 public:
  explicit RuleEdit(Setting setting) : setting_(std::move(setting)) {
    for (const Scenario& scenario : setting_.scenarios) {
      for (const Page& page : scenario.pages) has_texts_ |= !page.says.empty();
    }
  }

  enum Requirement : size_t { InTime, Quiet, Once, LabelsRight, Clears, Says };

  std::vector<std::string> requirements() const override {
    if (!setting_.records.empty()) {
      return {"The series `" + join(setting_.records, "`, `") +
              "` are recorded with the right "
              "labels and values"};
    }
    std::vector<std::string> texts = {"Every incident pages somebody, in time",
                                      "Nobody is paged for nothing", "One incident is one page",
                                      "The page has the labels that route it",
                                      "When the trouble is over, the alert resolves"};
    if (has_texts_) texts.push_back("The page says what has happened, and where");
    return texts;
  }

  Result<Observation> observe(std::string_view answer, HiddenWorlds&) const override {
    const rules::RuleFile file = rules::parse_rule_file("rules.yml", answer, file_options());
    if (!file.errors.empty()) return bad_data(file.errors.front());
    size_t count = 0;
    for (const rules::GroupDefinition& group : file.groups) count += group.rules.size();
    if (count == 0) {
      return bad_data("the file has no rule; write groups: with a name and a list of rules:");
    }
    if (count > kRulesMax) {
      return bad_data("the file has " + std::to_string(count) + " rules, and an answer may have " +
                      std::to_string(kRulesMax));
    }
    std::vector<rules::GroupDefinition> groups = file.groups;
    for (rules::GroupDefinition& group : groups) {
      if (group.limit == 0) group.limit = kAlertsMax;
    }
    Observation observation;
    for (const Scenario& scenario : setting_.scenarios) {
      Replay replay(setting_, scenario, groups);
      replay.run();
      if (!replay.error().empty()) {
        return fail(ErrorCode::Execution,
                    "in the scenario \"" + scenario.name + "\" the rule " + replay.error());
      }
      note(scenario, replay, observation);
    }
    return observation;
  }

 private:
  static rules::RuleFileOptions file_options() {
    rules::RuleFileOptions options;
    options.parser = promql::Features::all().parser_options();
    return options;
  }

  void note(const Scenario& scenario, const Replay& replay, Observation& out) const {
    for (const Firing& firing : replay.firings()) {
      out.trace += scenario.name + ": " + firing.alert + firing.labels.to_string() + " " +
                   format_duration(firing.from) + "-" +
                   (firing.until ? format_duration(*firing.until) : "") + " " + firing.annotations +
                   "\n";
    }
    note_records(scenario, replay, out);
    if (!setting_.records.empty()) return;
    std::vector<bool> is_accounted(replay.firings().size());
    for (const Page& page : scenario.pages) note_page(scenario, page, replay, is_accounted, out);
    for (size_t i = 0; i < is_accounted.size(); ++i) {
      if (is_accounted[i]) continue;
      const Firing& firing = replay.firings()[i];
      out.facts.push_back({Quiet, where(scenario) + firing.labels.to_string(), "paged", false,
                           "Scenario \"" + scenario.name + "\": somebody was paged " +
                               format_duration(firing.from) + " after its start for `" +
                               firing.labels.to_string() + "`, and nothing called for it."});
    }
  }

  static std::string where(const Scenario& scenario) { return "\"" + scenario.name + "\" "; }

  void note_page(const Scenario& scenario, const Page& page, const Replay& replay,
                 std::vector<bool>& is_accounted, Observation& out) const {
    const std::string subject =
        where(scenario) + page.labels.to_string() + " at " + format_duration(page.from);
    const auto add = [&](Requirement requirement, bool holds, const std::string& why) {
      out.facts.push_back({requirement, subject, holds ? "yes" : "no", holds,
                           "Scenario \"" + scenario.name + "\": " + why});
    };
    std::vector<const Firing*> found;
    const std::vector<Firing>& firings = replay.firings();
    for (size_t i = 0; i < firings.size(); ++i) {
      const bool is_in_time =
          firings[i].from >= page.from && firings[i].from <= page.until + page.clears_within;
      if (!is_in_time || !is_about(firings[i], page)) continue;
      is_accounted[i] = true;
      found.push_back(&firings[i]);
    }
    if (found.empty()) {
      add(InTime, false,
          "the trouble began after " + format_duration(page.from) + " and nobody was paged.");
      return;
    }
    const Firing& first = *found.front();
    const Duration delay = first.from - page.from;
    add(InTime, delay <= page.within,
        "the page came " + format_duration(delay) +
            " after the trouble began, and had to come within " + format_duration(page.within) +
            ".");
    add(Once, found.size() == 1,
        std::to_string(found.size()) +
            " pages came for one incident: the alert resolved and fired "
            "again, or several alerts tell the same.");
    const bool is_named = page.alert.empty() || first.alert == page.alert;
    add(LabelsRight,
        is_named && has_all(first.labels, page.labels) && has_all(first.labels, page.carries),
        is_named
            ? "the alert carries `" + first.labels.to_string() + "`, and `" +
                  page.labels.to_string() + "` with `" + page.carries.to_string() +
                  "` was asked for."
            : "the alert is called `" + first.alert + "`, and `" + page.alert + "` was asked for.");
    const bool ends = page.until > replay.length() - page.clears_within ||
                      std::all_of(found.begin(), found.end(), [&](const Firing* firing) {
                        return firing->until && *firing->until <= page.until + page.clears_within;
                      });
    add(Clears, ends,
        "the trouble was over after " + format_duration(page.until) +
            ", and the alert kept firing.");
    for (const std::string& part : page.says) {
      out.facts.push_back({Says, subject + " " + part, part,
                           first.annotations.find(part) != std::string::npos,
                           "Scenario \"" + scenario.name + "\": no annotation says `" + part +
                               "`; they say `" + std::string(trim(first.annotations)) + "`."});
    }
  }

  void note_records(const Scenario& scenario, const Replay& replay, Observation& out) const {
    for (const std::string& name : setting_.records) {
      for (const int64_t quarter : {2, 3, 4}) {
        const Duration at = Duration::milliseconds(replay.length().ms * quarter / 4);
        const auto rows = evaluate_rows(replay.head(), name, kScriptStart + at);
        if (!rows) continue;
        for (const ResultRow& row : *rows) {
          out.facts.push_back({0, where(scenario) + row.labels + " after " + format_duration(at),
                               row.value, std::nullopt, ""});
        }
      }
    }
  }

  Setting setting_;
  bool has_texts_ = false;
};

Result<Page> read_page(const YamlFile& file, const YamlNode& node) {
  Page page;
  page.within = Duration::minutes(2);
  page.until = Duration::hours(1000);
  page.clears_within = Duration::minutes(2);
  SettingMapping mapping(file, node, "a page");
  mapping.text("alert", page.alert);
  mapping.labels("labels", page.labels);
  mapping.labels("carries", page.carries);
  mapping.duration("from", page.from);
  mapping.duration("within", page.within);
  mapping.duration("until", page.until);
  mapping.duration("clears_within", page.clears_within);
  mapping.text_list("says", page.says);
  TRY(mapping.finish());
  return page;
}

Result<Scenario> read_scenario(const YamlFile& file, const YamlNode& node) {
  Scenario scenario;
  SettingMapping mapping(file, node, "a scenario");
  mapping.text("name", scenario.name, Presence::Required);
  mapping.series("series", scenario.series, Presence::Required);
  mapping.items("pages", read_page, scenario.pages);
  TRY(mapping.finish());
  return scenario;
}

}  // namespace

Result<std::shared_ptr<const Kind>> read_rule_edit(const YamlFile& file, const YamlNode& node,
                                                   std::string_view) {
  Setting setting;
  SettingMapping mapping(file, node, "the setting of a rule-edit");
  mapping.interval("interval", setting.interval);
  mapping.interval("evaluation_interval", setting.evaluation);
  mapping.text_list("records", setting.records);
  mapping.items("scenarios", read_scenario, setting.scenarios, Presence::Required);
  TRY(mapping.finish());
  const bool has_pages =
      std::any_of(setting.scenarios.begin(), setting.scenarios.end(),
                  [](const Scenario& scenario) { return !scenario.pages.empty(); });
  if (has_pages == !setting.records.empty()) {
    return file.error_at(node, "a setting has either pages in its scenarios or a list of records");
  }
  return std::make_shared<RuleEdit>(std::move(setting));
}

}  // namespace promenade::grading
