// tests/conformance/round_trip_test.cc
// Every query of every case, the project's own and those in $PROMQLTEST_DIR, is printed in one line
// and in several and read back as the same tree.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "files.h"
#include "promql/parser/parser.h"
#include "promql/parser/printer.h"
#include "script.h"

namespace promenade::conformance {
namespace {

std::vector<std::string> all_queries() {
  std::vector<std::string> files = find_test_files(std::string(CONFORMANCE_FOLDER) + "/cases");
  if (const std::string folder = environment_variable("PROMQLTEST_DIR"); !folder.empty()) {
    for (const std::string& file : find_test_files(folder)) files.push_back(file);
  }
  std::vector<std::string> queries;
  for (const std::string& file : files) {
    for (const Command& command : parse_script(read_file(file).value_or(""))) {
      if (const auto* eval = std::get_if<Eval>(&command.action)) queries.push_back(eval->query);
    }
  }
  return queries;
}

void expect_same_tree(const promql::Expr& expr, const std::string& printed) {
  const auto again = promql::parse(printed);
  ASSERT_TRUE(again) << printed << ": " << again.error().message;
  EXPECT_EQ(promql::dump(**again), promql::dump(expr)) << printed;
  EXPECT_EQ(promql::to_string(**again), promql::to_string(expr)) << printed;
  EXPECT_EQ(promql::pretty(**again), promql::pretty(expr)) << printed;
}

TEST(RoundTrip, PrintedQueriesAreReadBackAsTheSameTree) {
  size_t read = 0;
  for (const std::string& query : all_queries()) {
    const auto expr = promql::parse(query);
    if (!expr) continue;
    ++read;
    expect_same_tree(**expr, promql::to_string(**expr));
    expect_same_tree(**expr, promql::pretty(**expr));
  }
  EXPECT_GT(read, 200u);
}

}  // namespace
}  // namespace promenade::conformance
