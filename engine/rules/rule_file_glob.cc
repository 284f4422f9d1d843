// From the paths of `rule_files` to groups. Patterns are those of Go's path/filepath.Match, which
// Prometheus uses: * and ? stand for characters other than '/', [a-z] and [^a-z] for one of a set,
// \ takes away a meaning.
#include <set>

#include "base/strings.h"
#include "rules/rule_file.h"

namespace promenade::rules {
namespace {

// One element of a pattern, at its start.
struct Element {
  size_t length = 0;  // In the pattern; 0 when it is malformed.
  bool matches = false;
};

char take_character(std::string_view pattern, size_t& at) {
  if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
  return pattern[at++];
}

Element match_set(std::string_view pattern, char c) {
  size_t at = 1;
  const bool is_negated = at < pattern.size() && pattern[at] == '^';
  if (is_negated) ++at;
  bool is_in_set = false;
  for (bool is_first = true; at < pattern.size() && (is_first || pattern[at] != ']');
       is_first = false) {
    if (pattern[at] == '-' || pattern[at] == ']') return {};
    const char low = take_character(pattern, at);
    char high = low;
    if (at < pattern.size() && pattern[at] == '-') {
      ++at;
      if (at >= pattern.size() || pattern[at] == ']') return {};
      high = take_character(pattern, at);
    }
    is_in_set = is_in_set || (low <= c && c <= high);
  }
  if (at >= pattern.size()) return {};
  return {at + 1, is_in_set != is_negated};
}

// Not for '*', which has no fixed width.
Element match_element(std::string_view pattern, char c) {
  if (pattern[0] == '?') return {1, true};
  if (pattern[0] == '[') return match_set(pattern, c);
  if (pattern[0] == '\\') {
    return pattern.size() < 2 ? Element{} : Element{2, pattern[1] == c};
  }
  return {1, pattern[0] == c};
}

bool is_well_formed(std::string_view pattern) {
  while (!pattern.empty()) {
    const size_t length = pattern[0] == '*' ? 1 : match_element(pattern, 'x').length;
    if (length == 0) return false;
    pattern.remove_prefix(length);
  }
  return true;
}

// For well-formed patterns. The last '*' is the only one that ever needs another try.
bool glob_matches(std::string_view pattern, std::string_view name) {
  size_t at = 0, name_at = 0;
  size_t star = std::string_view::npos, star_name_at = 0;
  while (name_at < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      star_name_at = name_at;
      continue;
    }
    if (at < pattern.size()) {
      const Element element = match_element(pattern.substr(at), name[name_at]);
      if (element.matches) {
        at += element.length;
        ++name_at;
        continue;
      }
    }
    if (star == std::string_view::npos) return false;
    at = star + 1;
    name_at = ++star_name_at;
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace

Result<std::vector<std::string>> expand_rule_files(const FileSystem& files,
                                                   const std::string& pattern) {
  const size_t slash = pattern.rfind('/');
  const size_t name_at = slash == std::string::npos ? 0 : slash + 1;
  const std::string folder = pattern.substr(0, name_at);
  const std::string_view name = std::string_view(pattern).substr(name_at);
  if (!is_well_formed(name)) {
    return bad_data("error retrieving rule files for " + quote(pattern) +
                    ": syntax error in pattern; close every [ with a ]");
  }
  std::vector<std::string> paths;
  const auto entries = files.list(folder.empty() ? "." : folder);
  if (!entries) return paths;  // No such folder: no such files.
  for (const FileEntry& entry : *entries) {
    if (!entry.is_directory && glob_matches(name, entry.name)) {
      paths.push_back(folder + entry.name);
    }
  }
  return paths;
}

Result<std::vector<GroupDefinition>> load_rule_files(const config::Config& config,
                                                     const FileSystem& files,
                                                     const promql::ParserOptions& parser,
                                                     std::vector<std::string>& warnings) {
  std::vector<GroupDefinition> groups;
  std::vector<std::string> errors;
  std::set<std::string> seen;  // Patterns may overlap.
  const RuleFileOptions options{config.global.legacy_names, parser};
  for (const std::string& pattern : config.rule_files) {
    const std::vector<std::string> paths = TRY(expand_rule_files(files, pattern));
    for (const std::string& path : paths) {
      if (!seen.insert(path).second) continue;
      const std::string text = TRY(files.read(path));
      RuleFile file = parse_rule_file(path, text, options);
      std::move(file.groups.begin(), file.groups.end(), std::back_inserter(groups));
      std::move(file.errors.begin(), file.errors.end(), std::back_inserter(errors));
      std::move(file.warnings.begin(), file.warnings.end(), std::back_inserter(warnings));
    }
  }
  if (!errors.empty()) return bad_data(join(errors, "\n"));
  return groups;
}

}  // namespace promenade::rules
