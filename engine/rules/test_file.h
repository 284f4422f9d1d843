#pragma once  // engine/rules/test_file.h
// Unit tests for rules, in promtool's format
// (https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/): series go in,
// the rules are evaluated over them, and alerts and expressions are compared with what the author
// expects.
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "base/time.h"
#include "config/config.h"
#include "model/labels.h"
#include "promql/parser/series_notation.h"

namespace promenade::rules {

struct ExpectedAlert {
  Labels labels;  // With `alertname`.
  config::TextMap annotations;
};
struct AlertTest {
  std::string place;  // "FILE:LINE:COLUMN", for messages.
  Duration eval_time;
  std::string alert_name;
  std::vector<ExpectedAlert> alerts;
};

struct ExpectedSample {
  Labels labels;
  double value = 0;
  std::string histogram;  // In its canonical notation; when not empty, `value` doesn't count.
};
struct ExpressionTest {
  std::string place;
  Duration eval_time;
  std::string expr;
  std::vector<ExpectedSample> samples;
};

struct TestGroup {
  std::string name;  // "" when it has none.
  Duration interval;
  Timestamp start;
  std::vector<promql::SeriesLine> input_series;
  std::vector<AlertTest> alert_tests;
  std::vector<ExpressionTest> expression_tests;
  config::TextMap external_labels;
  std::string external_url;
};

struct TestFile {
  std::vector<std::string> rule_files;  // Paths or patterns, seen from the test file's folder.
  Duration evaluation_interval = Duration::minutes(1);
  std::vector<std::string> group_eval_order;
  bool fuzzy_compare = false;
  std::vector<TestGroup> tests;
};

// The error is the first one of the file: "FILE:LINE:COLUMN: ...".
Result<TestFile> parse_test_file(const std::string& file_name, std::string_view text);

struct TestReport {
  std::vector<std::string> failures;  // Over several lines each. None: all is as expected.
  std::vector<std::string> warnings;
};

// Reads the test file and its rule files and runs all tests.
TestReport run_test_file(const std::string& file_name, const FileSystem& files);

}  // namespace promenade::rules
