// engine/grading/exposition_mutants.cc
// A page of metrics is lines, so its mutants are: a line left out, twice or in another place, and
// one line with another type, value, label or name.
#include <cctype>

#include "base/strings.h"
#include "grading/answer_mutants.h"
#include "model/number_format.h"

namespace promenade::grading {
namespace {

constexpr std::string_view kTypes[] = {"counter", "gauge", "histogram", "summary", "untyped"};

class PageMutator {
 public:
  explicit PageMutator(std::string_view page) {
    for (const std::string_view line : split(trim(page), '\n')) lines_.emplace_back(trim(line));
    original_ = join(lines_, "\n") + "\n";
  }

  std::vector<AnswerMutant> run() {
    for (size_t i = 0; i < lines_.size(); ++i) {
      const std::string line = lines_[i];
      if (line.empty()) continue;
      replace(i, "", "a line left out");
      replace(i, line + "\n" + line, "a line twice");
      if (i + 1 < lines_.size()) {
        std::swap(lines_[i], lines_[i + 1]);
        emit("the order");
        std::swap(lines_[i], lines_[i + 1]);
      }
      if (line.rfind("# TYPE ", 0) == 0) {
        change_type(i);
      } else if (line.front() != '#') {
        change_sample(i);
      }
    }
    return std::move(mutants_);
  }

 private:
  void emit(std::string_view change) {
    std::string text = join(lines_, "\n") + "\n";
    std::string difference = changed_lines(original_, text);
    mutants_.push_back({std::move(text), change, std::move(difference)});
  }

  void replace(size_t index, std::string line, std::string_view change) {
    std::swap(lines_[index], line);
    emit(change);
    std::swap(lines_[index], line);
  }

  void change_type(size_t index) {
    const std::string line = lines_[index];
    const size_t type = line.rfind(' ') + 1;
    for (const std::string_view other : kTypes) {
      if (line.substr(type) != other) {
        replace(index, line.substr(0, type) + std::string(other), "another type");
      }
    }
  }

  void change_sample(size_t index) {
    const std::string line = lines_[index];
    const size_t name_end = line.find_first_of("{ \t");
    if (name_end == std::string::npos) return;
    std::string upper = line;
    upper[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(upper[0])));
    replace(index, upper, "upper case");
    replace(index, line.substr(0, name_end - 1) + line.substr(name_end), "misspelt");
    const size_t close = line.rfind('}');
    const size_t open = line.find('{');
    if (close != std::string::npos && open < close) {
      replace(index, line.substr(0, open) + line.substr(close + 1), "labels left out");
      const size_t quote = line.rfind('"', close);
      if (quote != std::string::npos && quote > 0 && line[quote - 1] != '"') {
        replace(index, line.substr(0, quote - 1) + line.substr(quote), "a label's value");
      }
    }
    const size_t value = line.find_last_of(" \t") + 1;
    const auto number = parse_float(line.substr(value));
    if (!number) return;
    std::string larger;
    append_decimal(larger, *number == 0 ? 1 : *number * 10);
    replace(index, line.substr(0, value) + larger, "another value");
  }

  std::vector<std::string> lines_;
  std::string original_;
  std::vector<AnswerMutant> mutants_;
};

}  // namespace

std::vector<AnswerMutant> mutate_exposition(std::string_view page) {
  return PageMutator(page).run();
}

}  // namespace promenade::grading
