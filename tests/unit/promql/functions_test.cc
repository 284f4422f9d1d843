// tests/unit/promql/functions_test.cc
// The function table against itself and against the engine that has to know its functions.
#include "promql/functions/functions.h"

#include <gtest/gtest.h>

#include <string>

namespace promenade::promql {
namespace {

TEST(FunctionTable, IsSortedAndEveryEntryIsFound) {
  std::string_view previous;
  for (const FunctionSignature& function : functions()) {
    EXPECT_LT(previous, function.name);
    EXPECT_EQ(find_function(function.name), &function);
    previous = function.name;
  }
  EXPECT_EQ(find_function("nothing"), nullptr);
  EXPECT_EQ(find_function(""), nullptr);
  EXPECT_EQ(find_function("RATE"), nullptr);
}

TEST(FunctionTable, HasAllFunctionsOfPrometheus) {
  EXPECT_EQ(functions().size(), 90u);
  size_t experimental = 0;
  for (const FunctionSignature& function : functions()) experimental += function.experimental;
  EXPECT_EQ(experimental, 17u);
}

TEST(FunctionTable, ExplainsEveryFunctionInOneSentence) {
  for (const FunctionSignature& function : functions()) {
    EXPECT_FALSE(function.help.empty()) << function.name;
    EXPECT_EQ(function.help.back(), '.') << function.name;
    EXPECT_EQ(function.help.find(". "), std::string_view::npos) << function.name;
  }
}

TEST(FunctionTable, ArgumentCountsAgreeWithTypes) {
  for (const FunctionSignature& function : functions()) {
    const size_t optional = function.variadic == 0 ? 0 : 1;
    EXPECT_EQ(function.required + optional, function.args.size()) << function.name;
  }
}

}  // namespace
}  // namespace promenade::promql
