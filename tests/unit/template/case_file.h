#pragma once  // tests/unit/template/case_file.h
// The tables of templates in this folder; how a case looks stands at the top of each.
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace promenade::templates {

struct Case {
  std::string text;
  std::optional<std::string> output;
  std::optional<std::string> error;
  int line = 0;  // In the file.
};

inline void append_line(std::optional<std::string>& text, const std::string& line) {
  text = text ? *text + "\n" + line : line;
}

inline std::vector<Case> read_cases(const std::string& name) {
  const std::string path = "tests/unit/template/" + name;
  std::ifstream file(path);
  if (!file) throw std::runtime_error("no file " + path);
  std::vector<Case> cases;
  std::optional<std::string> text;
  Case current;
  int number = 0;
  const auto finish = [&] {
    if (text) {
      current.text = *text;
      cases.push_back(current);
    }
    text.reset();
    current = {};
  };
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty()) {
      finish();
      continue;
    }
    const std::string content = line.size() > 2 ? line.substr(2) : "";
    if (line[0] == '>') {
      if (!text) current.line = number;
      append_line(text, content);
    }
    if (line[0] == '=') append_line(current.output, content);
    if (line[0] == '!') append_line(current.error, content);
  }
  finish();
  return cases;
}

}  // namespace promenade::templates
