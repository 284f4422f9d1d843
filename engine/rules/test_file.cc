// Reads test files. All that can be wrong without running a rule is found here.
#include "rules/test_file.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "base/strings.h"
#include "config/yaml_reader.h"
#include "model/number_format.h"
#include "promql/parser/parser.h"

namespace promenade::rules {
namespace {

using config::Presence;
using config::YamlFile;
using config::YamlMapping;
using config::YamlNode;

std::string place_of(const YamlFile& file, const YamlNode& node) {
  return fmt::format("{}:{}:{}", file.name(), node.line, node.column);
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

class Reader {
 public:
  Reader(const YamlFile& file, std::string_view text) : file_(file), text_(text) {}

  Result<TestFile> read() {
    TestFile tests;
    YamlMapping mapping(file_, file_.root(), "a rule test file");
    mapping.text_list("rule_files", tests.rule_files);
    mapping.duration("evaluation_interval", tests.evaluation_interval);
    if (tests.evaluation_interval.ms == 0) tests.evaluation_interval = Duration::minutes(1);
    mapping.boolean("fuzzy_compare", tests.fuzzy_compare);
    read_order(mapping, tests);
    mapping.list("tests", [&](const YamlNode& node) -> Result<void> {
      tests.tests.push_back(TRY(read_group(node, tests.evaluation_interval)));
      return {};
    });
    TRY(mapping.finish());
    for (std::string& path : tests.rule_files) {
      if (!path.starts_with('/')) path = folder_of(file_.name()) + path;
    }
    return tests;
  }

 private:
  void read_order(YamlMapping& mapping, TestFile& tests) {
    std::set<std::string> seen;
    mapping.list("group_eval_order", [&](const YamlNode& node) -> Result<void> {
      tests.group_eval_order.push_back(TRY(file_.text(node, "group_eval_order")));
      if (seen.insert(tests.group_eval_order.back()).second) return {};
      return file_.error_at(node, fmt::format("group name repeated in evaluation order: {}; keep "
                                              "one",
                                              tests.group_eval_order.back()));
    });
  }

  Result<TestGroup> read_group(const YamlNode& node, Duration evaluation_interval) {
    TestGroup group;
    YamlMapping mapping(file_, node, "a test group");
    mapping.text("name", group.name);
    mapping.duration("interval", group.interval);
    if (group.interval.ms == 0) group.interval = evaluation_interval;
    double start_seconds = 0;
    mapping.number("start_timestamp", start_seconds);
    group.start = {std::llround(start_seconds * 1000)};
    mapping.list("input_series", [&](const YamlNode& series) -> Result<void> {
      group.input_series.push_back(TRY(read_series(series)));
      return {};
    });
    mapping.list("alert_rule_test", [&](const YamlNode& test) -> Result<void> {
      group.alert_tests.push_back(TRY(read_alert_test(test)));
      return {};
    });
    mapping.list("promql_expr_test", [&](const YamlNode& test) -> Result<void> {
      group.expression_tests.push_back(TRY(read_expression_test(test)));
      return {};
    });
    mapping.text_map("external_labels", group.external_labels);
    mapping.text("external_url", group.external_url);
    TRY(mapping.finish());
    return group;
  }

  // An error inside the text of a scalar.
  tl::unexpected<Error> error_inside(const YamlNode& node, const Error& error) const {
    const uint32_t offset = error.span ? error.span->begin : 0;
    const LineColumn at = position_in_scalar(text_, node, offset);
    return bad_data(fmt::format("{}:{}:{}: {}", file_.name(), at.line, at.column, error.message));
  }

  Result<Labels> read_metric(const YamlNode& node, const std::string& text) const {
    if (text.empty()) return Labels{};
    auto labels = promql::parse_metric(text);
    if (!labels) return error_inside(node, labels.error());
    return std::move(*labels);
  }

  Result<promql::SeriesLine> read_series(const YamlNode& node) {
    promql::SeriesLine series;
    YamlMapping mapping(file_, node, "an input series");
    std::string name, values;
    mapping.text("series", name, Presence::Required);
    mapping.text("values", values, Presence::Required);
    TRY(mapping.finish());
    series.labels = TRY(read_metric(*mapping.find("series"), name));
    if (series.labels.empty()) {
      return mapping.error_at("series", "the input series has neither a name nor a label");
    }
    auto parsed = promql::parse_series_values(values);
    if (!parsed) return error_inside(*mapping.find("values"), parsed.error());
    series.values = std::move(*parsed);
    return series;
  }

  Result<AlertTest> read_alert_test(const YamlNode& node) {
    AlertTest test;
    test.place = place_of(file_, node);
    YamlMapping mapping(file_, node, "an alert_rule_test");
    mapping.duration("eval_time", test.eval_time);
    mapping.text("alertname", test.alert_name);
    if (test.alert_name.empty()) {
      mapping.require(file_.error_at(
          node,
          "an item under alert_rule_test misses required attribute alertname; name the alert "
          "that it is about"));
    }
    mapping.list("exp_alerts", [&](const YamlNode& alert) -> Result<void> {
      test.alerts.push_back(TRY(read_expected_alert(alert, test.alert_name)));
      return {};
    });
    TRY(mapping.finish());
    return test;
  }

  Result<ExpectedAlert> read_expected_alert(const YamlNode& node, const std::string& name) {
    ExpectedAlert alert;
    config::TextMap labels;
    YamlMapping mapping(file_, node, "an expected alert");
    mapping.text_map("exp_labels", labels);
    mapping.text_map("exp_annotations", alert.annotations);
    TRY(mapping.finish());
    LabelsBuilder builder;
    for (const auto& [label, value] : labels) builder.set(label, value);
    alert.labels = builder.set("alertname", name).build();
    return alert;
  }

  Result<ExpressionTest> read_expression_test(const YamlNode& node) {
    ExpressionTest test;
    test.place = place_of(file_, node);
    YamlMapping mapping(file_, node, "a promql_expr_test");
    mapping.text("expr", test.expr);
    mapping.duration("eval_time", test.eval_time);
    mapping.list("exp_samples", [&](const YamlNode& sample) -> Result<void> {
      test.samples.push_back(TRY(read_sample(sample)));
      return {};
    });
    TRY(mapping.finish());
    return test;
  }

  Result<ExpectedSample> read_sample(const YamlNode& node) {
    ExpectedSample sample;
    std::string labels, histogram;
    YamlMapping mapping(file_, node, "an expected sample");
    mapping.text("labels", labels);
    mapping.value("value", [&](const YamlNode& value) -> Result<void> {
      sample.value = TRY(read_number(value));
      return {};
    });
    mapping.text("histogram", histogram);
    TRY(mapping.finish());
    if (const YamlNode* text = mapping.find("labels")) {
      sample.labels = TRY(read_metric(*text, labels));
    }
    if (!histogram.empty()) {
      size_t length = 0;
      const auto literal = promql::parse_histogram_literal(histogram, length);
      if (!literal) return error_inside(*mapping.find("histogram"), literal.error());
      sample.histogram = promql::to_histogram_literal(literal->histogram);
    }
    return sample;
  }

  // YAML has spellings of its own for what is no number.
  Result<double> read_number(const YamlNode& node) const {
    const std::string word = to_lower(node.text);
    if (word == ".nan") return std::nan("");
    if (word == ".inf" || word == "+.inf") return HUGE_VAL;
    if (word == "-.inf") return -HUGE_VAL;
    return file_.number(node, "value");
  }

  const YamlFile& file_;
  std::string_view text_;
};

}  // namespace

Result<TestFile> parse_test_file(const std::string& file_name, std::string_view text) {
  const YamlFile file = TRY(YamlFile::parse(file_name, text));
  return Reader(file, text).read();
}

}  // namespace promenade::rules
