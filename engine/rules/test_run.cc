// Runs rule tests over a store and a clock of their own, at promtool's instants: all groups at
// every multiple of the evaluation interval up to the last time that a test asks about; alerts are
// compared after the evaluation at or before their time.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "base/strings.h"
#include "model/duration.h"
#include "model/number_format.h"
#include "promql/features.h"
#include "promql/parser/parser.h"
#include "rules/group.h"
#include "rules/test_file.h"

namespace promenade::rules {
namespace {

// promtool's limits.
constexpr uint64_t kSamplesMax = 10'000;

// Time stands where the runner puts it. Groups are evaluated by hand, so no timer is ever set.
class TestClock final : public Clock {
 public:
  Timestamp now() const override { return at; }
  int64_t monotonic_ns() const override { return 0; }
  TimerId call_at(Timestamp, std::function<void()>) override { return {}; }
  void cancel(TimerId) override {}
  Timestamp at;
};

std::string show_annotations(const config::TextMap& annotations) {
  std::string text;
  for (const auto& [name, value] : annotations) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, quote(value));
  }
  return "{" + text + "}";
}

using Alerts = std::vector<ExpectedAlert>;

std::string show_alerts(const Alerts& alerts) {
  if (alerts.empty()) return "[]";
  std::string text = "[";
  for (size_t i = 0; i < alerts.size(); ++i) {
    text += fmt::format("\n            {}:\n              Labels:{}\n              Annotations:{}",
                        i, alerts[i].labels.to_string(), show_annotations(alerts[i].annotations));
  }
  return text + "\n            ]";
}

std::string show_value(const ExpectedSample& sample) {
  if (!sample.histogram.empty()) return sample.histogram;
  std::string text;
  append_go_float(text, sample.value);
  return text;
}

using Samples = std::vector<ExpectedSample>;

std::string show_samples(const Samples& samples) {
  std::string text;
  for (const ExpectedSample& sample : samples) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", sample.labels.to_string(),
                        show_value(sample));
  }
  return text.empty() ? "nil" : text;
}

template <typename T>
void sort_by_labels(std::vector<T>& all) {
  std::stable_sort(all.begin(), all.end(),
                   [](const T& a, const T& b) { return a.labels < b.labels; });
}

bool are_equal(double a, double b, bool fuzzy) {
  if (a == b) return true;
  const double infinity = std::numeric_limits<double>::infinity();
  return fuzzy && (std::nextafter(a, infinity) == b || std::nextafter(a, -infinity) == b);
}

// The first thing that differs between two alerts, "" when nothing does.
std::string difference(const ExpectedAlert& expected, const ExpectedAlert& got) {
  LabelsBuilder all(expected.labels);
  for (const Label& label : got.labels) all.set(label.name, label.value);
  for (const auto& [name, value] : all.pairs()) {
    if (expected.labels.get(name) == got.labels.get(name)) continue;
    return fmt::format("the label {} is {}, expected {}", name, quote(got.labels.get(name)),
                       quote(expected.labels.get(name)));
  }
  config::TextMap annotations = expected.annotations;
  annotations.insert(got.annotations.begin(), got.annotations.end());
  for (const auto& [name, value] : annotations) {
    const auto find = [&name = name](const config::TextMap& map) {
      const auto found = map.find(name);
      return found == map.end() ? std::string("absent") : quote(found->second);
    };
    if (find(expected.annotations) == find(got.annotations)) continue;
    return fmt::format("the annotation {} is {}, expected {}", name, find(got.annotations),
                       find(expected.annotations));
  }
  return "";
}

class TestRun {
 public:
  TestRun(const TestFile& file, const TestGroup& test, const std::vector<GroupDefinition>& groups,
          std::vector<std::string>& failures)
      : file_(file), test_(test), failures_(failures), cursors_(test.input_series.size()) {
    context_.options.external_url = test.external_url;
    context_.global.evaluation_interval = test.interval;
    context_.global.external_labels = test.external_labels;
    for (const GroupDefinition& group : groups) {
      groups_.push_back(std::make_unique<Group>(context_, group));
    }
    const auto position = [&](const std::unique_ptr<Group>& group) {
      const auto& order = file.group_eval_order;
      const auto found = std::find(order.begin(), order.end(), group->definition().name);
      return found == order.end() ? 0 : found - order.begin();
    };
    std::stable_sort(groups_.begin(), groups_.end(),
                     [&](const auto& a, const auto& b) { return position(a) < position(b); });
  }

  void run() {
    const Duration last = last_eval_time();
    const Duration interval = file_.evaluation_interval;
    for (Duration at; at <= last; at = at + interval) {
      clock_.at = test_.start + at;
      append_until(clock_.at);
      if (!evaluate_groups(at)) return;
      for (const AlertTest& alert : test_.alert_tests) {
        if (at <= alert.eval_time && alert.eval_time < at + interval) check_alerts(alert);
      }
    }
    for (const ExpressionTest& expression : test_.expression_tests) check_expression(expression);
  }

