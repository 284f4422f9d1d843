#pragma once  // tests/conformance/files.h
// Files, folders and environment variables, natively and under Node.
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace promenade::conformance {

std::optional<std::string> read_file(const std::string& path);
// The *.test files at `path`: itself, or those in the folder, sorted. Empty when there are none.
std::vector<std::string> find_test_files(const std::string& path);
std::string base_name(const std::string& path);
// "" when it is not set.
std::string environment_variable(const char* name);

// Lines of "NAME COUNT"; '#' starts a comment.
using Floors = std::map<std::string, size_t>;
Floors parse_floors(const std::string& text);

}  // namespace promenade::conformance
