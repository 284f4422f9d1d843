#pragma once  // engine/template/builtins.h
// The functions that every Go template has: comparison, index, len, printf, escaping. Internal to
// engine/template.
#include <span>
#include <string>
#include <string_view>

#include "template/value.h"

namespace promenade::templates {

// Sorted by name. `and` and `or` are among them so that they are known, but the executor runs them,
// since they stop at the first argument that decides.
extern const std::span<const Function> kBuiltins;

std::string escape_html(std::string_view text);
std::string escape_js(std::string_view text);
// As url.QueryEscape: a blank is '+'.
std::string escape_query(std::string_view text);

// The function of that name in a table, or null.
const Function* find_function(std::span<const Function> functions, std::string_view name);

}  // namespace promenade::templates
