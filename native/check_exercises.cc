// promenade exercises check: every *.yaml below the folders (or files) must be a sound exercise,
// and nothing else may lie there but the texts README.md and misconceptions.md. One line for each
// file, its findings below it; then the grader's figures over all of them. promenade exercises
// grade: the verdict on one answer, as the page gets it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>

#include "grading/grader.h"
#include "native/check.h"
#include "native/posix_file_system.h"

namespace promenade::native {
namespace {

namespace fs = std::filesystem;

using Findings = std::vector<std::string>;

// A file stands for itself.
Result<std::vector<std::string>> files_below(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  if (fs::is_regular_file(directory, error)) return std::vector<std::string>{directory};
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

// What is aimed at: wrong answers of an exercise, the search for a counter-example, its size.
constexpr size_t kMutantsWanted = 12;
constexpr int kSearchMsMax = 300;
constexpr int kSearchSeriesMax = 3;
constexpr int kSearchSamplesMax = 10;

grading::Grader::Options grader_options() {
  grading::Grader::Options options;
  options.stopwatch = [] {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  };
  return options;
}

class Checker {
 public:
  void check(const std::string& file) {
    mutants_.clear();
    const Findings findings = findings_of(file);
    ++(findings.empty() ? sound_ : broken_);
    fmt::print("{} {}{}\n", findings.empty() ? "OK  " : "FAIL", file, mutants_);
    for (const std::string& finding : findings) fmt::print("     {}\n", finding);
    for (const std::string& remark : remarks_) fmt::print("     note: {}\n", remark);
    remarks_.clear();
    std::fflush(stdout);
  }

  void fail_with(const std::string& message) {
    ++broken_;
    fmt::print("FAIL {}\n", message);
  }

  int summary() const {
    print_figures();
    fmt::print("{} of {} files are sound.\n", sound_, sound_ + broken_);
    return broken_ == 0 ? 0 : 1;
  }

 private:
  void print_figures() const {
    const auto line = [](std::string_view what, size_t part, size_t whole) {
      const double percent = whole == 0 ? 0 : 100.0 * double(part) / double(whole);
      fmt::print("{:<46} {:>6} of {:>6}  {:6.2f} %\n", what, part, whole, percent);
    };
    line("equivalents accepted", counts_.equivalents_accepted, counts_.equivalents);
    line("authored mutants rejected", counts_.mutants_rejected, counts_.mutants);
    line("misconceptions named right", counts_.mutants_named, counts_.mutants);
    line("generated mutants that pass", counts_.generated_passing, counts_.generated);
    line("generated rewrites rejected", counts_.rewrites_rejected, counts_.rewrites);
    const auto count = [](std::string_view what, size_t number) {
      fmt::print("{:<46} {:>6}\n", what, number);
    };
    count("generated mutants that mean the same", counts_.generated_equal);
    count("generated mutants that may be right", counts_.generated_within_bars);
    print_searches();
    for (const auto& [kind, figures] : kinds_) {
      fmt::print("{:<16} {:>3} of {:>3} have {} mutants{}{}\n", kind, figures.enough,
                 figures.enough + figures.fewer.size(), kMutantsWanted,
                 figures.fewer.empty() ? "" : "; fewer: ", fmt::join(figures.fewer, ", "));
    }
  }

  // The counter-examples of all known mistakes, against the bars of a verdict.
  void print_searches() const {
    if (searches_.empty()) return;
    const auto percentile = [this](auto member, size_t percent) {
      std::vector<int64_t> values;
      for (const grading::SearchFigures& search : searches_) {
        values.push_back(static_cast<int64_t>(search.*member));
      }
      std::sort(values.begin(), values.end());
      return values[(values.size() - 1) * percent / 100];
    };
    fmt::print(
        "{:<46} {:>6} of them; 95th percentile {:.1f} ms (bar {}), median {} series (bar {}), "
        "{} samples (bar {})\n",
        "counter-examples", searches_.size(),
        double(percentile(&grading::SearchFigures::duration_ns, 95)) / 1e6, kSearchMsMax,
        percentile(&grading::SearchFigures::series, 50), kSearchSeriesMax,
        percentile(&grading::SearchFigures::samples, 50), kSearchSamplesMax);
  }

  void count_kind(const grading::Exercise& exercise, size_t mutants) {
    KindFigures& figures = kinds_[exercise.kind];
    if (mutants >= kMutantsWanted) {
      ++figures.enough;
    } else {
      figures.fewer.push_back(fmt::format("{} ({})", exercise.id, mutants));
    }
  }

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
    grading::CheckReport report = grader_.prove(*exercise);
    counts_ += report.counts;
    const size_t mutants = report.counts.mutants + report.counts.generated;
    mutants_ = fmt::format(" ({} mutants, {} of them generated)", mutants, report.counts.generated);
    count_kind(*exercise, mutants);
    searches_.insert(searches_.end(), report.searches.begin(), report.searches.end());
    remarks_ = std::move(report.remarks);
    Findings findings = std::move(report.findings);
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

  // Of the exercises of a kind: how many have mutants enough, and which have not.
  struct KindFigures {
    size_t enough = 0;
    std::vector<std::string> fewer;
  };

  grading::Grader grader_{grader_options()};
  grading::CheckCounts counts_;
  std::vector<grading::SearchFigures> searches_;
  std::map<std::string, KindFigures> kinds_;
  std::vector<std::string> remarks_;  // On the file at hand,
  std::string mutants_;               // and how many wrong answers it was tried with.
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

int grade_answer(const GradeAnswerCommand& command) {
  const PosixFileSystem files;
  const auto text = files.read(command.exercise);
  const auto exercise =
      text ? grading::parse_exercise(command.exercise, *text) : tl::unexpected(text.error());
  if (!exercise) {
    fmt::print(stderr, "{}\n", exercise.error().message);
    return 2;
  }
  std::string answer = command.answer;
  if (!command.answer_file.empty()) {
    auto read = files.read(command.answer_file);
    if (!read) {
      fmt::print(stderr, "{}\n", read.error().message);
      return 2;
    }
    answer = std::move(*read);
  }
  grading::Grader grader;
  const grading::Verdict verdict = grader.grade(*exercise, answer);
  fmt::print("{}\n", grading::to_json(verdict));
  return verdict.outcome == grading::Verdict::Outcome::Pass ? 0 : 1;
}

}  // namespace promenade::native