 private:
  Duration last_eval_time() const {
    Duration last;
    for (const AlertTest& test : test_.alert_tests) last = std::max(last, test.eval_time);
    for (const ExpressionTest& test : test_.expression_tests) last = std::max(last, test.eval_time);
    return last;
  }

  promql::EngineOptions engine_options() const {
    promql::EngineOptions options;
    options.samples_max = kSamplesMax;
    options.subquery_step_default = file_.evaluation_interval;
    return options;
  }

  void append_until(Timestamp end) {
    tsdb::Appender appender = head_.appender();
    for (size_t i = 0; i < cursors_.size(); ++i) {
      const promql::SeriesLine& series = test_.input_series[i];
      for (size_t& at = cursors_[i]; at < series.values.size(); ++at) {
        const Timestamp time = test_.start + test_.interval * static_cast<int64_t>(at);
        if (time > end) break;
        const promql::SeriesValue& value = series.values[at];
        if (value.omitted) continue;
        const SeriesRef ref = appender.series(series.labels);
        if (value.histogram) {
          appender.append(ref, time, value.histogram);
        } else {
          appender.append(ref, time, value.value);
        }
      }
    }
    appender.commit();
  }

  // False when a rule failed: what comes after it can't be trusted.
  bool evaluate_groups(Duration at) {
    bool is_good = true;
    for (const auto& group : groups_) {
      group->evaluate(clock_.at);
      for (const Rule& rule : group->rules()) {
        if (rule.last_error.empty()) continue;
        is_good = false;
        failures_.push_back(fmt::format("    {}rule: {}, time: {}, err: {}", name_prefix(),
                                        rule.definition.name, format_duration(at),
                                        rule.last_error));
      }
    }
    return is_good;
  }

  std::string name_prefix() const {
    return test_.name.empty() ? "" : fmt::format("name: {},\n    ", test_.name);
  }

  void report(const std::string& place, const std::string& what, Duration at,
              const std::string& expected, const std::string& got, const std::string& reason) {
    failures_.push_back(fmt::format(
        "    {}{}: {}, time: {},\n        exp: {}\n        got: {}{}{}\n", name_prefix(), place,
        what, format_duration(at), expected, got, reason.empty() ? "" : "\n        why: ", reason));
  }

  Alerts firing_alerts(const std::string& name) const {
    Alerts firing;
    for_each_alert(name, [&](const Alert& alert) {
      if (alert.state == AlertState::Firing) firing.push_back({alert.labels, alert.annotations});
    });
    sort_by_labels(firing);
    return firing;
  }

  template <typename Visit>
  void for_each_alert(const std::string& name, Visit visit) const {
    for (const auto& group : groups_) {
      for (const Rule& rule : group->rules()) {
        if (rule.definition.kind != RuleKind::Alerting || rule.definition.name != name) continue;
        for (const auto& [labels, alert] : rule.alerts.alerts()) visit(alert);
      }
    }
  }

  void check_alerts(const AlertTest& test) {
    Alerts expected = test.alerts;
    sort_by_labels(expected);
    const Alerts got = firing_alerts(test.alert_name);
    bool are_all_equal = expected.size() == got.size();
    for (size_t i = 0; are_all_equal && i < got.size(); ++i) {
      are_all_equal = difference(expected[i], got[i]).empty();
    }
    if (are_all_equal) return;
    report(test.place, "alertname: " + test.alert_name, test.eval_time, show_alerts(expected),
           show_alerts(got), alert_reason(test, expected, got));
  }

  // What most likely explains the difference.
  std::string alert_reason(const AlertTest& test, const Alerts& expected, const Alerts& got) const {
    std::vector<std::string_view> names;
    for (const auto& group : groups_) {
      for (const Rule& rule : group->rules()) {
        if (rule.definition.kind == RuleKind::Alerting) names.push_back(rule.definition.name);
      }
    }
    if (std::find(names.begin(), names.end(), test.alert_name) == names.end()) {
      const auto near = nearest(test.alert_name, names);
      return fmt::format("no alerting rule is called {}{}", quote(test.alert_name),
                         near ? fmt::format("; did you mean {}?", quote(*near)) : "");
    }
    if (expected.size() == got.size()) {
      for (size_t i = 0; i < got.size(); ++i) {
        const std::string text = difference(expected[i], got[i]);
        if (!text.empty()) return fmt::format("in alert {}, {}", i, text);
      }
    }
    if (expected.size() > got.size()) {
      std::string pending;
      for_each_alert(test.alert_name, [&](const Alert& alert) {
        if (alert.state != AlertState::Pending || !pending.empty()) return;
        pending =
            fmt::format("{} is only pending, since {}: its `for` is not over",
                        alert.labels.to_string(), format_duration(alert.active_at - test_.start));
      });
      if (!pending.empty()) return pending;
    }
    return fmt::format("{} alerts fire, expected {}", got.size(), expected.size());
  }

