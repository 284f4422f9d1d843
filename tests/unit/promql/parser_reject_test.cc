// tests/unit/promql/parser_reject_test.cc
// What a learner is told about a query that is none: rejected.txt says it, case by case.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "promql/parser/parser.h"

namespace promenade::promql {
namespace {

const char* const kFile = "tests/unit/promql/rejected.txt";

// Lines under the query: marks under the bytes at fault, and the message.
std::string judgement(const std::string& query) {
  const auto expr = parse(query);
  if (expr) return "\naccepted";
  const SourceSpan span = expr.error().span.value_or(SourceSpan{});
  std::string marks(span.begin, ' ');
  marks += span.end > span.begin ? std::string(span.end - span.begin, '^') : "|";
  return marks + "\n" + expr.error().message;
}

struct Case {
  size_t line;  // Of the query, from 0.
  std::string query;
};

std::vector<std::string> read_lines() {
  std::ifstream file(kFile);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<Case> find_cases(const std::vector<std::string>& lines) {
  std::vector<Case> cases;
  for (size_t i = 0; i + 2 < lines.size(); ++i) {
    if (lines[i].empty() || lines[i].front() == '#') continue;
    cases.push_back({i, lines[i]});
    i += 2;
  }
  return cases;
}

void write_judgements(std::vector<std::string> lines, const std::vector<Case>& cases) {
  std::ofstream file(kFile);
  for (const Case& entry : cases) {
    const std::string text = judgement(entry.query);
    lines[entry.line + 1] = text.substr(0, text.find('\n'));
    lines[entry.line + 2] = text.substr(text.find('\n') + 1);
  }
  for (const std::string& line : lines) file << line << "\n";
}

TEST(ParserReject, SaysWhereAndWhyAndWhatToDo) {
  const std::vector<std::string> lines = read_lines();
  const std::vector<Case> cases = find_cases(lines);
  ASSERT_GT(cases.size(), 300u) << kFile;
  if (std::getenv("UPDATE_EXPECTED")) return write_judgements(lines, cases);
  for (const Case& entry : cases) {
    EXPECT_EQ(judgement(entry.query), lines[entry.line + 1] + "\n" + lines[entry.line + 2])
        << kFile << ":" << entry.line + 1 << ": " << entry.query;
  }
}

}  // namespace
}  // namespace promenade::promql
