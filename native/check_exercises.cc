// promenade exercises check: every *.yaml below the folders must be a sound exercise, and nothing
// else may lie there but the texts README.md and misconceptions.md. One line for each file, its
// findings below it.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "grading/grader.h"
#include "native/check.h"
#include "native/posix_file_system.h"

namespace promenade::native {
namespace {

namespace fs = std::filesystem;

using Findings = std::vector<std::string>;

Result<std::vector<std::string>> files_below(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    if (at->is_regular_file(error)) files.push_back(at->path().string());
  }
  if (error) {
    return fail(ErrorCode::NotFound, fmt::format("{}: {}", directory, error.message()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool is_text(const fs::path& file) {
  return file.filename() == "README.md" || file.filename() == "misconceptions.md";
}

class Checker {
 public:
  void check(const std::string& file) {
    const Findings findings = findings_of(file);
    ++(findings.empty() ? sound_ : broken_);
    fmt::print("{} {}\n", findings.empty() ? "OK  " : "FAIL", file);
    for (const std::string& finding : findings) fmt::print("     {}\n", finding);
    std::fflush(stdout);
  }

  void fail_with(const std::string& message) {
    ++broken_;
    fmt::print("FAIL {}\n", message);
  }

  int summary() const {
    fmt::print("{} of {} files are sound.\n", sound_, sound_ + broken_);
    return broken_ == 0 ? 0 : 1;
  }

 private:
  Findings findings_of(const std::string& file) {
    const fs::path path(file);
    if (path.extension() != ".yaml") {
      return {
          "this is not an exercise: only ID.yaml, README.md and misconceptions.md belong here; "
          "remove or move it"};
    }
    const auto text = PosixFileSystem().read(file);
    if (!text) return {text.error().message};
    const auto exercise = grading::parse_exercise(file, *text);
    if (!exercise) return {exercise.error().message};
    Findings findings = grader_.check(*exercise);
    const auto [first, is_new] = file_by_id_.emplace(exercise->id, file);
    if (!is_new) {
      findings.push_back(
          fmt::format("the id {} is taken by {}; ids must be unique", exercise->id, first->second));
    }
    if (exercise->id != path.stem().string()) {
      findings.push_back(fmt::format("the id is {}, so the file must be named {}.yaml",
                                     exercise->id, exercise->id));
    }
    return findings;
  }

  grading::Grader grader_;
  std::map<std::string, std::string> file_by_id_;
  int sound_ = 0;
  int broken_ = 0;
};

}  // namespace

int check_exercises(const CheckExercisesCommand& command) {
  Checker checker;
  for (const std::string& directory : command.directories) {
    const auto files = files_below(directory);
    if (!files) {
      checker.fail_with(files.error().message);
      continue;
    }
    for (const std::string& file : *files) {
      if (!is_text(file)) checker.check(file);
    }
  }
  return checker.summary();
}

}  // namespace promenade::native