  Result<Samples> evaluate(const std::string& text, Timestamp at) {
    const auto expr = promql::parse(text, promql::Features{}.parser_options());
    if (!expr) return bad_data(promql::describe_parse_error(text, expr.error()));
    auto result = TRY(promql::evaluate_instant(**expr, at, head_, executor_, engine_options()));
    if (const auto* scalar = std::get_if<promql::Scalar>(&result.value)) {
      return Samples{{Labels{}, *scalar, ""}};
    }
    const auto* vector = std::get_if<promql::Vector>(&result.value);
    if (vector == nullptr) {
      return fail(ErrorCode::Execution, "rule result is not a vector or scalar");
    }
    Samples samples;
    for (const promql::VectorElement& element : *vector) {
      samples.push_back(
          {element.labels, element.point.value,
           element.point.histogram ? promql::to_histogram_literal(*element.point.histogram) : ""});
    }
    return samples;
  }

  void check_expression(const ExpressionTest& test) {
    auto got = evaluate(test.expr, test_.start + test.eval_time);
    if (!got) {
      failures_.push_back(fmt::format("    {}{}: expr: {}, time: {}, err: {}\n", name_prefix(),
                                      test.place, quote(test.expr), format_duration(test.eval_time),
                                      got.error().message));
      return;
    }
    Samples expected = test.samples;
    sort_by_labels(expected);
    sort_by_labels(*got);
    const std::string reason = sample_reason(expected, *got);
    if (reason.empty()) return;
    report(test.place, "expr: " + quote(test.expr), test.eval_time, show_samples(expected),
           show_samples(*got), reason);
  }

  // The first difference, "" when there is none.
  std::string sample_reason(const Samples& expected, const Samples& got) const {
    for (size_t i = 0; i < std::max(expected.size(), got.size()); ++i) {
      const bool is_missing =
          i >= got.size() || (i < expected.size() && expected[i].labels < got[i].labels);
      if (is_missing) return expected[i].labels.to_string() + " is missing";
      const bool is_surplus = i >= expected.size() || got[i].labels < expected[i].labels;
      if (is_surplus) return got[i].labels.to_string() + " was not expected";
      const bool has_equal_value =
          expected[i].histogram.empty() && got[i].histogram.empty()
              ? are_equal(expected[i].value, got[i].value, file_.fuzzy_compare)
              : expected[i].histogram == got[i].histogram;
      if (has_equal_value) continue;
      return fmt::format("{} is {}, expected {}", got[i].labels.to_string(), show_value(got[i]),
                         show_value(expected[i]));
    }
    return "";
  }

  const TestFile& file_;
  const TestGroup& test_;
  std::vector<std::string>& failures_;
  std::vector<size_t> cursors_;  // By input series: the next value to append.
  TestClock clock_;
  InlineExecutor executor_;
  tsdb::Head head_;
  NullLogger logger_;
  RuleContext context_{clock_,
                       executor_,
                       head_,
                       logger_,
                       [this] { return engine_options(); },
                       promql::Features{}.parser_options(),
                       nullptr,
                       {},
                       {}};
  std::vector<std::unique_ptr<Group>> groups_;
};

// The groups of all rule files, or what is wrong with them.
std::vector<GroupDefinition> load_groups(const TestFile& tests, const FileSystem& files,
                                         TestReport& report) {
  for (const std::string& pattern : tests.rule_files) {
    const auto paths = expand_rule_files(files, pattern);
    if (paths && paths->empty()) {
      report.warnings.push_back("no file match pattern " + pattern);
    }
  }
  config::Config config;
  config.rule_files = tests.rule_files;
  auto groups =
      load_rule_files(config, files, promql::Features{}.parser_options(), report.warnings);
  if (groups) return std::move(*groups);
  report.failures.push_back(groups.error().message);
  return {};
}

}  // namespace

TestReport run_test_file(const std::string& file_name, const FileSystem& files) {
  TestReport report;
  const auto text = files.read(file_name);
  const auto tests = text ? parse_test_file(file_name, *text) : tl::unexpected(text.error());
  if (!tests) {
    report.failures.push_back(tests.error().message);
    return report;
  }
  const std::vector<GroupDefinition> groups = load_groups(*tests, files, report);
  if (!report.failures.empty()) return report;
  for (const TestGroup& test : tests->tests) {
    TestRun(*tests, test, groups, report.failures).run();
  }
  return report;
}

}  // namespace promenade::rules
