#pragma once  // engine/rules/rule_file.h
// A rule file as typed values
// (https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/): groups of
// recording and alerting rules, each checked as far as it can be without data.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "base/time.h"
#include "config/config.h"
#include "promql/ast.h"
#include "promql/parser/parser.h"

namespace promenade::rules {

enum class RuleKind { Recording, Alerting };

struct RuleDefinition {
  RuleKind kind = RuleKind::Recording;
  std::string name;       // Of the metric that is recorded, or of the alert.
  std::string expr_text;  // As PromQL's printer writes it, which is how the API shows it.
  std::shared_ptr<const promql::Expr> expr;
  // The group's labels overlaid by the rule's own. Those of alerts are templates. An empty value
  // takes the label away.
  config::TextMap labels;
  config::TextMap annotations;
  Duration hold;  // `for`
  Duration keep_firing_for;

  // Equal definitions do the same; where they stand in the file does not count.
  friend bool operator==(const RuleDefinition& a, const RuleDefinition& b);
};

struct GroupDefinition {
  std::string name;
  std::string file;
  std::optional<Duration> interval;      // Else global.evaluation_interval.
  std::optional<Duration> query_offset;  // Else global.rule_query_offset.
  uint64_t limit = 0;                    // 0: none.
  std::vector<RuleDefinition> rules;

  friend bool operator==(const GroupDefinition& a, const GroupDefinition& b);
};

// What reading a file has found. Messages are "FILE:LINE:COLUMN: ..." and tell what to do.
struct RuleFile {
  std::vector<GroupDefinition> groups;  // Usable only when there is no error.
  std::vector<std::string> errors;
  std::vector<std::string> warnings;  // Valid, and most likely not what was meant.
};

struct RuleFileOptions {
  bool legacy_names = false;     // metric_name_validation_scheme: legacy.
  promql::ParserOptions parser;  // What expressions may use.
};

// Reads all of the file and collects every error, not the first one only. An empty file is a valid
// one without groups.
RuleFile parse_rule_file(const std::string& file_name, std::string_view text,
                         const RuleFileOptions& options = {});

// The files that a path of `rule_files` stands for, sorted. Its last part may be a pattern with *,
// ? and [a-z]. A plain path comes back as it is, if there is such a file. Fails with BadData when
// the pattern is malformed.
Result<std::vector<std::string>> expand_rule_files(const FileSystem& files,
                                                   const std::string& pattern);

// All groups of all rule files of a configuration. The error holds every line that
// parse_rule_file() has found in any of them. Warnings are added to `warnings`.
Result<std::vector<GroupDefinition>> load_rule_files(const config::Config& config,
                                                     const FileSystem& files,
                                                     const promql::ParserOptions& parser,
                                                     std::vector<std::string>& warnings);

}  // namespace promenade::rules
