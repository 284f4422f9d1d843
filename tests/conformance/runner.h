#pragma once  // tests/conformance/runner.h
// Runs the commands of a .test file against the engine over a fresh store.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace promenade::conformance {

struct Failure {
  size_t line;
  std::string command;
  std::string difference;
};

struct FileReport {
  size_t passed = 0;
  size_t total = 0;  // One an eval, and one for every other command that could not be carried out.
  std::vector<Failure> failures;
};

FileReport run_script(std::string_view text);

}  // namespace promenade::conformance
