// tests/conformance/main.cc
// conformance_promql [--verbose] [FILE|FOLDER]...
//
// Runs the project's own cases, which must all pass, and Prometheus's test files: those named, or
// those in $PROMQLTEST_DIR. Of these at least as many must pass as tests/conformance/floors.txt
// says. Prints, for each folder or file named, its path, a line for every file, and their total.
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/strings.h"
#include "files.h"
#include "runner.h"

namespace promenade::conformance {
namespace {

const std::string kFolder = CONFORMANCE_FOLDER;

struct Session {
  bool is_verbose = false;
  bool is_good = true;
  bool can_raise = false;
  Floors floors;
};

void print_failures(const std::string& path, const FileReport& report) {
  for (const Failure& failure : report.failures) {
    fmt::print("{}:{}: {}\n", path, failure.line, failure.command);
    for (const std::string_view line : split(trim(failure.difference), '\n')) {
      fmt::print("    {}\n", line);
    }
  }
}

// Whether the file did as well as it must. `minimum` is the floor, or all of it.
void judge(Session& session, const std::string& name, const FileReport& report, size_t minimum) {
  fmt::print("{} {}/{}\n", name, report.passed, report.total);
  if (report.passed < minimum) {
    session.is_good = false;
    fmt::print("    FAIL: at least {} must pass\n", minimum);
  }
}

struct Count {
  size_t passed = 0;
  size_t total = 0;
};

void run_file(Session& session, const std::string& path, bool is_own, Count& count) {
  const auto text = read_file(path);
  if (!text) {
    session.is_good = false;
    fmt::print("{}: FAIL: cannot be read\n", path);
    return;
  }
  const FileReport report = run_script(*text);
  count.passed += report.passed;
  count.total += report.total;
  const std::string name = base_name(path);
  const auto floor = session.floors.find(name);
  const size_t floor_count = floor == session.floors.end() ? 0 : floor->second;
  judge(session, name, report, is_own ? report.total : floor_count);
  if (!is_own && report.passed > floor_count) session.can_raise = true;
  if (session.is_verbose || (is_own && report.passed < report.total)) print_failures(path, report);
}

void run_path(Session& session, const std::string& path, bool is_own) {
  fmt::print("{}:\n", path);
  const std::vector<std::string> files = find_test_files(path);
  if (files.empty()) {
    session.is_good = false;
    fmt::print("{}: FAIL: no *.test files there\n", path);
  }
  Count count;
  for (const std::string& file : files) run_file(session, file, is_own, count);
  fmt::print("total {}/{}\n", count.passed, count.total);
}

int run(const std::vector<std::string_view>& arguments) {
  Session session;
  std::vector<std::string> paths;
  for (const std::string_view argument : arguments) {
    if (argument == "--verbose") {
      session.is_verbose = true;
    } else {
      paths.emplace_back(argument);
    }
  }
  const std::string folder = environment_variable("PROMQLTEST_DIR");
  if (paths.empty() && !folder.empty()) paths.push_back(folder);

  session.floors = parse_floors(read_file(kFolder + "/floors.txt").value_or(""));
  run_path(session, kFolder + "/cases", true);
  for (const std::string& path : paths) run_path(session, path, false);
  if (session.can_raise) {
    fmt::print(
        "More pass than floors.txt asks for. To keep it so, write the new figures as\n"
        "\"FILE PASSED\" lines into tests/conformance/floors.txt.\n");
  }
  return session.is_good ? 0 : 1;
}

}  // namespace
}  // namespace promenade::conformance

int main(int argc, char** argv) {
  return promenade::conformance::run({argv + 1, argv + argc});
}
