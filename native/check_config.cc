// promenade check config, with promtool's words: the file, and the rule files that it names.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "config/config.h"
#include "native/check.h"
#include "native/posix_file_system.h"
#include "rules/rule_file.h"

namespace promenade::native {
namespace {

Result<config::Config> load(const std::string& file) {
  const std::string text = TRY(PosixFileSystem().read(file));
  return config::parse_config(file, text);
}

// A path that is no pattern must be there, for nobody would notice that its rules are missing.
Result<std::vector<std::string>> find_rule_files(const config::Config& config) {
  std::set<std::string> found;
  for (const std::string& pattern : config.rule_files) {
    const auto paths = TRY(rules::expand_rule_files(PosixFileSystem(), pattern));
    if (paths.empty() && pattern.find_first_of("*?[") == std::string::npos) {
      return fail(ErrorCode::NotFound,
                  fmt::format("{} does not point to an existing file; create it, or mend the path "
                              "in rule_files",
                              quote(pattern)));
    }
    found.insert(paths.begin(), paths.end());
  }
  return std::vector<std::string>(found.begin(), found.end());
}

bool report_failure(const Error& error) {
  std::fflush(stdout);
  fmt::print(stderr, "  FAILED: {}\n\n", error.message);
  return false;
}

bool check_one(const std::string& file) {
  fmt::print("Checking {}\n", file);
  const auto config = load(file);
  if (!config) return report_failure(config.error());
  const auto rule_files = find_rule_files(*config);
  if (!rule_files) return report_failure(rule_files.error());
  if (!rule_files->empty()) fmt::print("  SUCCESS: {} rule files found\n", rule_files->size());
  fmt::print(" SUCCESS: {} is valid prometheus config file syntax\n", file);
  for (const std::string& notice : config->notices) fmt::print("  note: {}\n", notice);
  fmt::print("\n");
  bool all_valid = true;
  for (const std::string& rule_file : *rule_files) {
    all_valid = check_rule_file(rule_file) && all_valid;
  }
  return all_valid;
}

}  // namespace

int check_config(const CheckConfigCommand& command) {
  bool all_valid = true;
  for (const std::string& file : command.files) all_valid = check_one(file) && all_valid;
  return all_valid ? 0 : 1;
}

}  // namespace promenade::native
