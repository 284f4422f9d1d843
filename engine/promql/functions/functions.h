#pragma once  // engine/promql/functions.h
// The function table: what the parser checks calls against, completion offers, and pages explain.
#include <span>
#include <string_view>
#include <vector>

#include "promql/ast.h"

namespace promenade::promql {

struct FunctionSignature {
  std::string_view name;
  // The type of each argument; further ones have the last type.
  std::vector<ValueType> args;
  // 0: exactly `required` arguments. n > 0: up to n more than `required`. -1: any number more.
  int variadic = 0;
  size_t required = 0;  // The least number of arguments.
  ValueType returns = ValueType::Vector;
  bool experimental = false;
  // One sentence for a reader who has not met it, in plain words.
  std::string_view help;
};

// Sorted by name; static storage, so pointers into it stay valid.
std::span<const FunctionSignature> functions();
const FunctionSignature* find_function(std::string_view name);

}  // namespace promenade::promql
