// promenade check rules and test rules, with promtool's words and exit statuses.
#include <fmt/format.h>

#include <iostream>
#include <iterator>
#include <set>
#include <tuple>

#include "native/check.h"
#include "native/posix_file_system.h"
#include "promql/features.h"
#include "rules/rule_file.h"
#include "rules/test_file.h"

namespace promenade::native {
namespace {

constexpr const char* kStandardInput = "standard input";

// The same metric with the same labels from two rules: which one wins is not for sure.
void print_duplicates(const rules::RuleFile& file) {
  std::set<std::tuple<rules::RuleKind, std::string, config::TextMap>> seen, reported;
  std::string text;
  for (const rules::GroupDefinition& group : file.groups) {
    for (const rules::RuleDefinition& rule : group.rules) {
      const std::tuple identity(rule.kind, rule.name, rule.labels);
      if (seen.insert(identity).second || !reported.insert(identity).second) continue;
      const bool is_alert = rule.kind == rules::RuleKind::Alerting;
      text += fmt::format("{}: {}\nLabel(s):\n", is_alert ? "Alert" : "Metric", rule.name);
      for (const auto& [name, value] : rule.labels) text += fmt::format("\t{}: {}\n", name, value);
    }
  }
  if (reported.empty()) return;
  fmt::print(stderr,
             "  WARNING: {} duplicate rule(s) found.\n{}Might cause inconsistency while "
             "recording expressions; give them different names or labels\n",
             reported.size(), text);
}

bool check_text(const std::string& name, const std::string& text) {
  const rules::RuleFile file =
      rules::parse_rule_file(name, text, {.parser = promql::Features{}.parser_options()});
  if (file.errors.empty()) {
    size_t count = 0;
    for (const rules::GroupDefinition& group : file.groups) count += group.rules.size();
    fmt::print("  SUCCESS: {} rules found\n", count);
  }
  std::fflush(stdout);
  if (!file.errors.empty()) fmt::print(stderr, "  FAILED:\n");
  for (const std::string& error : file.errors) fmt::print(stderr, "{}\n", error);
  for (const std::string& warning : file.warnings) fmt::print(stderr, "  WARNING: {}\n", warning);
  if (file.errors.empty()) print_duplicates(file);
  fmt::print("\n");
  return file.errors.empty();
}

bool test_file(const std::string& name) {
  fmt::print("Unit Testing:  {}\n", name);
  std::fflush(stdout);
  const rules::TestReport report = rules::run_test_file(name, PosixFileSystem());
  for (const std::string& warning : report.warnings) {
    fmt::print(stderr, "  WARNING: {}\n", warning);
  }
  if (report.failures.empty()) {
    fmt::print("  SUCCESS\n\n");
    return true;
  }
  fmt::print(stderr, "  FAILED:\n");
  for (const std::string& failure : report.failures) fmt::print(stderr, "{}\n", failure);
  fmt::print("\n");
  return false;
}

}  // namespace

bool check_rule_file(const std::string& name) {
  fmt::print("Checking {}\n", name);
  const auto text = PosixFileSystem().read(name);
  if (text) return check_text(name, *text);
  std::fflush(stdout);
  fmt::print(stderr, "  FAILED:\n{}\n\n", text.error().message);
  return false;
}

int check_rules(const CheckRulesCommand& command) {
  if (command.files.empty()) {
    fmt::print("Checking {}\n", kStandardInput);
    const std::string text(std::istreambuf_iterator<char>(std::cin), {});
    return check_text(kStandardInput, text) ? 0 : 1;
  }
  bool all_valid = true;
  for (const std::string& file : command.files) all_valid = check_rule_file(file) && all_valid;
  return all_valid ? 0 : 1;
}

int test_rules(const TestRulesCommand& command) {
  bool all_succeeded = true;
  for (const std::string& file : command.files) all_succeeded = test_file(file) && all_succeeded;
  return all_succeeded ? 0 : 1;
}

}  // namespace promenade::native
